"""Verified answers, with the real assistant and the shipped texts: from a question that nobody
could answer to the day on which its answer no longer holds. Everybody is invented (test data)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.digest_place import Place
from tests.feedback_desk import (
    ANSWER,
    DRONES,
    KNOWN,
    LINK,
    SAME,
    alone,
    answers,
    dislikes,
    kept,
    letters,
    verified,
    waiting,
)
from tests.projects_desk import Officer

ELSEWHERE = "Which councils use drones to inspect bridges in Leeds?"
CASE = "rochdale-mesh-network"


@pytest.fixture
def admin(place: Place) -> Officer:
    return alone(place, "admin")


async def test_the_whole_life_of_a_verified_answer(place: Place, admin: Officer) -> None:
    robin, pat = place.officer(), alone(place, "pat")
    assert (await robin.writes(DRONES)).status == "unsure"
    await pat.presses(await pat.writes(SAME), "Pass it on")

    listed = await admin.writes("open")
    assert "asked 2 times" in listed.body
    saved = await answers(admin, question=DRONES)
    assert "2 who wait are told now" in saved.body
    told = await letters(place)
    assert "40 bridges" in told["C1"].body, "in the thread"
    assert told["to pat"].body.startswith(f"You asked: “{SAME}”")
    assert LINK in told["to pat"].body
    assert (await admin.writes("open")).body.startswith("No question waits")

    given = await place.officer("kim").writes(SAME)
    until = place.clock.now.date() + timedelta(days=183)
    lead = f"Verified by Sam Testname, bridges team until {until.day} {until:%B %Y}: Cornwall flew"
    assert given.status == "answered"
    assert given.body.startswith(lead)
    assert LINK in given.body
    assert f"It was written for the question “{DRONES}”" in given.body
    assert given.feedback, "it can be rated as any answer"
    assert "Verified" not in (await robin.writes(ELSEWHERE)).body
    stranger = place.officer("kim", community="farshire")
    assert "Verified" not in (await stranger.writes(DRONES)).body

    place.clock.now = place.clock.now + timedelta(days=183)
    assert (await robin.writes(DRONES)).body.startswith("Verified"), "on the last day too"
    assert await place.app.assistant.due() == 0
    place.clock.pass_by(days=1)
    assert (await robin.writes(DRONES)).status == "unsure"
    assert await place.app.assistant.due() == 1
    assert await place.app.assistant.due() == 0
    (asked,) = (await letters(place)).values()
    assert "Does it still hold?" in asked.body
    assert "one verified answer has passed" in (await admin.writes("open")).body
    again = await admin.presses(asked, "Verify again")
    assert "Verified again, until" in again.body
    assert (await robin.writes(DRONES)).body.startswith("Verified by Sam Testname")
    place.clock.pass_by(days=184)
    assert await place.app.assistant.due() == 1, "a new day is asked about anew"


async def test_it_stands_above_what_the_texts_say(place: Place, admin: Officer) -> None:
    robin = place.officer()
    before = await robin.writes(KNOWN)
    await dislikes(robin, before)
    await answers(admin, sources=f"{CASE}\n{LINK}", answer="Ask Anytown. It has [1] of them.")
    after = await robin.writes(KNOWN)
    first, _, texts = after.body.partition("\n\nWhat the texts say:\n\n")
    assert first.startswith("Verified by Sam Testname, bridges team until")
    assert "It was written for" not in first, "the words are the same"
    assert "It has (1) of them" in first, "their brackets are not our sources"
    assert after.citations[0].document == CASE
    assert f"“{after.citations[0].quote}” [1]" in first
    assert [one.document for one in after.citations[1:]] == [
        one.document for one in before.citations
    ]
    for cited in after.citations:
        assert f"“{cited.quote}” [{cited.number}]" in after.body
    assert [one.number for one in after.citations] == list(range(1, len(after.citations) + 1))
    assert before.body.count("[") == texts.count("[")
    library = place.app.answerer().library
    assert after.citations[0].quote in str(library.get(CASE))


async def test_it_is_not_given_where_all_it_rests_on_is_hidden(
    place: Place, admin: Officer
) -> None:
    await verified(place, admin, sources=CASE)
    robin = place.officer()
    assert (await robin.writes(DRONES)).body.startswith("Verified")
    await admin.does("hide", CASE)
    assert (await robin.writes(DRONES)).status == "unsure"
    await admin.does("show", CASE)
    assert (await robin.writes(DRONES)).body.startswith("Verified")


async def test_a_follow_up_finds_it_too(place: Place, admin: Officer) -> None:
    await verified(place, admin)
    robin = place.officer()
    await robin.writes(ELSEWHERE)
    assert (await robin.writes("and in Cornwall?")).body.startswith("Verified")


async def test_one_that_may_be_meant_is_offered(place: Place, admin: Officer) -> None:
    await verified(place, admin)
    robin, stranger = place.officer(), place.officer("kim", community="farshire")
    unsure = await robin.writes("flying a drone under a bridge in Cornwall, anyone?")
    assert (unsure.status, "Verified" in unsure.body) == ("unsure", False), unsure.body
    label = f"Verified answer: {DRONES}"
    given = await robin.presses(unsure, label)
    assert given.body.startswith("Verified by Sam Testname")
    assert given.heading == DRONES
    elsewhere = await robin.writes(ELSEWHERE)
    assert [one.id for one in elsewhere.actions if one.id == "verified-given"] == []
    assert "no longer given" in (await stranger.presses(unsure, label)).body
    place.clock.pass_by(days=184)
    assert "no longer given" in (await robin.presses(unsure, label)).body


async def test_help_in_danger_comes_before_anything(place: Place, admin: Officer) -> None:
    pat = alone(place, "pat")
    danger = "I want to kill myself"
    noted = await dislikes(pat, await pat.writes(danger))
    await pat.sends(noted.form, reason=danger)
    await answers(admin, question=danger)
    assert "999" in (await pat.writes(danger)).body


async def test_it_is_changed(place: Place, admin: Officer) -> None:
    await verified(place, admin, sources=f"{CASE}\n{LINK}")
    listed = await admin.writes("verified")
    form = (await admin.presses(listed, "Change 1")).form
    assert form is not None
    filled = {one.id: one.value for one in form.fields}
    title = place.app.answerer().directory.title(CASE)
    assert filled["sources"] == f"{title}\n{LINK}", "by the names that people know"
    assert filled["name"] == ANSWER["name"]
    await admin.sends(form, answer="It flew three.")
    (one,) = await kept(place)
    assert (one.answer, one.sources) == ("It flew three.", (CASE, LINK))
    assert "It flew three." in (await place.officer().writes(DRONES)).body
    assert await letters(place) == {}, "nobody waits for it"


async def test_it_is_ended_after_a_second_word(place: Place, admin: Officer) -> None:
    await verified(place, admin)
    asked = await admin.presses(await admin.writes("verified"), "End 1")
    assert len(await kept(place)) == 1
    assert (await admin.presses(asked, "End it now")).body == "Ended. Its words are erased."
    assert await kept(place) == []
    assert (await place.officer().writes(DRONES)).status == "unsure"
    assert "not there any more" in (await admin.presses(asked, "End it now")).body
    log = [one.action for one in await place.app.store.fits("anytown").audit()]
    assert log == ["answer verified", "verified answer ended"]


async def test_an_author_who_is_erased_is_named_no_more(place: Place, admin: Officer) -> None:
    await verified(place, admin)
    asked = await admin.writes("my-data delete")
    if asked.form:
        await admin.sends(asked.form)
    else:
        await admin.presses(asked, "Delete it all")
    (one,) = await kept(place)
    assert (one.by, one.author) == ("", "")
    given = await place.officer().writes(DRONES)
    assert given.body.startswith("Verified until")
    assert "Testname" not in given.body
    place.clock.pass_by(days=184)
    assert await place.app.assistant.due() == 1
    assert await letters(place) == {}, "there is nobody to ask"
    assert "Expired on" in (await admin.writes("verified")).body


async def test_what_is_not_for_us_is_closed_and_said_to_who_waits(
    place: Place, admin: Officer
) -> None:
    robin, pat = place.officer(), alone(place, "pat")
    await robin.writes(DRONES)
    await pat.presses(await pat.writes(SAME), "Pass it on")
    listed = await admin.writes("open")
    asked = await admin.presses(listed, "Not for us 1")
    assert f"“{DRONES}”" in asked.body
    assert f"“{SAME}”" in asked.body
    assert "One who waits is told" in asked.body
    assert len(await waiting(place)) == 2, "one touch closes nothing"
    assert (await admin.presses(asked, "Close it now")).body.startswith("Closed.")
    told = await letters(place)
    assert list(told) == ["to pat"], "nothing is posted in the thread"
    assert SAME in told["to pat"].body
    assert await waiting(place) == []
    for reply, label in ((listed, "Not for us 1"), (asked, "Close it now"), (listed, "Answer 1")):
        assert "not open any more" in (await admin.presses(reply, label)).body


async def test_who_asked_twice_is_told_once(place: Place, admin: Officer) -> None:
    pat = alone(place, "pat")
    for question in (DRONES, SAME):
        await pat.presses(await pat.writes(question), "Pass it on")
    assert "One who waits is told now" in (await answers(admin)).body
    assert list(await letters(place)) == ["to pat"]


async def test_lists_go_on(place: Place, admin: Officer) -> None:
    robin = place.officer()
    asked = [DRONES.replace("Cornwall", there) for there in ("Devon", "Kent", "Essex", "Dorset")]
    for question in asked:
        assert (await robin.writes(question)).status == "unsure", question
        await place.app.assistant.finish()  # written down before the next minute
        place.clock.pass_by(minutes=1)
    first = await admin.writes("open")
    assert [one.label for one in first.actions] == [
        *("Answer 1", "Not for us 1", "Answer 2", "Not for us 2", "Answer 3", "Not for us 3"),
        "More",
    ]
    last = await admin.presses(first, "More")
    assert [one.label for one in last.actions] == ["Answer 4", "Not for us 4"]
    assert "Devon" in last.body, "the oldest comes last"
    past = await admin.does("waiting", "99")
    assert past.body == first.body, "past its end it begins again"
    for _ in asked:
        await answers(admin)
    listed = await admin.writes("verified")
    assert [one.label for one in (await admin.presses(listed, "More")).actions] == [
        *("Change 4", "End 4"),
    ]
    assert (await admin.does("verified", "99")).body == listed.body
