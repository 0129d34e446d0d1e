"""Many workspaces in the Slack played here, each with a token of its own, and the app installed in
them. A token that is used for what is another's is refused, and that is kept to be told."""

from __future__ import annotations

import base64
import html
import itertools
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import ClientSession

from bot.rehearsal.slack_payloads import Json

CLIENT_ID, CLIENT_SECRET = "1234567890.9876543210", "client-secret-example"
EXCHANGE, REVOKE = "oauth.v2.access", "auth.revoke"
_LINK = re.compile(r'href="(https://slack\.com/oauth/v2/authorize\?[^"]+)"')
_PLACES = ("channel", "channel_id", "user", "user_id", "recipient_user_id")


@dataclass
class Workspace:
    """One workspace. `token` is "" until the app was installed there. A chat of the bot with one
    of its `people` is a channel of its own."""

    team: str
    name: str
    organisation: str = ""
    channels: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    token: str = ""

    @property
    def bot(self) -> str:
        """The bot's user id there."""
        return f"U{self.team[1:]}BOT"

    @property
    def bot_id(self) -> str:
        return f"B{self.team[1:]}BOT"

    def has(self, place: str) -> bool:
        """Whether a channel, a chat or a person is of this workspace."""
        chats = {f"D{person[1:]}" for person in self.people}
        return place in self.channels | self.people | chats | {self.bot}


@dataclass(frozen=True, slots=True)
class Visited:
    """What a browser was shown at the end, and the state and cookie that it went with."""

    status: int
    page: str
    state: str
    cookie: str
    headers: Mapping[str, str]


