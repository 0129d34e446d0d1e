"""Teams in several tenants: who is on the list is served, of any other nothing is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.inbox import Inbox
from bot.rehearsal.teams import TENANT, TeamsPeer
from bot.store import Store
from bot.teams.listener import TeamsChannel
from tests.serving import Served, serving
from tests.teams_desk import answer, channel, peer

__all__ = ["peer"]  # a fixture
OTHER = "00000000-0000-4000-8000-00000000c0c2"
STRANGER = "00000000-0000-4000-8000-00000000c0c3"


def said_in(peer: TeamsPeer, tenant: str, text: str = "damp?") -> dict[str, Any]:
    chat = {"id": f"a:{tenant}", "conversationType": "personal", "tenantId": tenant}
    return peer.message(text, conversation=chat, channelData={"tenant": {"id": tenant}})


@asynccontextmanager
async def serves(
    peer: TeamsPeer, store: Store, tenants: Collection[str]
) -> AsyncIterator[tuple[Served, str]]:
    def make(inbox: Inbox) -> TeamsChannel:
        return channel(peer, inbox, tenants=tenants)

    async with serving(answer, store, make) as served:
        yield served, f"{served.url}/api/messages"


async def test_tenants_on_the_list_are_answered_each_in_its_own_community(
    peer: TeamsPeer, store: Store
) -> None:
    async with serves(peer, store, [TENANT, OTHER]) as (served, url):
        for tenant in (TENANT, OTHER):
            assert (await peer.post(url, said_in(peer, tenant))).status == 200
        await peer.until(2)
        assert {one.conversation for one in peer.messages} == {f"a:{TENANT}", f"a:{OTHER}"}
        assert await store.met(TENANT)
        assert await store.met(OTHER)
        await served.inbox.finish()


@pytest.mark.parametrize("kind", ["message", "installationUpdate", "conversationUpdate", "invoke"])
async def test_of_a_tenant_that_is_not_named_nothing_is_kept(
    kind: str, peer: TeamsPeer, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async with serves(peer, store, [TENANT]) as (served, url):
        sent = {**said_in(peer, STRANGER), "type": kind, "action": "add"}
        assert (await peer.post(url, sent)).status == 403
        none = {**said_in(peer, TENANT), "channelData": {}, "type": kind}
        none["conversation"] = {"id": "a:nowhere", "conversationType": "personal"}
        assert (await peer.post(url, none)).status == 403
        await served.inbox.finish()
        assert peer.messages == []
        assert not await store.met(STRANGER)
        assert await store.census().taken() == []
    assert "OUTCOMES_COMMUNITIES does not name its tenant" in caplog.text
    assert STRANGER not in caplog.text


async def test_without_a_list_it_is_as_before(peer: TeamsPeer, store: Store) -> None:
    async with serves(peer, store, []) as (served, url):
        assert (await peer.post(url, said_in(peer, OTHER))).status == 200
        await peer.until(1)
        await served.inbox.finish()
