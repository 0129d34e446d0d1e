"""`outcomes add` and `outcomes sources`: texts brought in, looked at again, confirmed, removed."""

from __future__ import annotations

import argparse
import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeAlias

from bot.settings import Settings

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1)}
_EVERY = timedelta(hours=1), timedelta(days=365)
_MOST = 100_000
Say = Callable[[str], None]


class NotBrought(Exception):
    """Why nothing of it could be done; one line for a person."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked for, and what is said: data by `say`, what went wrong by `complain`."""

    given: argparse.Namespace
    settings: Settings
    say: Say
    complain: Say


Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_to(commands: Commands, say: Say, complain: Say) -> None:
    told = partial(_run, say=say, complain=complain)
    _add_add(commands, told)
    about = "where texts were brought in from: list, refresh, faults, remove, review, confirm"
    sources = commands.add_parser("sources", help=about, description=about)
    sources.add_argument("--json", action="store_true", help="one JSON object a source")
    sources.set_defaults(run=told, job="list")
    jobs = sources.add_subparsers(metavar="JOB")
    _add_list(jobs, told)
    _add_refresh(jobs, told)
    remove = jobs.add_parser("remove", help="remove sources; their texts are gone at once")
    whole = "a source's id, as sources lists it; or that of one text that an officer suggested"
    remove.add_argument("ids", nargs="+", metavar="ID", help=whole)
    remove.set_defaults(run=told, job="remove")
    faults = jobs.add_parser("faults", help="every file or page that could not be read, and why")
    faults.add_argument("ids", nargs="*", metavar="ID", help="of these sources only")
    faults.set_defaults(run=told, job="faults")
    _add_review(jobs, told)
    _add_confirm(jobs, told)
    for job in (remove, faults):
        job.add_argument("--json", action="store_true", help="one JSON object a line")


def _add_add(commands: Commands, told: Callable[..., int]) -> None:
    about = "bring in files, folders, web pages and sites to answer from"
    add = commands.add_parser("add", help=about, description=about)
    add.add_argument(
        "locations",
        nargs="+",
        metavar="PATH|URL",
        help="a file, folder, page, or a site's sitemap or feed",
    )
    whose = add.add_mutually_exclusive_group()
    whose.add_argument(
        "--community",
        metavar="ID",
        type=_named,
        help="answered from in this community only: the Slack workspace's or tenant's id",
    )
    whose.add_argument(
        "--for-all",
        action="store_true",
        help="answered from in every community (so without --community too)",
    )
    add.add_argument(
        "--link",
        metavar="ADDRESS",
        type=_address,
        default=None,
        help="where officers open a file, or what lies in a folder",
    )
    add.add_argument(
        "--include",
        metavar="PATTERN",
        action="append",
        default=None,
        help="of a folder or site only what matches, such as '*.pdf'",
    )
    add.add_argument(
        "--exclude",
        metavar="PATTERN",
        action="append",
        default=None,
        help="of a folder or site nothing that matches",
    )
    add.add_argument(
        "--most",
        metavar="NUMBER",
        type=_number,
        default=None,
        help="of a folder or site at most so many (1000)",
    )
    add.add_argument(
        "--every",
        metavar="TIME",
        type=_every,
        default=None,
        help="how often to look again: 1h, 1d, 7d, or never (1d)",
    )
    add.add_argument(
        "--site",
        action="store_true",
        help="the addresses are of sites, whose sitemap is looked for",
    )
    add.add_argument("--json", action="store_true", help="one JSON object a source")
    add.set_defaults(run=told, job="add")


def _add_list(jobs: Commands, told: Callable[..., int]) -> None:
    """The same as without a job. An option given before the word stays."""
    listing = jobs.add_parser("list", help="list them, as without a job")
    shown = "one JSON object a source"
    listing.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=shown)
    listing.set_defaults(run=told, job="list")


