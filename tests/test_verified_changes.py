"""Verified answers that somebody else changes, takes the place of or is asked about, with the real
assistant and the shipped texts. Everybody is invented (test data)."""

from __future__ import annotations

import pytest

from tests.digest_place import Place
from tests.feedback_desk import (
    ANSWER,
    DRONES,
    LEE,
    LINK,
    SAME,
    alone,
    answers,
    closes,
    dislikes,
    kept,
    letters,
    looks_after,
    verified,
    waiting,
)
from tests.projects_desk import Officer, held, wrong


@pytest.fixture
def admin(place: Place) -> Officer:
    return alone(place, "admin")


async def test_whoever_did_not_write_it_says_how_they_want_to_be_named(
    place: Place, admin: Officer
) -> None:
    await verified(place, admin)
    (one,) = await kept(place)
    expert = await looks_after(place, admin)
    for asked in (
        await expert.does("verify-again", one.id),
        await expert.presses(await expert.writes("verified"), "Change 1"),
    ):
        assert held(asked.form)["name"] == LEE, "not the name of who wrote it"
        refused = await expert.sends(asked.form, name=ANSWER["name"].upper())
        assert list(wrong(refused)) == ["name"], "nor may it be put there"
    assert await kept(place) == [one]
    await expert.sends(asked.form)
    assert (await place.officer().writes(DRONES)).body.startswith(f"Verified by {LEE}")
    theirs = (await admin.presses(await admin.writes("verified"), "Change 1")).form
    assert held(theirs)["name"] == "", "an administrator who has given none"


async def test_an_answer_found_wrong_is_changed_and_no_other_given(
    place: Place, admin: Officer
) -> None:
    await verified(place, admin)
    (one,) = await kept(place)
    robin, expert = place.officer(), await looks_after(place, admin)
    noted = await dislikes(robin, await robin.writes(SAME))
    await robin.sends(noted.form, reason="It was three drones.")
    form = (await expert.presses(await expert.writes("open"), "Answer 1")).form
    assert form is not None
    assert "There is a verified answer to this already" in form.lead
    assert "It was three drones." in form.lead
    now = {"question": DRONES, "answer": ANSWER["answer"], "sources": LINK, "name": LEE}
    assert now.items() <= held(form).items()
    assert list(wrong(await expert.sends(form, name=ANSWER["name"]))) == ["name"]
    assert (await expert.sends(form, answer="Cornwall flew three drones.")).status == "answered"
    (changed,) = await kept(place)
    assert (changed.id, changed.by) == (one.id, LEE)
    for question in (DRONES, SAME):
        given = (await robin.writes(question)).body
        assert given.startswith(f"Verified by {LEE}"), question
        assert "three drones" in given
    assert await waiting(place) == []


async def test_what_is_typed_is_not_lost_to_who_was_quicker(place: Place, admin: Officer) -> None:
    await place.officer().writes(DRONES)
    expert = await looks_after(place, admin)
    form = (await expert.presses(await expert.writes("open"), "Answer 1")).form
    await answers(admin)
    late = await expert.sends(form, answer="It flew three.", sources=LINK)
    assert late.status == "invalid"
    assert "two drones over 40 bridges" in late.body, "what stands in the way"
    assert held(late.form)["answer"] == "It flew three."
    assert len(await kept(place)) == 1
    assert (await expert.sends(late.form)).status == "answered"
    (one,) = await kept(place)
    assert (one.answer, one.by) == ("It flew three.", LEE)


