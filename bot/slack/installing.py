"""The app installed in a workspace by its own administrators: Slack's OAuth, from page to token."""

from __future__ import annotations

import hmac
import logging
import re
import secrets
from base64 import b64encode
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web
from slack_sdk.oauth import AuthorizeUrlGenerator

from bot.communities import BeingErased, Installation, Installations, admitted
from bot.delivery import ChannelRefused, MaybeSent, NotSent
from bot.page_headers import safe_headers
from bot.sealing import Broken, Seal
from bot.slack import install_pages as pages
from bot.slack.install_pages import Page
from bot.slack.manifest import INSTALLED_AT, REDIRECTED_TO, permissions
from bot.slack.posting import Refused, told
from bot.slack.sign_in import Unreachable, identity
from bot.slack.workspaces import Line

COOKIE, WITHIN = "outcomes_install", 600  # seconds from the page to the workspace
MOST, EACH = 30, 60.0  # codes that are taken to Slack, at most, in so many seconds
_PURPOSE = "state of an installation"
_CODE = re.compile("[A-Za-z0-9._-]{1,255}")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OAuth:
    """What installing takes: the app's own id and secret, where we are reached, the communities
    that may, where installations are kept, and what seals a state until it is used."""

    client_id: str
    client_secret: str = field(repr=False)
    address: str
    allowed: Collection[str]
    installations: Installations
    seal: Seal

    @property
    def install_url(self) -> str:
        return self.address + INSTALLED_AT

    @property
    def redirect_url(self) -> str:
        return self.address + REDIRECTED_TO


class _Unwanted(Exception):
    """Why a token that Slack gave is not kept: a page that says so, and the workspaces and
    organisations that it may be of."""

    def __init__(self, page: Page, *of: str) -> None:
        super().__init__(page.title)
        self.page, self.of = page, of


