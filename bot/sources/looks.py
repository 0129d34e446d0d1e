"""One look at a source: what it came to, and what is known while it is under way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.sources.places import Place, Spot
from bot.sources.stamps import is_listed_unchanged
from bot.store.texts import OwnTexts
from bot.texts import Known, OwnText, Source
from indexer.parsing import VERSION

MANY = 10  # texts of a folder: more than half of so many, and more, do not go at once


@dataclass(slots=True)
class Look:
    """What one look at a source came to, in numbers of locations: `read` were `new` or changed,
    `later` could not be asked this time. `notes` say what was left out. `fault` is why it could
    not be looked at at all, "" where it could."""

    source: Source
    read: int = 0
    new: int = 0
    unchanged: int = 0
    unreadable: int = 0
    later: int = 0
    gone: int = 0
    notes: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What became of one spot: it was read; or could not be, for a `reason`; or is gone; or is as
    it was. `validator` and `digest` are of what came, "" where nothing did. What is for `later`
    says nothing of what is there; a `passing` reason may not be one at the next look."""

    spot: Spot
    validator: str = ""
    digest: str = ""
    text: OwnText | None = None
    reason: str = ""
    later: bool = False
    passing: bool = False
    gone: bool = False


@dataclass(slots=True)
class Looking:
    """One look under way: what was known before, when the source was last held, and validators to
    be noted together."""

    look: Look
    texts: OwnTexts
    place: Place
    known: Mapping[str, Known]
    again: bool
    held_at: datetime
    validators: dict[str, str] = field(default_factory=dict)

    def as_it_was(self, spot: Spot) -> bool:
        """Whether that is known without a look at what lies there."""
        before = self.known.get(spot.location)
        if before is None or before.parser != VERSION:
            return False
        if before.reason and (self.again or before.text):
            return False
        if spot.validator:
            return before.validator == spot.validator
        day = self.held_at.date()
        return not self.again and is_listed_unchanged(before.validator, spot.listed, day)

    def are_most(self, locations: Collection[str]) -> bool:
        """Whether these are so many texts of a folder that it may rather be out of reach; not
        where somebody asks for the look."""
        if self.again or self.look.source.kind != "folder":
            return False
        held = sum(bool(one.text) for one in self.known.values())
        return held >= MANY and 2 * sum(bool(self.known[one].text) for one in locations) > held
