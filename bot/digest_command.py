"""`outcomes digest`: due times, a preview, and what would be posted."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.paper import sourced
from bot.settings import Settings
from bot.terminal import COMMUNITY
from bot.weeks import WEEKDAYS, Schedule, dues, zone_named

if TYPE_CHECKING:
    from bot.app import App
    from bot.digests import Composed, Subscription

MOST_WEEKS = 1200
YEARS = range(1970, 3000)  # of which due times are told; Python's own end in 9999
RESULTS = {
    "taken": "posted within seconds by whichever process serves",
    "under way": "being posted already",
    "sent": "this week's has been posted already",
    "unsure": "this week's may have been posted already; look there, and say digest send",
    "None": "stopped meanwhile",
}
NOTHING = "no digest is set up: say digest in a channel"
Say = Callable[[str], None]


class NoDigest(Exception):
    """Why there is none to show; a sentence for whoever asked."""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser], say: Say) -> None:
    about = "weekly digests: when they are due, what they would say"
    command = commands.add_parser("digest", help=about, description=about)
    jobs = command.add_subparsers(dest="job", metavar="JOB", required=True)
    times = jobs.add_parser("times", help="when a weekly digest is due")
    times.add_argument("--weekday", type=_weekday, default="mon", help="mon, tue … (mon)")
    times.add_argument("--time", type=_time, default="09:00", dest="at", help="HH:MM (09:00)")
    times.add_argument("--zone", type=_zone, default="Europe/London", help="(Europe/London)")
    times.add_argument("--from", type=_day, default=None, dest="first", help="YYYY-MM-DD (today)")
    times.add_argument("--weeks", type=_weeks, default=8, help="how many (8)")
    times.set_defaults(run=partial(_times, say=say))
    preview = jobs.add_parser("preview", help="a digest as it would be posted now")
    preview.add_argument("--days", type=_weeks, default=7, help="how far back it looks (7)")
    preview.set_defaults(run=partial(_shown, say=say))
    send = jobs.add_parser("send", help="have this week's digest posted now, by the serving bot")
    send.add_argument("--dry-run", action="store_true", help="say what would be posted, post none")
    send.set_defaults(run=partial(_shown, say=say))
    for job in (preview, send):
        job.add_argument("--community", metavar="ID", help="the Slack workspace's or tenant's id")
        job.add_argument("--channel", metavar="ID", help="one channel's; see the list of send")
    for job in (times, preview, send):
        job.add_argument("--json", action="store_true", help="one JSON object a line")


def _times(given: argparse.Namespace, _: Settings, say: Say) -> int:
    schedule = Schedule(given.weekday, given.at, given.zone)
    first = given.first or datetime.now(ZoneInfo(given.zone)).date()
    for period, due in itertools.islice(dues(schedule, first), given.weeks):
        if given.json:
            row = {"period": period, "due_utc": f"{due:%Y-%m-%dT%H:%M:%SZ}"}
            say(json.dumps(row))
        else:
            there = due.astimezone(ZoneInfo(given.zone))
            say(f"{period}  {there:%a %d %b %Y %H:%M}  ({due:%Y-%m-%d %H:%M} UTC)")
    return 0


def _shown(given: argparse.Namespace, settings: Settings, say: Say) -> int:
    asyncio.run(_opened(given, settings, say))
    return 0


async def _opened(given: argparse.Namespace, settings: Settings, say: Say) -> None:
    from bot.app import opened

    async with opened(settings) as app:
        await (_previewed if given.job == "preview" else _sent)(given, app, say)


async def _previewed(given: argparse.Namespace, app: App, say: Say) -> None:
    """Of one channel's digest, or of any in a community."""
    from bot.digest.forms import USUAL
    from bot.store import utc_now

    until = utc_now()
    if given.channel:
        (one,) = await _found(given, app)
        composed = await app.assistant.editor.issue(one, until)
    else:
        since = until - timedelta(days=given.days)
        where = given.community or COMMUNITY, ""
        composed = await app.assistant.editor.composed(*where, USUAL, since, until)
    say(json.dumps(_row(composed), ensure_ascii=False) if given.json else _text(composed))


