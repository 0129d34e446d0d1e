"""The one web application: the platforms, the local page, the health check and the counters."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial

from aiohttp import web

from bot.app import App
from bot.conversation import Handle
from bot.delivery import ChannelRefused, Publisher, Together
from bot.digest import Sender
from bot.doorway import doorway, strangers_log
from bot.failures import log_failure, new_reference
from bot.health import Health
from bot.hosts import LOOPBACK
from bot.inbox import Inbox
from bot.leaving import Leaving
from bot.metrics import Counters, Standing, scraped
from bot.nightly import every_night
from bot.outbox import Board
from bot.platforms import Platform, platforms
from bot.settings import Settings, SettingsError
from bot.sources.due import Refreshes
from bot.store import StoreUnusable, utc_now
from bot.web.about import About, about_routes
from bot.web.page import COMMUNITY, page_routes
from bot.writing.answering import Answering
from bot.writing.wording import SENT_TO

PURGE_EVERY = 3600.0  # seconds between erasing what has been kept long enough
SEND_EVERY = 2.0  # seconds between looks for letters to be sent
CHORE_WITHIN = 5.0  # that one which is begun has when we stop
PAGE = "page"  # the platform that it is, to the store
REFRESH_EVERY = 60.0  # and whether a source of texts is due
NOTE_EVERY = 60.0  # and whether there are new texts
LEFT_EVERY = 5.0  # and for communities that took the app out
DIGESTS_EVERY = 5.0  # and for digests that are due
STOP_WITHIN = 5.0  # seconds that requests under way have when it is told to stop
FINISHED_IN = 30.0  # and after them answers; in the second half no more are begun
STOPS_IN = STOP_WITHIN + FINISHED_IN
LONGEST_BODY = 256 * 1024
NO_PAGE = "The local page is not served: a platform posts here, so strangers could reach it"
STOPS = (signal.SIGINT, signal.SIGTERM)
WAITING = 1024  # connections; one that finds no room is tried again by its sender a second later

_log = logging.getLogger(__name__)


def application(
    app: App,
    handle: Handle,
    counters: Counters,
    served: Sequence[Platform],
    about: About,
    *,
    page: bool,
    health: Health | None = None,
) -> web.Application:
    """Everything that is served over HTTP."""
    guarded = page_routes(handle, app.outbox.collect)
    first = doorway(counters.refused)
    everything = web.Application(
        middlewares=[first, guarded.middleware] if page else [first], client_max_size=LONGEST_BODY
    )
    if page:
        everything.add_routes(guarded.routes)
    everything.add_routes(about_routes(about))
    for platform in served:
        everything.add_routes(platform.routes)
    standing = Standing(app.store.figures, partial(_generation, app))
    health = health or _health(app)
    everything.router.add_get("/healthz", health.served())
    everything.router.add_get("/metrics", scraped(counters, standing))
    return everything


def _health(app: App) -> Health:
    return Health(app.store.figures, lambda: app.answerer().generation)


def _generation(app: App) -> tuple[str, int]:
    """The index that answers: its id, and how many passages it has."""
    index = app.answerer.index
    return index.id, index.manifest.passages


async def serve(app: App, settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until told to stop; SettingsError if it cannot listen, ChannelRefused if a platform
    will not have us. `announce` gets a sentence for everything that is served or is not."""
    page = _page_served(settings)
    counters = Counters()
    handle = counters.counted(app.assistant.handle)
    worded = _worded(app, settings, handle, counters)
    inbox = Inbox(
        handle,
        app.store,
        worded=worded.worded if worded else None,
        shown=app.assistant.handle,  # not counted: pages opened and words typed are no questions
        written=app.assistant.written,
    )
    served = platforms(settings, inbox, app.store)
    _connect(app, inbox, served, page=page)
    shown = worded.handle if worded else handle
    about = _about(settings)
    health = _health(app)
    web_application = application(app, shown, counters, served, about, page=page, health=health)
    runner = web.AppRunner(
        web_application,
        access_log=None,
        shutdown_timeout=STOP_WITHIN,
        auto_decompress=False,  # nobody who posts here packs bodies, so none is unpacked
        logger=strangers_log(counters.refused),
    )
    await runner.setup()
    gc.collect()
    gc.freeze()  # what is loaded by now stays: no collection is to look through it again
    stop = _stop_asked()
    chores = [asyncio.create_task(one) for one in _chores(app, settings, counters)]
    try:
        address = await _listening(runner, settings)
        what = "Talk to the assistant" if page else "Listening"
        announce(f"{what} on {address} (Ctrl+C stops it)")
        await _start(served, announce)
        for line in (*settings.missing, *(() if page else (NO_PAGE,))):
            announce(line)
        if settings.language_model:
            announce(SENT_TO.format(settings.language_model.host))
        inbox.start()
        await stop.wait()
        health.stopping = True
        _log.info("Stopping within about %d seconds. Tell it again to end at once", STOPS_IN)
    finally:
        for chore in chores:
            chore.cancel()
        await _stop(served, runner, inbox, app.sender)
        await asyncio.gather(*chores, return_exceptions=True)
        if worded:
            await worded.close()


