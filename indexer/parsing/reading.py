"""A document's bytes to an answer: its kind, its reader, and what is said where that fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from indexer.parsing import answers, feeds, pdf, samples, sheets, slides, web, words, written
from indexer.parsing.document import Document
from indexer.parsing.kinds import Kind, kind
from indexer.parsing.limits import Limits, amount
from indexer.parsing.parsed import Parsed, Unreadable

_READERS: dict[Kind, Callable[[Document], Parsed]] = {
    "pdf": pdf.read,
    "docx": words.read,
    "pptx": slides.read,
    "xlsx": sheets.read,
    "html": web.read,
    "markdown": written.markdown,
    "text": written.text,
}


def read(job: dict[str, Any], content: bytes, limits: Limits) -> bytes:
    """JSON: what was read, or why nothing could be."""
    try:
        document = Document(
            content, job["name"], job["media"], limits, careful=bool(job.get("careful"))
        )
        answer = _entries(document) if job["task"] == "links" else _document(document)
    except Unreadable as reason:
        answer = {"unreadable": str(reason)}
    except MemoryError:
        large = f"needs more than {amount(limits.memory)} of memory to read"
        answer = {"unreadable": large, "passing": True}
    except RecursionError:
        answer = {"unreadable": "nested too deeply"}
    except Exception:  # whatever a library says of a broken file
        answer = {"unreadable": "damaged, so that it cannot be read"}
    return json.dumps(answer, ensure_ascii=False).encode(errors="replace")


def _entries(document: Document) -> dict[str, Any]:
    return answers.of_links(feeds.links(document))


def _document(document: Document) -> dict[str, Any]:
    reader = _READERS[kind(document.content, document.name, document.media)]
    parsed = reader(document)
    if not parsed.sections:
        raise Unreadable("holds no text")
    return answers.of_parsed(parsed)


def warmed() -> None:
    """Each reader used once, so that what it loads late is loaded before the first fork."""
    for name, content in samples.SAMPLES.items():
        read({"task": "read", "name": name, "media": ""}, content, Limits())
