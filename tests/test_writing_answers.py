"""Answers worded behind the assistant and the server: which are, and what leaves the computer."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession, DummyCookieJar

from bot.app import App
from bot.conversation import Asked, Command, Origin, Pressed, Reply, Request
from bot.rehearsal.model import KEY, MODEL, PlayedModel, played
from bot.settings import LanguageModel
from bot.writing.answering import Answering
from bot.writing.wording import MARK, SENT_TO
from tests.running import Outcomes
from tests.test_command import explained

SWINDON = "How much did Swindon save on translation?"
HERE = Origin("leeds", "C1", "100.1", "U1", "slack", "to U1")


@pytest.fixture
async def peer() -> AsyncIterator[PlayedModel]:
    async with played(4) as served:
        yield served


@pytest.fixture
async def answering(peer: PlayedModel, app: App) -> AsyncIterator[Answering]:
    settings = LanguageModel(f"{peer.url}/v1", MODEL, KEY)
    made = Answering(app.assistant.handle, lambda: app.answerer.index, settings)
    yield made
    await made.close()


async def test_an_answer_is_worded_and_can_still_be_checked(
    answering: Answering, app: App, peer: PlayedModel
) -> None:
    peer.plays = ["good"]
    shown: list[str] = []

    async def told(sentence: str) -> bool:
        shown.append(sentence)
        return True

    reply = await answering.worded(Asked(SWINDON, HERE), told)
    plain = await app.assistant.handle(Asked(SWINDON, HERE))
    assert reply.worded
    assert reply.body.startswith(" ".join(shown))
    assert reply.body.endswith(f"{MARK}\n\n{plain.body}")
    assert reply.citations == plain.citations
    assert set(re.findall(r"\[(\d+)\]", reply.text)) == {str(one.number) for one in reply.citations}
    assert all(one.quote in reply.text for one in reply.citations)


async def test_who_asked_and_where_stays_here(answering: Answering, peer: PlayedModel) -> None:
    peer.plays = ["good"]
    await answering.handle(Asked(f"Robin Example (robin@anytown.example) asks: {SWINDON}", HERE))
    assert peer.asked == []
    await answering.handle(Asked(SWINDON, HERE))
    (body,) = peer.asked
    sent = json.dumps(body)
    for private in ("leeds", "U1", "C1", "100.1", "slack"):
        assert private not in sent


async def test_help_says_that_a_model_is_asked_and_where(answering: Answering) -> None:
    told = await answering.handle(Asked("hello", HERE))
    assert "A language model at 127.0.0.1 may put answers into words" in told.body
    thanked = await answering.handle(Asked("thank you", HERE))
    assert "language model" not in thanked.body, "what is no help does not tell of it"


@pytest.mark.parametrize(
    "request_",
    [
        Asked("hello", HERE),
        Asked("what's the weather tomorrow?", HERE),
        Command("tag", "sensors that find damp in council homes", HERE),
        Command("projects", "", HERE),
        Pressed("about", "rochdale-mesh-network", HERE),
    ],
    ids=lambda one: f"{type(one).__name__}",
)
async def test_only_answers_to_questions_are_worded(
    request_: Request, answering: Answering, peer: PlayedModel
) -> None:
    reply = await answering.handle(request_)
    assert not reply.worded
    assert peer.asked == []


@pytest.mark.parametrize(
    "changes",
    [{"status": "unsure"}, {"status": "clarify"}, {"asked": ""}, {"citations": ()}],
    ids=lambda one: next(iter(one)),
)
async def test_nor_is_what_is_not_sure_or_rests_on_nothing(
    changes: dict[str, Any], app: App, peer: PlayedModel
) -> None:
    plain = replace(await app.assistant.handle(Asked(SWINDON, HERE)), **changes)

    async def handle(_: Request) -> Reply:
        return plain

    settings = LanguageModel(f"{peer.url}/v1", MODEL, KEY)
    made = Answering(handle, lambda: app.answerer.index, settings)
    try:
        assert await made.handle(Asked(SWINDON, HERE)) is plain
    finally:
        await made.close()
    assert peer.asked == []


async def test_what_officers_registered_stays_here(app: App, peer: PlayedModel) -> None:
    plain = await app.assistant.handle(Asked(SWINDON, HERE))
    ours = replace(plain.citations[0], document="project-1", kind="project")

    async def handle(_: Request) -> Reply:
        return replace(plain, citations=(ours,))

    settings = LanguageModel(f"{peer.url}/v1", MODEL, KEY)
    made = Answering(handle, lambda: app.answerer.index, settings)
    try:
        assert not (await made.handle(Asked(SWINDON, HERE))).worded
    finally:
        await made.close()
    assert peer.asked == []


async def test_nothing_is_summed_up_above_what_a_communitys_own_text_says(
    app: App, peer: PlayedModel
) -> None:
    plain = await app.assistant.handle(Asked(SWINDON, HERE))
    own = replace(plain.citations[0], number=2, document="own-1", kind="report")

    async def handle(_: Request) -> Reply:
        return replace(plain, citations=(*plain.citations, own))

    settings = LanguageModel(f"{peer.url}/v1", MODEL, KEY)
    made = Answering(handle, lambda: app.answerer.index, settings)
    try:
        assert not (await made.handle(Asked(SWINDON, HERE))).worded
    finally:
        await made.close()
    assert peer.asked == []


@pytest.mark.parametrize("changes", [{"private": True}, {"heading": SWINDON}], ids=str)
async def test_what_is_for_one_alone_or_has_a_heading_is_not_shown_before_it_is_whole(
    changes: dict[str, Any], app: App, peer: PlayedModel
) -> None:
    async def alone(request: Request) -> Reply:
        return replace(await app.assistant.handle(request), **changes)

    async def told(sentence: str) -> bool:
        raise AssertionError(sentence)

    peer.plays = ["good"]
    settings = LanguageModel(f"{peer.url}/v1", MODEL, KEY)
    made = Answering(alone, lambda: app.answerer.index, settings)
    try:
        assert (await made.worded(Asked(SWINDON, HERE), told)).worded
    finally:
        await made.close()


async def test_served_it_says_where_questions_go_and_words_the_page(
    outcomes: Outcomes, peer: PlayedModel
) -> None:
    peer.plays = ["good"]
    process = outcomes.start(
        "serve",
        OUTCOMES_PORT="0",
        OUTCOMES_LLM_URL=f"{peer.url}/v1",
        OUTCOMES_LLM_MODEL=MODEL,
    )
    try:
        assert process.stdout
        address = (await asyncio.to_thread(process.stdout.readline)).split()[5].rstrip("/")
        lines = [await asyncio.to_thread(process.stdout.readline) for _ in range(3)]
        assert SENT_TO.format("127.0.0.1") in lines[-1]
        headers = {"Origin": address, "Sec-Fetch-Site": "same-origin"}
        asked = {"type": "asked", "text": SWINDON, "thread": "1"}
        async with ClientSession(cookie_jar=DummyCookieJar()) as session:
            url = f"{address}/page/requests"
            async with session.post(url, json=asked, headers=headers) as response:
                answer = await response.json()
            async with session.get(f"{address}/metrics") as counted:
                counts = await counted.text()
        assert MARK in answer["text"]
        assert 'outcomes_worded_total{result="worded"} 1.0' in counts
    finally:
        process.kill()
        process.communicate()


async def test_one_that_cannot_be_used_is_explained(outcomes: Outcomes) -> None:
    said = outcomes.run("serve", OUTCOMES_LLM_URL="http://models.example/v1")
    explained(said, "must begin with https", "OUTCOMES_LLM_MODEL is missing")
