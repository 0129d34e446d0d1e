"""Requests to the local page and to what else is served beside the webhooks."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fuzz_shots import BUTTONS, COMMANDS, FIELDS, FORMS, JSON, SAID, Aimed, around
from tests.fuzzing import Draw, Json, odd_json, written


def _posts() -> list[Json]:
    return [
        *({"type": "asked", "text": text} for text in SAID),
        *(
            {"type": "command", "name": one.partition(" ")[0], "text": one.partition(" ")[2]}
            for one in COMMANDS
        ),
        *({"type": "pressed", "action": one, "value": "7"} for one in BUTTONS),
        *(
            {"type": "submitted", "form": one, "key": "k", "values": dict.fromkeys(FIELDS, "a")}
            for one in FORMS
        ),
        {
            "type": "submitted",
            "form": "suggest-case",
            "values": {},
            "files": [{"field": "file", "name": "a.pdf", "content": "JVBERi0="}],
        },
        {"type": "marked", "text": "A bin app", "author": "visitor"},
        {"as": "colleague"},
        {"as": "visitor"},
        {},
    ]


_ADDRESSES = (
    *("/page/requests",) * 8,
    *("/page/files", "/page/messages", "/page/messages", "/healthz", "/metrics", "/about", "/"),
    *("/page/", "/page/%2e%2e/x", "/page/..%2fserver.py", "/page/page.css", "//", "/*", "/%00"),
    *(
        "/slack/install",
        "/slack/oauth_redirect?code=a&state=b",
        "/privacy",
        "/a" * 900,
        "/?" + "q" * 3000,
    ),
)


@st.composite
def to_page(draw: Draw, port: int) -> Aimed:
    """A request to the page and what else is served beside the webhooks."""
    path = draw(st.sampled_from(_ADDRESSES))
    body = draw(written(odd_json(_posts())))
    origin = f"http://127.0.0.1:{port}"
    headers = {"Content-Type": JSON, "Origin": origin, "Sec-Fetch-Site": "same-origin"}
    refused = False
    if draw(st.integers(0, 9)) < 3:
        refused = path.startswith("/page/") and "%" not in path
        elsewhere: tuple[dict[str, str], ...] = (
            {"Content-Type": JSON},
            {**headers, "Origin": "https://another.example"},
            {**headers, "Origin": "null"},
            {**headers, "Sec-Fetch-Site": "cross-site"},
            {**headers, "Host": "another.example"},
            {**headers, "Host": f"127.0.0.1.another.example:{port}"},
        )
        headers = draw(st.sampled_from(elsewhere))
    return Aimed(draw(around(path, body, headers)), refused)
