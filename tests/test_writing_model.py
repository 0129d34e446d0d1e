"""A played language model on a port of this computer, by the real client: all it can do wrong."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import openai
import pytest
from aiohttp import web

from bot.rehearsal.attempts import attempts
from bot.rehearsal.model import KEY, MIX, MODEL, PlayedModel, played
from bot.settings import LanguageModel, SettingsError
from bot.writing.checks import Checks
from bot.writing.client import Model, ModelFailed
from indexer.search import Index

DATA = '{"question": "q", "passages": [{"number": 1, "title": "t", "text": "A man sat. He ate."}]}'


@pytest.fixture
async def peer() -> AsyncIterator[PlayedModel]:
    async with played(1) as served:
        yield served


@pytest.fixture(scope="module")
def index(shipped_home: Path) -> Index:
    return Index.open(shipped_home)


async def said(model: Model) -> str:
    try:
        return "".join([piece async for piece in model.words("task", DATA)])
    finally:
        await model.close()


async def test_its_words_come_in_pieces(peer: PlayedModel) -> None:
    peer.plays = ["good"]
    told = await said(Model(LanguageModel(f"{peer.url}/v1", MODEL, KEY), 5.0))
    assert told == " ".join(one.text for one in peer.spoken)
    assert peer.keys == [f"Bearer {KEY}"]
    (body,) = peer.asked
    assert set(body) == {"model", "messages", "stream"}
    assert [one["content"] for one in body["messages"]] == ["task", DATA]


async def test_on_azure_the_deployment_is_asked_in_its_own_way(peer: PlayedModel) -> None:
    peer.plays = ["good"]
    assert await said(Model(LanguageModel(peer.url, "deployed", KEY, "2024-10-21"), 5.0))
    assert peer.keys == [KEY]


@pytest.mark.parametrize(
    ("play", "why"),
    [("429", "it answered 429"), ("500", "it answered 500"), ("broken", "APIConnectionError")],
)
async def test_its_faults_are_told_and_nothing_is_tried_again(
    play: str, why: str, peer: PlayedModel
) -> None:
    peer.plays = [play, "good"]
    with pytest.raises(ModelFailed, match=why):
        await said(Model(LanguageModel(f"{peer.url}/v1", MODEL), 5.0))
    assert peer.played == [play]


@pytest.mark.parametrize("play", ["good", "slow", "broken"])
async def test_what_is_left_half_read_is_let_go_at_once(play: str, peer: PlayedModel) -> None:
    """Not by the collector, which may come on another thread while this one still ends it."""
    peer.plays = [play]
    model = Model(LanguageModel(f"{peer.url}/v1", MODEL), 5.0)
    gc.collect()
    gc.disable()
    try:
        pieces = model.words("task", DATA)
        await anext(pieces)
        assert streams(), "otherwise nothing could be left of it"
        await asyncio.wait_for(pieces.aclose(), 1.0)
        del pieces
        assert not streams()
    finally:
        gc.enable()
        await model.close()


def streams() -> list[object]:
    return [one for one in gc.get_objects() if type(one) is openai.AsyncStream]


async def test_where_nobody_answers_that_is_told() -> None:
    with pytest.raises(ModelFailed, match="APIConnectionError"):
        await said(Model(LanguageModel("http://127.0.0.1:1/v1", MODEL, KEY), 5.0))


async def test_questions_are_not_sent_on_to_another_host(peer: PlayedModel) -> None:
    async def elsewhere(_: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect(f"{peer.url}/v1/chat/completions")

    application = web.Application()
    application.router.add_post("/v1/chat/completions", elsewhere)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        with pytest.raises(ModelFailed, match="it answered 307"):
            await said(Model(LanguageModel(url, MODEL, KEY), 5.0))
    finally:
        await runner.cleanup()
    assert peer.asked == []


def test_without_its_package_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(SettingsError, match=r"pip install --editable '\.\[llm\]'"):
        Model(LanguageModel("https://models.example/v1", MODEL), 5.0)


async def test_of_what_it_makes_up_nothing_is_delivered(index: Index) -> None:
    """A few of the 500 attempts that `outcomes eval` makes."""
    tried = await attempts(index, 80, seed=11)
    assert tried.unsupported == []
    assert tried.made_up > 60
    assert tried.worded > 20
    assert tried.delivered > 20
    assert set(tried.plays) == set(MIX), "all of it was played"
    assert {"worded", "nothing kept", "late", "failed"} == set(tried.results)


async def test_without_the_checks_much_of_it_would_be(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Checks, "passed", lambda *_: True)
    tried = await attempts(index, 20, seed=12)
    assert len(tried.unsupported) > 15
