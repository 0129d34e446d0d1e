"""What officers can do and where, by the tests that saw it: the table in the README.

A test is marked with each ability it shows, such as `@can("Ask, and get quotes", SLACK)`. The
table holds what passed in this run, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.running import ROOT

SLACK, TEAMS, PAGE, TERMINAL = "Slack", "Teams", "page", "terminal"
PLACES = (SLACK, TEAMS, PAGE, TERMINAL)
ABILITIES = (
    "Ask, and get quotes with their sources",
    "Follow up in the same thread",
    "Ask for help",
    "Find texts to share",
    "Search while writing a message",
    "Tag a project with a form, correct it, register it",
    "Tag a message as a project",
    "Find, edit and withdraw projects",
    "Offer help, and find peers",
    "Be introduced, with the consent of both",
    "See and delete one's own data",
    "Set up a weekly digest, and preview it",
    "Get the digest posted",
    "Say whether an answer helped, and why not",
    "Answer what nobody could, and have it told",
    "Offer a case study with a link or a file, for administrators to decide",
    "See an answer while it is made",
    "A home of one's own",
    "Suggested questions",
)
README = ROOT / "README.md"
BEGIN, END = "<!-- abilities: written by make test-clients -->", "<!-- /abilities -->"
MARK = "can"
Shown = tuple[str, str]  # an ability, a place


def can(ability: str, place: str) -> pytest.MarkDecorator:
    """Marks a test that shows the ability there."""
    assert ability in ABILITIES, f"{ability!r} is no line of the table"
    assert place in PLACES, place
    return pytest.mark.can(ability, place)


def marked(item: pytest.Item) -> list[Shown]:
    return [(str(mark.args[0]), str(mark.args[1])) for mark in item.iter_markers(MARK)]


def table(shown: Iterable[Shown]) -> str:
    """In Markdown, every ability a line."""
    seen = set(shown)
    head = f"| | {' | '.join(PLACES)} |\n|---|{'---|' * len(PLACES)}"
    lines = [
        f"| {ability} | "
        + " | ".join("yes" if (ability, place) in seen else "–" for place in PLACES)
        + " |"
        for ability in ABILITIES
    ]
    return "\n".join((head, *lines))


def written(text: str, made: str) -> str:
    """The README with this table in it. Raises ValueError where it has no place for one."""
    before, found, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not found or not ended:
        raise ValueError(f"README.md has no place for the table, between {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


def differs(made: str, readme: Path = README) -> bool:
    """Whether the README says anything else."""
    text = readme.read_text("utf-8")
    return written(text, made) != text
