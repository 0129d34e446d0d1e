"""The page served over real HTTP on loopback, and a browser's way of posting to it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientResponse, ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestServer

from bot.conversation import (
    Action,
    Asked,
    Choice,
    Citation,
    Field,
    Form,
    Origin,
    Outcome,
    Reply,
    Request,
    Share,
    Spread,
)
from bot.web.intake import CHANNEL
from bot.web.page import page_routes

ADDRESSES = ("/page/requests", "/page/messages")
ASKED = {"type": "asked", "text": "What does inclusion mean?", "thread": "t-1"}
REPLY = Reply(
    status="answered",
    body="Rochdale works it out.\n\n- “About 27 pence per household per month.” [1]",
    citations=(
        Citation(1, "rochdale", "case-study", "Mesh", "https://a.org", "About", ("R",), 2022),
    ),
    outcomes=(Outcome("connectivity", "Connectivity"), Outcome("inclusion", "Inclusion", True)),
    councils=("Rochdale Borough Council",),
    actions=(Action("more", "Show more", "rochdale"),),
    form=Form(
        "ask", "Ask", (Field("nation", "Nation", "choice", choices=(Choice("w", "Wales"),)),)
    ),
    feedback="f-1",
    asked="What does inclusion mean in Rochdale?",
)
POST = Reply(
    "answered",
    "Mesh, Rochdale, 2022 [1]\nSee a.org [2]\nMesh again [3]",
    (
        *REPLY.citations,
        Citation(2, "x", "project", "a.org", "https://b.org/", "q"),
        Citation(3, "y", "project", "Mesh again", "https://a.org@b.org/", "q"),
    ),
    linked=True,
    spread=Spread("Our projects", (Share(REPLY.outcomes[0], 2), Share(REPLY.outcomes[1], 0))),
)


class Fault(Exception):
    """Raised by the fake assistant."""


@dataclass
class Site:
    """The page being served, what reached the assistant, whose messages were asked for, and a
    browser's way of posting."""

    server: TestServer
    session: ClientSession
    heard: list[Request] = field(default_factory=list)
    collectors: list[Origin] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.port}"

    async def get(self, path: str, **headers: str) -> ClientResponse:
        return await self.session.get(self.server.make_url(path), headers=headers)

    async def post(self, body: object, path: str = ADDRESSES[0], **headers: str) -> ClientResponse:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {
            "Content-Type": "application/json",
            "Origin": f"http://{self.host}",
            "Sec-Fetch-Site": "same-origin",
            **headers,
        }
        kept = {name: value for name, value in sent.items() if value}
        return await self.session.post(self.server.make_url(path), data=data, headers=kept)


@asynccontextmanager
async def site_served() -> AsyncIterator[Site]:
    """The page with an assistant that answers all of it alike, but fails where told to, and has a
    message for the colleague, and a post for the channel each time."""
    heard: list[Request] = []
    collectors: list[Origin] = []

    async def handle(request: Request) -> Reply:
        heard.append(request)
        if isinstance(request, Asked) and "fail" in request.text:
            raise Fault(f"cannot do {request.text}")
        return REPLY

    async def collect(origin: Origin) -> list[Reply]:
        collectors.append(origin)
        return {"colleague": [REPLY], CHANNEL: [POST]}.get(origin.address, [])

    page = page_routes(handle, collect, "practice", reference=lambda: "a1b2c3")
    application = web.Application(middlewares=[page.middleware])
    application.add_routes(page.routes)
    server = TestServer(application, host="127.0.0.1")
    await server.start_server()
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        yield Site(server, session, heard, collectors)
    await server.close()
