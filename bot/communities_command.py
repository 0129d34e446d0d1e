"""`outcomes communities` and `outcomes tokens`: who is there, erased; how tokens are sealed."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from bot.platform_settings import KEYS
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.store import Store
    from bot.store.census import Counted

NOBODY = "no community is known yet"
UNKNOWN = "nothing is known of {}: `outcomes communities` lists those that there are"
FIRST = (
    "Take the app out there first, or take the id off OUTCOMES_COMMUNITIES (one token: out of"
    " .env), and start the bot again: else the next message makes rows anew."
)
SURE = "nothing is erased yet. All of this would be, for good: run it again with --yes. " + FIRST
STILL_NAMED = "OUTCOMES_COMMUNITIES still names {}. "
GONE = (
    "`outcomes communities` must not list it any more; if it does, it is still served, and has to"
    " be erased again. "
)
NEW_KEY = (
    f"the first key of {KEYS} seals. Put this one before those that there are, with a comma"
    " between them, start every process again, run `outcomes tokens rotate`, and then take the old"
    " ones out. Keep it as you keep passwords: without it the tokens of a backup cannot be read"
)
NO_KEYS = f"set {KEYS} first: `outcomes tokens new-key` makes a key"
_INSTALL_AGAIN = "add the key that they were sealed with, or have the app installed there again"
Say = Callable[[str], None]


class CannotErase(Exception):
    """Why a community is not erased, or no token rotated; one line for a person."""


def add_to(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], say: Say, complain: Say
) -> None:
    about = "list the communities that anything is held of, or erase one"
    command = commands.add_parser("communities", help=about, description=about)
    command.add_argument("--json", action="store_true", help="one JSON object a community")
    command.set_defaults(run=partial(_listed, say=say))
    jobs = command.add_subparsers(dest="job", metavar="JOB")
    erase = jobs.add_parser("erase", help="erase everything of one community")
    erase.add_argument("id", help="the Slack workspace's id, or the tenant's")
    erase.add_argument("--yes", action="store_true", help="that you are sure")
    erase.add_argument(
        "--index-only", action="store_true", help="only what was indexed of its own texts"
    )
    erase.set_defaults(run=partial(_erase, say=say, complain=complain))
    _add_tokens(commands, say, complain)


def _add_tokens(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], say: Say, complain: Say
) -> None:
    about = "the keys that the tokens of Slack workspaces are sealed with"
    command = commands.add_parser("tokens", help=about, description=about)
    jobs = command.add_subparsers(dest="job", metavar="JOB", required=True)
    fresh = jobs.add_parser("new-key", help=f"print a fresh key for {KEYS}")
    fresh.set_defaults(run=partial(_new_key, say=say, complain=complain), reads_settings=True)
    rotate = jobs.add_parser("rotate", help="seal every token anew with the first key")
    rotate.add_argument("--json", action="store_true", help="the counts as JSON")
    rotate.set_defaults(run=partial(_rotate, say=say, complain=complain))


def _new_key(given: argparse.Namespace, say: Say, complain: Say) -> int:
    from bot.sealing import new_key

    say(new_key())
    complain(NEW_KEY)
    return 0


def _rotate(given: argparse.Namespace, settings: Settings, say: Say, complain: Say) -> int:
    if not settings.token_keys:
        raise CannotErase(NO_KEYS)

    async def rotated() -> int:
        async with _store(settings) as store:
            told = await store.installations(settings.token_keys).rotate()
        if given.json:
            say(json.dumps(asdict(told)))
        else:
            say(f"{told.sealed_anew} sealed anew, {told.already} with the first key already")
        if told.unopened:
            complain(f"{told.unopened} that no key opens are as they were: {_INSTALL_AGAIN}")
        return 1 if told.unopened else 0

    return asyncio.run(rotated())


def _listed(given: argparse.Namespace, settings: Settings, say: Say) -> int:
    async def listed() -> None:
        async with _store(settings) as store:
            found = await store.census().taken()
        for one in found:
            say(json.dumps(asdict(one), default=str) if given.json else line(one))
        if not (found or given.json):
            say(NOBODY)

    asyncio.run(listed())
    return 0


def line(one: Counted) -> str:
    """One community as people read it."""
    since = f"installed {one.installed_at:%Y-%m-%d}" if one.installed_at else ""
    state = "taken out, being erased" if one.left else since
    counts = ", ".join(f"{count} {name}" for name, count in one.counts.items() if count)
    return "  ".join(filter(None, (one.community, one.platform, state, counts or "no counts")))


def _erase(given: argparse.Namespace, settings: Settings, say: Say, complain: Say) -> int:
    async def erased() -> int:
        if given.index_only:
            _drop_index(settings, given.id)
            return 0
        async with _store(settings) as store:
            known = {one.community: one for one in await store.census().taken()}
            if given.id not in known:
                raise CannotErase(UNKNOWN.format(given.id))
            if not given.yes:
                say(line(known[given.id]))
                raise CannotErase(SURE)
            rows = await store.forget(given.id)
        _drop_index(settings, given.id)
        say(f"Everything of {given.id} is erased ({rows} rows).")
        named = STILL_NAMED.format(given.id) if given.id in settings.communities else ""
        complain(f"{named}{GONE}{FIRST}")
        return 0

    return asyncio.run(erased())


def _drop_index(settings: Settings, community: str) -> None:
    """What was built of its texts; whoever is building at this moment is waited for."""
    from bot.sources.locks import alone
    from indexer.generation import own_home
    from indexer.making import drop_own
    from indexer.sharing import sweep

    home = settings.home
    with alone(home, "indexing", wait=True):
        drop_own(own_home(home, community), settings.database_url)
    sweep(settings.database_url)


@asynccontextmanager
async def _store(settings: Settings) -> AsyncIterator[Store]:
    from bot.store import Store, default_url

    store = await Store.open(settings.database_url or default_url(settings.home))
    try:
        yield store
    finally:
        await store.close()
