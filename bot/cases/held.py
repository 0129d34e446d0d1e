"""What stands in a form that is not sent in yet, with the file that came with it."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attached import Attached
from bot.conversation import Origin

HELD_FOR = timedelta(hours=2)
MOST_HELD, MOST_BYTES = 200, 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """Words and a file, of one person alone."""

    community: str
    person: str
    values: Mapping[str, str]
    file: Attached | None
    at: datetime


class Held:
    """In memory, so that nobody has to attach a file again for a fault in another field, and
    nothing that was not sent is stored. The oldest give way; a restart empties it."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def keep(self, origin: Origin, values: Mapping[str, str], file: Attached | None) -> str:
        """Its name, which nobody can guess."""
        name = secrets.token_urlsafe(9)
        kept = Kept(origin.community, origin.person, dict(values), file, self._clock())
        self._kept[name] = kept
        self._make_room()
        return name

    def of(self, name: str, origin: Origin) -> Kept | None:
        """What was kept by that name for the person of an origin."""
        self._make_room()
        found = self._kept.get(name)
        theirs = (origin.community, origin.person)
        return found if found and (found.community, found.person) == theirs else None

    def drop(self, name: str) -> None:
        """Forget it."""
        self._kept.pop(name, None)

    def _make_room(self) -> None:
        past = self._clock() - HELD_FOR
        while self._kept and (
            len(self._kept) > MOST_HELD
            or self._bytes > MOST_BYTES
            or next(iter(self._kept.values())).at < past
        ):
            self._kept.popitem(last=False)

    @property
    def _bytes(self) -> int:
        return sum(len(one.file.content) for one in self._kept.values() if one.file)
