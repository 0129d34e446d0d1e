"""Letters are leased, sent once, tried again, replaced and erased, on either database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation import Origin
from bot.offers import Introduction, Profile
from bot.store import Addressed, Letter, Store
from bot.store.letters import LEASE
from tests.clock import START, Clock
from tests.offering import OFFER, PLATFORMS, WISH, Person, both, post, reply, said_to_asker
from tests.tables import dump, opened

PASSED_ON = f"{WISH.name} : “{WISH.line}”; you: “{OFFER.help}”"


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


async def taken(store: Store) -> Addressed:
    (only,) = await store.letters.take(PLATFORMS)
    return only


async def together(robin: Person, sam: Person) -> Introduction:
    """An introduction in one conversation, on its way."""
    made = await sam.asked(await robin.offers())
    await post(robin.store)

    def write(one: Introduction, _: Profile) -> list[Letter]:
        letter = Letter(one.community, one.asker, reply("together"), one.id, one.peer)
        return [replace(letter, instead=tuple(both(one)))]

    assert await robin.peers.answer(robin.key, made.id, accepted=True, write=write)
    return made


async def test_a_letter_is_its_takers_alone_until_the_lease_ends(
    store: Store, robin: Person, sam: Person, clock: Clock, database_url: str
) -> None:
    await sam.asked(await robin.offers())
    assert await store.letters.take(["teams", "page"]) == []
    letter = await taken(store)
    assert letter.reply == reply(PASSED_ON)
    assert (letter.community, letter.platform, letter.attempts) == ("leeds", "slack", 1)
    assert letter.addresses == (robin.origin.address,)
    assert await store.letters.take(PLATFORMS) == [], "taken"
    clock.pass_by(seconds=LEASE.total_seconds())
    again = await taken(store)
    assert again == replace(letter, attempts=2), "of a process that died"
    await store.letters.postpone(again, 60.0)
    clock.pass_by(seconds=59)
    assert await store.letters.take(PLATFORMS) == []
    clock.pass_by(seconds=1)
    await store.letters.sent(await taken(store))
    assert dump(database_url)["letter"] == []


async def test_two_takers_never_get_the_same(store: Store, another: Store) -> None:
    for number in range(6):
        sam = await Person.new(store, f"U-sam-{number}")
        for at in range(4):
            host = await Person.new(store, f"U-{number}-{at}")
            await sam.asked(await host.offers())
    takers = [one.letters.take(PLATFORMS, 10) for one in (store, another) * 4]
    ids = [letter.id for some in await asyncio.gather(*takers) for letter in some]
    ids += [letter.id for letter in await store.letters.take(PLATFORMS)]
    assert len(ids) == len(set(ids)) == 24


async def test_the_oldest_go_first_and_none_past_its_time(
    store: Store, robin: Person, sam: Person, clock: Clock
) -> None:
    peer = await robin.offers()
    await sam.asked(peer)
    clock.pass_by(days=14)
    await (await Person.new(store, "U-kim")).asked(peer, replace(WISH, line="new"))
    first, second = [(await store.letters.take(PLATFORMS, 1))[0] for _ in range(2)]
    assert first.reply.body == PASSED_ON
    assert "new" in second.reply.body
    clock.pass_by(minutes=2)
    assert [one.id for one in await store.letters.take(PLATFORMS)] == [second.id]
    assert await store.purge() == 1


async def test_what_is_refused_is_sent_another_way(
    store: Store, robin: Person, sam: Person, database_url: str
) -> None:
    await together(robin, sam)
    letter = await taken(store)
    assert letter.addresses == (sam.origin.address, robin.origin.address)
    assert await store.letters.refused(letter)
    assert not await store.letters.refused(letter), "it is not there any more"
    assert await post(store) == [f"accepted: “{WISH.line}”", f"talk to {WISH.name}: “{WISH.line}”"]
    assert dump(database_url)["letter"] == []


async def test_in_the_place_of_a_wish_the_asker_is_told(
    store: Store, robin: Person, sam: Person
) -> None:
    await sam.asked(await robin.offers())
    assert await store.letters.refused(await taken(store))
    letter = await taken(store)
    assert (letter.reply, letter.attempts) == (reply("unreached"), 1)
    assert letter.addresses == (sam.origin.address,)
    assert not await store.letters.refused(letter), "and nothing in its place"
    assert await store.letters.take(PLATFORMS) == []


@pytest.mark.parametrize("lost", ["U-robin", "U-sam"])
async def test_who_cannot_be_written_to_gets_no_letter(
    store: Store, robin: Person, sam: Person, database_url: str, lost: str
) -> None:
    made = await sam.asked(await robin.offers())
    await post(store)
    with opened(database_url) as connection:
        connection.exec_driver_sql(f"UPDATE person SET address = '' WHERE person = '{lost}'")
    assert await robin.answers(made, accepted=True)
    to_sam, to_robin = f"accepted: “{WISH.line}”", f"talk to {WISH.name}: “{WISH.line}”"
    assert await post(store) == [to_sam if lost == "U-robin" else to_robin]


async def test_a_wish_to_somebody_without_an_address_comes_back_at_once(
    store: Store, robin: Person, sam: Person, database_url: str
) -> None:
    peer = await robin.offers()
    with opened(database_url) as connection:
        connection.exec_driver_sql("UPDATE person SET address = '' WHERE person = 'U-robin'")
    await sam.asked(peer)
    assert await post(store) == ["unreached"]


async def test_the_newest_address_counts_and_none_is_lost(store: Store, robin: Person) -> None:
    people = store.people("leeds")
    moved = replace(robin.origin, platform="page", address="robin")
    for origin in (moved, Origin("leeds", person=robin.name)):
        assert await people.reached(origin) == robin.key
    assert await people.key(robin.name) == robin.key
    held = await store.rights("leeds").held(robin.name)
    assert held is not None
    assert (held["person"]["platform"], held["person"]["address"]) == ("page", "robin")


async def test_what_waits_is_collected_once(store: Store, another: Store, clock: Clock) -> None:
    on_page = Person(store, "robin", platform="page")
    key = await store.people("leeds").reached(replace(on_page.origin, address="robin"))
    peer = await replace(on_page, key=key).offers()
    for name in ("U-sam", "U-kim"):
        await (await Person.new(store, name)).asked(peer, replace(WISH, line=name))
        clock.pass_by(seconds=1)
    collect = ("leeds", "page", "robin")
    for wrong in (("york", *collect[1:]), ("leeds", "terminal", "robin"), ("leeds", "page", "rob")):
        assert await store.letters.collect(*wrong) == []
    given = await asyncio.gather(*(one.letters.collect(*collect) for one in (store, another) * 3))
    bodies = [one.body for some in given for one in some]
    assert ["U-sam" in bodies[0], "U-kim" in bodies[1], len(bodies)] == [True, True, 2]
    lee = await Person.new(store, "U-lee")
    clock.pass_by(days=31)
    await lee.asked(peer)
    clock.pass_by(days=14, seconds=1)
    assert await store.letters.collect(*collect) == [], "past its time"


async def test_an_erased_letter_is_not_sent_after_all(
    store: Store, robin: Person, sam: Person, clock: Clock, database_url: str
) -> None:
    await sam.asked(await robin.offers())
    letter = await taken(store)
    await sam.erases()
    assert dump(database_url)["letter"] == []
    await store.letters.postpone(letter, 0.0)
    assert not await store.letters.refused(letter)
    await store.letters.sent(letter)
    clock.pass_by(hours=1)
    assert await store.letters.take(PLATFORMS) == []


async def test_words_that_a_database_refuses_are_sent(
    store: Store, robin: Person, sam: Person
) -> None:
    odd = replace(WISH, line="half \ud83d of a\0 smiley", name="'; DROP TABLE letter; --")
    made = await sam.asked(await robin.offers(replace(OFFER, help="% _ \\ \ud83d")))
    (sent,) = await post(store)
    assert "% _ \\" in sent
    assert await robin.answers(made, accepted=False)
    kim = await Person.new(store, "U-kim")
    await kim.asked((await robin.peers.offered())[0].profile, odd)
    assert len(await post(store)) == 2
    assert await store.due.passed(said_to_asker(""), said_to_asker("")) == 0


async def test_a_letter_with_a_place_is_posted_there_by_whoever_is_known(
    store: Store, robin: Person, database_url: str
) -> None:
    with opened(database_url) as connection:
        connection.exec_driver_sql("UPDATE person SET address = ''")
    letter = Letter("leeds", robin.key, reply("here"), platform="teams", place="19:x")
    await written(store, letter, replace(letter, key="k-none"), replace(letter, community="york"))
    sent = await taken(store)
    assert (sent.platform, sent.addresses, sent.reply) == ("teams", ("19:x",), reply("here"))
    await store.letters.postpone(sent, 0.0)
    assert await robin.erases()
    assert await store.letters.take(PLATFORMS) == []
    await written(store, replace(letter, instead=(letter,)))
    assert dump(database_url)["letter"] == []


async def written(store: Store, *letters: Letter) -> None:
    """Kept, as with the answer to a question."""
    questions = store.open_questions("leeds")
    await questions.add("?", Origin("leeds", "C1"))
    (asked, *_) = await questions.since("C1", START - timedelta(days=1))
    for one in letters:
        assert await questions.answer(asked.id, one)


async def test_what_is_published_on_a_page_waits_there_to_be_collected(
    store: Store, another: Store, clock: Clock
) -> None:
    for name in ("l-1", "l-2"):
        await store.letters.pin("leeds", "page", "channel", reply(name), name)
        clock.pass_by(seconds=1)
    for wrong in (("york", "page", "channel"), ("leeds", "page", "robin")):
        assert await store.letters.collect(*wrong) == []
    both_at_once = (one.letters.collect("leeds", "page", "channel") for one in (store, another))
    given = [one for some in await asyncio.gather(*both_at_once) for one in some]
    assert [one.body for one in given] == ["l-1", "l-2"]
    await store.letters.pin("leeds", "page", "channel", reply("late"), "l-3")
    clock.pass_by(days=14, seconds=1)
    assert await store.letters.collect("leeds", "page", "channel") == []
    assert await store.purge() == 1
