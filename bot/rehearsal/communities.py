"""Many communities in one deployment, each with canaries in all that it owns: which of them can be
read anywhere else, whatever officers ask, press and fill in? Everybody is invented (test data)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta

from bot.answers.answerer import Answerer
from bot.conversation import Origin
from bot.digests import Choices
from bot.offers import Offer
from bot.projects import Details
from bot.questions import Verified
from bot.rehearsal.teams import officer
from bot.slack.places import Address
from bot.store import Question, Registration, Store, utc_now
from bot.texts import About, OwnText, Source, Suggested
from bot.weeks import Schedule
from knowledge.library import Section

COMMUNITIES, OWN_TEXTS, SHARED_EVERY = 50, 5, 5
CANARY = re.compile(r"canary(\d\d)([a-z]+)")
_DONE = "damp sensors into homes and met fewer complaints of mould"


@dataclass(frozen=True)
class Town:
    """One community, by its number; the even ones are in Slack, the others in Teams. Every fifth
    shares a project and an offer with the others, and it alone."""

    number: int
    ids: list[str] = field(default_factory=list, compare=False)  # of all that it owns

    @property
    def slack(self) -> bool:
        return self.number % 2 == 0

    @property
    def name(self) -> str:
        """The id of its workspace or tenant."""
        tenant = f"00000000-0000-4000-8000-{self.number:012d}"
        return f"T0C{self.number:02}" if self.slack else tenant

    @property
    def channel(self) -> str:
        return f"C0C{self.number:02}" if self.slack else f"19:c{self.number:02}@thread.tacv2"

    def person(self, which: str) -> str:
        """An officer, as the community's own platform names them to the bot."""
        teams = officer(f"c{self.number:02}{which}")["aadObjectId"]
        return f"U0C{self.number:02}{which.upper()}" if self.slack else teams

    @property
    def shares(self) -> bool:
        return self.number % SHARED_EVERY == 0

    def canary(self, what: str) -> str:
        """A word that stands nowhere else."""
        return f"canary{self.number:02}{what}"

    def origin(self, which: str) -> Origin:
        """Where an officer speaks openly."""
        thread, platform = "1764000000.000001", "slack" if self.slack else "teams"
        address = Address(self.channel, thread, community=self.name).to_json()
        place = address if self.slack else json.dumps({"conversation": {"id": self.channel}})
        person = self.person(which)
        return Origin(
            *(self.name, self.channel, thread, person, platform, person),
            place=place,
            room="channel",
        )


async def settled(store: Store, answerer: Answerer, town: Town) -> None:
    """The community with all that it can own, by the store that desks write to."""
    first, second = [await store.people(town.name).reached(town.origin(one)) for one in "ab"]
    await _registers(store, answerer, town, first)
    await _offers(store, answerer, town, (first, second))
    await _answers(store, answerer, town, first)
    await _suggests(store, town, first)
    if town.number < OWN_TEXTS:
        await _brings(store, town)


async def _registers(store: Store, answerer: Answerer, town: Town, by: str) -> None:
    for word in ("project", "shared") if town.shares else ("project",):
        title, told = f"Sensors {town.canary(word)}", f"We put {_DONE}: {town.canary(word)}."
        details = Details(title, told, "Anytown Council", "", "doing")
        vector = answerer.encoded(details.told).tobytes()
        what = Registration(details, ("data", "services"), word == "shared", vector, answerer.model)
        register = store.community(town.name)
        draft = await register.keep_draft(details, ("data",), by)
        town.ids.append((await register.register(draft, what)).id)
    draft = await register.keep_draft(Details(town.canary("draft"), "Damp."), ("data",), by)
    town.ids.append(draft.id)


async def _offers(store: Store, answerer: Answerer, town: Town, keys: Sequence[str]) -> None:
    """One officer's is for their own community, the other's for all where theirs shares."""
    for key, beyond in zip(keys, (False, town.shares), strict=True):
        word = town.canary("shared" if beyond else "help")
        offer = Offer(
            f"Robin {town.canary('name')}",
            f"We put {_DONE}: {word}.",
            ("data",),
            f"Council {word}",
            reach=town.canary("reach"),
            beyond=beyond,
            monthly=9,
        )
        vector = answerer.encoded(offer.help).tobytes()
        made = await store.peers(town.name).join(key, offer, "agreed", vector, answerer.model)
        assert made is not None
        town.ids.append(made.id)


async def _answers(store: Store, answerer: Answerer, town: Town, key: str) -> None:
    """What is open, answered, asked and rated, and the digest that tells of it."""
    here, asked = town.origin("a"), "How long do damp sensors last?"
    questions = store.open_questions(town.name)
    town.ids.append(await questions.add(f"Who pays for damp {town.canary('open')}?", here))
    vector = answerer.encoded(asked).tobytes()
    verified = Verified(
        *(town.name, f"v-{town.number}", asked, f"Ten years: {town.canary('verified')}."),
        *(("https://anytown.example/",), town.canary("by"), key),
        *(utc_now().date() + timedelta(days=90), utc_now()),
    )
    assert await store.verified(town.name).keep(verified, vector, answerer.model)
    name = f"n-{town.number}"
    kept = Question(town.canary("asked"), "answered", (), 1, utc_now(), name)
    await store.remember(here, "{}", kept)
    await store.ratings(town.name).rate(name, "down", town.canary("why"))
    later = Schedule((utc_now().weekday() + 3) % 7, time(9), "UTC")
    digest = await store.subscriptions(town.name).keep(here, Choices(later), key)
    town.ids.extend((verified.id, name, digest.id))


async def _suggests(store: Store, town: Town, key: str) -> None:
    one = Suggested(
        id=f"s-{town.number}",
        community=town.name,
        title=f"Sensors {town.canary('case')}",
        told=f"We put {_DONE}.",
        council="Anytown Council",
        link="https://anytown.example/",
        file_name=f"{town.canary('file')}.txt",
        by=key,
        suggested_at=utc_now(),
    )
    assert await store.suggestions(town.name).add(one, town.canary("file").encode())
    town.ids.append(one.id)


async def _brings(store: Store, town: Town) -> None:
    """A text of its own, which is then in an index of its own."""
    source = Source(
        id=f"src-{town.number}",
        community=town.name,
        kind="folder",
        location=f"/srv/{town.canary('folder')}",
        added_at=utc_now(),
        due_at=None,
    )
    told = f"The council put {_DONE}: {town.canary('text')}. It cost nine pounds a home."
    text = OwnText(
        id=f"own-{town.number}",
        source=source.id,
        community=town.name,
        location=f"{town.canary('text')}.txt",
        url="",
        about=About(kind="case-study", title=f"Homes {town.canary('text')}", year=2024),
        sections=(Section("What was done", told, 1),),
        digest=town.canary("text"),
        read_at=utc_now(),
    )
    await store.sources(town.name).add(source)
    assert await store.texts(town.name).put(text, "1:1")
    await store.texts(town.name).confirm({text.id: text.about}, "administrator")
    town.ids.append(text.id)
