"""What officers say of the answers they got, with the real assistant. Everybody is invented (test
data)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.conversation import Asked, Origin, complaint, complaint_with, praise
from tests.digest_place import Place
from tests.feedback_desk import (
    DRONES,
    KNOWN,
    OUTSIDE,
    alone,
    counts,
    dislikes,
    letters,
    likes,
    waiting,
)
from tests.projects_desk import database_away, wrong

GONE = "I no longer have that answer"


@pytest.mark.parametrize(
    ("question", "status"),
    [
        (KNOWN, "answered"),
        (DRONES, "unsure"),
        ("digital", "clarify"),
        (OUTSIDE, "declined"),
    ],
)
async def test_every_answer_can_be_rated(place: Place, question: str, status: str) -> None:
    robin = place.officer()
    reply = await robin.writes(question)
    assert reply.status == status, reply.body
    assert reply.feedback
    thanks = await likes(robin, reply)
    assert (thanks.private, thanks.body) == (True, "Thank you for saying so.")
    rated = await place.app.store.ratings("anytown").question(reply.feedback)
    assert rated is not None
    assert rated.verdict == "up"
    assert rated.text == ("" if status == "declined" else question)
    assert (await counts(place))["up"] == 1


async def test_what_is_no_answer_cannot_be_rated(place: Place) -> None:
    robin = place.officer()
    for said in ("help", "thanks", "   ", "projects", "digest"):
        assert (await robin.writes(said)).feedback == "", said
    nobody = await place.app.assistant.handle(Asked(KNOWN, Origin("anytown")))
    assert (nobody.status, nobody.feedback) == ("answered", ""), "a batch is nobody's"
    assert await counts(place) == {}


async def test_each_answer_has_a_name_of_its_own(place: Place) -> None:
    robin = place.officer()
    names = {(await robin.writes(KNOWN)).feedback for _ in range(5)}
    assert len(names) == 5
    assert all(":" not in name and not name.startswith("@") for name in names)


async def test_a_thumb_down_counts_at_once_and_its_reason_comes_later(place: Place) -> None:
    robin = place.officer()
    reply = await robin.writes(KNOWN)
    noted = await dislikes(robin, reply)
    assert noted.private
    assert noted.form is not None
    assert noted.form.title == "What was wrong?"
    (open_,) = await waiting(place)
    assert (open_.text, open_.cause, open_.why, open_.asker) == (KNOWN, "down", "", "")
    assert open_.place == "C1"
    thanks = await robin.sends(noted.form, reason="Ann Testname on 01632 960 001 knows better")
    assert "is posted here" in thanks.body
    (open_,) = await waiting(place)
    assert "knows better" in open_.why
    assert "Testname" not in open_.why
    assert "960" not in open_.why
    rated = await place.app.store.ratings("anytown").question(reply.feedback)
    assert rated is not None
    assert (rated.verdict, rated.reason) == ("down", open_.why)
    assert (await counts(place))["down"] == 1, "the form does not count once more"


async def test_alone_the_last_word_counts_and_takes_the_complaint_back(place: Place) -> None:
    robin = alone(place, "pat")
    reply = await robin.writes(KNOWN)
    noted = await dislikes(robin, reply)
    await robin.sends(noted.form, reason="It is out of date.")
    await likes(robin, reply)
    assert await waiting(place) == []
    rated = await place.app.store.ratings("anytown").question(reply.feedback)
    assert rated is not None
    assert rated.verdict == "up"
    await likes(robin, reply)
    assert (await counts(place))["up"] == 1, "pressing twice is not two"


async def test_in_a_shared_place_nobody_speaks_for_another(place: Place) -> None:
    robin, sam = place.officer(), place.officer("sam")
    reply = await robin.writes(KNOWN)
    await dislikes(robin, reply)
    for who in (sam, sam, robin, sam):
        await likes(who, reply)
    assert (await counts(place))["up"] == 2, "each of the two, once"
    rated = await place.app.store.ratings("anytown").question(reply.feedback)
    assert rated is not None
    assert rated.verdict == "down"
    assert len(await waiting(place)) == 1
    noted = await dislikes(sam, reply)
    await sam.sends(noted.form, reason="It is out of date.")
    assert (await counts(place))["down"] == 2


async def test_who_complains_alone_is_told_so_before_they_are_known_by_a_key(place: Place) -> None:
    pat = alone(place, "pat")
    noted = await dislikes(pat, await pat.writes(KNOWN))
    (open_,) = await waiting(place)
    assert open_.asker == "", "a thumb says nothing of who pressed it"
    assert await place.app.store.people("anytown").known_key("pat") == ""
    assert noted.form is not None
    assert "I keep that it was you for up to 90 days" in noted.form.lead
    assert (await pat.sends(noted.form, reason="x" * 1001)).form == replace(
        noted.form,
        fields=(
            replace(
                noted.form.fields[0],
                value="x" * 1001,
                fault="Shorten this by 1 characters; the most is 1000.",
            ),
        ),
    )
    thanks = await pat.sends(noted.form, reason="")
    assert "for up to 90 days" in thanks.body
    (open_,) = await waiting(place)
    assert open_.asker == await place.app.store.people("anytown").known_key("pat") != ""
    assert (open_.place, open_.link, open_.channel) == ("", "", "")


async def test_a_platform_that_asks_with_a_form_of_its_own(place: Place) -> None:
    pat = alone(place, "pat")
    reply = await pat.writes(KNOWN)
    await place.app.assistant.finish()
    await place.app.store.ratings("anytown").posted(reply.feedback, "1:abc:yes")
    there = complaint_with("@1:abc:yes", "It is out of date.", pat.origin)
    assert (await place.app.assistant.handle(there)).status == "answered"
    (open_,) = await waiting(place)
    assert (open_.why, open_.asker) == ("It is out of date.", ""), "it cannot say what is kept"
    up = praise("@1:abc:yes", pat.origin)
    assert up.value.endswith(":yes")
    assert (await place.app.assistant.handle(up)).body == "Thank you for saying so."
    unknown = praise("@1:other", pat.origin)
    assert GONE in (await place.app.assistant.handle(unknown)).body


async def test_of_a_declined_question_only_what_is_written_again_is_kept(place: Place) -> None:
    pat = alone(place, "pat")
    declined = await pat.writes(OUTSIDE)
    noted = await dislikes(pat, declined)
    assert noted.form is not None
    (field,) = noted.form.fields
    assert "I do not keep questions that I turn down" in field.hint
    assert await waiting(place) == []
    nothing = await pat.sends(noted.form, reason="")
    assert "without your name" in nothing.body
    assert await waiting(place) == []
    await pat.sends(noted.form, reason="Who runs the digital clinic?")
    (open_,) = await waiting(place)
    assert (open_.text, open_.why) == ("Who runs the digital clinic?", "")
    asked = await place.app.store.questions("anytown", place.clock.now)
    assert [one.text for one in asked if one.status == "declined"] == [""]


async def test_who_cannot_be_written_to_is_not_offered_it(place: Place) -> None:
    unreached = place.officer("kim", alone=True, place="", address="")
    reply = await unreached.writes(DRONES)
    assert reply.actions == ()
    noted = await dislikes(unreached, reply)
    thanks = await unreached.sends(noted.form, reason="No.")
    assert thanks.body == "Thank you. It goes to the officers who look after answers here."
    assert noted.form is not None
    assert noted.form.lead == ""
    (open_,) = await waiting(place)
    assert open_.asker == ""
    nobody = await place.app.assistant.handle(complaint(reply.feedback, Origin("anytown")))
    assert nobody.form is not None


async def test_an_answer_that_there_is_not(place: Place) -> None:
    pat = alone(place, "pat")
    for name in ("", "nobody", "@", "@unknown", "a:b", "x" * 5000, "\u202e"):
        for request in (
            praise(name, pat.origin),
            complaint(name, pat.origin),
            complaint_with(name, "why", pat.origin),
        ):
            reply = await place.app.assistant.handle(request)
            assert (reply.status, reply.private) == ("invalid", True)
            assert GONE in reply.body
        assert "Please ask it again" in (await pat.does("pass-on", name)).body
    assert await waiting(place) == []


async def test_an_answer_of_another_community_cannot_be_rated(place: Place) -> None:
    reply = await alone(place, "pat").writes(DRONES)
    stranger = alone(place, "pat", "farshire")
    assert GONE in (await likes(stranger, reply)).body
    assert GONE in (await dislikes(stranger, reply)).body
    assert (await stranger.presses(reply, "Pass it on")).status == "invalid"
    assert await waiting(place) == await waiting(place, "farshire") == []


async def test_a_reason_that_is_too_long_is_asked_for_again(place: Place) -> None:
    robin = place.officer()
    noted = await dislikes(robin, await robin.writes(KNOWN))
    again = await robin.sends(noted.form, reason="x" * 1001)
    assert wrong(again) == {"reason": "Shorten this by 1 characters; the most is 1000."}
    assert again.form is not None
    assert again.form.fields[0].value == "x" * 1001


async def test_while_the_database_is_away(place: Place, tmp_path: Path) -> None:
    robin = place.officer()
    reply = await robin.writes(KNOWN)
    form = (await dislikes(robin, reply)).form
    async with database_away(place.app, tmp_path):
        assert (await likes(robin, reply)).status == "failed"
        later = await robin.sends(form, reason="It is out of date.")
        assert later.status == "failed"
        assert later.form is not None
        assert later.form.fields[0].value == "It is out of date."
        answered = await robin.writes(KNOWN)
        assert answered.status == "answered", "an answer needs no feedback"
    assert "is posted here" in (await robin.sends(form, reason="It is out of date.")).body


async def test_nothing_is_sent_before_there_is_an_answer(place: Place) -> None:
    pat = alone(place, "pat")
    await pat.presses(await pat.writes(DRONES), "Pass it on")
    assert await letters(place) == {}
