"""A text cut where it still fits."""

from __future__ import annotations

import re
from collections.abc import Callable


def cut(text: str, longest: int, size: Callable[[str], int] = len) -> tuple[str, str]:
    """The text up to where it still fits `longest`, and the rest; at a paragraph's end if the
    last half holds one, else a sentence's, a line's, or a word's. `size` is what a text comes to
    once it is written the platform's way."""
    if size(text) <= longest:
        return text, ""
    most = _most(text, longest, size)
    for end in ("\n\n", r"[.!?]”?(?: \[\d+\])*(?=\s(?!\[\d))", "\n", r"\s"):
        found = [match.end() for match in re.finditer(end, text[: most + 1])]
        if found and found[-1] > most // 2 and found[-1] <= most:
            return text[: found[-1]].rstrip(), text[found[-1] :].lstrip()
    return text[:most], text[most:]


def _most(text: str, longest: int, size: Callable[[str], int]) -> int:
    """How many characters fit."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= longest else (low, middle - 1)
    return low
