"""Secrets are in no log and no output, whatever goes wrong: each is a canary, and every way on
which something fails is gone, with the log as text and as JSON."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest
from aiohttp import ClientSession, DummyCookieJar, web

from bot import settings as all_settings
from bot.rehearsal.slack_payloads import mention
from bot.rehearsal.teams import APP_ID, TENANT
from bot.settings import NAMES, Settings, SettingsError
from tests.replaying import slack_signed
from tests.running import Outcomes, Process

CANARY = "CANARY"
KEY = urlsafe_b64encode(b"CANARY-token-key-of-32-bytes-00!").decode()
SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-1-CANARY-bot",
    "SLACK_APP_TOKEN": "xapp-1-CANARY-app",
    "SLACK_SIGNING_SECRET": "CANARY-signing",
    "SLACK_CLIENT_SECRET": "CANARY-client",
    "MICROSOFT_APP_PASSWORD": "CANARY-password",
    "OUTCOMES_LLM_KEY": "CANARY-model",
    "OUTCOMES_TOKEN_KEYS": KEY,
    "DATABASE_URL": "postgresql://outcomes:CANARY-database@127.0.0.1:9/outcomes",
}
# Of these it may be told what they are set to.
PLAIN = {
    *("MICROSOFT_APP_ID", "MICROSOFT_APP_TENANT_ID", "MICROSOFT_OPENID_METADATA", "SLACK_API_BASE"),
    *(
        "OUTCOMES_ADDRESS",
        "OUTCOMES_ADMINS",
        "OUTCOMES_COMMUNITIES",
        "OUTCOMES_DEV",
        "OUTCOMES_LOG",
    ),
    *("OUTCOMES_DIGEST_GRACE", "OUTCOMES_DIGEST_MANAGERS", "OUTCOMES_HOME", "OUTCOMES_HOST"),
    *("OUTCOMES_INTERNAL_HOSTS", "OUTCOMES_INTRODUCTIONS_KEPT", "OUTCOMES_KNOWLEDGE"),
    *("OUTCOMES_LLM_AZURE_VERSION", "OUTCOMES_LLM_MODEL", "OUTCOMES_LLM_URL", "OUTCOMES_MODEL"),
    *("OUTCOMES_PORT", "OUTCOMES_QUESTIONS_KEPT", "SLACK_CLIENT_ID"),
}
PATIENCE = 60.0
Form = Literal["text", "json"]
FORMS: tuple[Form, ...] = ("text", "json")


def traces(said: str) -> list[str]:
    """The secrets that stand in it: as they are, in their encodings, or by their middle alone."""
    values = {*SECRETS.values(), KEY[4:20], quote(KEY, safe=""), CANARY}
    return sorted(one for one in values if one in said)


def test_every_setting_is_a_secret_or_may_be_told() -> None:
    """A new one is put into one of these two, and so tried here."""
    assert SECRETS.keys() & PLAIN == set()
    assert SECRETS.keys() | PLAIN == set(NAMES)


def test_what_looks_for_them_finds_them() -> None:
    assert all(traces(f"a line with {one} in it") for one in SECRETS.values())


@asynccontextmanager
async def echo() -> AsyncIterator[str]:
    """A platform, sign-in or model that refuses everything and repeats what it was sent."""

    async def refuse(request: web.Request) -> web.Response:
        told = f"{dict(request.headers)} {await request.text()} {request.query_string}"
        told = f"invalid {told}"
        body = {"ok": False, "error": told, "error_description": told, "message": told}
        return web.json_response(body, status=401, reason="Unauthorized", headers={"X-Why": "no"})

    application = web.Application(client_max_size=1 << 24)
    application.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def refusing() -> AsyncIterator[str]:
    async with echo() as address:
        yield address


def secret(outcomes: Outcomes, refusing: str, form: Form, **more: str) -> Outcomes:
    """The command with every secret set; the database is the outcomes' own, and works."""
    given = {name: value for name, value in SECRETS.items() if name != "DATABASE_URL"}
    settings = {
        **outcomes.settings,
        **given,
        **dict.fromkeys(("SLACK_CLIENT_SECRET", "SLACK_CLIENT_ID"), ""),  # with a bot token: either
        "OUTCOMES_DEV": "1",
        "OUTCOMES_PORT": "0",
        "OUTCOMES_LOG": form,
        "SLACK_API_BASE": f"{refusing}/api/",
        "MICROSOFT_APP_ID": APP_ID,
        "MICROSOFT_APP_TENANT_ID": TENANT,
        "MICROSOFT_OPENID_METADATA": f"{refusing}/metadata",
        "OUTCOMES_LLM_URL": f"{refusing}/v1",
        "OUTCOMES_LLM_MODEL": "example",
        **more,
    }
    return replace(outcomes, settings=settings)


