"""How Slack's events, commands, buttons and forms come in, over HTTP or by Socket Mode."""

from __future__ import annotations

import json
import logging
import re
from traceback import walk_tb
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import Heard, Reception
from bot.failures import log_failure, new_reference
from bot.slack import events, visits
from bot.slack.forms import Acknowledge, Forms
from bot.slack.home import Homes
from bot.slack.library_log import silent
from bot.slack.payloads import installed_in
from bot.slack.uninstalls import taken_out
from bot.slack.workspaces import NotServed, Workspace, Workspaces

_ANY = re.compile(".*")
_MOST_KNOWN = 10_000  # channels
# What the library stumbles over in a payload that is not shaped as Slack shapes it.
_UNREADABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)

_log = logging.getLogger(__name__)
_Json = dict[str, Any]


class Intake:
    """Hands on what is heard in the `workspaces` that are served, and nothing of any other; the
    Home tab is shown by `homes`."""

    def __init__(
        self,
        reception: Reception,
        signing_secret: str,
        workspaces: Workspaces,
        homes: Homes,
    ) -> None:
        self._reception, self._secret, self._homes = reception, signing_secret, homes
        self._workspaces, self._forms = workspaces, Forms(reception, workspaces)
        # Of a community's channels: as Slack last told it. One that is shared may be open in one
        # workspace and closed in the other.
        self._public: dict[tuple[str, str], bool] = {}
        self._told: set[str] = set()  # why something was left unanswered
        self._app = AsyncApp(
            name="outcomes",
            logger=silent,
            client=AsyncWebClient(logger=silent),
            # By itself it would ask Slack at the first event, and acknowledge that one late.
            authorize=_authorised,
            signing_secret=signing_secret,
            # What is accepted is stored before Slack is told so.
            process_before_response=True,
            # What nobody listens to would be logged with its words; see `_failed`.
            raise_error_for_unhandled_request=True,
            ignoring_self_events_enabled=False,  # `events` knows the bot's own
            attaching_conversation_kwargs_enabled=False,
        )
        self._app.event(_ANY)(self._event)
        self._app.command(_ANY)(self._command)
        self._app.action(_ANY)(self._action)
        self._app.shortcut(_ANY)(self._shortcut)
        self._app.view_submission(_ANY)(self._submission)
        self._app.error(self._failed)

    async def request(self, request: web.Request) -> web.Response:
        """What Slack posts, if it is Slack who posts it."""
        if not self._signed(request, await request.read()):
            return web.json_response({"error": "invalid request"}, status=401)
        try:
            response = await self._app.async_dispatch(await to_bolt_request(request))
        except _UNREADABLE as error:
            _log.warning("Slack sent what cannot be read (%s)", type(error).__name__)
            return web.json_response({"error": "bad request"}, status=400)
        return await to_aiohttp_response(response)

    def _signed(self, request: web.Request, body: bytes) -> bool:
        """Looked at before anything is parsed; the library looks again at what it is given."""
        at = request.headers.get("X-Slack-Request-Timestamp", "")
        if not re.fullmatch("[0-9]{1,12}", at):  # the library takes other digits, and falls over
            return False
        try:
            signature = request.headers.get("X-Slack-Signature")
            return SignatureVerifier(self._secret).is_valid(body, at, signature)
        except (TypeError, ValueError):
            return False

    async def envelope(self, envelope: _Json) -> _Json | None:
        """What comes by Socket Mode, and its acknowledgement; None where there must be none."""
        request = SocketModeRequest.from_dict(envelope)
        if request is None:
            return None
        try:
            response: BoltResponse = await run_async_bolt_app(self._app, request)
        except _UNREADABLE:
            response = BoltResponse(status=200, body="")
        if response.status != 200:
            return None
        payload = json.loads(response.body) if response.body.startswith("{") else None
        return {"envelope_id": request.envelope_id, **({"payload": payload} if payload else {})}

    async def finish(self) -> None:
        """Wait for forms that are about to open."""
        await self._forms.finish()

    async def _event(self, body: _Json) -> None:
        if gone := taken_out(body):
            await self._workspaces.left(*gone)
        elif here := await self._here(body):
            await self._said(body, here)

    async def _said(self, body: _Json, here: Workspace) -> None:
        if visit := visits.opened(body):
            self._homes.visited(visit)
            return
        channel, public = events.told_public(body)
        name = installed_in(body), channel
        if public is not None:
            self._public[name] = public
            if len(self._public) > _MOST_KNOWN:
                del self._public[next(iter(self._public))]
        known = self._public.get(name, False)
        if heard := events.said(body, here.own, here.site, public=known):
            await self._reception.accept(heard)

    async def _command(self, body: _Json, ack: Acknowledge) -> None:
        if here := await self._here(body):
            await self._take(events.commanded(body, here.site), body)
        await ack()

    async def _action(self, body: _Json, ack: Acknowledge) -> None:
        here = await self._here(body)
        at_home = visits.pressed(body) if here else None
        if here:
            await self._take(at_home or events.pressed(body, here.site), body)
        await ack()
        # What is posted shows it anew; in the place of a form it may be said that it is gone.
        if at_home and events.asks_for_form(at_home):
            self._homes.show(at_home.request.origin)

    async def _shortcut(self, body: _Json, ack: Acknowledge) -> None:
        if here := await self._here(body):
            await self._take(events.marked(body, here.own, here.site), body)
        await ack()

    async def _take(self, heard: Heard | None, body: _Json) -> None:
        """A form can only be opened at once, so there is no use in storing what asks for one."""
        if heard and events.asks_for_form(heard):
            self._forms.open(heard, str(body.get("trigger_id", "")))
        elif heard:
            await self._reception.accept(heard)

    async def _submission(self, body: _Json, ack: Acknowledge) -> None:
        here = await self._here(body)
        heard = events.submitted(body, here.site) if here else None
        uploads = events.attached(body)
        if heard and uploads:
            view = str((body.get("view") or {}).get("id", ""))
            await self._forms.submit_with(heard, view, uploads, ack)
        elif heard:
            await self._forms.submit(heard, events.inputs(body), ack)
        else:
            await ack()

    async def _here(self, body: _Json) -> Workspace | None:
        """The workspace that it is about; None where that is not served. Of which nothing is
        kept, so why is logged once, and not of whom."""
        try:
            return await self._workspaces.of(installed_in(body))
        except NotServed as reason:
            if str(reason) not in self._told:
                self._told.add(str(reason))
                _log.warning("Slack: a workspace gets no answers (told once): %s", reason)
            return None

    async def _failed(self, error: Exception) -> BoltResponse:
        """Whatever else Slack sends is acknowledged; a failure is not, so that it comes again."""
        if isinstance(error, BoltUnhandledRequestError):
            return BoltResponse(status=200, body="")
        if isinstance(error, _UNREADABLE) and not _ours(error):
            _log.warning("Slack sent what cannot be read (%s)", type(error).__name__)
        else:
            log_failure(error, new_reference())
        return BoltResponse(status=400 if isinstance(error, _UNREADABLE) else 500, body="")


def _ours(error: Exception) -> bool:
    """Whether our own code fell over it, and not the library's alone."""
    frames = (frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__))
    return any(name.startswith("bot.") for name in frames)


async def _authorised() -> AuthorizeResult:
    """Nothing here needs the token; what is posted is posted by `posting`."""
    return AuthorizeResult(enterprise_id=None, team_id=None)
