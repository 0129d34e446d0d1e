"""A Teams with the bot served in it, for the tests of what officers meet there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any, TypedDict, Unpack

import pytest

from bot.conversation import (
    Action,
    Asked,
    Choice,
    Citation,
    Command,
    Field,
    Form,
    Handle,
    Marked,
    Pressed,
    Reply,
    Request,
    Submitted,
)
from bot.delivery import Reception
from bot.rehearsal.teams import APP_ID, TENANT, Sent, TeamsPeer
from bot.store import Store
from bot.teams.listener import TeamsChannel
from tests.serving import Served, serving

SOURCE = Citation(1, "a", "case-study", "Damp sensors", "https://a.example/", "It fell.", ("Fife",))
FORM = Form("ask", "Ask", (Field("question", "Your question", "paragraph"),))
STAGES = (Choice("idea", "An idea"), Choice("doing", "Being done"), Choice("done", "Done"))
PROJECT = Form(
    "project",
    "Tag a project",
    (
        Field("title", "Title"),
        Field("description", "What it is", "paragraph"),
        Field("stage", "Stage", "choice", choices=STAGES, value="idea"),
    ),
    submit="Next",
    key="draft-1",
)
OUTCOMES = Form(
    "outcomes",
    "Its outcomes",
    (
        Field(
            "outcomes",
            "Outcomes",
            "choices",
            choices=tuple(Choice(name.lower(), name) for name in ("Data", "Inclusion", "Value")),
            value="data,value",
        ),
    ),
    submit="Register",
    key="draft-2",
    lead="Likely, because of what others did:\n\n- Data: “It fell.” [1]",
    citations=(SOURCE,),
)
ALONE = Reply("answered", "For your eyes. [1]", (SOURCE,), private=True)


def with_values(form: Form, values: dict[str, str], **faults: str) -> Form:
    """The form with what was filled in, and what is wrong with it."""
    fields = (
        replace(one, value=values.get(one.id, one.value), fault=faults.get(one.id, ""))
        for one in form.fields
    )
    return replace(form, fields=tuple(fields))


async def answer(request: Request) -> Reply:
    match request:
        case Asked():
            return _asked(request)
        case Submitted():
            return _submitted(request)
        case Pressed("open", _, _):
            return Reply("help", "Fill in the form.", form=PROJECT, private=True)
        case Pressed(action, value, _):
            return Reply("answered", f"pressed {action} {value}")
        case Command("ask", "", _):
            return Reply("help", "Fill in the form.", form=FORM)
        case Command(name, text, _):
            return Reply("help", f"command {name} {text}".strip())
        case Marked():
            return _marked(request)


def _asked(request: Asked) -> Reply:
    text = request.text
    if text.startswith("fail"):
        raise ValueError(text)
    if text == "alone":
        return replace(ALONE, body=f"For {request.origin.person}. [1]")
    more = (Action("about", "More", "a"),)
    return Reply("answered", f"{text}: it fell. [1]", (SOURCE,), actions=more)


def _marked(request: Marked) -> Reply:
    if request.text == "not a project":
        return Reply("declined", "That tells of no project. [1]", (SOURCE,))
    filled = with_values(PROJECT, {"description": request.text})
    return Reply("help", "Fill in the form.", form=replace(filled, key=f"of {request.author}"))


def _submitted(request: Submitted) -> Reply:
    values = request.values
    match request.form:
        case "project" if request.key == "stale":
            again = replace(with_values(PROJECT, values), key="fresh")
            return Reply("invalid", "This form was open for long. Send it again.", form=again)
        case "project" if not values.get("title"):
            faulty = with_values(PROJECT, values, title="A project needs a title.")
            return Reply("invalid", "Look at one field again.", form=replace(faulty, key="again"))
        case "project":
            return Reply("help", "Now its outcomes.", form=replace(OUTCOMES, key=values["title"]))
        case "outcomes":
            said = f"Registered: {request.key}, {values['outcomes']}."
            return Reply("answered", said, actions=(Action("withdraw", "Withdraw", "1"),))
        case _ if not values.get("question"):
            return Reply("invalid", "Write a question.", form=FORM)
        case _ if values["question"].startswith("fail"):
            raise ValueError(values["question"])
        case form:
            return Reply("answered", f"{form}: {values['question']}")


def words(card: dict[str, Any]) -> list[str]:
    """What an officer reads on a card outside its inputs, a line each."""
    lines = (one["inlines"] for one in card["body"] if one["type"] == "RichTextBlock")
    return ["".join(run["text"] for run in inlines) for inlines in lines]


@pytest.fixture
async def peer() -> AsyncIterator[TeamsPeer]:
    async with TeamsPeer() as made:
        yield made


class Watched(TypedDict, total=False):
    """What some tests hand the channel besides."""

    tick: Callable[[], float]
    pause: Callable[[float], Awaitable[None]]
    tenants: Collection[str]


def channel(
    peer: TeamsPeer, reception: Reception, app_id: str = APP_ID, **more: Unpack[Watched]
) -> TeamsChannel:
    """The bot's way in and out of this Teams, as tests have it."""
    return TeamsChannel(
        reception,
        app_id=app_id,
        password="x",
        tenant_id=TENANT,
        openid_metadata=peer.metadata if app_id else "",
        dev=True,
        **more,
    )


def teams(
    peer: TeamsPeer, store: Store, handle: Handle = answer, app_id: str = APP_ID
) -> AbstractAsyncContextManager[Served]:
    return serving(handle, store, lambda inbox: channel(peer, inbox, app_id))


@pytest.fixture
async def url(peer: TeamsPeer, store: Store) -> AsyncIterator[str]:
    async with teams(peer, store) as served:
        yield f"{served.url}/api/messages"


def known_as(sent: Sent) -> str:
    """What tells a message from those of every other channel and chat."""
    return f"{sent.conversation.partition(';messageid=')[0]}|{sent.id}"
