"""Teams: what it posts to us, and the way back. Everything of botbuilder's stays in this folder."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from aiohttp import ClientSession, TCPConnector, web
from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity

from bot.conversation import Command, Origin, Reply
from bot.delivery import ChannelRefused, Heard, Reception, Stream
from bot.failures import log_failure, new_reference
from bot.tasks import Tasks
from bot.teams.activities import (
    CHANNEL,
    PLATFORM,
    Malformed,
    heard,
    is_us,
    origin,
    read_body,
    room,
)
from bot.teams.activities import as_activity as as_received
from bot.teams.adapter import ChannelAdapter, Connector
from bot.teams.addresses import tenant
from bot.teams.files import Fetch, Files, Upload, uploads
from bot.teams.invokes import Invokes
from bot.teams.posting import Posting
from bot.teams.publishing import LONGEST_WAIT, Pace, Publishing
from bot.teams.streaming import Streams
from bot.teams.tokens import (
    METADATA,
    Check,
    Keys,
    KeysUnavailable,
    OwnToken,
    TokenRefused,
    TokenUnavailable,
    Unauthorised,
)

WITH_FILES = ("suggest-case",)  # commands that a file may come with
FILES_WITHIN = 5.0  # seconds that files being fetched have when we stop
TELL_EVERY = 60.0  # seconds between lines in the log about what was refused

_log = logging.getLogger(__name__)


class Officers(TeamsActivityHandler):  # type: ignore[misc]  # botbuilder ships no types
    """One activity to what hears it. Only an invoke is answered within its turn."""

    def __init__(self, reception: Reception, fetch: Fetch) -> None:
        """`fetch` gets the files that came with a message."""
        super().__init__()
        self._reception, self._invokes = reception, Invokes(reception)
        self._fetch, self._fetching = fetch, Tasks()

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        said, wanted = heard(turn_context.activity), uploads(turn_context.activity)
        command = said.request if said and isinstance(said.request, Command) else None
        if said and wanted and command and command.name in WITH_FILES:
            self._fetching.begin(self._with_files(said, command, wanted))
        elif said:
            await self._reception.accept(said)

    async def _with_files(self, said: Heard, command: Command, wanted: Sequence[Upload]) -> None:
        """Answered at once, as the files' addresses last for minutes only."""
        files = await self._fetch(wanted)
        reply = await self._reception.now(replace(command, files=files))
        self._reception.post(said, reply)

    async def finish(self) -> None:
        """Wait for files that are being fetched."""
        await self._fetching.finish(FILES_WITHIN)

    async def on_installation_update_add(self, turn_context: TurnContext) -> None:
        await self._reception.joined(room(turn_context.activity))

    async def on_installation_update_remove(self, turn_context: TurnContext) -> None:
        await self._left(turn_context.activity)

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        """The bot added or taken away; botbuilder's own would look up every other member."""
        activity = turn_context.activity
        if is_us(activity, activity.members_added):
            await self._reception.joined(room(activity))
        if is_us(activity, activity.members_removed):
            await self._left(activity)

    async def _left(self, activity: Activity) -> None:
        there = origin(activity)
        await self._reception.left(there.community, there.channel)

    async def on_message_update_activity(self, turn_context: TurnContext) -> None:
        """An edited question was answered as it was first asked."""

    async def on_message_delete_activity(self, turn_context: TurnContext) -> None:
        """Nothing is kept that names its message."""

    async def on_event_activity(self, turn_context: TurnContext) -> None:
        """Read receipts and meetings do not concern us."""

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        return await self._invokes.answer(turn_context.activity)


class Refusals:
    """Says in the log why activities are refused, but not for every one: anybody can send them."""

    def __init__(self, tick: Callable[[], float] = time.monotonic) -> None:
        self._tick, self._told, self._untold = tick, float("-inf"), 0

    def tell(self, error: Unauthorised) -> None:
        self._untold += 1
        if self._tick() - self._told >= TELL_EVERY:
            _log.warning("Refused %d activities, the last: %s", self._untold, error)
            self._told, self._untold = self._tick(), 0


