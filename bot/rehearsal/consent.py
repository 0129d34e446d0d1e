"""Random sequences of what officers do with peers, held against a plain account of who consents.

Played on the real store: people join, pause, leave, ask, accept, decline and are erased while
time passes. Nobody who does not consent may be shown, nobody may be asked more often than they
allow, and no two people may be brought together twice within 90 days.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.conversation import Origin
from bot.offers import Introduction, Offer, Profile, Wish
from bot.peers import letters
from bot.peers.joining import closing
from bot.store import Introductions, Store, default_url

PEOPLE = tuple((place, name) for place in ("here", "there") for name in ("ada", "bo", "cy"))
APART, WITHIN, OPEN = timedelta(days=90), timedelta(days=30), timedelta(days=14)
STEPS = 18  # at most, in one sequence
A_STORE = 400  # sequences; then a new database, so that none grows slow
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WORDING, VECTOR = "as the test has it (test data)", b"\0" * 4

_who = st.sampled_from(PEOPLE)
_Who = tuple[str, str]
Peers = Callable[[Store, str], Introductions]
"""The store's peers of one community."""


class _Time:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class _Consent:
    """What somebody agreed to, by a plain account of it."""

    offer: str
    beyond: bool
    monthly: int
    paused_until: datetime | None = None


@dataclass
class _Wished:
    made: Introduction
    asker: _Who
    peer: _Who
    open: bool = True


@dataclass
class Tally:
    """What was played."""

    sequences: int = 0
    steps: int = 0
    shown: int = 0
    asked: int = 0
    introduced: int = 0