async def _sent(given: argparse.Namespace, app: App, say: Say) -> None:
    """What each channel would get now; without `--dry-run` it is entered for one of them, and
    whichever process serves posts it."""
    from bot.store import utc_now

    if not (given.dry_run or given.channel):
        raise NoDigest("give --channel ID to post one, or --dry-run to see all")
    found = await _found(given, app)
    if not found:  # to have nothing to post is no failure
        sys.stderr.write(f"outcomes: {NOTHING}\n")
    for one in found:
        if not given.dry_run:
            digests = app.store.subscriptions(one.community)
            asked = await digests.send_now(one.id, "", wanted=one.choices.when_empty)
            row = {"channel": one.channel, "result": asked}
            say(json.dumps(row) if given.json else f"{one.channel}: {RESULTS[str(asked)]}")
            continue
        composed = await app.assistant.editor.issue(one, utc_now())
        if given.json:
            say(json.dumps({**_told(one, composed), **_row(composed)}, ensure_ascii=False))
        else:
            told = _told(one, composed)
            say(f"{told['platform']} {told['channel']} ({told['would']}, next {told['next_utc']})")
            say(f"{_text(composed)}\n")


async def _found(given: argparse.Namespace, app: App) -> list[Subscription]:
    """Those asked for; NoDigest where the channel asked for has none."""
    found = [
        one
        for one in await app.store.issues.subscriptions()
        if given.channel in (None, one.channel) and given.community in (None, one.community)
    ]
    if given.channel and len(found) > 1:
        raise NoDigest(f"{given.channel} is in more than one community: give --community too")
    if given.channel and not found:
        raise NoDigest(f"no digest comes in {given.channel}: outcomes digest send --dry-run lists")
    return found


def _told(one: Subscription, composed: Composed) -> dict[str, str]:
    """Where a digest goes, and whether it would."""
    nothing = composed.empty and not one.choices.when_empty
    would = "paused" if one.paused else "nothing new, not posted" if nothing else "posted"
    where = {"community": one.community, "platform": one.platform, "channel": one.channel}
    return {**where, "would": would, "next_utc": f"{one.next_due:%Y-%m-%dT%H:%M:%SZ}"}


def _row(composed: Composed) -> dict[str, object]:
    sections = [asdict(one) for one in composed.sections]
    return {"sections": sections, "text": composed.reply.text, "empty": composed.empty}


def _text(composed: Composed) -> str:
    return sourced(composed.reply.text, composed.reply.citations)


def _weekday(given: str) -> int:
    names = [name.lower() for name in WEEKDAYS]
    found = [number for number, name in enumerate(names) if name.startswith(given.lower())]
    if len(given) < 2 or len(found) != 1:
        raise argparse.ArgumentTypeError("write a day of the week, such as mon")
    return found[0]


def _time(given: str) -> time:
    try:
        return datetime.strptime(given, "%H:%M").time()
    except ValueError:
        raise argparse.ArgumentTypeError("write a time such as 09:00") from None


def _zone(given: str) -> str:
    if found := zone_named(given):
        return found
    raise argparse.ArgumentTypeError("write a time zone such as Europe/London")


def _day(given: str) -> date:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise argparse.ArgumentTypeError("write a day such as 2026-03-01") from None
    if day.year not in YEARS:
        raise argparse.ArgumentTypeError(f"write a day from {YEARS[0]} to {YEARS[-1]}")
    return day


def _weeks(given: str) -> int:
    if given.isdecimal() and 1 <= int(given) <= MOST_WEEKS:
        return int(given)
    raise argparse.ArgumentTypeError(f"write a number from 1 to {MOST_WEEKS}")