class Installing:
    """Both pages. A state is good once, in the browser that it was given to."""

    def __init__(self, oauth: OAuth) -> None:
        self._oauth = oauth
        self._line: Line | None = None
        self._installed: Callable[[str], Awaitable[None]]
        self._lately = deque[float](maxlen=MOST)

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        return [web.get(INSTALLED_AT, self._offered), web.get(REDIRECTED_TO, self._back)]

    def start(self, line: Line, installed: Callable[[str], Awaitable[None]]) -> None:
        """From here on Slack can be asked; `installed` is told of every installation. Raises
        ChannelRefused where it is not known what to ask for."""
        if permissions() is None:
            raise ChannelRefused(
                "Slack: manifest.json is not beside the program, so it is not known which"
                " permissions to ask for: run it in the project's folder"
            )
        self._line, self._installed = line, installed

    def stop(self) -> None:
        """Install nowhere any more."""
        self._line = None

    async def _offered(self, _: web.Request) -> web.Response:
        state = secrets.token_urlsafe(32)
        asking = AuthorizeUrlGenerator(
            client_id=self._oauth.client_id,
            scopes=permissions() or [],
            redirect_uri=self._oauth.redirect_url,
        )
        response = _sent(pages.offer(asking.generate(state)))
        response.set_cookie(
            COOKIE,
            self._oauth.seal.seal(state, _PURPOSE),
            max_age=WITHIN,
            path="/slack",
            secure=self._oauth.address.startswith("https:"),
            httponly=True,
            samesite="Lax",  # Slack leads back here
        )
        return response

    async def _back(self, request: web.Request) -> web.Response:
        """Slack leads whoever decided back here."""
        if self._line is None:
            return web.Response(status=503)
        response = _sent(await self._decided(self._line, request))
        response.del_cookie(COOKIE, path="/slack")
        return response

    async def _decided(self, line: Line, request: web.Request) -> Page:
        try:
            state, code = request.query.get("state", ""), request.query.get("code", "")
            if not self._ours(state, request.cookies.get(COOKIE)):
                return pages.STALE
            if error := request.query.get("error"):
                return pages.DECLINED if error == "access_denied" else pages.FAILED
            if not _CODE.fullmatch(code):
                return pages.STALE
            if self._busy(line.clock()):  # anybody is given a state, and comes as far as this
                return pages.BUSY
            if not await self._oauth.installations.first_use(state):
                return pages.STALE
            return await self._taken(line, await self._exchanged(line, code))
        except (Refused, NotSent, MaybeSent, Unreachable, ChannelRefused) as error:
            word = type(error).__name__ if isinstance(error, ChannelRefused) else error
            _log.warning("Slack: an installation failed: %s", word)
            return pages.FAILED
        except Exception as error:  # the database, for one; the page says what to do
            _log.error("Slack: an installation could not be kept: %s", type(error).__name__)
            return pages.NOT_KEPT

    def _ours(self, state: str, cookie: str | None) -> bool:
        """Whether this browser was given the state, lately."""
        try:
            kept = self._oauth.seal.open(cookie or "", _PURPOSE, within=WITHIN)
        except Broken:
            return False
        return hmac.compare_digest(kept.encode(), state.encode())

    def _busy(self, now: float) -> bool:
        if len(self._lately) == MOST and now - self._lately[0] < EACH:
            return True
        self._lately.append(now)
        return False

    async def _exchanged(self, line: Line, code: str) -> Mapping[str, Any]:
        """Raises Refused, NotSent or MaybeSent."""
        # The library's own method proves who we are by what aiohttp calls deprecated.
        proof = b64encode(f"{self._oauth.client_id}:{self._oauth.client_secret}".encode()).decode()
        given = {"code": code, "redirect_uri": self._oauth.redirect_url}
        headers = {"Authorization": f"Basic {proof}"}
        asking = line.client("").api_call("oauth.v2.access", data=given, headers=headers)
        answer = await told(asking)
        found: Mapping[str, Any] = answer.data if isinstance(answer.data, dict) else {}
        return found

    async def _taken(self, line: Line, given: Mapping[str, Any]) -> Page:
        """The token kept; or nothing kept, and it is given back to Slack where it is nobody's."""
        token = str(given.get("access_token") or "")
        if not token or given.get("token_type") != "bot":
            return pages.FAILED
        try:
            found = await self._judged(line, given, token)
            await self._kept(found)
        except _Unwanted as unwanted:
            _log.warning("Slack: an installation was refused: %s", unwanted)
            said = await self._ended(line, token, unwanted.of)
            return replace(unwanted.page, paragraphs=(*unwanted.page.paragraphs, said))
        await self._installed(found.community)
        _log.info("Slack: the app was installed in a workspace")
        return pages.installed(found.name)

    async def _judged(self, line: Line, given: Mapping[str, Any], token: str) -> Installation:
        """Raises _Unwanted; Unreachable or ChannelRefused where the token does not prove itself."""
        team, organisation = _id(given.get("team")), _id(given.get("enterprise"))
        if given.get("is_enterprise_install") or not team:
            raise _Unwanted(pages.WHOLE_ORGANISATION, team, organisation)
        if given.get("refresh_token") or given.get("expires_in"):
            raise _Unwanted(pages.ROTATING, team)
        if not admitted(self._oauth.allowed, team, organisation):
            raise _Unwanted(pages.not_named(team), team)
        who = await identity(line.client(token))
        if who.team != team:
            raise _Unwanted(pages.FAILED, team, who.team)
        about = who.bot, who.name, who.workspace, who.site, organisation
        return Installation(team, who.user, *about, token)

    async def _kept(self, found: Installation) -> None:
        try:
            await self._oauth.installations.keep(found)
        except BeingErased:
            raise _Unwanted(pages.BEING_ERASED, found.community) from None

    async def _ended(self, line: Line, token: str, of: Collection[str]) -> str:
        """Revoked, so that it is of no use to anybody; what is said of that. Where the app is
        installed already Slack gives its token again: to revoke that would take the app out."""
        listed = await self._oauth.installations.listed()
        if any(admitted(of, one.community, one.organisation) for one in listed):
            return pages.AS_BEFORE
        try:
            await told(line.client(token).auth_revoke())
        except Exception as error:
            word = str(error) if isinstance(error, Refused) else type(error).__name__
            _log.error("Slack: a token that is not wanted could not be revoked: %s", word)
            return pages.STILL_ALLOWED
        return pages.TAKEN_BACK


def _id(about: object) -> str:
    found = about.get("id") if isinstance(about, dict) else None
    return found if isinstance(found, str) else ""


def _sent(page: Page) -> web.Response:
    html = page.html()
    headers = safe_headers(html, "no-store")
    return web.Response(
        text=html, status=page.status, content_type="text/html", charset="utf-8", headers=headers
    )
