"""What of a build goes by a ledger: what an earlier one left, and new ones that are not few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from indexer.embedded import Key, Rows, key
from indexer.generation import Generation
from indexer.ledger import Entry, Ledger, forgotten
from indexer.ledger_place import Place, Unembedded
from indexer.model import Model
from indexer.passages import Passage
from indexer.progress import Advance, Progress
from indexer.waiting import digest, line, made_by, unpacked
from indexer.workers import Crew, Load, from_words, name, released, work

Named = dict[str, Passage]
Made = dict[str, tuple[Passage, Rows]]

_GOES = 9  # more than one only where others remove what is here
FEW = 256  # so many are embedded by one process without a ledger: some seconds' work


@dataclass(frozen=True, slots=True)
class Bulk:
    """One build's part of the ledger at `place`. `made_by` names the model, `load` loads it; that
    can be sent to another process where there are several `workers`.

    Everything raises Unembedded.
    """

    place: Place
    made_by: str
    load: Load
    workers: int = 1
    _taken: set[str] = field(default_factory=set)  # what this build found here already

    @classmethod
    def of(
        cls,
        home: Path,
        base: Generation | None,
        model: Model,
        shared: str,
        load: Load,
        workers: int = 1,
    ) -> Bulk:
        """That of one index, which stands beside a `base` or alone."""
        place = Place(home, home.name if base else "", shared)
        return cls(place, made_by(model), load, workers)

    def wanted(self, count: int) -> bool:
        """Whether that many are to be embedded by way of the ledger."""
        return count > (FEW if self.workers == 1 else 0)

    def left(self, new: Sequence[Passage]) -> dict[Key, Rows]:
        """Those that a build that was ended, or an import, left. Nothing is removed by asking:
        it may be an export that does."""
        if not self.place.there():
            return {}
        with self._ledger() as ledger:
            made = _made(ledger, self._named(new))
        self._taken.update(made)
        return {key(one): rows for one, rows in made.values()}

    def embedded(self, new: Sequence[Passage], load: Load, progress: Progress) -> dict[Key, Rows]:
        """All of them, by this process or the workers that it starts, and whoever joins them.

        Words are there only where others are to read them, and while this runs: what is still
        waiting when it fails is removed.
        """
        wanted = self._named(new)
        with self._ledger() as ledger, progress("Embedding", len(wanted)) as advance:
            released(ledger)
            self._tidy(ledger, wanted)
            try:
                made = self._made(wanted, ledger, partial(self._embed, ledger, load, advance))
            except BaseException:
                ledger.withdraw()
                raise
        return {key(one): rows for one, rows in made.values()}

    def _tidy(self, ledger: Ledger, wanted: Named) -> None:
        """What no build can use goes. Of the shipped texts in a database only what cannot be read
        back: another computer may build from others at the same time."""
        made = _made(ledger, wanted)
        if self.place.unit or not self.place.shared:
            ledger.keep({*self._taken, *made})
        else:
            ledger.remove([one for one, _ in ledger.made() if one in wanted and one not in made])

    def _made(self, wanted: Named, ledger: Ledger, embed: Callable[[Named], object]) -> Made:
        """Entered again where somebody else who builds the same had them removed meanwhile."""
        for _ in range(_GOES):
            made = _made(ledger, wanted)
            missing = {name: one for name, one in wanted.items() if name not in made}
            if not missing:
                return made
            embed(missing)
        raise Unembedded("What was embedded cannot be read back. Run it again: outcomes index")

    def _embed(self, ledger: Ledger, load: Load, advance: Advance, missing: Named) -> None:
        joined = self.workers > 1 or bool(self.place.shared)
        ledger.enter(
            Entry(name, len(one.searched), line(one) if joined else None)
            for name, one in missing.items()
        )
        if self.workers > 1:
            Crew(self.place, self.made_by, self.load).embed(self.workers, ledger, advance)
        else:
            # One that is not ours another computer entered, with its words.
            work(
                ledger, load, advance=advance,
                passage=lambda one: missing.get(one.digest) or from_words(one),
            )  # fmt: skip

    def forget(self) -> None:
        """The build is whole, or there is none."""
        forgotten(self.place)

    def _ledger(self) -> Ledger:
        return Ledger(self.place, self.made_by, name(), words_only=False)

    def _named(self, cut: Sequence[Passage]) -> Named:
        return {digest(one, self.made_by): one for one in cut}


def _made(ledger: Ledger, wanted: Named) -> Made:
    found = ((name, wanted[name], numbers) for name, numbers in ledger.made() if name in wanted)
    rows = ((name, one, unpacked(numbers, one)) for name, one, numbers in found)
    return {name: (one, both) for name, one, both in rows if both is not None}
