"""`outcomes eval`: how good the bot is, as a whole or in parts; what moved; what may not fall."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from bot.evaluation.figures import Section, as_json, as_table
from bot.settings import Settings

Say = Callable[[str], None]
PARTS = ("answers", "search", "verified", "tags", "peers", "model", "texts")


def add_to(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], say: Say, complain: Say
) -> None:
    about = "measure how good it is; without a further word everything, within three minutes"
    command = commands.add_parser(
        "eval", help="measure how good the answers are", description=about
    )
    command.add_argument("what", nargs="?", choices=(*PARTS, "retrieval"), help="one part alone")
    command.add_argument("--corpus", type=Path, metavar="DIR", help="a BEIR folder, for retrieval")
    command.add_argument("--json", action="store_true", help="one JSON object a measure")
    command.add_argument(
        "--compare", type=Path, metavar="FILE", help="print what moved since a saved --json run"
    )
    command.add_argument(
        "--write", type=Path, metavar="FILE", help="put the figures into docs/quality.md"
    )
    command.add_argument(
        "--guard", action="store_true", help="exit 1 where a guarded figure has dropped"
    )
    command.set_defaults(run=partial(_run, say=say, complain=complain))


def _run(given: argparse.Namespace, settings: Settings, say: Say, complain: Say) -> int:
    fault = _misused(given)
    if fault:
        complain(f"eval: {fault}")
        return 2
    # What measures is loaded here, for `outcomes serve` reads the options above too.
    from bot.evaluation.asked import QuestionsUnusable
    from bot.evaluation.comparison import NotComparable
    from bot.evaluation.page import PageUnusable
    from indexer.model import ModelUnusable
    from indexer.retrieval import CorpusUnusable

    try:
        if given.corpus:
            return _retrieved(given, settings, say)
        return _measured(given, settings, say, complain)
    except (
        *(QuestionsUnusable, NotComparable, PageUnusable),
        *(CorpusUnusable, ModelUnusable),
    ) as error:
        complain(str(error))
        return 1


def _misused(given: argparse.Namespace) -> str:
    if (given.what == "retrieval") != bool(given.corpus):
        return "--corpus DIR goes with retrieval"
    if given.corpus and (given.compare or given.write or given.guard):
        return "retrieval takes none of --compare, --write and --guard"
    if given.what and given.write:
        return "--write is for everything, not for one part"
    return ""


def _retrieved(given: argparse.Namespace, settings: Settings, say: Say) -> int:
    from bot.evaluation.search import retrieval

    for name, value in retrieval(given.corpus, settings).items():
        found = {"measure": name, "value": round(value, 4)}
        say(json.dumps(found) if given.json else f"{value:10.4g}  {name}")
    return 0


def _measured(given: argparse.Namespace, settings: Settings, say: Say, complain: Say) -> int:
    from bot.evaluation.comparison import as_lines, moves, saved
    from bot.evaluation.guards import dropped, guards
    from bot.evaluation.page import read

    before, kept = saved(given.compare) if given.compare else None, guards()
    if given.write:
        read(given.write)  # before minutes are spent on it
    sections: list[Section] = []
    for section in _sections(given.what, settings):
        sections.append(section)
        if before is None:
            _print(section, say, json_lines=given.json)
    if before is not None:
        now = [one for section in sections for one in section.measures]
        found = moves(before, now, whole=not given.what)
        _say_all(as_lines(found, json_lines=given.json), say)
    if given.write:
        _write(given.write, sections, settings)
    faults = dropped(sections, kept) if given.guard else []
    _say_all(faults, complain)
    return 1 if faults else 0


def _sections(what: str | None, settings: Settings) -> Iterable[Section]:
    from bot.evaluation import parts

    known: dict[str, Callable[[Settings], list[Section]]] = {
        "answers": parts.asked_all,
        "search": parts.searched,
        "verified": parts.found_verified,
        "tags": parts.tagged,
        "peers": parts.peers_and_consent,
        "model": parts.worded,
        "texts": parts.brought_in,
    }
    return known[what](settings) if what else parts.everything(settings)


def _print(section: Section, say: Say, *, json_lines: bool) -> None:
    _say_all(map(as_json, section.measures) if json_lines else as_table(section), say)


def _say_all(lines: Iterable[str], say: Say) -> None:
    for line in lines:
        say(line)


def _write(file: Path, sections: Sequence[Section], settings: Settings) -> None:
    from bot.evaluation.guards import guards
    from bot.evaluation.page import about, figures, write
    from indexer.generation import open_current

    manifest = open_current(settings.home, model=settings.model or None).manifest
    told = about(date.today(), manifest.model, manifest.documents, manifest.passages)
    write(file, figures(sections, guards(), told))
