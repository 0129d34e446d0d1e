"""Tokens: whether an activity comes from Microsoft, and our own for what is sent back.

botbuilder has both, but answers most bad tokens with 500, takes one that never ends, and fetches
keys and tokens inside the event loop without a time limit. So they are checked here with PyJWT
and fetched with aiohttp and, in a thread, MSAL.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Callable
from typing import Any

import jwt
from aiohttp import ClientError, ClientSession, ClientTimeout
from msal import ConfidentialClientApplication

METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
LOGIN = "https://login.microsoftonline.com"
ALGORITHMS = ("RS256", "RS384", "RS512")
LEEWAY = 300.0  # seconds that clocks may differ
KEYS_KEPT = 24 * 3600.0
LOOK_AGAIN = 60.0  # seconds before a key that is not known makes us look again
TRY_AGAIN = 5.0  # the same while there are no keys at all
FETCH_WITHIN = 5.0
TOKEN_WITHIN = 10.0
TOKEN_SPARE = 300.0  # seconds before its end that our own token is replaced

_log = logging.getLogger(__name__)
_Key = tuple[jwt.PyJWK, frozenset[str]]


class Unauthorised(Exception):
    """The activity does not prove where it comes from. The reason is for the log."""


class KeysUnavailable(Exception):
    """Nothing can be checked: the keys could not be fetched."""


class TokenRefused(Exception):
    """Microsoft will not give these credentials a token; says what to look at."""


class TokenUnavailable(Exception):
    """Microsoft's sign-in could not be reached."""


class Keys:
    """The keys Microsoft signs with, each with the channels it signs for; fetched when needed."""

    def __init__(
        self,
        session: ClientSession,
        metadata: str = METADATA,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session, self._metadata, self._tick = session, metadata, tick
        self._keys: dict[str, _Key] = {}
        self._fetched = self._looked = float("-inf")
        self._fetching = asyncio.Lock()

    async def find(self, kid: str) -> _Key | None:
        """The key of that id. Raises KeysUnavailable where none could ever be fetched."""
        if kid not in self._keys or self._stale():
            async with self._fetching:  # what is known and fresh does not wait for this
                pause = LOOK_AGAIN if self._keys else TRY_AGAIN
                if self._tick() - self._looked > pause:
                    await self._fetch()
        if not self._keys:
            raise KeysUnavailable
        return self._keys.get(kid)

    def _stale(self) -> bool:
        return self._tick() - self._fetched > KEYS_KEPT

    async def _fetch(self) -> None:
        """Take the new keys; where that fails the old ones stay, and it is tried again soon."""
        try:
            document = await self._json(self._metadata)
            found = await self._json(str(document["jwks_uri"]))
            self._keys = dict(filter(None, map(_key, found["keys"])))
            self._fetched = self._tick()
        except (ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("Microsoft's keys could not be fetched: %s", type(error).__name__)
        self._looked = self._tick()

    async def _json(self, url: str) -> dict[str, Any]:
        if self._metadata.startswith("https:") and not url.startswith("https:"):
            raise ValueError("the keys are not at an https address")
        limit = ClientTimeout(total=FETCH_WITHIN)
        async with self._session.get(url, timeout=limit, allow_redirects=False) as response:
            response.raise_for_status()
            found: dict[str, Any] = json.loads(await response.text())
            return found


def _key(source: dict[str, Any]) -> tuple[str, _Key] | None:
    """One key of the document; what cannot be used is left out."""
    try:
        return str(source["kid"]), (jwt.PyJWK(source), frozenset(source["endorsements"]))
    except (jwt.PyJWKError, KeyError, TypeError):
        return None


class Check:
    """Whether an activity was sent by Microsoft to this app."""

    def __init__(self, keys: Keys, app_id: str) -> None:
        self._keys, self._app_id = keys, app_id

    async def __call__(self, header: str, channel: str, service_url: str) -> None:
        """Raises Unauthorised, or KeysUnavailable where that cannot be known.

        The token must name the address that the reply will be sent to: otherwise an answer, and
        our own token with it, could be called to anywhere.
        """
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthorised("no bearer token")
        try:
            kid = str(jwt.get_unverified_header(token).get("kid", ""))
            found = await self._keys.find(kid)
            if found is None:
                raise Unauthorised("signed with a key that is not known")
            claims = self._claims(token, found[0])
        except jwt.InvalidTokenError as error:
            raise Unauthorised(type(error).__name__) from error
        if channel not in found[1]:
            raise Unauthorised("signed with a key of another channel")
        if str(claims.get("serviceurl", "")).rstrip("/") != service_url.rstrip("/"):
            raise Unauthorised("the token is for another serviceUrl")

    def _claims(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            audience=self._app_id,
            issuer=ISSUER,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud"], "strict_aud": True},
        )


class OwnToken:
    """Our own token for what is sent, renewed before it ends."""

    def __init__(
        self,
        app_id: str,
        password: str,
        tenant_id: str,
        http_client: object | None = None,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        """`http_client` is MSAL's own; one of `requests` where none is given."""
        self._app_id, self._password, self._tenant = app_id, password, tenant_id
        self._http_client, self._tick = http_client, tick
        self._token, self._ends = "", float("-inf")
        self._renewing = asyncio.Lock()

    async def __call__(self) -> str:
        """Raises TokenRefused or TokenUnavailable."""
        async with self._renewing:
            if self._tick() > self._ends - TOKEN_SPARE:
                await self._renew()
            return self._token

    def forget(self) -> None:
        """It was not taken: get another next time."""
        self._ends = float("-inf")

    async def _renew(self) -> None:
        now = self._tick()
        try:
            given = await asyncio.wait_for(asyncio.to_thread(self._ask), TOKEN_WITHIN)
        except (TimeoutError, OSError) as error:
            raise TokenUnavailable(f"{LOGIN} was not reached ({type(error).__name__})") from error
        except ValueError as error:  # MSAL's word for an unknown tenant, and for no JSON
            raise TokenUnavailable(
                f"{LOGIN} gave no proper answer: check MICROSOFT_APP_TENANT_ID, or your proxy"
            ) from error
        if "access_token" not in given:
            raise TokenRefused(
                f"Microsoft says {_word(given)}: check MICROSOFT_APP_ID, "
                "MICROSOFT_APP_PASSWORD (the secret's value, and that it has not expired) "
                "and MICROSOFT_APP_TENANT_ID"
            )
        self._token, self._ends = given["access_token"], now + float(given.get("expires_in", 0))

    def _ask(self) -> dict[str, Any]:
        """In a thread: MSAL waits for the network. It is made anew so that nothing is cached
        twice."""
        client = ConfidentialClientApplication(
            self._app_id,
            client_credential=self._password,
            authority=f"{LOGIN}/{self._tenant}",
            timeout=FETCH_WITHIN,
            http_client=self._http_client,
            instance_discovery=False,  # another request, to learn what LOGIN says already
        )
        given: dict[str, Any] = client.acquire_token_for_client([SCOPE])
        return given


def _word(given: dict[str, Any]) -> str:
    """Microsoft's word for what is wrong; nothing longer, which could repeat what was sent."""
    word = str(given.get("error", "no"))
    return word if re.fullmatch("[a-z0-9_]{1,60}", word) else "no"
