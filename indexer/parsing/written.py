"""Markdown and plain text, in whatever they are encoded."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from indexer.parsing.document import Document, title, told_day
from indexer.parsing.gathering import Gathering
from indexer.parsing.parsed import Parsed
from knowledge.markdown import plain

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_FIELD = re.compile(r"^(title|date|published|updated):[ \t]*(.+)$", re.M | re.I)
_FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r"^ {0,3}(?:=+|-+)[ \t]*$")
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_RULE = re.compile(r"^[ |:+*_=~-]+$")
_DROPPED = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.S | re.I
)
_TAG = re.compile(r"</?[a-z][^<>]{0,2000}>", re.I)
_LINK = re.compile(
    r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)"
    r"|<((?:https?://|mailto:)[^<>\s]+)>"
)
_REFERENCE = re.compile(r"^ {0,3}\[[^\]]+\]:\s+\S+.*$", re.M)
_FIRST_LINES = 15
_PARAGRAPH = 20_000  # characters; nobody writes one as long


def decoded(content: bytes, told: str = "") -> str:
    """The text of it: as its mark says, as it was told, as UTF-8, else as Windows writes it."""
    if content.startswith(_MARKS[1:]):
        return content.decode("utf-16", errors="replace")
    for coding in (told, "utf-8-sig"):
        try:
            return content.decode(coding) if coding else content.decode("utf-8-sig")
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", errors="replace")


def charset(media: str) -> str:
    """What "text/html; charset=utf-8" says after the sign; "" for nothing."""
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", media, re.I)
    return found[1] if found else ""


def text(document: Document) -> Parsed:
    """Paragraphs are parted by empty lines, or are lines where there are none."""
    words = (
        decoded(document.content, charset(document.media)).replace("\r\n", "\n").replace("\r", "\n")
    )
    gathered = Gathering(document.limits)
    gathered.page(0)
    lines = [line for line in _paragraphs(words)]
    first = lines[0] if lines and len(lines[0]) < 120 and lines[0][-1:] not in ".;," else ""
    for line in lines[1:] if first and len(lines) > 1 else lines:  # a title is no sentence
        gathered.line(line)
    return Parsed(
        title=title(first, document.called),
        sections=gathered.sections(),
        published=next(filter(None, map(told_day, lines[:_FIRST_LINES])), ""),
    )


def markdown(document: Document) -> Parsed:
    words = (
        decoded(document.content, charset(document.media)).replace("\r\n", "\n").replace("\r", "\n")
    )
    front = _FRONT.match(words)
    told = dict((name.lower(), value) for name, value in _FIELD.findall(front[1] if front else ""))
    body = _DROPPED.sub("\n", words[front.end() :] if front else words)
    gathered = Gathering(document.limits)
    first = _gathered(_REFERENCE.sub("", body), gathered)
    day = told.get("published") or told.get("date") or told.get("updated") or ""
    return Parsed(
        title=title(told.get("title", "").strip("\"' "), first, document.called),
        sections=gathered.sections(),
        published=_iso(day),
    )


def _iso(value: str) -> str:
    found = re.match(r"[\"']?((?:19|20)\d\d)(-\d\d-\d\d)?", value)
    return found[1] + (found[2] or "") if found else told_day(value.strip("\"' "))


def _gathered(body: str, gathered: Gathering) -> str:
    """Gives the first heading."""
    first = ""
    for heading, lines in _parts(body):
        if heading:
            gathered.heading(_plain(heading))
            first = first or _plain(heading)
        for block in _blocks(lines):
            if block[0].lstrip().startswith("|"):
                rows = (line.strip().strip("|").split("|") for line in block)
                gathered.table(
                    [_plain(cell) for cell in row] for row in rows if not _RULE.match("|".join(row))
                )
            else:
                gathered.line(_plain(" ".join(block)))
    return first


def _parts(body: str) -> Iterator[tuple[str, list[str]]]:
    """Each heading with the lines below it."""
    heading, lines, fenced = "", [""], False
    for line in body.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
            lines.append("")
        elif fenced:
            lines += [line, ""]
        elif found := _HEADING.match(line):
            yield heading, lines
            heading, lines = found[2], [""]
        elif (
            lines[-1].strip() and _UNDERLINE.match(line) and not lines[-1].lstrip().startswith("|")
        ):
            above = lines.pop()
            yield heading, lines
            heading, lines = above, [""]
        else:
            lines.append(line)
    yield heading, lines


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Lines that belong together: a paragraph, an item, a whole table."""
    block: list[str] = []
    for line in lines:
        row = line.lstrip().startswith("|")
        parted = (
            not line.strip()
            or _ITEM.match(line)
            or (block and row != block[-1].lstrip().startswith("|"))
        )
        if parted and block:
            yield block
            block = []
        if (line.strip() and not _RULE.match(line)) or row:
            block.append(_ITEM.sub("", line) if not row else line)
    if block:
        yield block


def _plain(words: str) -> str:
    if len(words) > _PARAGRAPH:  # what looks for marks takes the square of its time
        return words
    words = _LINK.sub(lambda found: found[1] or found[2] or "", words)
    words = _TAG.sub("", words)
    return plain(re.sub(r"^\s*>+ ?", "", words).replace("~~", "")).replace("\n", " ")


def _paragraphs(words: str) -> Iterator[str]:
    blocks = re.split(r"\n[ \t]*\n", words)
    whole = len(blocks) > 1 or max(map(len, words.split("\n"))) < 100
    for block in blocks:
        lines: list[str] = []
        for line in block.split("\n"):
            if lines and (_ITEM.match(line) or not whole):
                yield " ".join(lines)
                lines = []
            lines.append(_ITEM.sub("", line.strip()))
        yield " ".join(lines)
