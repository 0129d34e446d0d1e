"""What takes the network: Slack, Microsoft, our own address. Only what is set is asked."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import urlsplit

from bot.checks import (
    ADDRESS,
    Finding,
    Probe,
    Unanswered,
    looked_for,
    ok,
    unanswered,
    unset,
    unsure,
    wrong,
)
from bot.hosts import LOOPBACK
from bot.settings import Settings

PORT, ABOUT, CLOCK = "local port", "page about it", "clock"
DOUBTFUL, TOO_FAR = 60.0, 300.0  # seconds that clocks may be apart


async def findings(settings: Settings) -> list[Finding]:
    async with Probe(local=settings.dev) as probe:
        several = await asyncio.gather(
            looked_for(PORT, _port(probe, settings)),
            looked_for("Slack", _slack(probe, settings)),
            looked_for("Teams", _teams(probe, settings)),
            looked_for(ADDRESS, _own(probe, settings)),
        )
        flat = [finding for some in several for finding in some]
        # An address that is not reached is found by all who asked, and said once.
        return [*dict.fromkeys(flat), _clock(probe, settings)]


async def _slack(probe: Probe, settings: Settings) -> list[Finding]:
    if settings.slack is None:
        return []
    from bot.slack.checks import Given, checks
    from bot.slack.manifest import permissions

    slack = settings.slack
    given = Given(
        slack.bot_token,
        slack.app_token,
        slack.signing_secret,
        slack.api_base,
        permissions(),
        settings.address,
        settings.port,
        many=bool(slack.client_id),
    )
    return await checks(probe, given)


async def _teams(probe: Probe, settings: Settings) -> list[Finding]:
    if settings.teams is None:
        return []
    from bot.teams.checks import Given, checks

    teams = settings.teams
    given = Given(
        teams.app_id,
        teams.password,
        teams.tenant_id,
        teams.openid_metadata,
        settings.address,
        settings.port,
    )
    return await checks(probe, given)


async def _port(probe: Probe, settings: Settings) -> list[Finding]:
    """Whether we listen where we are to, or could."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    where = f"[{host}]:{settings.port}" if ":" in host else f"{host}:{settings.port}"
    if not settings.port:
        return [unset(PORT, "a free one is taken at each start")]
    try:
        answer = await probe.ask("GET", f"http://{where}/healthz", direct=True)
    except Unanswered as error:
        if error.reason == "refused":
            return [ok(PORT, f"{where} is free: the bot is not running")]
        do = "Stop what uses the port, or set OUTCOMES_PORT to another"
        return [wrong(PORT, f"what listens on {where} does not answer as the bot would", do)]
    try:
        ours = "generation" in json.loads(answer.body)
    except (ValueError, TypeError):
        ours = False
    if answer.status == 200 and ours:
        return [ok(PORT, f"the bot is running on {where}")]
    do = "Stop it, or set OUTCOMES_PORT to another"
    return [wrong(PORT, f"another program uses {where}", do)]


async def _own(probe: Probe, settings: Settings) -> list[Finding]:
    """The public address: said, and no more to be seen there than has to be."""
    if not settings.address:
        if settings.reached_from_outside:
            do = "Set OUTCOMES_ADDRESS to the https address that your proxy serves"
            return [unsure(ADDRESS, "it is not said, so it was not looked at from outside", do)]
        return [unset(ADDRESS, "nobody has to reach this bot from outside")]
    several = await asyncio.gather(_about(probe, settings), _open(probe, settings))
    return [finding for finding in several if finding]


async def _about(probe: Probe, settings: Settings) -> Finding:
    url = f"{settings.address}/about"
    do = "Let the proxy pass /about on too, or give teams-package other pages of yours"
    try:
        answer = await probe.ask("GET", url)
    except Unanswered as error:
        return unanswered(url, error)
    if answer.status == 200 and "Outcomes assistant" in answer.body:
        return ok(ABOUT, f"{url} can be read by everybody")
    return unsure(ABOUT, f"{url} is not there ({answer.status})", do)


async def _open(probe: Probe, settings: Settings) -> Finding | None:
    """Counts are for whoever runs the bot; a proxy that passes everything shows them to all."""
    try:
        answer = await probe.ask("GET", f"{settings.address}/metrics")
    except Unanswered:
        return None
    if answer.status == 200 and "outcomes_replies" in answer.body:
        many = settings.slack is not None and settings.slack.client_id
        pages = ", /slack/install, /slack/oauth_redirect" if many else ""
        do = f"Let the proxy pass /about{pages} and the platform's path on, and nothing else"
        return unsure(ADDRESS, f"everybody can read {settings.address}/metrics", do)
    return ok(ADDRESS, f"{settings.address} shows no more than it has to")


def _clock(probe: Probe, settings: Settings) -> Finding:
    """Ours against those of Slack and Microsoft; our own address has our own clock."""
    if not (settings.slack or settings.teams):
        return unset(CLOCK, "compared once Slack or Teams is set up: nobody is asked before")
    own = {_authority(settings.address), f"{settings.host}:{settings.port}"}
    own |= {f"{host}:{settings.port}" for host in LOOPBACK}
    others = {host: ahead for host, ahead in probe.ahead.items() if host not in own}
    if not others:
        return unsure(CLOCK, "nobody was reached whose clock could be compared with ours")
    host, ahead = max(others.items(), key=lambda one: abs(one[1]))
    apart = f"{abs(ahead):.0f} seconds {'behind' if ahead > 0 else 'ahead of'} {host}"
    do = "Have this computer's clock set by the network (on Linux: timedatectl set-ntp true)"
    if abs(ahead) > TOO_FAR:
        return wrong(CLOCK, f"{apart}: signatures are refused", do)
    if abs(ahead) > DOUBTFUL:
        return unsure(CLOCK, apart, do)
    return ok(CLOCK, f"within a minute of {host}")


def _authority(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
