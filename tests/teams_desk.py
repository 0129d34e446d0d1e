"""A Teams with the bot served in it, for the tests of what officers meet there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from bot.conversation import (
    Action,
    Asked,
    Citation,
    Command,
    Field,
    Form,
    Handle,
    Pressed,
    Reply,
    Request,
    Submitted,
)
from bot.rehearsal.teams import APP_ID, TENANT, TeamsPeer
from bot.store import Store
from bot.teams.listener import TeamsChannel
from tests.serving import Served, serving

SOURCE = Citation(1, "a", "case-study", "Damp sensors", "https://a.example/", "It fell.", ("Fife",))
FORM = Form("ask", "Ask", (Field("question", "Your question", "paragraph"),))


async def answer(request: Request) -> Reply:
    match request:
        case Command("ask", "", _):
            return Reply("help", "Fill in the form.", form=FORM)
        case Asked(text, _) if text.startswith("fail"):
            raise ValueError(text)
        case Asked(text, _):
            return Reply(
                "answered",
                f"{text}: it fell. [1]",
                (SOURCE,),
                actions=(Action("about", "More", "a"),),
            )
        case Pressed(action, value, _):
            return Reply("answered", f"pressed {action} {value}")
        case Submitted(_, values, _) if not values.get("question"):
            return Reply("invalid", "Write a question.", form=FORM)
        case Submitted(form, values, _):
            return Reply("answered", f"{form}: {values['question']}")
        case Command(name, text, _):
            return Reply("help", f"command {name} {text}".strip())


@pytest.fixture
async def peer() -> AsyncIterator[TeamsPeer]:
    async with TeamsPeer() as made:
        yield made


def teams(
    peer: TeamsPeer, store: Store, handle: Handle = answer, app_id: str = APP_ID
) -> AbstractAsyncContextManager[Served]:
    return serving(
        handle,
        store,
        lambda inbox: TeamsChannel(
            inbox,
            app_id=app_id,
            password="x",
            tenant_id=TENANT,
            openid_metadata=peer.metadata if app_id else "",
            dev=True,
        ),
    )


@pytest.fixture
async def url(peer: TeamsPeer, store: Store) -> AsyncIterator[str]:
    async with teams(peer, store) as served:
        yield f"{served.url}/api/messages"
