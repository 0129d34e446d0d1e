"""Markdown as a reader sees it: plain text, and the statements (sentences, list items) in it."""

import re

# Marks in the order they are taken off; each pattern keeps what a reader sees as group 1.
_MARKS = (
    re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)"),
    re.compile(r"`([^`]+)`"),
    re.compile(r"\*\*(\S(?:.*?\S)?)\*\*"),
    re.compile(r"(?<!\w)[*_](\S(?:.*?\S)?)[*_](?!\w)"),
)
_ITEM = re.compile(r"\s*- +")
_HEADING = re.compile(r"#+ +")
# A note in lower case, like (our suggestion), belongs to the sentence before it.
_SENTENCE_END = re.compile(r"[.!?][)\]'\"’”]*(?:\s+\([a-z][^()]*\))?\s+(?=[(\['\"‘“]?[A-Z0-9£])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|approx|Cllrs?|Mr|Mrs|Ms|Dr|Prof|Rev|St|Nos?|[A-Z])|^\W*\d+)\.$"
)


def plain(markdown: str) -> str:
    """The text without its marks; each heading, paragraph and list item is one line."""
    return "\n".join(_unmarked(block) for block in _blocks(markdown))


def statements(markdown: str) -> tuple[str, ...]:
    """The sentences in reading order; each is an unbroken run of `plain(markdown)`."""
    return tuple(
        sentence for block in plain(markdown).splitlines() for sentence in sentences(block)
    )


def _blocks(markdown: str) -> list[str]:
    blocks: list[list[str]] = [[]]
    for line in markdown.split("\n"):
        if _ITEM.match(line) or _HEADING.match(line) or not line.strip():
            blocks.append([])
        blocks[-1].append(_HEADING.sub("", _ITEM.sub("", line, count=1), count=1))
    joined = (" ".join(" ".join(block).split()) for block in blocks)
    return [block for block in joined if block]


def _unmarked(block: str) -> str:
    for mark in _MARKS:
        block = mark.sub(r"\1", block)
    return block


def sentences(block: str) -> list[str]:
    """The sentences of one paragraph or list item that has no marks."""
    found, start = [], 0
    for end in _SENTENCE_END.finditer(block):
        sentence = block[start : end.end()].strip()
        if not _ABBREVIATION.search(sentence):
            found.append(sentence)
            start = end.end()
    return [*found, block[start:].strip()]
