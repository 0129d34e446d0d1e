"""Whether what Azure gave the administrator works, for `outcomes doctor`."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from bot.checks import (
    WITHIN,
    Finding,
    Probe,
    Unanswered,
    looked_for,
    ok,
    unanswered,
    unexpected,
    unset,
    unsure,
    wrong,
)
from bot.teams.activities import CHANNEL
from bot.teams.tokens import LOGIN, METADATA, OwnToken, TokenRefused, TokenUnavailable

APP, SECRET, TENANT = "Teams app id", "Teams client secret", "Teams tenant id"
SIGN_IN, KEYS, ENDPOINT = "Teams sign-in", "Microsoft's keys", "Teams messages"

_GUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
_SECRET = re.compile("[!-~]+")  # what can be seen of ASCII
_MANY = ("common", "organizations", "consumers")
_PAGE = "the Configuration page of your Azure Bot at https://portal.azure.com"
_COPY_SECRET = (
    f"On {_PAGE} choose Manage Password, New client secret, and copy its Value, not the Secret ID,"
    " into MICROSOFT_APP_PASSWORD"
)
# Microsoft's words for why it gives no token, and what to do.
_REFUSALS = {
    "invalid_client": _COPY_SECRET + "; the old one may be past its end date",
    "unauthorized_client": f"Copy Microsoft App ID and App Tenant ID from {_PAGE}: Microsoft knows"
    " no such app in this tenant",
}


@dataclass(frozen=True, slots=True)
class Given:
    """What is set. `metadata` is for peers on this computer; `address` is where we are reached
    from outside, "" if that is not said, and `port` ours. `http_client` is MSAL's own."""

    app_id: str
    password: str = field(repr=False)
    tenant_id: str
    metadata: str
    address: str
    port: int
    http_client: object | None = None


async def checks(probe: Probe, given: Given) -> list[Finding]:
    """All of it, in the order in which it is set up."""
    if not given.app_id:
        return [unset(APP, "Teams is served without authentication, for tests only")]
    shapes = _shapes(given)
    asked = await asyncio.gather(
        looked_for(SIGN_IN, _listed(sign_in(given, whole=not shapes))),
        looked_for(KEYS, _listed(_keys(probe, given))),
        looked_for(ENDPOINT, _listed(_called(probe, given))),
    )
    return [*shapes, *(one for found in asked for one in found)]


async def _listed(looking: Awaitable[Finding]) -> list[Finding]:
    return [await looking]


def _shapes(given: Given) -> list[Finding]:
    """What is wrong at first sight; then Microsoft is not asked for a token."""
    found = []
    if not _GUID.fullmatch(given.app_id):
        what = "MICROSOFT_APP_ID is not an id: 32 digits and letters in five groups"
        found.append(wrong(APP, what, f"Copy Microsoft App ID from {_PAGE}"))
    if _GUID.fullmatch(given.password):
        what = "MICROSOFT_APP_PASSWORD is the secret's id, not the secret"
        found.append(wrong(SECRET, what, _COPY_SECRET))
    elif given.password and not _SECRET.fullmatch(given.password):
        what = "MICROSOFT_APP_PASSWORD has a space, a line break or a character that no secret has"
        found.append(wrong(SECRET, what, _COPY_SECRET))
    tenant = given.tenant_id
    if tenant and tenant.lower() in _MANY:
        what = "MICROSOFT_APP_TENANT_ID stands for many tenants, and the bot belongs to one"
        found.append(wrong(TENANT, what, f"Copy App Tenant ID from {_PAGE}"))
    elif tenant and not (_GUID.fullmatch(tenant) or _DOMAIN.fullmatch(tenant)):
        what = "MICROSOFT_APP_TENANT_ID is neither an id nor a name such as council.example"
        found.append(wrong(TENANT, what, f"Copy App Tenant ID from {_PAGE}"))
    return found


async def sign_in(given: Given, *, whole: bool) -> Finding:
    """Whether Microsoft gives us a token, as it must before anything can be posted."""
    if given.metadata:
        return unset(SIGN_IN, "no token is asked for: peers on this computer want none")
    if not whole:
        return unsure(SIGN_IN, "not asked for a token before the above is put right")
    own = OwnToken(given.app_id, given.password, given.tenant_id, given.http_client)
    try:
        async with asyncio.timeout(2 * WITHIN):
            await own()
    except TokenRefused as error:
        known = (do for word, do in _REFUSALS.items() if word in str(error))
        reason = str(error).partition(":")[0]
        do = next(known, f"Compare all three values with {_PAGE}")
        return wrong(SIGN_IN, f"no token for the bot: {reason}", do)
    except (TokenUnavailable, TimeoutError) as error:
        reason = str(error) or "no answer in time"
        do = f"Let this computer reach {LOGIN}: look at DNS, firewall and HTTPS_PROXY"
        return wrong(SIGN_IN, f"no token for the bot: {reason}", do)
    return ok(SIGN_IN, "Microsoft gives the bot a token")


async def _keys(probe: Probe, given: Given) -> Finding:
    """Whether what comes from Microsoft could be checked."""
    address = given.metadata or METADATA
    do = f"Let this computer reach {address}: look at DNS, firewall and HTTPS_PROXY"
    try:
        document = await _json(probe, address)
        keys = (await _json(probe, str(document["jwks_uri"])))["keys"]
        known = [one for one in keys if CHANNEL in one.get("endorsements", ())]
    except Unanswered as error:
        return wrong(KEYS, f"not reached ({error.reason}): every message would be refused", do)
    except (ValueError, KeyError, TypeError, AttributeError):
        return wrong(KEYS, "the answer is not Microsoft's: every message would be refused", do)
    if not known:
        return wrong(KEYS, "there is none for Teams: every message would be refused", do)
    return ok(KEYS, f"{len(known)} for Teams are there")


async def _json(probe: Probe, address: str) -> dict[str, Any]:
    answer = await probe.ask("GET", address)
    if answer.status != 200:
        raise ValueError(answer.status)
    found: dict[str, Any] = json.loads(answer.body)
    return found


async def _called(probe: Probe, given: Given) -> Finding:
    """Whether a message that proves nothing reaches us, and is refused by us."""
    if not given.address:
        do = "Set OUTCOMES_ADDRESS to the https address that your proxy serves"
        return unsure(ENDPOINT, "our own address is not known", do)
    url = f"{given.address}/api/messages"
    try:
        answer = await probe.ask("POST", url, "{}", {"Content-Type": "application/json"})
    except Unanswered as error:
        return unanswered(url, error)
    if answer.status == 401 and "www-authenticate" not in answer.headers and not answer.body:
        return ok(ENDPOINT, f"{url} reaches the bot; it must be the messaging endpoint in Azure")
    if answer.status in (400, 415) or 200 <= answer.status < 300:
        what = f"{url} takes messages without a token of Microsoft's ({answer.status})"
        do = (
            "Look what answers there. If it is the bot, set MICROSOFT_APP_ID where it runs, take"
            " OUTCOMES_DEV away, and start it again"
        )
        return wrong(ENDPOINT, what, do)
    return unexpected(ENDPOINT, url, answer, given.port)