async def test_what_is_typed_is_not_lost_where_it_was_closed_or_ended(
    place: Place, admin: Officer
) -> None:
    await place.officer().writes(DRONES)
    expert = await looks_after(place, admin)
    form = (await expert.presses(await expert.writes("open"), "Answer 1")).form
    await closes(admin, 1)
    late = await expert.sends(form, **{**ANSWER, "name": LEE})
    assert (late.status, "or closed" in late.body) == ("invalid", True)
    assert await kept(place) == []
    assert (await expert.sends(late.form)).status == "answered"
    changing = (await expert.presses(await expert.writes("verified"), "Change 1")).form
    (one,) = await kept(place)
    await admin.does("verified-end-now", one.id)
    ended = await expert.sends(changing, answer="It flew three.")
    assert (ended.status, "was ended" in ended.body) == ("invalid", True)
    assert held(ended.form)["answer"] == "It flew three."
    assert (await expert.sends(ended.form)).status == "answered"
    assert [one.answer for one in await kept(place)] == ["It flew three."]


async def test_the_words_it_was_asked_in_find_it_too(place: Place, admin: Officer) -> None:
    await verified(place, admin, question=DRONES, **{"until": "2026-12-01"})
    (one,) = await kept(place)
    assert one.wordings == (), "its question finds them"
    reworded = "Who in Cornwall flies unmanned aircraft under its road crossings?"
    form = (await admin.presses(await admin.writes("verified"), "Change 1")).form
    await admin.sends(form, question="What does Leeds know of gritting?")
    robin = place.officer()
    assert (await robin.writes(DRONES)).status == "unsure", "that is another question"
    await answers(admin, question=reworded)
    given = await robin.writes(DRONES)
    assert given.body.startswith("Verified by Sam Testname"), given.body
    assert f"It was written for the question “{reworded}”" in given.body
    (one,) = [one for one in await kept(place) if one.question == reworded]
    assert one.wordings == (DRONES,)
    again = await admin.does("verify-again", one.id)
    assert "Verified again" in again.body
    form = (await admin.does("open", f"verified:{one.id}")).form
    assert form is not None
    assert DRONES in form.lead
    await admin.sends(form, answer="It flew three.")
    assert "It flew three." in (await robin.writes(DRONES)).body


async def test_it_is_asked_of_those_who_look_after_answers_where_its_author_does_not(
    place: Place, admin: Officer
) -> None:
    expert = await looks_after(place, admin)
    await letters(place)
    await place.officer().writes(DRONES)
    form = (await expert.presses(await expert.writes("open"), "Answer 1")).form
    await expert.sends(form, **{**ANSWER, "name": LEE})
    await letters(place)
    place.clock.pass_by(days=184)
    assert await place.app.assistant.due() == 1
    (asked,) = (await letters(place)).items()
    assert (asked[0], "your verified answer" in asked[1].body) == ("to lee", True)
    await expert.presses(asked[1], "Verify again")
    await expert.writes("experts leave")
    await looks_after(place, admin, "kim")
    await letters(place)
    place.clock.pass_by(days=184)
    assert await place.app.assistant.due() == 1
    told = await letters(place)
    assert "an officer wrote" in told["to kim"].body
    (one,) = await kept(place)
    form = (await alone(place, "kim").presses(told["to kim"], "Verify again")).form
    assert held(form)["name"] == LEE
    await admin.does("verify-again", one.id)
    listed = (await admin.writes("verified")).body
    assert listed.index("Expired on") < listed.index("Cornwall flew"), "first"


async def test_only_what_was_shown_is_closed(place: Place, admin: Officer) -> None:
    robin = place.officer()
    await robin.writes(DRONES)
    asked = await admin.presses(await admin.writes("open"), "Not for us 1")
    place.clock.pass_by(minutes=1)
    pat = alone(place, "pat")
    await pat.presses(await pat.writes(SAME), "Pass it on")
    assert (await admin.presses(asked, "Close it now")).body.startswith("Closed.")
    assert [one.text for one in await waiting(place)] == [SAME]
    assert await letters(place) == {}, "who came later still waits"
    changed = await admin.does("not-for-us-now", f"{(await waiting(place))[0].id}:other")
    assert "Close it without an answer?" in changed.body
    assert len(await waiting(place)) == 1
