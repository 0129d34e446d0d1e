"""Microsoft's 365 Agents Playground, started for one officer: Teams to the bot and to them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, ClientSession

from tests.clients.needs import HERE, MODULES
from tests.clients.serving import free_port
from tests.clients.teams.front import APP_ID, Front

TENANT = "00000000-0000-4000-8000-0000000000aa"  # test data
TEAM, CHANNEL = "Anytown digital", "Projects"
BOT = "Outcomes"
STARTS_WITHIN = 30.0
_CLI = MODULES / "@microsoft" / "m365agentsplayground" / "cli.js"


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody in the tenant (test data)."""

    name: str
    number: int

    @property
    def id(self) -> str:
        return f"29:{self.name.lower()}"

    @property
    def object_id(self) -> str:
        """By which an administrator is named."""
        return f"00000000-0000-4000-8000-{self.number:012}"

    @property
    def chat(self) -> str:
        return f"a:{self.name.lower()}"


ROBIN, SAM = Officer("Robin", 1), Officer("Sam", 2)
# The Playground wants six, whoever they are.
OFFICERS = (
    ROBIN,
    SAM,
    *(Officer(name, 3 + at) for at, name in enumerate(("Ada", "Kim", "Lou", "Ash"))),
)


def config(officer: Officer) -> str:
    """Their Playground's; JSON, which is YAML as well."""
    others = [_account(one) for one in OFFICERS if one != officer]
    return json.dumps(
        {
            "version": "0.1.1",
            "tenantId": TENANT,
            "bot": {"id": f"28:{APP_ID}", "name": BOT},
            "currentUser": _account(officer),
            "users": others,
            "personalChat": {"id": officer.chat},
            "groupChat": {"id": f"19:group-{officer.number}@thread.v2", "name": "Group Chat"},
            "team": {
                "id": f"19:team-{officer.number}@thread.tacv2",
                "name": TEAM,
                "aadGroupId": "00000000-0000-4000-8000-000000000031",
                "channels": [{"id": f"19:channel-{officer.number}@thread.tacv2", "name": CHANNEL}],
            },
        }
    )


def _account(officer: Officer) -> dict[str, str]:
    address = f"{officer.name.lower()}@anytown.example"
    return {
        "id": officer.id,
        "name": f"{officer.name} (test data)",
        "userPrincipleName": address,
        "aadObjectId": officer.object_id,
        "givenName": officer.name,
        "surname": "Testname",
        "email": address,
    }


@asynccontextmanager
async def playground(officer: Officer, front: Front, folder: Path) -> AsyncIterator[str]:
    """Where it is served, for that officer. Their activities go through the front, and so does
    what the bot posts."""
    port, name = free_port(), officer.name.lower()
    url = front.playgrounds[name] = f"http://127.0.0.1:{port}"
    started = [
        *("node", "--require", str(HERE / "loopback.cjs"), str(_CLI), "start"),
        *("-e", f"{front.url}/{name}/api/messages", "-c", "msteams", "-p", str(port)),
        *("--service-url", front.service_url(name), "--disable-telemetry"),
    ]
    process = _started(started, config(officer), folder)
    try:
        await asyncio.wait_for(_serves(url, process), STARTS_WITHIN)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _started(command: Sequence[str], configured: str, folder: Path) -> subprocess.Popen[bytes]:
    folder.mkdir(exist_ok=True)
    own = {
        "TEAMSAPPTESTER_BROWSER": "none",
        "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(folder / "config.yml"),
        "M365_AGENTS_PLAYGROUND_LOGFILE": str(folder / "playground.log"),
    }
    (folder / "config.yml").write_text(configured, "utf-8")
    with (folder / "out.txt").open("wb") as out:
        return subprocess.Popen(
            command, cwd=folder, env={**os.environ, **own}, stdout=out, stderr=out
        )


async def _serves(url: str, process: subprocess.Popen[bytes]) -> None:
    async with ClientSession() as session:
        while True:
            assert process.poll() is None, "the Playground ended"
            try:
                async with session.get(url):
                    return
            except ClientError:
                await asyncio.sleep(0.1)