async def said(outcomes: Outcomes, *arguments: str, typed: str = "") -> str:
    """All that a command says, and its exit code."""
    done = await asyncio.to_thread(outcomes.run, *arguments, typed=typed)
    return f"{done.code} {done.out} {done.err}"


DATABASES = (
    SECRETS["DATABASE_URL"],
    "postgresql://outcomes:CANARY-database@[bad/outcomes",
    "postgresql://outcomes:CANARY-database@127.0.0.1:port/outcomes",
)


async def test_a_database_that_cannot_be_used_is_not_named_with_its_password(
    outcomes: Outcomes, refusing: str
) -> None:
    told = await asyncio.gather(
        *(
            said(secret(outcomes, refusing, FORMS[at % 2], DATABASE_URL=url), "ask", "who?")
            for at, url in enumerate(DATABASES)
        )
    )
    assert [traces(one) for one in told] == [[]] * len(told)
    assert not [one for one in told if one.startswith("0") or "Traceback" in one]


async def test_a_password_that_is_refused_is_not_told(
    outcomes: Outcomes, refusing: str, postgres_refusing: str
) -> None:
    url = f"postgresql://outcomes:CANARY-database@{postgres_refusing}/outcomes"
    told = await said(secret(outcomes, refusing, "text", DATABASE_URL=url), "ask", "who?")
    assert traces(told) == []
    assert told.startswith("1")


