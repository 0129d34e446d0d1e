"""One request in, one Reply out: commands, buttons, forms, threads, and a new index taken up."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import App
from bot.conversation import Asked, Command, Origin, Pressed, Reply, Submitted
from bot.current import CurrentAnswerer
from indexer.build import Extra, build
from indexer.encoder import Encoder
from indexer.generation import IndexUnusable, index_folder
from indexer.search import Index
from knowledge.library import CaseStudy, Library, Section

HERE = Origin("a-community", "a-channel")
THREAD = replace(HERE, thread="1")
SINCE = datetime(2000, 1, 1, tzinfo=UTC)
SWINDON = "How much did Swindon save on translation?"


def documents(reply: Reply) -> list[str]:
    return [citation.document for citation in reply.citations]


async def test_a_question_is_answered(app: App) -> None:
    reply = await app.assistant.handle(Asked(SWINDON, HERE))
    assert reply.status == "answered"
    assert documents(reply)[0] == "swindon-translate"


@pytest.mark.parametrize("name", ["", "ask"])
async def test_a_command_without_a_question_gets_a_form(app: App, name: str) -> None:
    reply = await app.assistant.handle(Command(name, "  ", HERE))
    assert reply.form
    assert [field.id for field in reply.form.fields] == ["question", "nation"]


async def test_a_command_is_a_question_whose_first_word_was_taken_for_a_name(app: App) -> None:
    asked = await app.assistant.handle(Command("ask", SWINDON, HERE))
    named = await app.assistant.handle(Command("how", SWINDON.removeprefix("How "), HERE))
    assert documents(asked) == documents(named)


async def test_the_list_command_lists_the_twelve(app: App) -> None:
    reply = await app.assistant.handle(Command("list", "", HERE))
    assert len(reply.outcomes) == 12


@pytest.mark.parametrize(
    "request_",
    [
        Command("help", "", HERE),
        Pressed("gone", "x", HERE),
        Submitted("gone", {"a": "b"}, HERE),
        Asked("hello", HERE),
    ],
)
async def test_what_it_can_do_is_said_on_greeting_help_and_the_unknown(
    app: App, request_: Asked | Command | Pressed | Submitted
) -> None:
    reply = await app.assistant.handle(request_)
    assert reply.status == "help"
    assert "outcomes" in reply.body


async def test_a_form_is_a_question_in_a_place(app: App, library: Library) -> None:
    values = {"question": "Who has tried a chatbot?", "nation": "Scotland"}
    reply = await app.assistant.handle(Submitted("ask", values, HERE))
    for document in documents(reply):
        text = library.get(document)
        assert isinstance(text, CaseStudy)
        assert text.nation == "Scotland"
    anywhere = {"question": "Who has tried a chatbot?", "nation": "Anywhere"}
    asked = await app.assistant.handle(Submitted("ask", anywhere, HERE))
    assert asked.citations
    assert asked.heading == "Who has tried a chatbot?", "nobody else saw it asked"


@pytest.mark.parametrize("text", ["thanks", "thank you so much", "ok", "yes please", "Got it."])
async def test_thanks_and_assent_get_a_short_word(app: App, text: str) -> None:
    reply = await app.assistant.handle(Asked(text, HERE))
    assert reply.status == "help"
    assert len(reply.body) < 60


@pytest.mark.parametrize("values", [{}, {"question": "  "}, {"question": "", "nation": "nowhere"}])
async def test_an_empty_form_is_explained(app: App, values: dict[str, str]) -> None:
    reply = await app.assistant.handle(Submitted("ask", values, HERE))
    assert reply.status in ("invalid", "clarify")


async def test_every_button_of_a_reply_leads_to_an_answer(app: App) -> None:
    reply = await app.assistant.handle(Asked("what does inclusion mean?", THREAD))
    assert reply.actions
    for action in reply.actions:
        pressed = await app.assistant.handle(Pressed(action.id, action.value, THREAD))
        assert pressed.status == "answered", action
        assert pressed.body != reply.body


async def test_a_thread_is_remembered_and_no_other(app: App) -> None:
    await app.assistant.handle(Asked("tell me about the Rochdale mesh network", THREAD))
    follow_up = "and how much does it cost?"
    there = await app.assistant.handle(Asked(follow_up, THREAD))
    assert documents(there)[0] == "rochdale-mesh-network"
    for elsewhere in (
        HERE,
        replace(THREAD, thread="2"),
        replace(THREAD, channel="another"),
        replace(THREAD, community="another"),
    ):
        reply = await app.assistant.handle(Asked(follow_up, elsewhere))
        assert reply.status == "clarify", elsewhere


async def test_a_question_is_kept_for_its_community(app: App) -> None:
    await app.assistant.handle(Asked(SWINDON, HERE))
    await app.assistant.finish()  # it is written behind the reply
    (kept,) = await app.store.questions(HERE.community, SINCE)
    assert (kept.text, kept.status, kept.documents[0]) == (SWINDON, "answered", "swindon-translate")
    assert await app.store.questions("another", SINCE) == []


@pytest.mark.parametrize("text", ["i feel suicidal", "what's the weather tomorrow", "hi", "🙂", ""])
async def test_what_it_does_not_answer_is_not_kept(app: App, text: str) -> None:
    reply = await app.assistant.handle(Asked(text, THREAD))
    assert reply.status in ("declined", "help", "invalid")
    await app.assistant.finish()
    assert await app.store.questions(THREAD.community, SINCE) == []
    assert await app.store.context(THREAD) is None


@pytest.fixture
def home(shipped_home: Path, tmp_path: Path) -> Path:
    """A copy of the shipped index that may be built upon."""
    target = tmp_path / "home"
    shutil.copytree(index_folder(shipped_home), index_folder(target))
    return target


@pytest.fixture
def publish(home: Path, encoder: Encoder) -> Callable[[], str]:
    """Adds a text and builds: the id of the new generation."""
    index = Index.open(home)
    like = index.library.case_studies[0]
    added = replace(
        like,
        id="rutland-otter-counting",
        title="Counting otters by sensor",
        councils=("Rutland County Council",),
        sections=(Section("What happened", "Rutland counted 41 otters by river sensor.", 1),),
        digest="otters",
    )
    library = replace(index.library, case_studies=(*index.library.case_studies, added))

    def taken_over(name: str) -> Extra:
        return Extra(index.manifest.extras[name], lambda _: index.extra(name))

    extras = {name: taken_over(name) for name in index.manifest.extras}

    def published() -> str:
        report = build(library, home, encoder.model, lambda: encoder, extras=extras)
        return report.generation

    return published


def test_a_new_generation_is_taken_up_and_a_spoilt_one_is_not(
    home: Path, publish: Callable[[], str], caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    current = CurrentAnswerer(home, "", lambda: now[0])
    first, question = current.generation, "how many otters did Rutland count?"
    assert current().answer(question)[0].status != "answered"

    newer = publish()
    now[0] = 0.5
    current()
    assert current.generation == first, "looked for at most once a second"
    now[0] = 1.5
    reply, _ = current().answer(question)
    assert current.generation == newer != first
    assert "41 otters" in reply.text

    spoilt = index_folder(home) / "29990101T000000Z"
    shutil.copytree(index_folder(home) / newer, spoilt)
    (spoilt / "passages.jsonl").write_text("spoilt", "utf-8")
    (index_folder(home) / "current").write_text(spoilt.name, "utf-8")
    for now[0] in (3.0, 5.0, 7.0):
        assert current().answer(question)[0].text == reply.text
    assert current.generation == newer
    said = [record for record in caplog.records if record.name == "bot.current"]
    assert len(said) == 1, "tried once, not every second"


def test_without_an_index_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="Run: outcomes index"):
        CurrentAnswerer(tmp_path, "")


async def test_a_colleagues_quick_follow_up_finds_what_is_not_yet_written(app: App) -> None:
    thread = replace(HERE, thread="quick", person="one")
    await app.assistant.handle(Asked("tell me about the Rochdale mesh network", thread))
    reply = await app.assistant.handle(
        Asked("and how much does it cost?", replace(thread, person="another"))
    )
    assert documents(reply)[0] == "rochdale-mesh-network"


async def test_stopping_waits_for_what_was_accepted(app: App) -> None:
    thread = replace(HERE, community="stopping", thread="1")
    await app.assistant.handle(Asked(SWINDON, thread))
    await app.assistant.finish()
    (kept,) = await app.store.questions("stopping", SINCE)
    assert kept.text == SWINDON
    assert await app.store.context(thread)
