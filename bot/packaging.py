"""`outcomes teams-package`: its options, and the file it writes."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import TEAMS_NAMES, Settings

if TYPE_CHECKING:
    from bot.teams.package import Publisher

Say = Callable[[str], None]
_OUT = Path("dist/outcomes-teams.zip")
_OPTIONS = (
    ("--app-id", "ID", "in place of the setting MICROSOFT_APP_ID"),
    ("--council", "NAME", "who offers the assistant, as Teams shows it"),
    ("--website", "URL", "the council's page about it"),
    ("--privacy-url", "URL", "its privacy page (default: the website)"),
    ("--terms-url", "URL", "its terms of use (default: the website)"),
    ("--app-version", "N.N.N", "to replace a package in Teams, a higher one than that has"),
)


def add_to(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], say: Say, complain: Say
) -> None:
    about = "make the app package that a Teams administrator uploads"
    command = commands.add_parser("teams-package", help=about, description=about)
    command.add_argument(
        "--out", type=Path, default=_OUT, metavar="FILE", help=f"default: {_OUT.as_posix()}"
    )
    for option, value, meaning in _OPTIONS:
        command.add_argument(option, metavar=value, help=meaning)
    command.add_argument(
        "--hear-threads",
        action="store_true",
        help="have it follow threads: the owner of each team that adds it then lets it "
        "receive every message in the team's channels",
    )
    command.set_defaults(run=partial(_run, say=say, complain=complain))


def _run(given: argparse.Namespace, settings: Settings, say: Say, complain: Say) -> int:
    # What only packs is loaded here, for `outcomes serve` reads the options above too.
    from bot.teams.package import NO_WEBSITE, CannotPackage, package

    try:
        publisher = _publisher(given)
        app_id = _app_id() if given.app_id is None else given.app_id
        made = package(app_id, publisher, given.app_version, hear_threads=given.hear_threads)
        _write(given.out, made)
    except CannotPackage as error:
        complain(str(error))
        return 1
    if NO_WEBSITE in publisher.described().values():
        complain(
            f"the package names {NO_WEBSITE}, where there is nothing, as a page of the council: "
            "give --council and --website before officers see it"
        )
    say(str(given.out))
    return 0


def _publisher(given: argparse.Namespace) -> Publisher:
    from bot.teams.package import Publisher

    chosen = {
        "council": given.council,
        "website": given.website,
        "privacy": given.privacy_url,
        "terms": given.terms_url,
    }
    return Publisher(**{part: text for part, text in chosen.items() if text is not None})


def _app_id() -> str:
    """Read as settings are, but alone: the secret and the tenant may still be to come."""
    others = dict.fromkeys(TEAMS_NAMES[1:], "unread")
    teams = Settings.read({**os.environ, **others}).teams
    return teams.app_id if teams else ""


def _write(file: Path, content: bytes) -> None:
    from bot.teams.package import CannotPackage

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        raise CannotPackage(f"{file} cannot be written: {error.strerror}") from error
