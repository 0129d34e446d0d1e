"""What Teams wants of everything that a bot sends it, as Microsoft documents it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.clients.teams.front import Json, Passed

MOST_BYTES = 28 * 1024
CARD = "application/vnd.microsoft.card.adaptive"
_MESSAGE = "https://schema.org/Message"
_LONGEST = {"name": 80, "abstract": 160}
_MOST_CITATIONS, _MOST_KEYWORDS, _LONGEST_KEYWORD = 20, 3, 28


def faults(passed: Passed) -> list[str]:
    """What is wrong with a request to the connector, and with its answer."""
    body = passed.body.get("activity", passed.body)
    found = [] if 200 <= passed.status < 300 else [f"answered {passed.status}: {passed.answer}"]
    if len(json.dumps(passed.body, ensure_ascii=False).encode()) > MOST_BYTES:
        found.append("too large")
    if body.get("type") == "message":
        found += _of_message(body)
    return [f"{passed.method} {passed.path}: {fault}" for fault in found]


def cards(passed: Passed) -> list[Json]:
    """The cards in a request, or in the answer to an invoke."""
    return list(_cards([passed.body, passed.answer]))


def results(passed: Passed) -> list[Json]:
    """What a search is answered with, each with its preview."""
    found: list[Json] = passed.answer.get("composeExtension", {}).get("attachments", [])
    return found


def _cards(value: object) -> Iterator[Json]:
    if isinstance(value, dict) and value.get("type") == "AdaptiveCard":
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _cards(one)
    elif isinstance(value, list):
        for one in value:
            yield from _cards(one)


def _of_message(body: Json) -> list[str]:
    text, entities = str(body.get("text") or ""), body.get("entities") or []
    labels = [one for one in entities if one["type"] == _MESSAGE]
    found = [] if len(labels) == 1 else [f"{len(labels)} AI labels"]
    found += [] if text or body.get("attachments") else ["nothing to show"]
    for label in labels:
        found += _of_label(label, text)
    for one in (one for one in entities if one["type"] == "mention"):
        complete = one.get("mentioned", {}).get("id") and one.get("text")
        if not complete or one["text"] not in text:
            found.append(f"an incomplete mention: {one}")
    return found


def _of_label(label: Json, text: str) -> list[str]:
    citations = label.get("citation", [])
    shape = {"@type": "Message", "@context": "https://schema.org", "@id": ""}
    found = [f"a label without {name}" for name, value in shape.items() if label[name] != value]
    if label["additionalType"] != ["AIGeneratedContent"]:
        found.append("not marked as made by a machine")
    numbers = [one["position"] for one in citations]
    if len(citations) > _MOST_CITATIONS or len(set(numbers)) != len(numbers):
        found.append(f"citations {numbers}")
    return found + [fault for one in citations for fault in _of_citation(one, text)]


def _of_citation(claim: Json, text: str) -> list[str]:
    shown, number = claim["appearance"], claim["position"]
    found = [] if f"[{number}]" in text else [f"[{number}] is cited nowhere"]
    if (claim["@type"], shown["@type"]) != ("Claim", "DigitalDocument"):
        found.append(f"[{number}] is no claim")
    for name, longest in _LONGEST.items():
        if not 0 < len(shown.get(name, "")) <= longest:
            found.append(f"[{number}] has a {name} of {len(shown.get(name, ''))} characters")
    words = shown.get("keywords", [])
    if len(words) > _MOST_KEYWORDS or any(len(one) > _LONGEST_KEYWORD for one in words):
        found.append(f"[{number}] has the keywords {words}")
    if not shown.get("url", "https://").startswith(("https://", "http://")):
        found.append(f"[{number}] links to {shown['url']}")
    return found
