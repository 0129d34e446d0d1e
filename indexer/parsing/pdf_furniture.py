"""What stands at the top and foot of most pages: running headers, footers, page numbers."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from indexer.parsing.pdf_lines import Line

_EDGE = 3  # lines from the top or the foot in which it may stand
_LEAST = 3  # pages on which it must stand
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.I)


def without_furniture(pages: list[list[Line]]) -> list[list[Line]]:
    """More than half of the pages have it, or of those on the left or on the right."""
    edges = [_edges(page) for page in pages]
    on: Counter[tuple[str, int]] = Counter()
    for number, edge in enumerate(edges):
        on.update({(key, number % 2) for keys in edge.values() for key in keys})
    sides = ((len(pages) + 1) // 2, len(pages) // 2)

    def is_furniture(key: str) -> bool:
        left, right = on[key, 0], on[key, 1]
        return left + right >= _LEAST and (
            2 * (left + right) > len(pages) or 2 * left > sides[0] or 2 * right > sides[1]
        )

    return [
        [line for line in page if not any(map(is_furniture, edge.get(line, ())))]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edges(page: list[Line]) -> dict[Line, list[str]]:
    """The lines at the top and the foot, and what of them is the same on other pages."""
    ordered = sorted(page, key=lambda line: -line.bottom) if page and page[0].size else page
    rows = {one for pair in pairwise(ordered) if _is_table(*pair) for one in pair}
    edges: dict[Line, list[str]] = {}
    for place, lines in (("top", ordered[:_EDGE]), ("foot", ordered[-_EDGE:])):
        for line in lines:
            if line not in rows:
                edges.setdefault(line, []).append(f"{place} {_same(line)}")
    return edges


def _is_table(line: Line, below: Line) -> bool:
    """Two rows of one: the headings of a long table stand at the top of each page too."""
    near = line.bottom - below.bottom < 2.5 * line.size
    return near and len(line.parts) == len(below.parts) > 1


def _same(line: Line) -> str:
    return _NUMBER.sub("#", line.text).lower()
