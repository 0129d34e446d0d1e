"""Questions passed on to those who look after answers, with the real assistant: which, by whom, and
what is kept of them. Everybody is invented (test data)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.conversation import Reply, complaint_with
from tests.digest_place import Place
from tests.feedback_desk import (
    ANSWER,
    DRONES,
    KNOWN,
    alone,
    counts,
    dislikes,
    kept,
    likes,
    verified,
    waiting,
)

GONE = "I no longer have that answer"


async def test_passing_on_is_offered_alone_and_keeps_the_question_masked(place: Place) -> None:
    openly = await place.officer().writes(DRONES)
    assert [one.id for one in openly.actions if one.id == "pass-on"] == []
    assert "I have passed this question on" in openly.body
    assert len(await waiting(place)) == 1
    place.clock.pass_by(minutes=1)
    pat = alone(place, "pat")
    known = await pat.writes(KNOWN)
    assert [one.id for one in known.actions if one.id == "pass-on"] == []
    unsure = await pat.writes(f"{DRONES} Ring Ann Testname on 01632 960 001.")
    assert unsure.status == "unsure", unsure.body
    assert len(await waiting(place)) == 1, "what is asked alone is not open by itself"
    told = await pat.presses(unsure, "Pass it on")
    assert "I keep that it was you for up to 90 days" in told.body
    newest = (await waiting(place))[0]
    assert newest.cause == "passed on"
    assert "Testname" not in newest.text
    assert "960" not in newest.text
    await pat.presses(unsure, "Pass it on")
    assert len(await waiting(place)) == 2, "passing on twice is one question"
    assert (await counts(place))["passed on"] == 1


@pytest.mark.parametrize(
    "where", [{"room": "private"}, {"room": "group"}, {"room": "shared"}, {"closed": True}]
)
async def test_what_not_everybody_could_read_is_passed_on_by_hand(
    place: Place, where: dict[str, Any]
) -> None:
    robin = place.officer(**where)
    unsure = await robin.writes(DRONES)
    assert "passed" not in unsure.body
    noted = await dislikes(robin, unsure)
    assert await waiting(place) == []
    assert noted.form is not None
    assert "read it" in noted.form.fields[0].hint, "sending it says who reads it"
    here = place.app.store.open_questions("anytown")
    assert len(await here.since("C1", place.clock.now - timedelta(days=1))) == 1
    teams = await place.app.assistant.handle(complaint_with("@none", "", robin.origin))
    assert GONE in teams.body
    told = await robin.presses(unsure, "Pass it on")
    assert "is posted here" in told.body
    (open_,) = await waiting(place)
    assert (open_.place, open_.asker) == ("C1", "")


async def test_a_form_of_the_platform_s_own_keeps_nobody_unasked(place: Place) -> None:
    pat, ratings = alone(place, "pat"), place.app.store.ratings("anytown")
    reply = await pat.writes(KNOWN)
    await place.app.assistant.finish()
    await ratings.posted(reply.feedback, "1:abc")
    thanks = await place.app.assistant.handle(complaint_with("@1:abc", "Old.", pat.origin))
    assert "Shall I tell you" in thanks.body
    told = await pat.presses(thanks, "Tell me of an answer")
    assert "I keep that it was you" in told.body
    (open_,) = await waiting(place)
    assert open_.asker == await place.app.store.people("anytown").known_key("pat") != ""
    private = place.officer(room="private")
    unsure = await private.writes(DRONES)
    await place.app.assistant.finish()
    await ratings.posted(unsure.feedback, "1:def")
    noted = await place.app.assistant.handle(complaint_with("@1:def", "Old.", private.origin))
    assert "nobody outside sees it" in noted.body
    assert len(await waiting(place)) == 1
    await private.presses(noted, "Pass it on")
    assert len(await waiting(place)) == 2


async def test_who_passes_on_what_is_answered_by_now_gets_the_answer(place: Place) -> None:
    pat = alone(place, "pat")
    unsure = await pat.writes(DRONES)
    await verified(place, place.officer("admin"))
    told = await pat.presses(unsure, "Pass it on")
    assert ANSWER["answer"] in told.body
    assert told.private
    assert await waiting(place) == []
    assert "passed on" not in await counts(place)


async def test_a_follow_up_is_passed_on_whole(place: Place) -> None:
    pat = alone(place, "pat")
    await pat.writes("Which councils use drones to inspect bridges?")
    unsure = await pat.writes("and in Cornwall?")
    assert unsure.feedback
    await dislikes(pat, unsure)
    (open_,) = await waiting(place)
    assert "drones" in open_.text
    assert "cornwall" in open_.text


async def test_a_text_that_was_looked_up_is_known_by_its_title(place: Place) -> None:
    robin = place.officer()
    reply = await robin.writes(KNOWN)
    cited = reply.citations[0]
    about = await robin.does("about", cited.document)
    await dislikes(robin, about)
    (open_,) = await waiting(place)
    assert open_.text == f"About: {cited.title}"


async def test_the_end_of_a_long_answer_and_one_that_was_meant_can_be_rated(place: Place) -> None:
    robin = place.officer()
    long = Reply("answered", f"{'Words. ' * 20}The end.", id="r-1", feedback="n-long")
    await place.app.store.keep_reply("anytown", long)
    assert (await robin.does("more", "r-1:140")).feedback == "n-long"
    await verified(place, place.officer("admin"))
    (one,) = await kept(place)
    given = await robin.does("verified-given", one.id)
    assert given.heading == DRONES
    assert (await likes(robin, given)).body == "Thank you for saying so."
    assert (await counts(place))["verified"] == 1
