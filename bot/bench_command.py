"""`outcomes bench`: how fast it is on this machine, and what it bears."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from bot.settings import Settings

SIZES = (10_000, 100_000, 1_000_000)


class NotMeasured(Exception):
    """Why nothing could be measured; one line for a person."""


def add_to(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], say: Callable[[str], None]
) -> None:
    about = "measure how fast it is on this machine"
    bench = commands.add_parser("bench", help=about, description=about)
    bench.add_argument("--json", action="store_true", help="one JSON object a figure")
    parts = bench.add_subparsers(dest="what", metavar="WHAT")
    _part(parts, "texts", "10,000 documents brought in, which takes some minutes")
    growth = _part(parts, "growth", "questions among more and more passages, up to a million")
    growth.add_argument(
        "--sizes", type=_sizes, default=SIZES, metavar="N,N", help="10000,100000,1000000"
    )
    growth.add_argument(
        "--engine", choices=("faiss", "postgresql"), help="one alone; without it, both"
    )
    growth.add_argument(
        "--afresh", action="store_true", help="measure again what was measured before"
    )
    growth.add_argument(
        "--write", action="store_true", help="renew the table and the plot in docs/performance.md"
    )
    load = _part(parts, "load", "questions at several processes on one PostgreSQL")
    load.add_argument("--minutes", type=float, default=30.0, help="for so long (30)")
    load.add_argument("--rate", type=float, default=20.0, help="questions a second (20)")
    load.add_argument("--processes", type=int, default=4, help="that bear it (4)")
    bench.set_defaults(run=lambda given, settings: _run(given, settings, say))


def _part(
    parts: argparse._SubParsersAction[argparse.ArgumentParser], name: str, about: str
) -> argparse.ArgumentParser:
    part = parts.add_parser(name, help=about, description=about)
    part.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object a figure"
    )
    return part


def _sizes(given: str) -> tuple[int, ...]:
    try:
        sizes = tuple(int(size.replace("_", "")) for size in given.split(","))
    except ValueError:
        sizes = ()
    if not sizes or min(sizes) < 1_000:
        raise argparse.ArgumentTypeError("write numbers of passages, from 1000: 10000,100000")
    return sizes


def _run(given: argparse.Namespace, settings: Settings, say: Callable[[str], None]) -> int:
    from bot.benchmark import CannotMeasure

    try:
        return _measured(given, settings, say)
    except CannotMeasure as error:
        raise NotMeasured(str(error)) from error


def _measured(given: argparse.Namespace, settings: Settings, say: Callable[[str], None]) -> int:
    """Each part is imported when it is asked for: together they would slow every command."""
    if given.what == "growth":
        from bot import benchmark_growth

        return benchmark_growth.run(given, settings, say)
    if given.what == "load":
        from bot import benchmark_load

        return benchmark_load.run(given, settings, say)
    from bot.benchmark import report

    for line in report(settings, as_lines=given.json, texts=given.what == "texts"):
        say(line)
    return 0
