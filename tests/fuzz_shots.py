"""Requests to the webhooks and the page, almost as they are sent there; and those that must not be
answered, whatever they say: badly signed, from another site, written by a machine.

What must not be answered names places and people that nothing else names (NEVER), so that it can
be seen whether anything was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.fuzz_serving import Shot
from tests.fuzzing import Draw, odd_bytes

NEVER = "NEVER"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
_TYPES = (
    *("", "text/plain", "application/json; charset=utf-7", "application/json;charset=nonsense"),
    *("multipart/form-data; boundary=x", "multipart/form-data", "application/xml", JSON, FORM, ";"),
    *("application/x-www-form-urlencoded; charset=utf-16", "a" * 4000, "*/*", "application/jsonp"),
)
_CODINGS = ("gzip", "deflate", "br", "zstd", "identity", "compress", "gzip, gzip", "x" * 200)
# Few of them are questions: an answer takes longer than all else here.
SAID = (
    *("help", "thanks", "hello", "list outcomes", "damp sensors?", "stop", "show my-data", "?"),
    *("projects", "open questions", "", "digest", "quiet", "cases", "peers pause", "follow"),
)
FORMS = (
    *("ask", "project", "outcomes", "register", "edit", "report", "digest", "answer", "wrong"),
    *("verify", "verified", "expert", "offer", "introduce", "pause", "erase", "suggest-case"),
    *("case-ask", "case-decline", "text", "unknown", "x" * 300),
)
FIELDS = (
    *(
        "title",
        "description",
        "question",
        "council",
        "link",
        "stage",
        "outcomes",
        "shared",
        "until",
    ),
    *("day", "time", "zone", "about", "why", "text", "answer", "source", "consent", "file", "year"),
)
BUTTONS = (
    *(
        "ask",
        "more",
        "share",
        "about",
        "open",
        "confirm",
        "project",
        "projects",
        "withdraw",
        "hide",
    ),
    *(
        "withdraw-now",
        "keep",
        "show",
        "peers",
        "resume",
        "leave-now",
        "accept",
        "not-now",
        "helped",
    ),
    *("my-data", "erase-now", "digest-pause", "digest-send", "digest-stop-now", "pass-on", "cases"),
    *("waiting", "not-for-us", "verified", "verify-again", "experts", "expert-agree", "texts", ""),
)
COMMANDS = (
    *("help", "tag a bin app", "projects", "peers join", "my-data", "my-data delete", "digest", ""),
    *("report 1", "reports", "open", "verified", "experts join", "usage", "suggest-case", "cases"),
    *("texts", "list", "find damp", "quiet", "follow", "hidden", "digest set up", "peers pause"),
)


@dataclass(frozen=True, slots=True)
class Aimed:
    """A request, and whether it is one that must not be let in."""

    shot: Shot
    refused: bool = False


@st.composite
def around(draw: Draw, path: str, body: bytes, headers: Mapping[str, str]) -> Shot:
    """The same in an envelope that is wrong now and then, as far as HTTP has it."""
    sent = dict(headers)
    match draw(st.integers(0, 90)):
        case 71 | 72:
            sent["Content-Type"] = draw(st.sampled_from(_TYPES))
        case 73:
            sent["Content-Encoding"] = draw(st.sampled_from(_CODINGS))
        case 74:
            sent |= {f"X-More-{number}": "y" * 50 for number in range(draw(st.integers(1, 150)))}
        case 75:
            sent["X-Long"] = "z" * draw(st.sampled_from((8_000, 8_190, 9_000, 70_000)))
        case 76:
            method = draw(st.sampled_from(("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")))
            return Shot(path, body, sent, method)
        case 77:
            begin = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body) + 9}\r\n\r\n"
            return Shot(path, b"", {}, raw=begin.encode() + body)
        case 78:
            good = f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"
            return Shot(path, b"", {}, raw=draw(odd_bytes([good.encode() + body[:500]])))
        case _:
            pass
    return Shot(path, body, sent)
