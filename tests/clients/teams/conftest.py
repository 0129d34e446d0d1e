"""One bot, and two officers who each have a Playground: all tests here share them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize

from tests.clients.payloads import Payloads
from tests.clients.serving import Bot, serving
from tests.clients.teams import outgoing
from tests.clients.teams.front import APP_ID, Front
from tests.clients.teams.playground import ROBIN, SAM, TENANT, Officer, playground
from tests.clients.teams.seat import Seat

WINDOW = ViewportSize(width=1300, height=900)


@dataclass(frozen=True)
class Tenant:
    """A tenant with the bot in it. Robin administers it."""

    front: Front
    bot: Bot
    home: Path
    robin: Seat
    sam: Seat


def settings(front: Front) -> dict[str, str]:
    """As an administrator of this tenant has them."""
    return {
        "MICROSOFT_APP_ID": APP_ID,
        "MICROSOFT_APP_PASSWORD": "x",
        "MICROSOFT_APP_TENANT_ID": TENANT,
        "MICROSOFT_OPENID_METADATA": front.metadata,
        "OUTCOMES_ADMINS": ROBIN.object_id,
    }


@asynccontextmanager
async def _seat(
    officer: Officer, front: Front, folder: Path, browser: Browser
) -> AsyncIterator[Seat]:
    async with playground(officer, front, folder / officer.name) as url:
        page = await browser.new_page(viewport=WINDOW)
        seat = Seat(page, url, officer, front)
        await seat.sit_down()
        yield seat
        await page.close()
        assert seat.abroad == []


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tenant(
    shipped_home: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Tenant]:
    folder = tmp_path_factory.mktemp("teams")
    async with AsyncExitStack() as stack:
        front = await stack.enter_async_context(Front().served())
        bot = await stack.enter_async_context(serving(shipped_home, folder, settings(front)))
        front.bot = bot.url
        robin = await stack.enter_async_context(_seat(ROBIN, front, folder, browser))
        sam = await stack.enter_async_context(_seat(SAM, front, folder, browser))
        yield Tenant(front, bot, shipped_home, robin, sam)


@pytest.fixture
def robin(tenant: Tenant) -> Seat:
    return tenant.robin


@pytest.fixture
def sam(tenant: Tenant) -> Seat:
    return tenant.sam


@pytest.fixture(autouse=True)
def sound(tenant: Tenant, payloads: Payloads) -> Iterator[None]:
    """All that passed in a test is kept, and is as Teams wants it."""
    front = tenant.front
    sent, heard = len(front.sent), len(front.heard)
    yield
    wrong = [fault for one in front.sent[sent:] for fault in outgoing.faults(one)]
    for one in (*front.sent[sent:], *front.heard[heard:]):
        for card in outgoing.cards(one):
            payloads.keep("card", card)
        for result in outgoing.results(one):
            payloads.keep("result", result)
    wrong += [f"{one.body}: {one.status}" for one in front.heard[heard:] if one.status != 200]
    assert wrong == []
