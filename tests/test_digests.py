"""Digests as officers set them up and read them, with the real assistant and the shipped texts.
Everybody is invented (test data)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.conversation import Origin
from bot.current import CurrentAnswerer
from bot.delivery import MaybeSent, NotSent
from tests.digest_place import Place, opened, set_up
from tests.projects_desk import Officer, held, registers, wrong


async def test_it_is_set_up_with_a_form_whose_values_are_good_as_they_are(place: Place) -> None:
    robin = place.officer()
    asked = await robin.writes("digest")
    assert held(asked.form) == {
        "weekday": "0",
        "at": "09:00",
        "zone": "Europe/London",
        "outcomes": "",
        "when_empty": "skip",
    }
    saved = await robin.sends(asked.form, weekday="2", at="16:30")
    assert "Wednesdays at 16:30 (Europe/London)" in saved.body
    assert "Next: Wednesday 4 March 2026 at 16:30" in saved.body
    assert [one.label for one in saved.actions] == [
        *("Change", "Pause", "Preview", "Send now", "Stop"),
    ]
    assert (await place.kept()).next_due == datetime(2026, 3, 4, 16, 30, tzinfo=UTC)


async def test_a_form_says_what_is_wrong_and_keeps_the_rest(place: Place) -> None:
    robin = place.officer()
    reply = await set_up(robin, weekday="9", at="25:00", zone="Atlantis", outcomes="data,tea")
    assert wrong(reply).keys() == {"weekday", "at", "zone", "outcomes"}
    assert held(reply.form)["zone"] == "Atlantis"
    fixed = await robin.sends(reply.form, weekday="0", at="08:00", zone="paris", outcomes="data")
    assert "Mondays at 08:00 (Europe/Paris)" in fixed.body
    assert "Outcomes: Data." in fixed.body


async def test_set_up_already_the_form_changes_it(place: Place) -> None:
    robin, sam = place.officer(), place.officer("sam")
    await set_up(robin, outcomes="data,value", when_empty="post")
    first = await place.kept()
    form = (await sam.writes("digest")).form
    assert held(form)["outcomes"] == "data,value"
    assert form is not None
    assert "Mondays at 09:00" in form.lead
    await sam.sends(form, weekday="4")
    after = await place.kept()
    assert (after.id, after.choices.schedule.weekday) == (first.id, 4)


async def test_it_is_paused_goes_on_and_is_stopped(place: Place) -> None:
    robin = place.officer()
    await set_up(robin, when_empty="post")
    assert "Paused" in (await robin.writes("digest pause")).body
    assert await place.week() == []
    assert "It goes on." in (await robin.writes("digest resume")).body
    assert len(await place.week()) == 1
    asked = await robin.writes("digest stop")
    assert "Stopped" in (await robin.presses(asked, "Stop it")).body
    assert "No digest comes here yet" in (await robin.writes("digest list")).body
    assert (await robin.presses(asked, "Stop it")).status == "invalid"


async def test_send_now_takes_the_place_of_the_weeks_own(place: Place) -> None:
    robin = place.officer()
    await set_up(robin)
    quiet = await robin.writes("digest send now")
    assert "Nothing is new" in quiet.body
    await registers(robin)
    place.clock.pass_by(minutes=1)
    assert not (await robin.writes("digest send")).private, "said where it was asked"
    assert "being posted" in (await robin.writes("digest send")).body
    await place.app.sender.send()
    assert len(place.walls.posted) == 1
    again = await robin.writes("digest send")
    assert "has been posted already" in again.body
    assert "Monday 9 March 2026" in again.body
    assert (await place.kept()).next_due == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert await place.week() == [], "what it told is not told again"


async def test_an_empty_one_is_posted_all_the_same_if_that_is_pressed(place: Place) -> None:
    robin = place.officer()
    await set_up(robin)
    await robin.presses(await robin.writes("digest send"), "Post it all the same")
    await place.app.sender.send()
    (posted,) = place.walls.on("C1")
    assert "quiet week" in posted.body


async def test_a_preview_is_for_the_one_who_asks_and_posts_nothing(place: Place) -> None:
    robin = place.officer()
    await set_up(robin)
    await registers(robin)
    preview = await robin.writes("digest preview")
    assert preview.private
    assert "Damp sensors in Anytown homes" in preview.body
    assert preview.actions == ()
    assert place.walls.posted == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"room": "", "place": "", "alone": True}, "goes to a channel"),
        ({"room": "private"}, "private channels"),
        ({"room": "shared"}, "shared with people outside"),
        ({"room": "channel", "place": ""}, "cannot post here by myself"),
        ({"person": ""}, "do not know who you are"),
    ],
)
async def test_elsewhere_it_says_why_not(
    place: Place, changes: dict[str, object], why: str
) -> None:
    who = place.officer()
    there: Origin = replace(who.origin, **changes)  # type: ignore[arg-type]
    reply = await replace(who, origin=there).writes("digest")
    assert (reply.form, reply.status) == (None, "invalid")
    assert why in reply.body


async def test_where_something_is_in_the_way_it_says_so_before_the_form(place: Place) -> None:
    place.walls.in_the_way = "Invite me first."
    assert (await place.officer().writes("digest")).body == "Invite me first."


async def test_administrators_alone_may_manage_where_that_is_set(
    current: CurrentAnswerer, tmp_path: Path
) -> None:
    async with opened(current, tmp_path, anyone=False) as place:
        robin, admin = place.officer(), place.officer("admin")
        assert "administrators look after" in (await robin.writes("digest")).body
        saved = await set_up(admin)
        for button in saved.actions:
            refused = await robin.does(button.id, button.value)
            assert "administrators look after" in refused.body, button
        forged = admin.filled((await admin.writes("digest")).form, weekday="3")
        refused = await robin.handle(replace(forged, origin=robin.origin))
        assert "administrators look after" in refused.body
        assert "Mondays" in (await robin.writes("digest list")).body, "anybody may read it"


async def test_nobody_manages_another_channels_digest_but_its_maker(place: Place) -> None:
    await set_up(place.officer())
    name = (await place.kept()).id
    pressed = place.officer("sam", channel="C2")
    assert "in the channel whose digest" in (await pressed.does("digest-pause", name)).body
    stranger = place.officer("sam", community="farshire")
    assert "not there any more" in (await stranger.does("digest-pause", name)).body
    away = place.officer(channel="C2")
    assert "Paused" in (await away.does("digest-pause", name)).body


async def test_alone_one_is_shown_what_one_looks_after(place: Place) -> None:
    await set_up(place.officer())
    await set_up(place.officer("sam", channel="C2"))

    def alone(name: str) -> Officer:
        return place.officer(name, "D1", room="", place="", alone=True)

    mine = await alone("robin").writes("digest list")
    assert mine.body.count("comes on") == 1
    assert "https://example.org/C1/robin" in mine.body
    everything = await alone("admin").writes("digest list")
    assert everything.body.count("comes on") == 2
    assert "no digest that you look after" in (await alone("pat").writes("digest list")).body


async def test_while_the_database_is_away_a_form_keeps_what_was_written(place: Place) -> None:
    robin = place.officer()
    form = (await robin.writes("digest")).form
    await place.app.store.close()
    # A closed engine opens again by itself; a folder in the file's place does not.
    reply = await robin.sends(form, zone="Atlantis")
    assert wrong(reply).keys() == {"zone"}


async def test_one_that_may_have_been_posted_is_posted_again_if_somebody_looked(
    place: Place,
) -> None:
    place.walls.tells = False
    robin = place.officer()
    await set_up(robin, when_empty="post")
    place.walls.before.append(MaybeSent("broke"))
    await place.week()
    place.clock.pass_by(minutes=1)
    await place.app.sender.send()
    asked = await robin.writes("digest send")
    assert "may have been posted already" in asked.body
    await robin.presses(asked, "Post it all the same")
    await place.app.sender.send()
    assert len(place.walls.posted) == 1


async def test_what_one_looks_after_is_paused_and_stopped_from_anywhere(place: Place) -> None:
    await set_up(place.officer(), when_empty="post")
    await set_up(place.officer("sam", channel="C2"), when_empty="post")
    admin = place.officer("admin", "D1", room="", place="", alone=True)
    listed = await admin.writes("digest list")
    assert [one.label for one in listed.actions] == ["Pause 1", "Stop 1", "Pause 2", "Stop 2"]
    assert "Paused" in (await admin.presses(listed, "Pause 2")).body
    stopping = await admin.presses(listed, "Stop 1")
    assert "Stopped" in (await admin.presses(stopping, "Stop it")).body
    mine = await place.officer("sam", "D2", room="", place="", alone=True).writes("digest list")
    assert [one.label for one in mine.actions] == ["Resume", "Stop"]


async def test_one_that_is_tried_again_is_said_to_be(place: Place) -> None:
    robin = place.officer()
    await set_up(robin, when_empty="post")
    place.walls.before.append(NotSent("away", 60.0))
    await place.week()
    assert "tried again" in (await robin.writes("digest list")).body


async def test_a_digest_of_another_workspace_is_left_to_who_serves_it(place: Place) -> None:
    await set_up(place.officer(), when_empty="post")
    place.walls.communities = ("T-other",)
    assert await place.week() == []
    place.walls.communities = ("anytown",)
    assert len(await place.week()) == 1
