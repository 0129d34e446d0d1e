"""What digests tell, with the real assistant and the shipped texts. Everybody is invented (test
data)."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation import Form
from bot.store import StoreUnusable
from tests.digest_place import OPENLY, UNKNOWN, Place, set_up
from tests.peers_desk import SENSORS
from tests.projects_desk import registers, wrong


async def test_a_digest_tells_what_happened_here_and_nothing_of_elsewhere(place: Place) -> None:
    robin = place.officer()
    await set_up(robin)
    await registers(robin)
    await registers(place.officer("pat", community="farshire"), title="Farshire secret bins")
    await registers(
        place.officer("kim", community="farshire"), title="Farshire open bins", shared="yes"
    )
    form = (await robin.writes("peers join")).form
    await robin.sends(form, **{**SENSORS, "named": "yes"})
    sam = place.officer("sam")
    await sam.sends((await sam.writes("peers join")).form, **{**SENSORS, "name": "Sam Hidden"})
    (posted,) = await place.week()
    assert "Damp sensors in Anytown homes" in posted.text
    assert "Farshire open bins" in posted.text
    assert "another community" in posted.text
    assert "Farshire secret bins" not in posted.text
    assert "Robin Testname" in posted.text
    assert "Sam Hidden" not in posted.text
    assert posted.spread is not None
    assert sum(one.projects for one in posted.spread.shares) >= 1
    assert posted.linked
    assert len(posted.body) <= 1800


async def test_an_open_question_is_listed_without_its_asker_and_can_be_answered(
    place: Place,
) -> None:
    robin, sam = place.officer(), place.officer("sam")
    await set_up(robin)
    unsure = await sam.writes(OPENLY)
    assert unsure.status == "unsure", unsure.body
    private = place.officer("pat", alone=True)
    assert (await private.writes(UNKNOWN)).status == "unsure"
    (posted,) = await place.week()
    assert "drones for bridges cost" in posted.body
    assert "Ann Testname" not in posted.text
    assert "960 001" not in posted.text
    assert "inspect bridges" not in posted.text, "it was asked in private"
    (help_,) = (one for one in posted.actions if one.value.startswith("answer:"))
    form: Form | None = (await robin.does(help_.id, help_.value)).form
    assert wrong(await robin.sends(form, words=" ")).keys() == {"words"}
    thanks = await robin.sends(form, words="Ask our bridges team. [1]", name="Robin Testname")
    assert "posted where it was asked" in thanks.body
    (letter,) = await place.app.store.letters.take(["slack"])
    assert letter.addresses == ("C1",)
    assert "Robin Testname answers" in letter.reply.body
    assert "[1]" not in letter.reply.body
    place.clock.pass_by(minutes=1)
    await registers(robin)
    (after,) = await place.week()
    assert "drones" not in after.body, "an answered question is not asked again"


async def test_a_private_question_is_open_once_it_is_shared(place: Place) -> None:
    robin = place.officer()
    await set_up(robin)
    alone = place.officer("pat", alone=True)
    unsure = replace(await alone.writes(UNKNOWN), id="r-1", heading=UNKNOWN)
    await place.app.store.keep_reply("anytown", unsure)
    await robin.does("share", "r-1")
    (posted,) = await place.week()
    assert "inspect bridges" in posted.body


async def test_only_what_the_channel_follows_is_news(place: Place) -> None:
    robin = place.officer()
    await set_up(robin, outcomes="democracy")
    await registers(robin, outcomes="services")
    assert await place.week() == []


async def test_a_text_that_is_added_or_changed_is_news_once(place: Place) -> None:
    robin = place.officer()
    await set_up(robin)
    store = place.app.store
    digests = {one.id: one.digest for one in place.app.answerer().library.case_studies}
    named = next(iter(digests))
    title = place.app.answerer().directory.title(named)
    await store.published.note({one: digests[one] for one in digests if one != named})
    place.clock.pass_by(hours=1)
    await store.published.note(digests)
    (posted,) = await place.week()
    assert title[:30] in posted.body
    assert next(one.kind for one in posted.citations) == "case-study"
    assert await place.week() == []


async def test_what_is_hidden_is_no_news(place: Place) -> None:
    robin, admin = place.officer(), place.officer("admin")
    await set_up(robin)
    project = await registers(robin)
    await admin.does("hide", project.citations[0].document)
    assert await place.week() == []


async def test_questions_there_was_no_room_for_come_the_week_after(place: Place) -> None:
    robin = place.officer()
    await set_up(robin)
    questions = place.app.store.open_questions("anytown")
    for number in range(5):
        await questions.add(f"Who has question {number} (test data)?", robin.origin)
        place.clock.pass_by(minutes=1)
    (first,) = await place.week()
    told = [number for number in range(5) if f"question {number}" in first.body]
    assert len(told) == 3
    assert "2 more, which come in the next digest" in first.body
    (second,) = await place.week()
    rest = [number for number in range(5) if f"question {number}" in second.body]
    assert sorted(told + rest) == list(range(5))
    assert await place.week() == []


async def test_an_answer_to_a_question_is_in_the_audit_log(place: Place) -> None:
    robin = place.officer()
    questions = place.app.store.open_questions("anytown")
    await questions.add("Who has drones (test data)?", robin.origin)
    (asked,) = await questions.since("C1", place.clock.now - timedelta(days=1))
    form = (await robin.does("open", f"answer:{asked.id}")).form
    await robin.sends(form, words="We do.", name="The Chief Executive")
    key = await place.app.store.people("anytown").known_key("robin")
    log = await place.app.store.fits("anytown").audit()
    assert (key, "question answered", asked.id) in [
        (one.by, one.action, one.subject) for one in log
    ]


async def test_texts_that_come_before_the_first_digest_are_news_of_it(place: Place) -> None:
    robin = place.officer()
    await place.app.assistant.editor.note()
    digests = {one.id: one.digest for one in place.app.answerer().library.case_studies}
    named = next(iter(digests))
    await place.app.store.published.note(
        {one: "before" if one == named else digests[one] for one in digests}
    )
    await set_up(robin)
    place.clock.pass_by(minutes=1)
    await place.app.store.published.note(digests)
    (posted,) = await place.week()
    assert "changed" in posted.body
    assert posted.citations[0].document == named


async def test_while_the_database_is_away_no_digest_is_made_of_what_was_known(
    place: Place, tmp_path: Path
) -> None:
    await set_up(place.officer())
    kept = await place.kept()
    await place.app.store.close()
    shutil.rmtree(tmp_path)
    with pytest.raises(StoreUnusable):
        await place.app.assistant.editor.issue(kept, place.clock.now)