def _add_refresh(jobs: Commands, told: Callable[..., int]) -> None:
    refresh = jobs.add_parser("refresh", help="look at sources again, now")
    refresh.add_argument("ids", nargs="*", metavar="ID", help="these only, else all")
    refresh.add_argument("--due", action="store_true", help="only those whose time has come")
    refresh.add_argument("--json", action="store_true", help="one JSON object a source")
    refresh.set_defaults(run=told, job="refresh")


def _add_review(jobs: Commands, told: Callable[..., int]) -> None:
    review = jobs.add_parser("review", help="what texts seem to be, to be confirmed")
    review.add_argument("--community", metavar="ID", type=_named, help="of this community only")
    review.add_argument("--source", metavar="ID", help="of this source only")
    review.add_argument(
        "--confirmed", action="store_true", help="those that were confirmed, to be changed"
    )
    form = review.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a text")
    form.add_argument(
        "--csv", action="store_true", help="a table, to be corrected and given to confirm --from"
    )
    review.set_defaults(run=told, job="review")


def _add_confirm(jobs: Commands, told: Callable[..., int]) -> None:
    confirm = jobs.add_parser("confirm", help="say that texts are what they seem, or what they are")
    known = "texts' ids, as review lists them; of one that was confirmed it is changed"
    confirm.add_argument("ids", nargs="*", metavar="ID", help=known)
    confirm.add_argument("--all", action="store_true", help="every text that waits")
    confirm.add_argument("--source", metavar="ID", help="every text of a source that waits")
    confirm.add_argument(
        "--from", metavar="FILE.csv", dest="table", help="the table of review --csv, corrected"
    )
    confirm.add_argument("--community", metavar="ID", type=_named, help="with --all: of this one")
    confirm.add_argument("--kind", choices=("case-study", "guidance", "report"))
    council = "a council's name, '' for none; again for each further one"
    confirm.add_argument("--council", metavar="NAME", action="append", default=None, help=council)
    confirm.add_argument("--year", metavar="YEAR", default=None, help="such as 2026; '' for none")
    outcome = "an outcome's id, such as data ('' for none; a wrong one lists them all); again for "
    confirm.add_argument(
        *("--outcome",), metavar="ID", action="append", default=None, help=f"{outcome}more"
    )
    confirm.add_argument("--json", action="store_true", help="the number as JSON")
    confirm.set_defaults(run=told, job="confirm")


def _run(given: argparse.Namespace, settings: Settings, *, say: Say, complain: Say) -> int:
    """Imported only now: what looks at sources takes a second to load."""
    from bot.bringing.adding import added
    from bot.bringing.confirming import confirmed
    from bot.bringing.keeping import faulty, listed, refreshed
    from bot.bringing.removing import removed
    from bot.bringing.reviewing import reviewed

    jobs: dict[str, Callable[[Job], Awaitable[int]]] = {
        "add": added,
        "list": listed,
        "faults": faulty,
        "refresh": refreshed,
        "remove": removed,
        "review": reviewed,
        "confirm": confirmed,
    }
    return asyncio.run(_done(jobs[given.job], Job(given, settings, say, complain)))


async def _done(job: Callable[[Job], Awaitable[int]], asked: Job) -> int:
    return await job(asked)


def _named(given: str) -> str:
    if given.strip() in ("", "*"):
        raise argparse.ArgumentTypeError("give the Slack workspace's or the tenant's id")
    return given.strip()


def _address(given: str) -> str:
    if re.fullmatch(r"https?://[^\s/?#]+[^\s]*", given):
        return given
    raise argparse.ArgumentTypeError("give a whole address that begins with https:// or http://")


def _number(given: str) -> int:
    if given.isdecimal() and 1 <= int(given) <= _MOST:
        return int(given)
    raise argparse.ArgumentTypeError(f"write a number from 1 to {_MOST}")


def _every(given: str) -> timedelta:
    """No time at all for never."""
    if given == "never":
        return timedelta(0)
    found = re.fullmatch(r"([0-9]{1,4})([hd])", given)
    every = int(found[1]) * _UNITS[found[2]] if found else timedelta(0)
    if _EVERY[0] <= every <= _EVERY[1]:
        return every
    raise argparse.ArgumentTypeError("write hours or days, such as 1h, 1d or 7d, or never")
