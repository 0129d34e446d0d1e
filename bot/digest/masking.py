"""Personal details taken out of a question before it is kept where others read it.

What is a council, a place, a product or an outcome stays. No pattern knows every name, so whoever
shares a question still reads it first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.digest.details import DETAILS, WITH_AT
from bot.digest.names import named
from bot.offers import HOST, PAGE, without

_PAGE = re.compile(rf"{PAGE}|\bwww\.\S+|{HOST}[a-z]{{2,}}/\S+", re.IGNORECASE)
_PUBLIC = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*(?:gov\.uk|gov\.wales|gov\.scot|nhs\.uk|police\.uk"
    r"|parliament\.uk)(?::\d+)?(?P<rest>[/?#].*)?",
    re.IGNORECASE,
)
# In an address, what may be somebody's; a year is not.
_TELLING = re.compile(r"[?=@~#]|(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{4}")
_CLOSING = ".,;:!?)]}\"'”’…"
_APOSTROPHES = str.maketrans("’‘", "''")


def masked(text: str) -> str:
    """The question with an ellipsis in the place of each detail."""
    plain = text.translate(_APOSTROPHES)  # as long as the text, so that the places hold
    return without(text, [*_pages(plain), *_details(plain), *named(plain)])


def _details(plain: str) -> Iterator[tuple[int, int]]:
    at = any(sign in plain for sign in ("@", "at)", "at]"))  # seldom, and slow to look for
    for pattern in (*DETAILS, *(WITH_AT if at else ())):
        group = "gone" if "gone" in pattern.groupindex else 0
        for match in pattern.finditer(plain):
            yield match.start(group), _end(match.span(group), plain)


def _pages(plain: str) -> Iterator[tuple[int, int]]:
    """Web addresses; of a public body's, what comes after its name where that may tell of
    somebody."""
    for match in _PAGE.finditer(plain):
        start, end = match.start(), _end(match.span(), plain)
        public = _PUBLIC.fullmatch(plain, start, end)
        if not public:
            yield start, end
        elif _TELLING.search(public["rest"] or ""):
            yield public.span("rest")


def _end(span: tuple[int, int], plain: str) -> int:
    """Where a detail ends, without the marks that close a sentence."""
    start, end = span
    return start + len(plain[start:end].rstrip(_CLOSING)) or end
