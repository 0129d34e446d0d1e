"""Officers offer help, are asked and introduced, with the consent of both; on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversation import Reply, Submitted
from bot.current import CurrentAnswerer
from tests.peers_desk import ELSEWHERE, SENSORS, WHAT, WISH, Town, asks, found, joins
from tests.peers_desk import town as opened
from tests.projects_desk import Officer, held, registers, wrong
from tests.registrations import actions


@pytest.fixture
async def town(current: CurrentAnswerer, database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with opened(current, tmp_path, database_url) as made:
        yield made


@pytest.fixture
def robin(town: Town) -> Officer:
    return town.officer("robin")


@pytest.fixture
def sam(town: Town) -> Officer:
    return town.officer("sam")


async def last(town: Town, who: Officer) -> Reply:
    (only,) = await town.post_of(who)
    return only


async def test_from_an_offer_to_an_introduction(town: Town, robin: Officer, sam: Officer) -> None:
    form = (await robin.writes("peers join")).form
    assert form is not None
    assert "Your name and how to reach you are not shown" in form.lead
    joined = await robin.sends(form, **SENSORS)
    assert joined.status == "answered"
    assert joined.private
    assert SENSORS["name"] not in joined.body

    reply = await sam.writes(f"peers {WHAT}")
    (peer,) = reply.peers
    assert peer.council == "Kirklees Council"
    assert "Robin" not in reply.text
    assert reply.alike, "councils of published case studies stand above"

    asked = await sam.presses(reply, "Ask an officer at Kirklees Council")
    assert asked.form
    assert "Robin" not in asked.form.lead
    sent = await sam.sends(asked.form, **WISH)
    assert "Kirklees" in sent.body
    assert "Robin" not in sent.body

    request = await last(town, robin)
    assert WISH["line"] in request.body
    assert [one.label for one in request.actions] == ["Accept", "Not now", "Stop these"]
    assert await town.post_of(sam) == []
    accepted = await robin.presses(request, "Accept")
    assert accepted.status == "answered"
    to_sam, to_robin = await last(town, sam), await last(town, robin)
    assert "Robin Testname" in to_sam.body
    assert "Sam Testname" in to_robin.body
    assert (await robin.presses(request, "Accept")).status == "invalid"
    assert await town.post_of(sam) == []

    town.clock.pass_by(days=13)
    assert await town.app.assistant.due() == 0
    town.clock.pass_by(days=1)
    assert await town.app.assistant.due() == 1
    assert await town.app.assistant.due() == 0
    question = await last(town, sam)
    assert "Did it help?" in question.body
    assert (await sam.presses(question, "Yes")).status == "answered"
    key = await town.app.store.people("anytown").known_key("sam")
    (kept,) = await town.app.store.peers("anytown").concerning(key)
    assert (kept.state, kept.helped) == ("accepted", True)


async def test_asked_twice_is_one_request_and_a_pair_is_apart_for_ninety_days(
    town: Town, robin: Officer, sam: Officer
) -> None:
    await joins(robin)
    offer = await town.offer_of(robin)
    again = (await sam.does("open", f"introduce:{offer}")).form
    await asks(sam, offer)
    town.clock.pass_by(days=1)
    assert "2 March 2026" in (await sam.sends(again, **WISH)).body
    assert len(await town.post_of(robin)) == 1
    assert await found(sam) == []
    assert await found(town.officer("kim")) == [offer]
    town.clock.pass_by(days=12)
    request = await town.app.store.peers("anytown").concerning(
        await town.app.store.people("anytown").known_key("robin")
    )
    await robin.does("accept", request[0].id)
    await joins(sam, help="Sensors against damp in the homes of older tenants.")
    town.clock.pass_by(days=89)
    assert await found(sam) == []
    assert await found(robin) == []
    town.clock.pass_by(days=1, seconds=1)
    assert await found(sam) == [offer]
    assert await found(robin) == [await town.offer_of(sam)]


@pytest.mark.parametrize(("button", "state"), [("Not now", "declined"), ("Stop these", "declined")])
async def test_the_asker_learns_no_name_of_who_declines(
    town: Town, robin: Officer, sam: Officer, button: str, state: str
) -> None:
    await joins(robin)
    await asks(sam, await town.offer_of(robin))
    answered = await robin.presses(await last(town, robin), button)
    told = await last(town, sam)
    assert "Robin" not in told.text
    assert "cannot help just now" in told.body
    assert await found(town.officer("kim")) == (
        [] if button == "Stop these" else [await town.offer_of(robin)]
    )
    if button == "Stop these":
        await robin.presses(answered, "Resume")
        assert len(await found(town.officer("kim"))) == 1


async def test_requests_that_wait_can_be_looked_up(town: Town, robin: Officer) -> None:
    await joins(robin)
    assert "No request" in (await robin.writes("peers requests")).body
    for name in ("sam", "kim"):
        await asks(town.officer(name), await town.offer_of(robin), line=f"{name} asks")
        town.clock.pass_by(minutes=1)
    first = await robin.writes("peers requests")
    assert "2 requests wait" in first.body
    assert "sam asks" in first.body
    await robin.presses(first, "Not now")
    second = await robin.writes("peers requests")
    assert "kim asks" in second.body
    await robin.presses(second, "Accept")
    assert "No request" in (await robin.writes("peers requests")).body


async def test_nobody_answers(town: Town, robin: Officer, sam: Officer) -> None:
    await joins(robin)
    await asks(sam, await town.offer_of(robin))
    request = await last(town, robin)
    town.clock.pass_by(days=14)
    assert (await robin.presses(request, "Accept")).status == "invalid"
    assert await town.app.assistant.due() == 1
    assert "did not answer" in (await last(town, sam)).body


async def test_pausing_leaving_and_coming_back_work_at_once(
    town: Town, robin: Officer, sam: Officer
) -> None:
    assert (await robin.writes("peers leave")).status == "invalid"
    await joins(robin)
    offer = await town.offer_of(robin)
    paused = await robin.writes("peers pause 24 March")
    assert "24 March 2026" in paused.body
    assert await found(sam) == []
    assert (await sam.does("open", f"introduce:{offer}")).status == "invalid"
    town.clock.pass_by(days=22)
    assert await found(sam) == [offer]
    form = (await robin.writes("peers pause")).form
    assert "until" in wrong(await robin.sends(form, until="2020-01-01"))
    await robin.sends(form, until="2026-12-24")
    assert await found(sam) == []
    await robin.writes("peers resume")
    assert await found(sam) == [offer]
    await asks(sam, offer)
    await robin.presses(await robin.writes("peers leave"), "Leave now")
    assert await found(town.officer("kim")) == []
    assert "does not offer help any more" in (await last(town, sam)).body
    assert (await actions(town.app.store, "anytown"))[-1] == "took the offer back"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("peers leave.", "Leave?"),
        ("peers unsubscribe", "Leave?"),
        ("peers stop asking me please", "Leave?"),
        ("peers pause till 3 January 2027", "until 3 January 2027"),
        ("peers pause until 24 december.", "until 24 December 2026"),
        ("peers pause for a while", "Give a day after today"),
        ("peers request", "No request waits"),
        ("peers resume now", "You can be asked again"),
    ],
)
async def test_they_are_told_as_officers_tell_them(
    town: Town, robin: Officer, said: str, answer: str
) -> None:
    await joins(robin)
    reply = await robin.writes(said)
    assert answer in reply.body
    assert reply.alike == ()


async def test_no_word_of_theirs_leads_to_them_before_they_accept(
    town: Town, robin: Officer, sam: Officer
) -> None:
    leads = "Damp sensors: ask ROBIN or robin testname, 07700 900123, r.t@kirklees.example"
    joined = await joins(robin, help=leads, reach="07700 900123")
    told = [await sam.writes(f"peers {WHAT}")]
    told += [await sam.does("open", f"introduce:{await town.offer_of(robin)}")]
    assert told[0].peers
    assert told[1].form
    shown = f"{told[0]} {told[1].form.lead} {joined.body.partition('Only those')[0]}"
    assert [one for one in ("obin", "ROBIN", "07700", "r.t@") if one in shown] == []


async def test_asking_again_tells_of_the_first_time_and_saving_does_not_resume(
    town: Town, robin: Officer, sam: Officer
) -> None:
    await joins(robin)
    offer = await town.offer_of(robin)
    await asks(sam, offer)
    again = await sam.does("open", f"introduce:{offer}")
    assert "it stays one request" in again.body
    assert again.form is None
    await robin.writes("peers pause 24 December")
    assert "still paused" in (await joins(robin)).body


async def test_editing_shows_what_stands_and_changes_it_at_once(
    town: Town, robin: Officer, sam: Officer
) -> None:
    await joins(robin)
    form = (await robin.writes("peers edit")).form
    assert held(form)["help"] == SENSORS["help"]
    await robin.sends(form, help="I ran a chatbot for council tax questions.")
    assert await found(sam) == []
    assert len(await found(sam, "a chatbot for council tax")) == 1


async def test_the_weekly_digest_names_only_who_agreed_to_it(town: Town, robin: Officer) -> None:
    form = (await robin.writes("peers join")).form
    assert held(form)["named"] == "no", "nobody agrees by leaving it as it is"
    assert form is not None
    assert "weekly digests of this community name you" in form.lead
    joined = await robin.sends(form, **SENSORS)
    assert "Only those whom you accept learn your name" in joined.body
    agreed = await robin.sends((await robin.writes("peers edit")).form, named="yes")
    assert "The weekly digest of this community may name you" in agreed.body
    form = (await robin.writes("peers edit")).form
    assert held(form)["named"] == "yes"
    assert '"named": true' in (await robin.writes("my-data export")).body
    assert "named" in wrong(await robin.sends(form, named="perhaps"))
    left_out = {name: value for name, value in held(form).items() if name != "named"}
    await robin.handle(Submitted("offer", left_out, robin.origin))
    assert held((await robin.writes("peers edit")).form)["named"] == "no"


async def test_nobody_is_asked_more_often_than_they_allow(town: Town, robin: Officer) -> None:
    await joins(robin, monthly="1")
    offer = await town.offer_of(robin)
    kim = town.officer("kim")
    open_form = (await kim.does("open", f"introduce:{offer}")).form
    await asks(town.officer("sam"), offer)
    assert await found(kim) == []
    assert (await kim.sends(open_form, **WISH)).status == "invalid"
    town.clock.pass_by(days=31)
    assert await found(kim) == [offer]


async def test_beyond_their_community_both_must_have_opted_in(town: Town, robin: Officer) -> None:
    far = town.officer("far", ELSEWHERE)
    await joins(robin)
    assert await found(far) == []
    form = (await robin.writes("peers edit")).form
    assert "reach" in wrong(await robin.sends(form, beyond="yes"))
    await robin.sends(form, beyond="yes", reach="robin@kirklees.example")
    (offer,) = await found(far)
    refused = await far.does("open", f"introduce:{offer}")
    assert "other communities too" in refused.body.lower()
    await joins(far, beyond="yes", reach="far@wigan.example", name="Far Testname")
    wish = (await far.does("open", f"introduce:{offer}")).form
    assert held(wish)["reach"] == "far@wigan.example"
    await far.sends(wish, line="How long do they last?")
    await robin.presses(await last(town, robin), "Accept")
    assert "robin@kirklees.example" in (await last(town, far)).body
    assert "far@wigan.example" in (await last(town, robin)).body


async def test_nobody_is_enrolled_by_a_project_or_by_asking(
    town: Town, robin: Officer, sam: Officer
) -> None:
    await registers(robin)
    await robin.writes("who has tried damp sensors in council homes?")
    reply = await sam.writes(f"peers {WHAT}")
    assert reply.peers == ()
    assert "No other officer here can be asked" in reply.body


async def test_an_answer_ends_with_who_can_say_more(
    town: Town, robin: Officer, sam: Officer
) -> None:
    await joins(robin)
    reply = await sam.writes("which councils have put damp sensors into council homes?")
    assert [one.council for one in reply.peers] == ["Kirklees Council"]
    assert "Officers who agreed to be asked" in reply.body
    assert "Robin" not in reply.text
    assert (await robin.writes("which councils have damp sensors in homes?")).peers == ()
