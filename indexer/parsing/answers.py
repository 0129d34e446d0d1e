"""What the reading process answers, as JSON and back; it is checked before it is believed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from indexer.parsing.parsed import Link, Parsed, Unreadable
from knowledge.library import Section

_STRANGE = "damaged: what was read of it makes no sense"


def of_parsed(parsed: Parsed) -> dict[str, Any]:
    rows = [[part.heading, part.body, part.page, part.anchor] for part in parsed.sections]
    return {
        "title": parsed.title,
        "sections": rows,
        "pages": parsed.pages,
        "published": parsed.published,
        "notes": list(parsed.notes),
        "url": parsed.url,
    }


def of_links(links: Iterable[Link]) -> dict[str, Any]:
    return {"links": [[link.url, link.changed, link.index] for link in links]}


def parsed(answer: Mapping[str, Any]) -> Parsed:
    """Raises Unreadable for a refusal, and for an answer of another shape."""
    _refused(answer)
    try:
        sections = tuple(
            Section(_text(heading), _text(body), 0, int(page), _text(anchor), literal=True)
            for heading, body, page, anchor in answer["sections"]
        )
        return Parsed(
            title=_text(answer["title"]),
            sections=sections,
            pages=int(answer["pages"]),
            published=_text(answer["published"]),
            notes=tuple(map(_text, answer["notes"])),
            url=_text(answer["url"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(_STRANGE) from error


def links(answer: Mapping[str, Any]) -> tuple[Link, ...]:
    """Raises as `parsed`."""
    _refused(answer)
    try:
        return tuple(
            Link(_text(url), _text(changed), bool(index)) for url, changed, index in answer["links"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(_STRANGE) from error


def _refused(answer: Mapping[str, Any]) -> None:
    if not isinstance(answer, Mapping):
        raise Unreadable(_STRANGE)
    if reason := answer.get("unreadable"):
        raise Unreadable(str(reason), passing=answer.get("passing") is True)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