def _connect(app: App, inbox: Inbox, served: Sequence[Platform], *, page: bool) -> None:
    """Tell all who write to officers by which platforms they can."""
    inbox.channels.update({platform.name: platform for platform in served})
    app.administrators.platforms.extend(platform.administers for platform in served)
    app.outbox.channels.update(inbox.channels)
    app.publishers.update({one.name: one for one in served if isinstance(one, Publisher)})
    if page:
        app.publishers[PAGE] = Board(app.store.letters, COMMUNITY, PAGE)
    app.outbox.together.update({one.name: one for one in served if isinstance(one, Together)})


def _worded(app: App, settings: Settings, handle: Handle, counters: Counters) -> Answering | None:
    """Answers that a language model words, where one is set."""
    if settings.language_model is None:
        return None
    return Answering(handle, lambda: app.answerer.index, settings.language_model, counters.worded)


def _chores(
    app: App, settings: Settings, counters: Counters
) -> tuple[Coroutine[None, None, None], ...]:
    """What is done again and again, each until cancelled."""
    refreshes = Refreshes(app.store, settings.home, utc_now, counters.brought)
    leaving = Leaving(app.store, utc_now)
    return (
        again(app.store.purge, PURGE_EVERY, "What is past its time could not be erased yet"),
        again(
            app.assistant.due,
            PURGE_EVERY,
            "Introductions and verified answers could not be looked through",
        ),
        again(app.outbox.send, SEND_EVERY, "Letters could not be looked up"),
        again(app.assistant.editor.note, NOTE_EVERY, "New texts could not be noted"),
        again(app.sender.send, DIGESTS_EVERY, "Digests could not be looked up"),
        again(refreshes.once, REFRESH_EVERY, "Sources of texts could not be looked up"),
        again(leaving.once, LEFT_EVERY, "What communities left behind could not be erased yet"),
        every_night(utc_now, app.store.retention.enforce),
    )


async def _start(served: Sequence[Platform], announce: Callable[[str], None]) -> None:
    """Each platform that will have us; ChannelRefused only where there is none that does."""
    refusals: list[ChannelRefused] = []
    for platform in served:
        try:
            announce(await platform.start())
        except ChannelRefused as error:
            await platform.stop()
            refusals.append(error)
    if refusals and len(refusals) == len(served):
        raise ChannelRefused("; ".join(map(str, refusals)))
    for refusal in refusals:
        announce(f"Not served: {refusal}")


async def _stop(
    served: Sequence[Platform], runner: web.AppRunner, inbox: Inbox, sender: Sender
) -> None:
    """Hear no more, answer what was accepted, then let go."""
    for platform in served:
        await platform.stop()
    await runner.cleanup()
    await asyncio.gather(inbox.finish(FINISHED_IN), sender.finish())
    for platform in served:
        await platform.close()


def _about(settings: Settings) -> About:
    """What everybody may read about this installation."""
    model = settings.language_model
    days = settings.questions_kept.days, settings.introductions_kept.days
    return About(*days, model.host if model else "")


def _page_served(settings: Settings) -> bool:
    """The page has no sign-in, so it is served on this computer only, and never where a proxy
    for a platform could lead strangers to it."""
    if settings.host in LOOPBACK:
        return settings.dev or not settings.reached_from_outside
    if settings.slack or settings.teams:
        return False
    raise SettingsError(
        f"The local page is served on this computer only, not on {settings.host}: "
        "leave OUTCOMES_HOST out, or set it to 127.0.0.1"
    )


async def _listening(runner: web.AppRunner, settings: Settings) -> str:
    try:
        await web.TCPSite(runner, settings.host, settings.port, backlog=WAITING).start()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise SettingsError(
            f"Cannot listen on {settings.host}:{settings.port} ({reason.lower()}). "
            "Stop what uses the port, or set OUTCOMES_PORT to another"
        ) from error
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{runner.addresses[0][1]}/"


def _stop_asked() -> asyncio.Event:
    """Set by Ctrl+C or a request to terminate. A second one ends the process where it stands: what
    was not finished is in the ledger."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked() -> None:
        for number in STOPS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        stop.set()

    for number in STOPS:
        loop.add_signal_handler(number, asked)
    return stop


async def again(chore: Callable[[], Awaitable[int]], seconds: float, trouble: str) -> None:
    """Do it now and after every pause, until cancelled: then what is begun is done first."""
    while True:
        doing = asyncio.create_task(_done(chore, trouble))
        try:
            await asyncio.shield(doing)
        except asyncio.CancelledError:
            await asyncio.wait({doing}, timeout=CHORE_WITHIN)
            doing.cancel()
            raise
        await asyncio.sleep(seconds)


async def _done(chore: Callable[[], Awaitable[int]], trouble: str) -> None:
    """A fault of the database is not the end."""
    try:
        await chore()
    except StoreUnusable as error:
        _log.warning("%s: %s", trouble, error)
    except Exception as error:  # whatever it is, the next time may fare better
        log_failure(error, new_reference())