class TeamsChannel:
    """One Azure Bot: `POST /api/messages` in, its connector out. See `bot.platforms.Platform`."""

    name = PLATFORM
    rates_by_message: Literal[True] = True

    def __init__(
        self,
        reception: Reception,
        *,
        app_id: str,
        password: str,
        tenant_id: str,
        openid_metadata: str = "",
        dev: bool = False,
        tenants: Collection[str] = (),
        tick: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Made inside the running loop. With `dev` it talks to peers on this computer only, and
        to them without a token. Where `tenants` are named, what comes from any other is refused.
        By `tick` and `pause` it keeps to Teams' pace."""
        local = dev and (bool(openid_metadata) or not app_id)
        self._app_id, self._tenants = app_id, frozenset(tenants)
        # Councils sit behind proxies. No limit: what waits here would seem sent and unanswered.
        self._session = ClientSession(connector=TCPConnector(limit=0), trust_env=not local)
        self._token = None if local else OwnToken(app_id, password, tenant_id)
        self._check = Check(Keys(self._session, openid_metadata or METADATA), app_id)
        self._connector = Connector(self._session, self._token, local=local)
        self._adapter = ChannelAdapter(self._connector)
        self._posting = Posting(self._adapter, self._connector)
        self._streams = Streams(self._adapter, self._posting, tick, pause)
        patient = Connector(self._session, self._token, local=local, longest_wait=LONGEST_WAIT)
        self._publishing = Publishing(patient, Pace(tick, pause))
        self._officers = Officers(reception, Files(self._session, local=local).fetch)
        self._refusals = Refusals()
        self._stopped = False

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        return [web.post("/api/messages", self._posted)]

    async def start(self) -> str:
        """Raises ChannelRefused where Microsoft will not have these credentials."""
        if not self._app_id:
            return "Teams: served at /api/messages without authentication, for tests only"
        if self._token:
            try:
                await self._token()
            except TokenRefused as error:
                raise ChannelRefused(f"Teams: {error}") from error
            except TokenUnavailable as error:
                return f"Teams: served at /api/messages, but {error}; it is tried again"
        return f"Teams: served at /api/messages for the app {self._app_id}"

    async def stop(self) -> None:
        """Hear no more: Teams tries again elsewhere or later."""
        self._stopped = True

    async def close(self) -> None:
        await self._officers.finish()
        await self._streams.close()
        await self._session.close()

    async def administers(self, origin: Origin) -> bool:
        """Never: Teams does not tell bots, and the register that does wants a permission that
        reads of everybody. OUTCOMES_ADMINS names them."""
        return False

    async def working(self, address: str) -> None:
        await self._posting.working(address)

    async def send(self, address: str, reply: Reply) -> str:
        return await self._posting.send(address, reply)

    async def begin(self, address: str) -> Stream | None:
        """In a chat of two, one at a time; see `delivery.Streaming`."""
        return self._streams.begin(address)

    @property
    def communities(self) -> None:
        """The tenant may be set by its name, and activities tell its id: not known."""

    async def publish(self, place: str, reply: Reply, key: str) -> None:
        """Teams keeps no marks, so the `key` goes nowhere."""
        await self._publishing.publish(place, reply)

    async def published(self, place: str, key: str, since: datetime) -> bool | None:
        """Never known: what stands in a channel can be read only with a permission for that."""
        return None

    async def hindrance(self, place: str) -> str:
        """Never known before it is tried."""
        return ""

    async def _posted(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return web.Response(status=refused)
        try:
            return await self._taken(await request.read(), request.headers.get("Authorization", ""))
        except (web.HTTPException, web.RequestPayloadError, ConnectionResetError):
            raise  # a body that is too long, or did not arrive whole: see `doorway`
        except Exception as error:
            log_failure(error, new_reference())
            return web.Response(status=500)

    def _refused(self, request: web.Request) -> int:
        """The status of what is not even read, or 0."""
        if self._stopped:
            return 503
        if self._app_id and len(request.headers.getall("Authorization", [])) != 1:
            return 401
        return 0 if request.content_type == "application/json" else 415

    async def _taken(self, body: bytes, header: str) -> web.Response:
        """401 for what does not prove itself, 403 for a tenant that is not served, 400 for what
        cannot be read; no words in the log."""
        try:
            said = read_body(body)
            await self._admit(said["channelId"], said["serviceUrl"], header)
            activity = as_received(said)
        except Malformed as error:
            return web.Response(status=400, text=str(error))
        except Unauthorised as error:
            self._refusals.tell(error)
            return web.Response(status=401)
        except KeysUnavailable:
            return web.Response(status=503)
        if self._tenants and tenant(activity) not in self._tenants:
            self._refusals.tell(Unauthorised("OUTCOMES_COMMUNITIES does not name its tenant"))
            return web.Response(status=403)
        return await self._heard(activity)

    async def _admit(self, channel: str, service_url: str, header: str) -> None:
        if channel != CHANNEL:
            raise Malformed("only Teams is served here")
        if self._app_id:
            await self._check(header, channel, service_url)
        if not self._connector.trusts(service_url):
            raise Unauthorised("its serviceUrl is not one that may be posted to")

    async def _heard(self, activity: Activity) -> web.Response:
        answer = await self._adapter.hear(activity, self._officers.on_turn)
        if answer is None:
            return web.Response(status=200)
        return web.json_response(answer.body, status=answer.status)