@dataclass
class Stage:
    """A database, and the loop that its statements run in."""

    folder: Path
    runner: asyncio.Runner
    peers: Peers
    tally: Tally = field(default_factory=Tally)
    clock: _Time = field(default_factory=_Time)
    numbers: Iterator[int] = field(default_factory=count)
    store: Store | None = None

    def run(self, work: Any) -> Any:  # noqa: ANN401  # whatever the work comes to
        return self.runner.run(work)

    def next_sequence(self) -> tuple[Store, str]:
        """A store, and a name that is in none of its rows yet."""
        number = next(self.numbers)
        self.clock.now = START
        if self.store is None or number % A_STORE == 0:
            self.close()
            url = default_url(self.folder / str(number // A_STORE))
            self.store = self.run(Store.open(url, self.clock))
        self.tally.sequences += 1
        return self.store, str(number)

    def close(self) -> None:
        if self.store:
            self.run(self.store.close())
            self.store = None


class Officers(RuleBasedStateMachine):
    """Three people in each of two communities."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self._store, self._name = self.stage.next_sequence()
        self._consents: dict[_Who, _Consent] = {}
        self._wishes: list[_Wished] = []
        self._apart: dict[frozenset[_Who], datetime] = {}
        self._introduced: dict[frozenset[_Who], datetime] = {}
        self._offers: dict[str, _Who] = {}
        self._asked: dict[_Who, list[datetime]] = {}

    @initialize(joined=st.lists(_who, min_size=2, max_size=6, unique=True), beyond=st.booleans())
    def begin(self, joined: list[_Who], beyond: bool) -> None:
        """Some offer help already, or nearly nothing would come about."""
        for who in joined:
            self.join(who, beyond, 2)

    @rule(who=_who, beyond=st.booleans(), monthly=st.sampled_from((1, 2)))
    def join(self, who: _Who, beyond: bool, monthly: int) -> None:
        offer = Offer(f"Test {who[1]}", "Sensors", ("data",), beyond=beyond, monthly=monthly)

        async def joining() -> str:
            made = (offer, WORDING, VECTOR, "m-1")
            profile = await self._peers(who).join(await self._key(who), *made)
            assert profile is not None
            return profile.id

        name: str = self._run(joining())
        paused = self._consents[who].paused_until if who in self._consents else None
        self._consents[who] = _Consent(name, beyond, monthly, paused)
        self._offers[name] = who

    @rule(who=_who, days=st.integers(0, 60))
    def pause(self, who: _Who, days: int) -> None:
        until = self._now + timedelta(days=days) if days else None

        async def pausing() -> bool:
            return await self._peers(who).pause(await self._key(who), until) is not None

        assert self._run(pausing()) == (who in self._consents)
        if who in self._consents:
            self._consents[who].paused_until = until

    @rule(who=_who)
    def leave(self, who: _Who) -> None:
        async def leaving() -> bool:
            left: bool = await self._peers(who).leave(await self._key(who), closing)
            return left

        assert self._run(leaving()) == (who in self._consents)
        self._gone(who)

    @rule(who=_who)
    def erase(self, who: _Who) -> None:
        rights = self._store.rights(self._community(who))
        self._run(rights.erase(self._origin(who), hand_over=False, write=closing))
        self._gone(who)
        self._asked.pop(who, None)
        for one in self._wishes:
            one.open = one.open and one.asker != who

    @rule(days=st.integers(1, 50))
    def time_passes(self, days: int) -> None:
        self.stage.tally.steps += 1
        self.stage.clock.now += timedelta(days=days, microseconds=1)

    @rule(who=_who)
    def look(self, who: _Who) -> None:
        """Whoever is shown consents, and whoever may be shown is."""

        async def looking() -> set[str]:
            found = await self._peers(who).willing(list(self._offers), self._person(who))
            return {one.id for one in found}

        shown = self._run(looking())
        assert shown == {
            one.offer for other, one in self._consents.items() if self._may(who, other)
        }
        self.stage.tally.shown += len(shown)

    @precondition(lambda self: self._offers)
    @rule(who=_who, number=st.integers(0, 20))
    def ask(self, who: _Who, number: int) -> None:
        # Most often one that may be asked: else most would come to nothing.
        fit = [one for one, of in self._offers.items() if self._allowed(who, of, one)]
        names = fit if fit and number % 4 else list(self._offers)
        name = names[number % len(names)]
        peer = self._offers[name]
        wish = Wish("A line", f"Test {who[1]}")
        allowed = self._allowed(who, peer, name)

        async def asking() -> Introduction | str:
            by = await self._key(who)
            given = (by, self._person(who), name, wish, letters.request)
            made: Introduction | str = await self._peers(who).ask(*given)
            return made

        made: Introduction | str = self._run(asking())
        self.stage.clock.now += timedelta(microseconds=1)  # so that no two are asked at once
        before = [one for one in self._wishes if (one.asker, one.peer) == (who, peer)]
        if any(one.made == made for one in before):
            return
        assert isinstance(made, Introduction) == allowed, (made, allowed)
        if isinstance(made, Introduction):
            self._wishes.append(_Wished(made, who, peer))
            self.stage.tally.asked += 1
            self._asked.setdefault(peer, []).append(made.asked_at)
            self._apart[frozenset((who, peer))] = made.asked_at + APART

    @precondition(lambda self: self._wishes)
    @rule(number=st.integers(0, 20), declines=st.booleans())
    def answer(self, number: int, declines: bool) -> None:
        waiting = [one for one in self._wishes if one.open]
        among = waiting if waiting and number % 4 else self._wishes
        one = among[number % len(among)]
        now = self._now

        async def answering() -> bool:
            peers, by = self._peers(one.peer), await self._key(one.peer)
            write = self._letters
            return await peers.answer(by, one.made.id, accepted=not declines, write=write)

        done = self._run(answering())
        assert done == (one.open and one.made.asked_at > now - OPEN)
        one.open = one.open and not done
        if done and not declines:
            pair = frozenset((one.asker, one.peer))
            last = self._introduced.get(pair)
            assert last is None or now >= last + APART, "introduced twice within 90 days"
            self._introduced[pair], self._apart[pair] = now, now + APART
            self.stage.tally.introduced += 1

    def _may(self, who: _Who, other: _Who) -> bool:
        """Whether somebody may be shown, by the plain account."""
        consent, now = self._consents.get(other), self._now
        if consent is None or other == who or not (consent.beyond or other[0] == who[0]):
            return False
        paused = consent.paused_until is not None and consent.paused_until > now
        lately = [moment for moment in self._asked.get(other, ()) if moment > now - WITHIN]
        apart = self._apart.get(frozenset((who, other)), now) > now
        return not paused and len(lately) < consent.monthly and not apart

    def _allowed(self, who: _Who, peer: _Who, name: str) -> bool:
        consent = self._consents.get(peer)
        if consent is None or consent.offer != name or not self._may(who, peer):
            return False
        return peer[0] == who[0] or (who in self._consents and self._consents[who].beyond)

    def _gone(self, who: _Who) -> None:
        if consent := self._consents.pop(who, None):
            del self._offers[consent.offer]
        for one in self._wishes:
            one.open = one.open and one.peer != who

    def _letters(self, one: Introduction, _: Profile) -> list[Any]:
        return [letters.to_asker(one, "{} {}")]

    def _run(self, work: Any) -> Any:  # noqa: ANN401
        self.stage.tally.steps += 1
        return self.stage.run(work)

    @property
    def _now(self) -> datetime:
        return self.stage.clock.now

    def _community(self, who: _Who) -> str:
        return f"{who[0]}-{self._name}"

    def _person(self, who: _Who) -> str:
        return f"{who[1]}-{self._name}"

    def _origin(self, who: _Who) -> Origin:
        person = self._person(who)
        return Origin(self._community(who), "C", "", person, "page", person)

    def _peers(self, who: _Who) -> Introductions:
        return self.stage.peers(self._store, self._community(who))

    async def _key(self, who: _Who) -> str:
        return await self._store.people(self._community(who)).reached(self._origin(who))


@contextmanager
def _stage(peers: Peers) -> Iterator[Stage]:
    with TemporaryDirectory() as folder, asyncio.Runner() as runner:
        set_hypothesis_home_dir(folder)  # it would leave files where the program is started
        stage = Stage(Path(folder), runner, peers)
        try:
            yield stage
        finally:
            stage.close()


def play(
    sequences: int, number: int = 0, *, shrink: bool = False, peers: Peers = Store.peers
) -> Tally:
    """So many random sequences, the same each time for one `number`. Raises AssertionError with
    a sequence that fails, the shortest where it may `shrink`."""
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    wanted = settings(
        max_examples=sequences,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    with _stage(peers) as stage:
        machine = type("OfficersOnStage", (Officers,), {"stage": stage})
        run_state_machine_as_test(seed(number)(machine), settings=wanted)
        return stage.tally
