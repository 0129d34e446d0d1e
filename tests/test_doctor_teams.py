"""`outcomes doctor` asks Microsoft, played here, and whatever answers at our own address."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.checks import Finding
from bot.rehearsal.slack import SlackPeer
from bot.rehearsal.teams import APP_ID, TENANT, TeamsPeer
from bot.store import Store
from bot.teams import checks as teams_checks
from bot.web.about import About, about_routes
from tests.doctor_desk import (
    SECRET,
    always,
    bot,
    found,
    in_slack,
    in_teams,
    of,
    proxy,
    slack,
    teams,
)
from tests.test_teams_tokens import Microsoft

__all__ = ["slack", "teams"]  # fixtures


async def test_a_teams_that_is_set_up_well(tmp_path: Path, teams: TeamsPeer, store: Store) -> None:
    async with bot(store, None, teams) as address:
        told = await found(tmp_path, in_teams(teams, OUTCOMES_ADDRESS=address))
    assert of(told, "Microsoft's keys").state == "ok"
    assert of(told, "Teams messages").state == "ok"
    assert of(told, "clock").state == "ok"
    assert not [one for one in told if one.state == "wrong" and one.check != "index"]


async def test_values_from_azure_are_looked_at(tmp_path: Path, teams: TeamsPeer) -> None:
    given = {"MICROSOFT_APP_ID": "Outcomes", "MICROSOFT_APP_PASSWORD": TENANT}
    told = await found(tmp_path, in_teams(teams, **given, MICROSOFT_APP_TENANT_ID="common"))
    assert of(told, "Teams app id").state == "wrong"
    assert "Value, not the Secret ID" in of(told, "Teams client secret").do
    assert of(told, "Teams tenant id").state == "wrong"
    told = await found(tmp_path, in_teams(teams, MICROSOFT_APP_TENANT_ID="my council"))
    assert of(told, "Teams tenant id").state == "wrong"
    told = await found(tmp_path, in_teams(teams, MICROSOFT_APP_PASSWORD="a secret\n"))
    assert "that no secret has" in of(told, "Teams client secret").what
    named = await found(tmp_path, in_teams(teams, MICROSOFT_APP_TENANT_ID="anytown.example"))
    assert not [one for one in named if one.check == "Teams tenant id"]
    assert of(named, "Teams messages").state == "unsure"  # nobody said where


async def signed_in(microsoft: Microsoft) -> Finding:
    given = teams_checks.Given(APP_ID, "a-secret~", "example", "", "", 0, http_client=microsoft)
    return await teams_checks.sign_in(given, whole=True)


async def test_microsoft_gives_a_token_or_says_why_not() -> None:
    good = {"access_token": "not-to-be-shown", "expires_in": 3600, "token_type": "Bearer"}
    told = await signed_in(Microsoft(good))
    assert (told.state, "not-to-be-shown" in str(told)) == ("ok", False)
    told = await signed_in(Microsoft({"error": "invalid_client"}, 401))
    assert (told.state, "end date" in told.do) == ("wrong", True)
    told = await signed_in(Microsoft({"error": "unauthorized_client"}, 400))
    assert (told.state, "App Tenant ID" in told.do) == ("wrong", True)

    class Gone(Microsoft):
        def post(self, url: str, data: dict[str, str], **_: object) -> SimpleNamespace:
            raise ConnectionError

    assert "login.microsoftonline.com" in (await signed_in(Gone({}))).do


@pytest.mark.parametrize("fault", ["gone", "not-microsoft", "of-another-channel"])
async def test_keys_that_nothing_could_be_checked_with(
    tmp_path: Path, teams: TeamsPeer, fault: str
) -> None:
    given = in_teams(teams)
    if fault == "of-another-channel":
        teams.endorsed = ("webchat",)
    else:
        path = {"gone": "http://127.0.0.1:9/", "not-microsoft": f"{teams.service_url}keys"}[fault]
        given |= {"MICROSOFT_OPENID_METADATA": path}
    told = of(await found(tmp_path, given), "Microsoft's keys")
    assert (told.state, "every message would be refused" in told.what) == ("wrong", True)


@pytest.mark.parametrize(
    ("answer", "what", "do"),
    [
        (always(404), "(404)", "proxy pass /api/messages on"),
        (always(502), "no bot behind it", "Start the bot"),
        (always(301, headers={"Location": "/"}), "leads somewhere else", "redirection"),
        (always(401, headers={"WWW-Authenticate": "Basic"}), "refuses strangers", "password"),
        (always(500), "answers 500", "log"),
        (always(200, "Welcome"), "without a token", "what answers there"),
        (always(415), "without a token", "MICROSOFT_APP_ID"),
        (always(405), "something else answers", "proxy pass"),
    ],
)
async def test_whatever_answers_in_our_place_is_explained(
    tmp_path: Path, teams: TeamsPeer, answer: Handler, what: str, do: str
) -> None:
    async with proxy(answer) as address:
        told = await found(tmp_path, in_teams(teams, OUTCOMES_ADDRESS=address))
    finding = of(told, "Teams messages")
    assert (finding.state, what in finding.what, do in finding.do) == ("wrong", True, True), finding


async def test_an_address_that_is_not_reached_is_said_once(
    tmp_path: Path, teams: TeamsPeer, slack: SlackPeer
) -> None:
    both = {**in_teams(teams), **in_slack(slack, SLACK_SIGNING_SECRET=SECRET)}
    told = await found(tmp_path, {**both, "OUTCOMES_ADDRESS": "http://127.0.0.1:9"})
    assert of(told, "public address").state == "wrong"
    assert "takes no connections" in of(told, "public address").what

    async def hangs_up(request: web.Request) -> web.StreamResponse:
        assert request.transport
        request.transport.close()
        return web.Response()

    async with proxy(hangs_up) as address:
        told = await found(tmp_path, {**both, "OUTCOMES_ADDRESS": address})
    assert "broke the connection off" in of(told, "public address").what


async def test_a_certificate_that_nobody_trusts_is_told(tmp_path: Path, teams: TeamsPeer) -> None:
    async with proxy(always(404), certified(tmp_path)) as address:
        told = await found(tmp_path, in_teams(teams, OUTCOMES_ADDRESS=address))
    finding = of(told, "public address")
    assert (finding.state, "certificate" in finding.what) == ("wrong", True)


async def test_a_proxy_that_passes_too_much_is_told(tmp_path: Path, teams: TeamsPeer) -> None:
    async def everything(request: web.Request) -> web.StreamResponse:
        if request.path == "/metrics":
            return web.Response(text="# HELP outcomes_replies_total Replies by status")
        about, _ = about_routes(About(90, 365))
        return (
            await about.handler(request) if request.path == "/about" else web.Response(status=401)
        )

    async with proxy(everything) as address:
        told = await found(tmp_path, in_teams(teams, OUTCOMES_ADDRESS=address))
    assert of(told, "Teams messages").state == of(told, "page about it").state == "ok"
    assert "/metrics" in of(told, "public address").what


def certified(folder: Path) -> ssl.SSLContext:
    """With a certificate that this computer made for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "self-signed.pem"
    file.write_bytes(private + made.public_bytes(pem))
    context: Any = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    found: ssl.SSLContext = context
    return found
