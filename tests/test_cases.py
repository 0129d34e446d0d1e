"""A case study is suggested, decided on, and becomes a text of its community."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.attached import Attached
from bot.cases import wording
from bot.cases.accepting import HEADING, accepted, officers
from bot.current import CurrentAnswerer
from bot.texts import FOR_ALL, About, OwnText, Source
from knowledge.library import Section
from tests.cases_desk import ATTACHED, LENT, Town, sends, site
from tests.cases_desk import town as opened
from tests.digest_place import Place
from tests.projects_desk import held, wrong

PAGE = """<html><head><title>Laptops</title></head><body><main><h1>Laptops for care leavers</h1>
<p>In spring the council lent laptops to young people who leave care. They may keep them for a
year, and volunteers taught them to apply for jobs.</p></main></body></html>"""


@pytest.fixture
async def town(current: CurrentAnswerer, tmp_path: Path) -> AsyncIterator[Town]:
    async with opened(current, tmp_path) as made:
        yield made


@pytest.fixture
async def both(current: CurrentAnswerer, tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    async with opened(current, tmp_path, database_url) as made:
        yield made


async def own_texts(town: Town, community: str = "anytown") -> list[OwnText]:
    return [one async for one in town.app.store.texts(community).all()]


async def test_one_is_suggested_asked_about_and_accepted(both: Town) -> None:
    robin, admin = both.officer("robin"), both.officer("admin")
    assert (await admin.writes("cases")).body == wording.NONE_OPEN  # and can be written to now
    said = await both.suggests(robin, ATTACHED)
    assert (said.status, said.body) == ("answered", wording.THANKED)

    letters = await both.letters()
    assert list(letters) == ["to admin"]
    told = letters["to admin"]
    assert told.body.startswith(wording.NEW)
    assert f"“{LENT['title']}”" in told.body
    assert "I have read the file “report.txt”. It begins: “Sixty tablets" in told.body
    assert "Outcomes I suggest: Inclusion" in told.body
    assert "robin" not in str(told)
    listed = await admin.writes("cases")
    assert listed.body.startswith(wording.ONE_OPEN)
    assert "Nearest of what I have: “" in listed.body

    asked = await admin.presses(listed, "Ask for more")
    assert "without your name" in (asked.form.lead if asked.form else "")
    empty = await admin.sends(asked.form, question=" ")
    assert wrong(empty) == {"question": wording.NO_QUESTION}
    assert (await admin.sends(asked.form, question="What did it cost?")).body == wording.ASKED
    assert (await admin.writes("cases")).body == wording.NONE_OPEN

    question = (await both.letters())["to robin"]
    assert question.body.endswith(f"“{LENT['title']}”: “What did it cost?”")
    again = (await robin.presses(question, "Answer")).form
    assert held(again) == {**LENT, "council": held(again)["council"], "file": "report.txt"}
    more = f"{LENT['told']} It cost 9,000 pounds."
    assert (await robin.sends(again, told=more)).body == wording.THANKED
    answered = (await both.letters())["to admin"]
    assert answered.body.startswith(wording.AGAIN)
    assert "9,000 pounds" in answered.body
    assert "What did it cost?" in answered.body

    assert (await admin.presses(answered, "Accept")).body == wording.ACCEPTED
    assert (await admin.presses(answered, "Accept")).body == wording.GONE
    assert "was accepted" in (await both.letters())["to robin"].body
    (text,) = await own_texts(both)
    assert text.about.kind == "case-study"
    assert text.about.title == LENT["title"]
    assert "inclusion" in text.about.outcomes
    assert text.confirmed_at == both.clock.now
    assert text.sections[0] == Section(HEADING, more, literal=True)
    assert "Attendance rose by a third." in "\n".join(one.plain for one in text.sections[1:])
    (source,) = await both.app.store.sources("anytown").all()
    assert (source.kind, source.every) == ("officers", None)
    assert (await both.app.store.text_revisions())["anytown"] > 0
    assert not await own_texts(both, "farshire")


async def test_what_is_wrong_stands_at_the_fields_and_nothing_is_lost(town: Town) -> None:
    robin = town.officer("robin")
    asked = (await robin.writes("suggest-case We lent laptops in Leeds.")).form
    assert held(asked)["told"] == "We lent laptops in Leeds."
    assert held(asked)["council"] == "Leeds City Council"
    bad = {"title": " ", "told": "!", "link": "javascript:alert(1)"}
    back = await sends(robin, asked, ATTACHED, **bad)
    assert set(wrong(back)) == {"title", "told", "link"}
    assert held(back.form)["file"] == "report.txt"
    assert held(back.form)["council"] == "Leeds City Council"
    assert back.form is not None
    assert "“report.txt” is attached" in back.form.fields[-1].hint
    assert (await sends(robin, back.form, **{**LENT, "title": "Laptops"})).body == wording.THANKED
    (one,), _ = await town.app.store.suggestions("anytown").open(5)
    assert await town.app.store.suggestions("anytown").file(one.id) == ATTACHED.content

    form = (await robin.writes("suggest-case")).form
    for file, fault in (
        (Attached("file", "run.exe", b"MZ"), "I cannot read files like “run.exe”."),
        (Attached("file", "empty.pdf"), wording.EMPTY_FILE),
        (Attached("file", "big.pdf", b"", "It is too large."), "It is too large."),
    ):
        refused = await sends(robin, form, file, **LENT)
        assert wrong(refused)["file"].startswith(fault)
        assert held(refused.form)["title"] == LENT["title"]
    sam = town.officer("sam")  # what is held is its owner's alone
    assert wrong(await sends(sam, back.form, **LENT)) == {"file": wording.FORM_GONE}


async def test_a_link_is_read_and_one_that_cannot_be_is_told(
    current: CurrentAnswerer, tmp_path: Path
) -> None:
    async with site(PAGE) as host, opened(current, tmp_path, internal=host) as town:
        robin, admin = town.officer("robin"), town.officer("admin")
        await admin.writes("cases")
        await town.suggests(robin, link=f"http://{host}/laptops")
        told = (await town.letters())["to admin"]
        assert "I have read the link. It begins: “" in told.body
        assert [one.url for one in told.citations] == [f"http://{host}/laptops"]
        assert (await admin.presses(told, "Accept")).body == wording.ACCEPTED
        (text,) = await own_texts(town)
        assert text.url == f"http://{host}/laptops"
        assert "volunteers taught them" in " ".join(one.plain for one in text.sections)
        # With a file as well, that is what is read: no page or anchor of it leads into the link.
        page = Attached(
            "file", "laptops.html", PAGE.replace("<p>", "<h2 id='b'>B</h2><p>").encode()
        )
        await town.suggests(robin, page, link=f"http://{host}/laptops", title="Laptops lent")
        await admin.presses((await town.letters())["to admin"], "Accept")
        both = {one.about.title: one for one in await own_texts(town)}["Laptops lent"]
        assert (both.url, both.pages) == (text.url, 0)
        assert both.sections[0].heading == HEADING
        assert {(one.page, one.anchor) for one in both.sections} == {(0, "")}
        headings = [one.heading for one in both.sections[1:]]
        assert headings
        assert all(one.startswith("Attached file") for one in headings)
        # The same story again is likely a double.
        await town.suggests(robin, link=f"http://{host}/missing", told=text.sections[0].body)
        told = (await town.letters())["to admin"]
        assert "The link could not be read: nothing is there" in told.body


@pytest.mark.parametrize(
    "link", ["http://127.0.0.1/", "http://169.254.169.254/", "http://10.0.0.8/"]
)
async def test_no_link_of_an_officer_reaches_inside(town: Town, link: str) -> None:
    robin, admin = town.officer("robin"), town.officer("admin")
    await admin.writes("cases")
    await town.suggests(robin, link=link)
    told = (await town.letters())["to admin"]
    assert "The link could not be read: its host is not on the public web" in told.body


async def test_one_is_declined_with_a_reason(town: Town) -> None:
    robin, admin = town.officer("robin"), town.officer("admin")
    await town.suggests(robin, ATTACHED)
    assert await town.letters() == {}  # no administrator has an address here yet
    listed = await admin.writes("cases")
    form = (await admin.presses(listed, "Decline")).form
    assert (await admin.sends(form, reason="We have it already.")).body == wording.DECLINED
    told = (await town.letters())["to robin"]
    assert told.body.endswith("They say: “We have it already.”")
    assert (await admin.writes("cases")).body == wording.NONE_OPEN
    assert not await own_texts(town)


async def test_one_declined_leaves_no_text_of_a_program_that_was_ended(town: Town) -> None:
    robin, admin, store = town.officer("robin"), town.officer("admin"), town.app.store
    await town.suggests(robin)
    listed = await admin.writes("cases")
    form = (await admin.presses(listed, "Decline")).form
    [one], _ = await store.suggestions("anytown").open(1)
    left = accepted(one, town.app.answerer(), town.clock())
    await store.sources("anytown").add(officers("anytown", town.clock()))
    await store.texts("anytown").put(left, "")  # and then it was ended, before it was settled
    await admin.sends(form, reason="")
    assert not await own_texts(town)


async def test_only_administrators_decide_and_only_who_suggested_answers(town: Town) -> None:
    robin, sam, admin = (town.officer(name) for name in ("robin", "sam", "admin"))
    await town.suggests(robin)
    await town.letters()
    listed = await admin.writes("cases")
    buttons = [one for one in listed.actions if one.value]
    for who in (sam, replace(admin, origin=replace(admin.origin, community="farshire"))):
        for one in buttons:
            reply = await who.does(one.id, one.value)
            assert reply.body in (wording.ADMINISTRATORS_ONLY, wording.GONE)
    (kept,), _ = await town.app.store.suggestions("anytown").open(5)
    assert (await sam.does("open", f"suggest-case:{kept.id}")).body == wording.NOT_YOURS
    assert (await sam.writes("texts")).body == wording.ADMINISTRATORS_ONLY
    assert (await sam.writes("cases")).body == wording.ADMINISTRATORS_ONLY


async def test_texts_are_confirmed_in_one_step_and_one_is_corrected(both: Town) -> None:
    admin, store = both.officer("admin"), both.app.store
    assert (await admin.writes("texts")).body == wording.NONE_UNCONFIRMED
    for number in range(6):
        await bring(both, number)
    listed = await admin.writes("texts")
    assert listed.body.startswith("4 of 6 texts")
    assert "1. “Text 0”: report; Anytown Borough Council; 2023; no outcome" in listed.body
    form = (await admin.presses(listed, "Correct 2")).form
    faulty = await admin.sends(form, year="soon", councils="Nowhere at all")
    assert set(wrong(faulty)) == {"year", "councils"}
    right = {"kind": "guidance", "year": "", "councils": "Leeds", "outcomes": "inclusion"}
    assert (await admin.sends(form, **right)).body == wording.TEXT_CONFIRMED
    found = await store.texts("anytown").get("own-1")
    assert found is not None
    assert found.confirmed_at == both.clock.now
    assert found.about == About(
        kind="guidance",
        title="Text 1",
        councils=("Leeds City Council",),
        outcomes=("inclusion",),
    )
    again = await admin.presses(await admin.writes("texts"), "Confirm these")
    assert again.body.startswith("Confirmed: 4. 1 of 1 texts")
    await bring(both, 5, year=2020)  # read anew, and taken for something else
    stale = await admin.presses(again, "Confirm these")
    assert stale.body.startswith(wording.CHANGED)
    assert (await admin.presses(stale, "Confirm these")).body.endswith(wording.NONE_UNCONFIRMED)
    await bring(both, 7, community=FOR_ALL)
    told = (await admin.writes("texts")).body
    assert told == f"{wording.NONE_UNCONFIRMED}\n{wording.for_all(1)}"


async def bring(town: Town, number: int, year: int = 2023, community: str = "anytown") -> None:
    """A text brought in, and not confirmed."""
    store, now = town.app.store, town.clock.now
    sources = store.sources(community)
    if not await sources.all():
        await sources.add(
            Source(
                id=f"s-{community}", community=community, kind="folder", location="/x", added_at=now
            )
        )
    about = About(
        kind="report", title=f"Text {number}", councils=("Anytown Borough Council",), year=year
    )
    await store.texts(community).put(
        OwnText(
            id=f"own-{number}",
            source=f"s-{community}",
            community=community,
            location=f"{number}.txt",
            url="",
            about=about,
            sections=(Section("", f"Words of text {number}.", literal=True),),
            digest=f"{number}-{year}",
            read_at=now,
        ),
        "",
    )


async def test_what_was_accepted_stands_in_the_next_digest_once(place: Place) -> None:
    robin = place.officer("robin")
    await robin.sends((await robin.writes("digest")).form, when_empty="post")
    (before,) = await place.week()
    admin = place.officer("admin")
    await robin.sends((await robin.writes("suggest-case")).form, **LENT)
    await place.app.assistant.finish()
    waiting = await place.week()
    assert LENT["title"] not in "".join(one.body for one in waiting)
    await admin.presses(await admin.writes("cases"), "Accept")
    (digest,) = await place.week()
    assert "1 new case study" in digest.body
    assert LENT["title"] in digest.body
    assert f"About {LENT['title'][:30]}" in [one.label[:36] for one in digest.actions]
    assert LENT["title"] not in "".join(one.body for one in await place.week())
    assert LENT["title"] not in before.body