@dataclass
class Workspaces:
    """Those that there are, by team. `foreign` is what was tried with another's token: the team
    that the token is of, the method, and what is not its own."""

    known: dict[str, Workspace] = field(default_factory=dict)
    foreign: list[tuple[str, str, str]] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)  # teams, as often as a token was given back
    more: Json = field(default_factory=dict)  # what else Slack says when it gives a token
    tell: Callable[[Json], Awaitable[object]] | None = None  # an event brought to the bot
    now: Callable[[], float] = time.time
    _untold: list[str] = field(default_factory=list)  # teams whose bot's token was revoked
    _codes: dict[str, str] = field(default_factory=dict)
    _triggers: dict[str, str] = field(default_factory=dict)
    _numbers: Iterable[int] = field(default_factory=lambda: itertools.count(1))

    def add(
        self,
        team: str,
        *,
        channels: Iterable[str] = (),
        people: Iterable[str] = (),
        organisation: str = "",
    ) -> Workspace:
        """A workspace in which the app is not installed yet."""
        made = Workspace(team, f"Council {team}", organisation, set(channels), set(people))
        self.known[team] = made
        return made

    def of(self, authorization: str) -> Workspace | None:
        """The workspace whose token is shown."""
        shown = authorization.removeprefix("Bearer ")
        return next((one for one in self.known.values() if one.token and one.token == shown), None)

    def heard(self, body: Mapping[str, Any]) -> None:
        """Where something was done that a form may be opened for."""
        team = body.get("team_id") or (body.get("team") or {}).get("id", "")
        if trigger := body.get("trigger_id"):
            self._triggers[trigger] = team

    def refused(self, method: str, arguments: Json, authorization: str) -> str:
        """Slack's word for a token that is of no use here; "" for one that may."""
        if method == EXCHANGE:
            return self._unexchanged(arguments, authorization)
        here = self.of(authorization)
        if here is None:
            return "invalid_auth"
        places = [str(arguments[one]) for one in _PLACES if arguments.get(one)]
        places += str(arguments.get("users") or "").split(",") if arguments.get("users") else []
        others = [one for one in places if not here.has(one)]
        if self._triggers.get(str(arguments.get("trigger_id", "")), here.team) != here.team:
            others.append("trigger")
        self.foreign += [(here.team, method, one) for one in others]
        return "channel_not_found" if others else ""

    def done(self, method: str, arguments: Json, authorization: str) -> Json | None:
        """What is answered to what concerns tokens; None for anything else."""
        here = self.of(authorization)
        if method == EXCHANGE:
            return self._exchanged(self.known[self._codes.pop(arguments["code"])])
        if here and method == REVOKE:
            here.token = ""
            self.revoked.append(here.team)
            self._untold.append(here.team)
            return {"revoked": True}
        if here and method == "auth.test":
            return _about(here)
        return None

    def token(self, team: str) -> str:
        """A new one, as if the app had been installed there."""
        self.known[team].token = f"xoxb-{team.lower()}-{next(iter(self._numbers))}-canary"
        return self.known[team].token

    def code(self, team: str) -> str:
        """What Slack hands out for a token, once, when permission is given in a workspace."""
        code = f"code-{next(iter(self._numbers))}"
        self._codes[code] = team
        return code

    async def install(self, session: ClientSession, base: str, team: str) -> Visited:
        """Go the whole way in one browser; `base` is the bot's address."""
        begun = await self.begin(session, base)
        return await self.end(session, base, begun, code=self.code(team))

    async def begin(self, session: ClientSession, base: str) -> Visited:
        """Open the first page, and go on to Slack."""
        async with session.get(f"{base}/slack/install") as answer:
            page = await answer.text()
            cookie = "; ".join(f"{one.key}={one.value}" for one in answer.cookies.values())
            link = _LINK.search(page)
            assert link, "no way on to Slack"
            asked = parse_qs(urlsplit(html.unescape(link[1])).query)
            assert asked["client_id"] == [CLIENT_ID]
            assert asked["redirect_uri"] == [f"{base}/slack/oauth_redirect"]
            assert "chat:write" in asked["scope"][0].split(",")
            return Visited(answer.status, page, asked["state"][0], cookie, dict(answer.headers))

    async def end(self, session: ClientSession, base: str, begun: Visited, **query: str) -> Visited:
        """Slack leads back to the bot, with a code or an error."""
        asked = {"state": begun.state, **query}
        url, cookie = f"{base}/slack/oauth_redirect", {"Cookie": begun.cookie}
        async with session.get(url, params=asked, headers=cookie) as answer:
            page = await answer.text()
            ended = Visited(answer.status, page, begun.state, begun.cookie, dict(answer.headers))
        while self._untold and self.tell:  # Slack tells of tokens that were revoked
            await self.tell(taken_out(self._untold.pop(), self.now(), "tokens_revoked"))
        return ended

    def _unexchanged(self, arguments: Json, authorization: str) -> str:
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if authorization != f"Basic {basic}":
            return "bad_client_secret"
        return "" if arguments.get("code") in self._codes else "invalid_code"

    def _exchanged(self, here: Workspace) -> Json:
        """A token; the same again where the app is there already, as with Slack."""
        token = here.token or self.token(here.team)
        organisation = {"id": here.organisation, "name": "Org"} if here.organisation else None
        return {
            "app_id": "A0OUTCOMES",
            "authed_user": {"id": "U0INSTALLER"},
            "scope": "app_mentions:read,chat:write",
            "token_type": "bot",
            "access_token": token,
            "bot_user_id": here.bot,
            "team": {"id": here.team, "name": here.name},
            "enterprise": organisation,
            "is_enterprise_install": False,
            **self.more,
        }


def _about(here: Workspace) -> Json:
    return {
        "url": f"https://{here.team.lower()}.slack.com/",
        "team": here.name,
        "user": "outcomes",
        "team_id": here.team,
        "user_id": here.bot,
        "bot_id": here.bot_id,
        "enterprise_id": here.organisation or None,
    }


def taken_out(team: str, at: float, kind: str = "app_uninstalled") -> Json:
    """The app is taken out of a workspace, as Slack tells of it."""
    event: Json = {"type": kind}
    if kind == "tokens_revoked":
        event["tokens"] = {"oauth": [], "bot": [f"U{team[1:]}BOT"]}
    return {
        "token": "unused",
        "team_id": team,
        "api_app_id": "A0OUTCOMES",
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{kind}{team}{at}",
        "event_time": int(at),
    }
