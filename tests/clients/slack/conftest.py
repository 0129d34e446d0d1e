"""The bot served in that workspace: over HTTP, and by Socket Mode. One of each for all tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from bot.rehearsal.model import KEY, MODEL, played
from tests.clients.payloads import Payloads
from tests.clients.serving import serving
from tests.clients.slack.between import Between, between
from tests.clients.slack.emulate import APP_TOKEN, BOT_TOKEN, SECRET
from tests.clients.slack.ways import Linked, Posted
from tests.clients.slack.workspace import Workspace


@asynccontextmanager
async def served(
    home: Path, folder: Path, payloads: Payloads, way: type[Posted] | type[Linked], **more: str
) -> AsyncIterator[Workspace]:
    """The bot there. Fails where it said what no test awaited, or had a call refused."""
    async with ClientSession() as session:
        reached = Posted(session) if way is Posted else Linked()
        async with between(payloads, session, reached) as made:
            settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_BASE": made.api_base, **more}
            async with serving(home, folder, settings) as bot:
                if isinstance(reached, Posted):
                    reached.address = f"{bot.url}/slack/events"
                else:
                    await reached.connected(1)
                made.listening = True
                yield Workspace(made)
        _sound(made)


def _sound(made: Between) -> None:
    """What holds for all that passed, once the bot has stopped and said all it was going to."""
    assert [one for one in made.said if not one.awaited] == []
    assert made.documented.signs == {}, "a sign of working still stands"
    assert made.documented.streams == {}, "a stream was not ended"
    refused = {(one.method, one.answer["error"]) for one in made.calls if not one.answer["ok"]}
    assert refused == set()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def slack(
    shipped_home: Path, all_payloads: Payloads, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Workspace]:
    """By HTTP."""
    folder = tmp_path_factory.mktemp("slack")
    secret = {"SLACK_SIGNING_SECRET": SECRET}
    async with served(shipped_home, folder, all_payloads, Posted, **secret) as made:
        yield made


def worded_by(url: str) -> Mapping[str, str]:
    """The settings for a language model there."""
    return {"OUTCOMES_LLM_URL": url, "OUTCOMES_LLM_MODEL": MODEL, "OUTCOMES_LLM_KEY": KEY}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def linked(
    shipped_home: Path, all_payloads: Payloads, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Workspace]:
    """By Socket Mode, its answers worded by a language model."""
    folder = tmp_path_factory.mktemp("linked")
    async with played(1, ["good"] * 100) as model:
        settings = {"SLACK_APP_TOKEN": APP_TOKEN, **worded_by(f"{model.url}/v1")}
        async with served(shipped_home, folder, all_payloads, Linked, **settings) as made:
            yield made
