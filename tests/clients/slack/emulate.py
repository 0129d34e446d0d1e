"""The workspace: npm `emulate` in a process of its own, and its Web API as anybody calls it."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession

from tests.clients.needs import HERE
from tests.running import ROOT

Json = dict[str, Any]
BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-example", "xapp-example", "0123456789abcdef0123456789abcdef"
TEAM, APP, BOT, BOT_ID = "T000000001", "A0OUTCOMES", "U0OUTCOMES", "B0OUTCOMES"
SITE = "https://example-council.slack.com/"
PEOPLE = ("robin", "sam", "kim", "ada")  # invented, test data
ADMIN = "ada"
TOWN_HALL, DEPOT = "town-hall", "depot"
MANIFEST: Json = json.loads((ROOT / "manifest.json").read_text("utf-8"))
STARTS_WITHIN = 20.0
_OFFICERS = ("chat:write", "channels:history", "groups:history", "im:history", "mpim:history")
_TO_INVITE = (
    "im:write",
    "mpim:write",
    "channels:manage",
    "channels:read",
    "users:read",
    "mpim:read",
)


def workspace() -> Json:
    """An invented council's. The app may do what the manifest asks for, and nothing else."""
    scopes = MANIFEST["oauth_config"]["scopes"]["bot"]
    app = {"app_id": APP, "client_id": "1.1", "client_secret": "unused", "redirect_uris": []}
    bot = {"bot_id": BOT_ID, "bot_user_id": BOT, "bot_name": "outcomes", "name": "Outcomes"}
    token = {"token": BOT_TOKEN, "type": "bot", "user_id": BOT, "app_id": APP, "bot_id": BOT_ID}
    officers = [
        {"token": f"xoxp-{name}", "user": name, "scopes": [*_OFFICERS, *_TO_INVITE]}
        for name in PEOPLE
    ]
    return {
        "team": {"name": "Example Council", "domain": "example-council"},
        "users": [
            {"name": one, "real_name": f"{one.title()} (test data)", "is_admin": one == ADMIN}
            for one in PEOPLE
        ],
        "channels": [{"name": TOWN_HALL}, {"name": DEPOT}],
        "oauth_apps": [{**app, **bot, "scopes": scopes}],
        "tokens": [{**token, "bot_user_id": BOT, "scopes": scopes}, *officers],
        "signing_secret": SECRET,
        "strict_scopes": True,
    }


class Emulate:
    """It, at `base`."""

    def __init__(self, base: str, session: ClientSession) -> None:
        self.base, self._session = base, session
        self.people: dict[str, str] = {}  # their ids, by name
        self.channels: dict[str, str] = {}

    async def call(self, method: str, token: str = BOT_TOKEN, **arguments: object) -> Json:
        """Its answer, or it fails."""
        answer = await self.answer(method, arguments, token)
        assert answer["ok"], (method, answer)
        return answer

    async def answer(self, method: str, arguments: Mapping[str, object], token: str) -> Json:
        """Its answer, whatever it is."""
        url, headers = f"{self.base}/api/{method}", {"Authorization": f"Bearer {token}"}
        async with self._session.post(url, json=arguments, headers=headers) as answer:
            found: Json = await answer.json()
            return found

    async def views(self) -> list[Json]:
        """Every modal and Home tab that it holds."""
        async with self._session.get(f"{self.base}/kept/views") as answer:
            found: list[Json] = await answer.json()
            return found

    async def thread(self, channel: str, ts: str, token: str = BOT_TOKEN) -> list[Json]:
        """What stands in a thread, its first message too."""
        found = await self.call("conversations.replies", token, channel=channel, ts=ts)
        return list(found["messages"])

    async def history(self, channel: str, token: str = BOT_TOKEN) -> list[Json]:
        """What stands in a channel, outside its threads, the newest first."""
        found = await self.call("conversations.history", token, channel=channel)
        return list(found["messages"])

    async def settle(self) -> None:
        """Have the ids, and the bot in the channels."""
        users = await self.call("users.list")
        self.people = {one["name"]: one["id"] for one in users["members"]}
        listed = await self.call("conversations.list", f"xoxp-{ADMIN}")
        self.channels = {one["name"]: one["id"] for one in listed["channels"]}
        for name in (TOWN_HALL, DEPOT):
            invited = {"channel": self.channels[name], "users": BOT}
            await self.call("conversations.invite", f"xoxp-{ADMIN}", **invited)


@asynccontextmanager
async def emulated(events: str, session: ClientSession) -> AsyncIterator[Emulate]:
    """It, delivering to `events` what happens there."""
    asked = json.dumps({"events": events, "workspace": workspace()})
    command = ("node", "slack/emulate.mjs", asked)
    process = await asyncio.create_subprocess_exec(*command, cwd=HERE, stdin=PIPE, stdout=PIPE)
    assert process.stdin
    assert process.stdout
    try:
        line = await asyncio.wait_for(process.stdout.readline(), STARTS_WITHIN)
        made = Emulate(json.loads(line)["base"], session)
        await made.settle()
        yield made
    finally:
        process.stdin.close()
        await process.wait()