@pytest.fixture
async def postgres_refusing() -> AsyncIterator[str]:
    """A server that asks for the password and, told it, refuses it and repeats it."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + (len(body) + 4).to_bytes(4, "big") + body

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = int.from_bytes(await reader.readexactly(4), "big")
        if (await reader.readexactly(size - 4))[:4] == (80877103).to_bytes(4, "big"):
            writer.write(b"N")  # no TLS here
            size = int.from_bytes(await reader.readexactly(4), "big")
            await reader.readexactly(size - 4)
        writer.write(message(b"R", (3).to_bytes(4, "big")))
        told = await reader.readuntil(b"\x00")
        why = b"SFATAL\x00C28P01\x00Mpassword authentication failed: " + told[5:] + b"\x00"
        writer.write(message(b"E", why))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize("form", FORMS)
async def test_tokens_that_platforms_refuse_are_in_no_log(
    outcomes: Outcomes, refusing: str, form: Form
) -> None:
    """With the model's key refused beside them, requests that are not whole, and what is asked of
    /healthz and /metrics."""
    command = secret(outcomes, refusing, form)
    process = command.start("serve", flags=("-X", "dev"), PYTHONASYNCIODEBUG="1")
    try:
        address, begun = await asyncio.wait_for(started(process), PATIENCE)
        heard = [await visited(address), await asyncio.to_thread(broken, address)]
    finally:
        process.terminate()
        out, err = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
    everything = " ".join((begun, *heard, out, err))
    assert "SLACK" in everything, "it says which token was refused"
    assert traces(everything) == []
    assert "Traceback" not in everything


async def test_an_installation_that_slack_refuses_does_not_tell_the_apps_secret(
    outcomes: Outcomes, refusing: str
) -> None:
    many = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": SECRETS["SLACK_CLIENT_SECRET"]}
    one = dict.fromkeys(("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "MICROSOFT_APP_ID"), "")
    known = {"OUTCOMES_ADDRESS": "https://bot.example.gov.uk", "OUTCOMES_COMMUNITIES": "T1"}
    command = secret(outcomes, refusing, "text", **many, **one, **known)
    process = command.start("serve")
    try:
        address, begun = await asyncio.wait_for(started(process), PATIENCE)
        status, page = await installed(address)
    finally:
        process.terminate()
        out, err = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
    assert status == 502, page
    assert "Slack: an installation failed" in err
    everything = " ".join((begun, page, out, err))
    assert traces(everything) == []
    assert b64encode(f"1.2:{many['SLACK_CLIENT_SECRET']}".encode()).decode() not in everything


async def installed(address: str) -> tuple[int, str]:
    """What the page says to whom Slack leads back with a code; the code is a canary too."""
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        async with session.get(f"{address}/slack/install") as first:
            found = re.search(r"state=([\w-]+)", await first.text())
            cookie = "; ".join(f"{one.key}={one.value}" for one in first.cookies.values())
        assert found
        query = {"state": found[1], "code": f"{CANARY}-code"}
        url, headers = f"{address}/slack/oauth_redirect", {"Cookie": cookie}
        async with session.get(url, params=query, headers=headers) as answer:
            return answer.status, await answer.text()


async def started(process: Process) -> tuple[str, str]:
    """Where it listens, and what it said until then."""
    assert process.stdout
    told = ""
    while "http://" not in told:
        line = await asyncio.to_thread(process.stdout.readline)
        if not line:
            raise AssertionError(f"it ended: {told} {process.communicate()}")
        told += line
    return "http://" + told.partition("http://")[2].split()[0].rstrip("/").strip('",'), told


async def visited(address: str) -> str:
    """All that is read there by whoever asks, with right and wrong credentials."""
    told = []
    one = slack_signed(
        *("mention", "x", json.dumps(mention("What does inclusion mean?")), "application/json"),
        secret=SECRETS["SLACK_SIGNING_SECRET"],
    )
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        for path in ("/healthz", "/metrics", "/about", "/slack/install", "/nothing"):
            async with session.get(address + path) as answer:
                told.append(f"{dict(answer.headers)} {await answer.text()}")
        for headers in (one.headers, {**one.headers, "X-Slack-Signature": "v0=0"}):
            url = f"{address}/slack/events"
            async with session.post(url, data=one.body, headers=headers) as answer:
                told.append(f"{dict(answer.headers)} {await answer.text()}")
        bearer = {"Authorization": f"Bearer {SECRETS['MICROSOFT_APP_PASSWORD']}"}
        async with session.post(f"{address}/api/messages", json={}, headers=bearer) as answer:
            told.append(await answer.text())
    return " ".join(told)


def broken(address: str) -> str:
    """Requests that are none, with a secret in them."""
    host, _, port = address.removeprefix("http://").partition(":")
    told = ""
    for header in (f"Authorization: Bearer {CANARY}-\x00", f"X-{CANARY}\x7f: 1", CANARY * 2_000):
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(f"POST /{CANARY} HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode())
            told += connection.recv(4_096).decode(errors="replace").partition("\r\n\r\n")[0]
    return told


async def test_commands_do_not_tell_them(outcomes: Outcomes, refusing: str, tmp_path: Path) -> None:
    """What says how things stand, what helps, and what copies everything."""
    command, backup = secret(outcomes, refusing, "json"), tmp_path / "backup"
    told = await asyncio.gather(
        said(command, "doctor"),
        said(command, "ask", "What does inclusion mean?"),
        said(command, "backup", str(backup)),
        said(command, "--help"),
    )
    assert [traces(one) for one in told] == [[]] * len(told)
    kept = await asyncio.to_thread(backup.read_bytes)
    assert kept
    assert traces(kept.decode("latin-1")) == []


WRONG: tuple[tuple[str, str], ...] = (
    ("OUTCOMES_TOKEN_KEYS", "CANARY-no-key"),
    ("OUTCOMES_TOKEN_KEYS", f"{KEY},CANARY-no-key"),
    ("OUTCOMES_LLM_KEY", "CANARY-model\n"),
    ("SLACK_BOT_TOKEN", "CANARY-of-the-wrong-shape"),
    ("SLACK_APP_TOKEN", "CANARY-of-the-wrong-shape"),
    ("MICROSOFT_APP_PASSWORD", ""),
)


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_is_wrong_with_a_secret_is_said_without_it(
    name: str, value: str, tmp_path: Path
) -> None:
    told = read({**SECRETS, name: value}, tmp_path)
    assert traces(told) == []


def test_settings_do_not_show_them(tmp_path: Path) -> None:
    given: Mapping[str, str] = {
        **{name: value for name, value in SECRETS.items() if "CLIENT" not in name},
        **{"MICROSOFT_APP_ID": APP_ID, "MICROSOFT_APP_TENANT_ID": TENANT},
        **{"OUTCOMES_LLM_URL": "https://models.example/v1", "OUTCOMES_LLM_MODEL": "example"},
    }
    found = Settings.read(given, tmp_path)
    assert found.slack
    assert found.teams
    assert found.language_model
    for one in (found, found.slack, found.teams, found.language_model):
        shown: list[Callable[[object], str]] = [repr, str, "{}".format, "{!r}".format]
        assert [traces(show(one)) for show in shown] == [[]] * len(shown)
    held = json.dumps(asdict(found), default=str)
    assert len(traces(held)) > 3, "they are there, and only not shown"
    assert all_settings.NAMES is NAMES


def read(given: Mapping[str, str], folder: Path) -> str:
    try:
        return repr(Settings.read(given, folder))
    except SettingsError as error:
        return f"{error} {error!r} {error.args}"
