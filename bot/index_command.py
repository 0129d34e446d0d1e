"""`outcomes index`: built here, with others' help, or by way of a folder."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from indexer.exchange import Exchanged
    from indexer.model import Model
    from indexer.passages import Passage

Say = Callable[[str], object]
_MOST_WORKERS = 64


class NotIndexed(Exception):
    """Why a part of the work on the index cannot be done; one line for a person."""


def add_to(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], say: Say, complain: Say
) -> None:
    """Puts the command among the others."""
    index = commands.add_parser("index", help="build the index, embedding only what changed")
    index.add_argument("--force", action="store_true", help="embed everything again")
    index.add_argument("--json", action="store_true", help="report as JSON")
    index.add_argument(
        "--workers",
        type=_workers,
        default=1,
        metavar="N",
        help="so many processes of this computer embed (1)",
    )
    index.set_defaults(run=partial(_built, say=say, complain=complain))
    jobs = index.add_subparsers(dest="job", metavar="JOB")
    work = jobs.add_parser("work", help="help to embed what another process is building")
    work.set_defaults(run=partial(_worked, say=say))
    export = jobs.add_parser("export", help="write what is to be embedded elsewhere to a folder")
    export.add_argument("--all", action="store_true", help="also what has vectors already")
    export.set_defaults(run=partial(_exported, say=say))
    taken = jobs.add_parser("import", help="take the vectors that were made of it")
    taken.set_defaults(run=partial(_imported, say=say))
    for job in (export, taken):
        job.add_argument("folder", metavar="DIR", type=Path, help="see docs/scale.md")
    for job in (work, export, taken):
        job.add_argument("--json", action="store_true", help="report as JSON")


def _workers(given: str) -> int:
    if given.isascii() and given.isdigit() and 1 <= int(given) <= _MOST_WORKERS:
        return int(given)
    raise argparse.ArgumentTypeError(f"write a number from 1 to {_MOST_WORKERS}")


def _built(given: argparse.Namespace, settings: Settings, say: Say, complain: Say) -> int:
    from bot.calibration import late
    from indexer.making import run, said
    from indexer.progress import bar

    report = run(
        settings.home, settings.knowledge, settings.model or None,
        late=late(bar), force=given.force, shared=settings.database_url, workers=given.workers,
    )  # fmt: skip
    say(json.dumps(asdict(report)) if given.json else said(report))
    _beside(settings, given.workers, complain)
    return 0


def _beside(settings: Settings, workers: int, complain: Say) -> None:
    """What communities brought in stands beside the shipped texts; its trouble is not theirs."""
    from bot.bringing.workshop import indexed_beside
    from bot.store import StoreUnusable
    from indexer.build_failures import BuildFailed

    try:
        asyncio.run(indexed_beside(settings, workers))
    except (StoreUnusable, BuildFailed) as error:
        complain(f"the texts that communities brought in are not indexed: {error}")


def _worked(given: argparse.Namespace, settings: Settings, say: Say) -> int:
    from indexer.making import Worked, work
    from indexer.progress import bar

    began = time.perf_counter()
    with _explained():
        worked: Worked = work(settings.home, settings.model or None, settings.database_url, bar)
    seconds = time.perf_counter() - began
    if given.json:
        say(json.dumps({**asdict(worked), "seconds": round(seconds, 2)}))
    elif worked.embedded:
        say(f"{worked.embedded} passages embedded here ({seconds:.1f} s). Nothing is left to do.")
    elif worked.others:
        say(f"{worked.others} passages wait for another model. Set OUTCOMES_MODEL to that.")
    else:
        say(
            "Nothing waits to be embedded by others. Where no PostgreSQL is shared, start the "
            "build with: outcomes index --workers 2"
        )
    return 0


def _exported(given: argparse.Namespace, settings: Settings, say: Say) -> int:
    from indexer.exchange import write

    with _explained():
        found = write(given.folder, _model(settings), _wanted(settings, every=given.all))
    _tell(found, given, say, f"written to {given.folder}")
    return 0


def _imported(given: argparse.Namespace, settings: Settings, say: Say) -> int:
    from indexer.exchange import take

    with _explained():
        found = take(given.folder, _model(settings), settings.home, settings.database_url)
    _tell(found, given, say, "taken. Now run: outcomes index")
    return 0


def _tell(found: Exchanged, given: argparse.Namespace, say: Say, done: str) -> None:
    if given.json:
        say(json.dumps(asdict(found)))
    else:
        say(f"{found.passages} passages with {found.statements} statements {done}.".rstrip("."))


def _wanted(settings: Settings, *, every: bool) -> Iterator[tuple[str, Sequence[Passage]]]:
    """By index: what of the shipped texts has no vector yet, then what of each community's."""
    from bot.bringing.workshop import unembedded_beside
    from indexer.generation import current_id
    from indexer.making import wanted

    where = settings.home, settings.knowledge, settings.model or None
    yield "", wanted(*where, every=every, shared=settings.database_url)
    if current_id(settings.home) is None:
        return  # communities' texts stand beside that index

    async def beside() -> list[tuple[str, Sequence[Passage]]]:
        found = unembedded_beside(settings, every=every)
        return [(home.name, passages) async for home, passages in found]

    yield from asyncio.run(beside())


def _model(settings: Settings) -> Model:
    from indexer.model import find_model

    return find_model(settings.model or None)


@contextmanager
def _explained() -> Iterator[None]:
    from indexer.exchange import NotTaken
    from indexer.ledger_place import Unembedded

    try:
        yield
    except (NotTaken, Unembedded) as error:
        raise NotIndexed(str(error)) from error
