"""The command `find`: the texts that tell of something, each with its source.

The projects are test data: invented, whatever council they name.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers import wording
from bot.answers.answerer import Answerer
from bot.answers.shelf import EMPTY, Shelf
from bot.app import App
from bot.conversation import Command, Origin, Reply
from bot.delivery import Heard
from bot.inbox import Inbox
from bot.projects import Details
from bot.slack import blocks
from bot.store import Registration
from bot.teams import cards
from knowledge.markdown import plain
from tests.registrations import AT, DETAILS, drafted, shelved

TOLD = {
    "hedgehogs": Details(
        "Hedgehog count",
        "Volunteers count hedgehogs in parks with a phone app.",
        "Testham Borough Council",
        "https://testham.example/hedgehogs",
    ),
    "damp": Details(
        "Damp sensors in sheltered homes",
        "Sensors in 80 sheltered homes warn of damp and mould before it is seen.",
        "Testham Borough Council",
    ),
}


@pytest.fixture(scope="module")
def shelf(answerer: Answerer) -> Shelf:
    return shelved(answerer, TOLD)


def found(reply: Reply) -> list[str]:
    return [one.document for one in reply.citations]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("damp sensors", "kingston-damp-sensors"),
        ("ransomware", "redcar-cleveland-cyber-attack"),
        ("inclusion", "inclusion"),
        ("the 2024 framework", "framework-2024"),
        ("gritting snesors", "norfolk-winter-gritting"),  # as a hurried officer types it
        ("please find chatbots thanks", "oxford-chatbot-discovery"),
    ],
)
def test_the_text_that_tells_most_of_it_comes_first(
    answerer: Answerer, words: str, first: str
) -> None:
    reply = answerer.find(words, EMPTY)
    assert (reply.status, found(reply)[0]) == ("answered", first)


def test_each_is_named_by_title_council_and_year_with_a_sentence_of_it(
    answerer: Answerer,
) -> None:
    reply = answerer.find("damp sensors", EMPTY)
    lead, lines = reply.body.split("\n\n")
    assert lead == wording.TEXTS
    assert len(lines.splitlines()) == len(reply.citations) <= 10
    for line, source in zip(lines.splitlines(), reply.citations, strict=True):
        text = answerer.library.get(source.document)
        assert text is not None
        assert line.startswith(f"- {source.title}, ")
        assert line.endswith(f"({source.year}): “{source.quote}” [{source.number}]")
        assert source.quote in "\n".join(plain(one.body) for one in text.sections)
    assert "\n\nOutcomes:" not in reply.text
    assert (reply.feedback, reply.outcomes, reply.councils) == ("", (), ())


def test_no_more_than_ten_are_listed_and_each_once(answerer: Answerer) -> None:
    documents = found(answerer.find("digital inclusion skills", EMPTY))
    assert len(documents) == len(set(documents)) == 10


@pytest.mark.parametrize("words", ["digital inclusion skills", "case studies in Wales", "Leeds"])
def test_a_list_that_is_cut_says_so(answerer: Answerer, words: str) -> None:
    reply = answerer.find(words, EMPTY)
    cut = "The 10 nearest of at least "
    assert (cut in reply.body) == (words == "digital inclusion skills")
    if cut in reply.body:
        assert int(reply.body.rpartition(cut)[2].partition(";")[0]) > 10


def test_what_only_shares_a_common_word_is_left_out(answerer: Answerer) -> None:
    assert found(answerer.find("kettle sensors", EMPTY)) == ["sutton-welfare-sensors"]


def test_a_place_alone_lists_what_there_is_from_it(answerer: Answerer, shelf: Shelf) -> None:
    leeds = answerer.find("Leeds", shelf)
    assert len(leeds.citations) >= 3
    assert all(any("Leeds" in one for one in source.councils) for source in leeds.citations)
    assert {one.year for one in answerer.find("2014", shelf).citations} == {2014}


def test_where_a_place_has_nothing_on_it_that_is_said(answerer: Answerer) -> None:
    there = answerer.find("chatbots in Wales", EMPTY)
    assert there.body.startswith("I have nothing on that from Wales. From elsewhere:")
    assert "oxford-chatbot-discovery" in found(there)
    nothing = answerer.find("pizza in Wales", EMPTY)
    assert nothing == Reply("unsure", wording.NO_TEXT_FROM.format("Wales"))


@pytest.mark.parametrize("words", ["pizza", "xyzzy", "cheap holiday flights", "football", "d"])
def test_what_no_text_tells_of_is_said_with_what_to_try(answerer: Answerer, words: str) -> None:
    assert answerer.find(words, EMPTY) == Reply("unsure", wording.NO_TEXT)


COUNCIL_WORK = ("loneliness", "mental health", "stress", "vulnerable adults", "bereavement")


@pytest.mark.parametrize("words", [*COUNCIL_WORK, "knife crime", "self-harm", "suicide prevention"])
def test_what_councils_work_on_is_looked_for_like_anything_else(
    answerer: Answerer, words: str
) -> None:
    reply = answerer.find(words, EMPTY)
    assert reply.status in ("answered", "unsure")
    assert "999" not in reply.body
    if words in COUNCIL_WORK:
        assert reply.citations


@pytest.mark.parametrize(
    "words",
    [
        *("I want to die", "want to die", "kill myself", "end my life", "i am depressed"),
        *("I feel suicidal", "feeling suicidal", "my child is in danger", "she was stabbed"),
        *("he is going to hurt himself", "a resident is threatening suicide", "cant cope anymore"),
    ],
)
def test_who_may_be_in_danger_is_told_whom_to_call(answerer: Answerer, words: str) -> None:
    assert answerer.find(words, EMPTY) == Reply("declined", wording.WELLBEING)


@pytest.mark.parametrize("words", ["another", "more", "next please", "the rest", "more like this"])
def test_a_list_is_not_gone_on_with(answerer: Answerer, words: str) -> None:
    assert answerer.find(words, EMPTY) == Reply("help", wording.FIND_AGAIN)


def test_words_that_are_no_search_are_met_as_ever(answerer: Answerer) -> None:
    assert answerer.find("I want to die", EMPTY).body == wording.WELLBEING
    assert answerer.find("x" * 5000, EMPTY).status == "invalid"
    assert answerer.find("???", EMPTY).status == "invalid"
    assert answerer.find("hello", EMPTY) == Reply("help", wording.FIND)


@pytest.mark.parametrize(
    "words", ["", "  ", "case studies", "everything", "the latest case studies, please"]
)
def test_without_words_it_says_what_to_give_and_shows_the_newest(
    answerer: Answerer, shelf: Shelf, words: str
) -> None:
    reply = answerer.find(words, shelf)
    assert reply.status == "help"
    assert reply.body.startswith(wording.FIND)
    years = [one.year or 0 for one in reply.citations if one.kind == "case-study"]
    newest = max(one.year for one in answerer.library.case_studies)
    assert years[0] == newest
    assert years == sorted(years, reverse=True)
    assert {"damp", "hedgehogs"} <= set(found(reply))


def test_a_registered_project_stands_where_it_belongs_and_says_what_it_is(
    answerer: Answerer, shelf: Shelf
) -> None:
    assert found(answerer.find("hedgehogs", shelf)) == ["hedgehogs"]
    reply = answerer.find("damp sensors", shelf)
    assert "damp" in found(reply)
    assert "kingston-damp-sensors" in found(reply)
    (line,) = [one for one in reply.body.splitlines() if "sheltered homes (" in one]
    assert line.startswith(
        "- Damp sensors in sheltered homes (Testham Borough Council), registered by an officer: “"
    )


def test_what_is_hidden_is_not_listed(answerer: Answerer, shelf: Shelf) -> None:
    hidden = frozenset({"kingston-damp-sensors", "sheffield-data-academy"})
    some = replace(shelf, hidden=hidden)
    for words in ("damp sensors", "", "2025", "Kingston", "sheffield data academy"):
        assert not hidden & set(found(answerer.find(words, some)))
    assert "kingston-damp-sensors" in found(answerer.find("damp sensors", shelf))


async def _registered(app: App, community: str, *, shared: bool) -> str:
    told = replace(DETAILS, title=f"Hedgehog count of {community}", description="We count them.")
    answerer = app.answerer()
    vector = answerer.encoded(told.told).tobytes()
    what = Registration(told, ("data",), shared, vector, answerer.model)
    draft = await drafted(app.store, community)
    return (await app.store.community(community).register(draft, what)).id


async def test_of_other_communities_only_what_they_share_is_found(app: App) -> None:
    ours = await _registered(app, "find-ours", shared=False)
    theirs = await _registered(app, "find-theirs", shared=False)
    shared = await _registered(app, "find-shared", shared=True)
    said = Command("find", "hedgehog count", Origin("find-ours", "C1", "1", "U1"))
    listed = found(await app.assistant.handle(said))
    assert {ours, shared} <= set(listed)
    assert theirs not in listed
    newest = found(await app.assistant.handle(replace(said, text="")))
    assert theirs not in newest


class _Chat:
    """Where a list is shown to one officer alone."""

    def __init__(self) -> None:
        self.sent: list[Reply] = []

    async def working(self, address: str) -> None: ...

    async def send(self, address: str, reply: Reply) -> str:
        self.sent.append(reply)
        return ""


async def test_of_it_only_the_list_is_kept_to_be_shared(app: App) -> None:
    origin = Origin("find-kept", "C1", "thread", "U1")
    inbox, chat = Inbox(app.assistant.handle, app.store), _Chat()
    inbox.channels["slack"] = chat
    for key, private in (("alone", True), ("open", False)):
        request = Command("find", "damp sensors", origin)
        await inbox.accept(Heard("slack", key, request, "address", private=private))
        await inbox.finish()
    alone, opened = chat.sent
    kept = await app.store.kept_reply("find-kept", alone.id)
    assert kept is not None
    assert kept == replace(alone, heading="Texts on damp sensors")
    assert opened.id == ""
    await app.assistant.finish()
    assert await app.store.context(origin) is None
    assert await app.store.questions("find-kept", AT.replace(year=2000)) == []


def test_titles_are_the_links_on_both_platforms(answerer: Answerer) -> None:
    reply = answerer.find("damp sensors", EMPTY)
    first = reply.citations[0]
    posted = blocks.message(reply)
    assert f"'type': 'link', 'url': '{first.url}', 'text': '{first.title}'" in str(posted)
    assert "Sources" not in str(posted["blocks"])
    told = str(cards.activity(reply)["text"])
    assert f"[{first.title}](" in told
    assert "[1]" not in told
