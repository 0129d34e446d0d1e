"""The figures as they stand in docs/quality.md: a table for each subject, and what is guarded."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from bot.evaluation.asked import SPLITS
from bot.evaluation.figures import Measure, Section, counted
from bot.evaluation.guards import Guard

BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
_MARKED = re.compile(rf"{BEGIN}.*{END}", re.DOTALL)


class PageUnusable(Exception):
    """The page cannot take the figures; the message says why and what to do."""


def write(page: Path, figures: str) -> None:
    """Put the figures between the page's two marks, in the place of those that stand there."""
    block = f"{BEGIN}\n{figures}\n{END}"
    text = _MARKED.sub(lambda _: block, read(page), count=1)
    try:
        page.write_text(text, "utf-8")
    except OSError as error:
        raise PageUnusable(f"{page} cannot be written: {error.strerror}") from error


def read(page: Path) -> str:
    """The page as it is; PageUnusable where it has no place for figures."""
    try:
        text = page.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PageUnusable(f"{page} cannot be read: {error}") from error
    if not _MARKED.search(text):
        wanted = f"a line {BEGIN} and, further down, a line {END}"
        raise PageUnusable(f"{page} has no place for the figures: it wants {wanted}")
    return text


def figures(sections: Sequence[Section], guards: Iterable[Guard], about: str) -> str:
    """All tables, below the line that says what was measured when."""
    kept = list(guards)
    tables = ("\n".join(_table(one, kept)) for one in sections if one.measures)
    return "\n\n".join((about, *tables))


def about(today: date, model: str, documents: int, passages: int) -> str:
    """When it was measured, on what machine, of what index."""
    cores, machine = os.cpu_count() or 1, platform.machine()
    when = f"{today.day} {today:%B %Y}"
    index = f"{documents} texts in {passages} passages, {Path(model).name}"
    return f"Measured on {when}: {index}; {cores} cores ({machine}), Python {_python()}."


def _python() -> str:
    return ".".join(platform.python_version_tuple()[:2])


def _table(section: Section, guards: Sequence[Guard]) -> Iterator[str]:
    yield f"### {section.name.capitalize()}"
    yield ""
    columns = [one for one in SPLITS if any(m.split == one for m in section.measures)]
    columns.reverse()  # the untouched half first: it is the one to quote
    heads = columns if section.splits else ["measured"]
    yield f"| figure | {' | '.join(heads)} | guard |"
    yield f"| --- |{' --- |' * (len(heads) + 1)}"
    found = {(one.measure, one.split): one for one in section.measures}
    for name in dict.fromkeys(one.measure for one in section.measures):
        figures = [found.get((name, split)) for split in columns]
        cells = " | ".join(_cell(one) for one in figures)
        yield f"| {name} | {cells} | {_guarded(section, figures, guards)} |"


def _cell(one: Measure | None) -> str:
    return counted(one) if one else "–"


def _guarded(section: Section, figures: Sequence[Measure | None], guards: Sequence[Guard]) -> str:
    there = [
        guard.told(one.unit) + ("" if not section.splits else f" ({guard.split})")
        for one in figures
        if one
        for guard in guards
        if (guard.section, guard.measure, guard.split) == (section.name, one.measure, one.split)
    ]
    return ", ".join(there)
