"""`outcomes doctor`: its option, and the list it prints."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings, SettingsError

if TYPE_CHECKING:
    from bot.checks import Finding

_WIDEST = len("Slack signing secret")
Say = Callable[[str], None]
_ABOUT = (
    "look at settings, tokens, the public address, index, database, clock and time zones, and say "
    "what to do about each that is wrong; asks only Slack and Microsoft, where they are set, and "
    "the public address"
)


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser], say: Say) -> None:
    command = commands.add_parser(
        "doctor", help="say what is wrong with an installation, and what to do", description=_ABOUT
    )
    command.add_argument("--json", action="store_true", help="one JSON object a line")
    command.set_defaults(run=partial(_run, say=say), reads_settings=True)


def _run(given: argparse.Namespace, say: Say) -> int:
    logging.disable(logging.WARNING)  # what matters of it is in the list
    return asyncio.run(_told(say, as_lines=given.json))


async def _told(say: Say, *, as_lines: bool) -> int:
    """The list; said before the loop ends, which waits for look-ups of names that hang."""
    found = await looked(Path.cwd())
    for finding in found:
        say(json.dumps(asdict(finding), ensure_ascii=False) if as_lines else _line(finding))
    if not as_lines:
        say(_summary(found))
    return 1 if any(one.state == "wrong" for one in found) else 0


async def looked(folder: Path, environment: Mapping[str, str] | None = None) -> Sequence[Finding]:
    """Everything that is found with the settings in the folder's `.env` and the environment, in
    the order in which it is put right. Nothing is changed."""
    # What only a doctor needs is loaded here, for every command reads the options above.
    from bot.checks import unsure, wrong
    from bot.doctor import here, outside
    from bot.doctor.passages import of_passages

    try:
        settings = Settings.read(environment, folder)
    except SettingsError as error:
        faults = map(str, error.args)
        return [
            *(wrong(here.SETTINGS, *_parted(fault)) for fault in faults),
            here.of_file(folder),
            *here.of_lines(folder),
            here.of_zones(),
            unsure("everything else", "not looked at before the settings can be read"),
        ]
    outward, index, passages, (database, own) = await asyncio.gather(
        outside.findings(settings),
        asyncio.to_thread(here.of_index, settings),
        asyncio.to_thread(of_passages, settings),
        _kept(settings),
    )
    return [
        *here.of_settings(settings),
        here.of_file(folder),
        *here.of_lines(folder),
        *index,
        database,
        *passages,
        *own,
        here.of_disk(settings),
        here.of_zones(),
        *outward,
        here.of_administrators(settings),
        here.of_model(settings),
    ]


async def _kept(settings: Settings) -> tuple[Finding, Sequence[Finding]]:
    """The database, and then what is brought in there: of two at once each would hold the other
    up."""
    from bot.checks import looked_for
    from bot.doctor import here, installed, texts

    database = await here.of_database(settings)
    own = await looked_for(texts.OWN, texts.findings(settings))
    workspaces = await looked_for(installed.WORKSPACES, installed.findings(settings))
    return database, [*own, *workspaces]


def _parted(fault: str) -> tuple[str, str]:
    """What is wrong, and what would be right, as settings' sentences have them."""
    what, colon, do = fault.rpartition(": ")
    return (what, f"{do[:1].upper()}{do[1:]}") if colon else (fault, "Look at .env.example")


def _line(finding: Finding) -> str:
    what, do = map(_plain, (finding.what, finding.do))
    line = f"{finding.state:<11} {finding.check:<{_WIDEST}} {what}"
    return f"{line}\n{'':<{11 + 1 + _WIDEST}} {do}" if do else line


def _plain(text: str) -> str:
    """Names that others chose are part of it, and must not add lines or move the cursor."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _summary(found: Sequence[Finding]) -> str:
    wrong, unsure = (sum(one.state == state for one in found) for state in ("wrong", "unsure"))
    if not wrong and not unsure:
        return "\nNothing is wrong."
    return f"\n{wrong or 'Nothing is'} wrong, {unsure} unsure."
