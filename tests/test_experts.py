"""Who may look after answers, what they fill in, and what is counted, with the real assistant.
Everybody is invented (test data)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation import Origin, Reply
from bot.speech import spoken
from tests.digest_place import Place
from tests.feedback_desk import (
    ANSWER,
    DRONES,
    KNOWN,
    LINK,
    alone,
    answers,
    dislikes,
    kept,
    letters,
    likes,
    verified,
    waiting,
)
from tests.projects_desk import Officer, database_away, held, wrong

NAME = "Lee (test data)"

FAULTS = (
    ("question", "", "Write the question"),
    ("question", "x" * 501, "Shorten this by 1"),
    ("answer", " \n ", "Write a sentence"),
    ("answer", "x" * 2001, "Shorten this by 1"),
    ("name", "?", "how you want to be named"),
    ("name", "x" * 101, "Shorten this by 1"),
    ("sources", "", "at least one source"),
    ("sources", " \n ", "at least one source"),
    ("sources", "no such text whatever", "I have no text called"),
    ("sources", "Rochdale mesh", "Do you mean: “"),
    ("sources", "http://www.example.org/a", "begins with https://"),
    ("sources", "https://", "is not a link I can show"),
    ("sources", "https://localhost", "is not a link I can show"),
    ("sources", "https://a@www.example.org", "is not a link I can show"),
    ("sources", "https://www.example.org/a b", "is not a link I can show"),
    ("sources", "https://www.example.org/<b>", "is not a link I can show"),
    ("sources", "https://www.example.org:x/", "is not a link I can show"),
    ("sources", "https://www.example.org:99999/", "is not a link I can show"),
    ("sources", f"https://www.example.org/{'a' * 500}", "is not a link I can show"),
    ("sources", "javascript:alert(1)", "I have no text called"),
    ("sources", "\n".join(f"{LINK}/{number}" for number in range(6)), "Give 5 sources"),
    ("sources", "x" * 2001, "Shorten this by 1"),
    ("until", "", "Give a day after today"),
    ("until", "soon", "Give a day after today"),
    ("until", "2026-03-02", "Give a day after today"),
    ("until", "2028-03-02", "Give a day after today"),
    ("until", "2026-02-30", "Give a day after today"),
)


@pytest.fixture
def admin(place: Place) -> Officer:
    return alone(place, "admin")


@pytest.fixture
def lee(place: Place) -> Officer:
    return alone(place, "lee")


async def joins(who: Officer, name: str = NAME) -> Reply:
    return await who.sends((await who.writes("experts join")).form, name=name)


async def test_an_officer_asks_and_an_administrator_agrees(
    place: Place, admin: Officer, lee: Officer
) -> None:
    await place.officer().writes(DRONES)
    about = await lee.writes("experts")
    form = (await lee.presses(about, "Look after answers")).form
    assert form is not None
    assert "What you agree to" in form.lead
    waits = await lee.sends(form, name=NAME)
    assert "ask one of your administrators to write: experts" in waits.body, "as nobody is told"
    assert "has yet to agree" in (await lee.writes("experts")).body
    assert (await lee.writes("open")).status == "invalid", "asking is not enough"
    listed = await admin.writes("experts")
    assert f"1. {NAME}: asks to" in listed.body
    assert (await admin.presses(listed, "Agree to 1")).body.startswith("Agreed")
    assert (await admin.presses(listed, "Agree to 1")).body.startswith("Agreed"), "once more"
    assert list(await letters(place)) == ["to lee"], "who is agreed to is told, once"
    assert "You look after answers here" in (await lee.writes("experts")).body
    opening = (await lee.presses(await lee.writes("open"), "Answer 1")).form
    assert held(opening)["name"] == NAME
    saved = await lee.sends(opening, **{**ANSWER, "name": NAME})
    assert saved.status == "answered"
    assert "no more" in (await lee.writes("experts leave")).body
    assert (await lee.writes("verified")).status == "invalid"
    assert f"Verified by {NAME}" in (await place.officer().writes(DRONES)).body
    log = [one.action for one in await place.app.store.fits("anytown").audit()]
    assert log == ["expert agreed", "answer verified", "expert removed"]


async def test_an_administrator_removes_somebody(
    place: Place, admin: Officer, lee: Officer
) -> None:
    await joins(lee)
    listed = await admin.writes("experts")
    await admin.presses(listed, "Agree to 1")
    assert (await admin.presses(listed, "Remove 1")).body == "Removed."
    assert (await lee.writes("open")).status == "invalid"
    for label in ("Agree to 1", "Remove 1"):
        assert "not on the list any more" in (await admin.presses(listed, label)).body
    assert "nothing to leave" in (await lee.writes("experts leave")).body
    assert "Nobody looks after answers here yet" in (await admin.writes("experts")).body


async def test_a_long_list_of_experts_goes_on(place: Place, admin: Officer) -> None:
    for number in range(4):
        place.clock.pass_by(minutes=1)
        await joins(alone(place, f"lee{number}"), f"Lee {number} (test data)")
    listed = await admin.writes("experts")
    assert len(listed.actions) == 7
    assert "4. Lee 3" in (await admin.presses(listed, "More")).body
    assert (await admin.does("experts", "4")).body == listed.body, "past its end it begins again"


async def test_a_name_is_needed(place: Place, lee: Officer) -> None:
    for name in ("", "  ", "…", "x" * 101):
        assert wrong(await joins(lee, name)).keys() == {"name"}, name
    assert await place.app.store.experts("anytown").all() == []


async def test_nobody_else_may(place: Place, admin: Officer, lee: Officer) -> None:
    await verified(place, admin)
    await place.officer().writes(DRONES.replace("Cornwall", "Leeds"))
    (open_,), (one,) = await waiting(place), await kept(place)
    await joins(lee)
    key = await place.app.store.people("anytown").known_key("lee")
    form = (await admin.does("open", f"verify:{open_.id}")).form
    changing = (await admin.does("open", f"verified:{one.id}")).form
    for refused in (
        await lee.writes("open"),
        await lee.writes("verified"),
        await lee.writes("usage"),
        await lee.does("open", f"verify:{open_.id}"),
        await lee.does("open", f"verified:{one.id}"),
        await lee.does("not-for-us", open_.id),
        await lee.does("not-for-us-now", open_.id),
        await lee.does("waiting", "0"),
        await lee.does("verified", "0"),
        await lee.does("verify-again", one.id),
        await lee.does("verified-end", one.id),
        await lee.does("verified-end-now", one.id),
        await lee.does("expert-agree", key),
        await lee.does("expert-remove", key),
        await lee.sends(form, **ANSWER),
        await lee.sends(changing, **ANSWER),
    ):
        assert (refused.status, refused.private, refused.form) == ("invalid", True, None)
        assert refused.body.startswith("Only administrators")
    assert await waiting(place) == [open_]
    assert await kept(place) == [one]
    assert not await place.app.store.experts("anytown").is_named(key)


async def test_another_communitys_are_out_of_reach(place: Place, admin: Officer) -> None:
    await verified(place, admin)
    await place.officer().writes(DRONES.replace("Cornwall", "Leeds"))
    (open_,), (one,) = await waiting(place), await kept(place)
    form = (await admin.does("open", f"verify:{open_.id}")).form
    changing = (await admin.does("open", f"verified:{one.id}")).form
    other = alone(place, "admin", "farshire")
    assert "No question waits" in (await other.writes("open")).body
    assert "no verified answer here" in (await other.writes("verified")).body
    for refused in (
        await other.does("open", f"verify:{open_.id}"),
        await other.does("open", f"verified:{one.id}"),
        await other.does("not-for-us", open_.id),
        await other.does("not-for-us-now", open_.id),
        await other.does("verify-again", one.id),
        await other.does("verified-end", one.id),
        await other.does("verified-end-now", one.id),
    ):
        assert (refused.status, refused.form) == ("invalid", None)
    for sent in (form, changing):
        back = await other.sends(sent, question="Mine?", **ANSWER)
        assert back.status == "invalid"
        assert held(back.form) == {**held(back.form), **ANSWER, "question": "Mine?"}
        assert back.form is not None
        assert back.form.key == ":", "their words, and nothing of another's"
    assert await kept(place, "farshire") == []
    assert await waiting(place) == [open_]
    assert await kept(place) == [one]


async def test_who_is_nobody_can_do_nothing(place: Place) -> None:
    nobody = Origin("terminal")
    for said in ("open", "verified", "experts", "experts join", "experts leave"):
        reply = await place.app.assistant.handle(spoken(said, nobody))
        assert (reply.status, reply.form) == ("invalid", None), said


async def test_what_cannot_be_taken_is_said_at_its_field(place: Place, admin: Officer) -> None:
    await place.officer().writes(DRONES)
    form = (await admin.presses(await admin.writes("open"), "Answer 1")).form
    for field, value, fault in FAULTS:
        reply = await admin.sends(form, **{**ANSWER, field: value})
        assert reply.status == "invalid", value
        assert list(wrong(reply)) == [field], value
        assert fault in wrong(reply)[field]
        assert held(reply.form)[field] == value, "nothing that was written is lost"
    assert await kept(place) == []
    assert await letters(place) == {}
    right = {**ANSWER, "question": DRONES, "until": "2026-03-03"}
    assert (await admin.sends(reply.form, **right)).status == "answered"


async def test_the_longest_and_the_shortest_time(place: Place, admin: Officer) -> None:
    await place.officer().writes(DRONES)
    today = place.clock.now.date()
    await answers(admin, until=(today + timedelta(days=730)).isoformat())
    (one,) = await kept(place)
    form = (await admin.does("open", f"verified:{one.id}")).form
    await admin.sends(form, until=(today + timedelta(days=1)).isoformat())
    (one,) = await kept(place)
    assert one.until == today + timedelta(days=1)


async def test_what_there_is_not(place: Place, admin: Officer) -> None:
    for name in ("", "nothing", "q-nothing", "\u202e", "x" * 3000):
        await is_not_there(admin, name)


async def is_not_there(admin: Officer, name: str) -> None:
    for action in (
        "not-for-us",
        "not-for-us-now",
        "verify-again",
        "verified-end",
        "verified-end-now",
    ):
        assert (await admin.does(action, name)).status == "invalid", action
    for form in ("verify", "verified"):
        assert (await admin.does("open", f"{form}:{name}")).status == "invalid", form
    for action in ("waiting", "verified", "experts"):
        assert (await admin.does(action, name)).status == "answered", "from the beginning"


async def test_while_the_database_is_away(place: Place, admin: Officer, tmp_path: Path) -> None:
    await place.officer().writes(DRONES)
    listed = await admin.writes("open")
    form = (await admin.presses(listed, "Answer 1")).form
    join = (await admin.writes("experts join")).form
    async with database_away(place.app, tmp_path):
        for said in ("open", "verified", "experts", "usage"):
            reply = await admin.writes(said)
            assert (reply.status, reply.private) == ("failed", True), said
        later = await admin.sends(form, **ANSWER)
        assert later.status == "failed"
        assert held(later.form) == {**held(form), **ANSWER}
        assert held((await admin.sends(join, name=NAME)).form) == {"name": NAME}
    assert (await admin.sends(later.form)).status == "answered"


async def test_usage_is_for_administrators_and_holds_no_text(place: Place, admin: Officer) -> None:
    robin = place.officer()
    for _ in range(6):
        await likes(robin, await robin.writes(KNOWN))
    await dislikes(robin, await robin.writes(DRONES))
    await place.app.assistant.finish()
    told = (await admin.writes("usage")).body
    assert "- Answered: 6" in told
    assert "- Said to have helped: 6" in told
    assert "- Not sure: under 5" in told
    assert "- Said not to have helped: under 5" in told
    assert "- Turned down: 0" in told
    assert "- Questions that wait for an answer now: under 5" in told
    place.clock.pass_by(days=29)
    assert "- Answered: 6" in (await admin.writes("usage")).body
    place.clock.pass_by(days=1)
    assert "- Answered: 0" in (await admin.writes("usage")).body
    assert "- Answered: 0" in (await alone(place, "admin", "farshire").writes("usage")).body
