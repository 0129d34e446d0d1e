"""`outcomes teams-package` and `slack-manifest`: what administrators give Teams and Slack."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.hosts import address_fault
from bot.platform_settings import TEAMS_NAMES
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.teams.package import Publisher

Say = Callable[[str], None]
_Commands = argparse._SubParsersAction
_OUT = Path("dist/outcomes-teams.zip")
_OPTIONS = (
    ("--app-id", "ID", "in place of the setting MICROSOFT_APP_ID"),
    ("--council", "NAME", "who offers the assistant, as Teams shows it"),
    ("--website", "URL", "a page about it (default: /about at the address)"),
    ("--privacy-url", "URL", "its privacy page (default: /about#privacy at the address)"),
    ("--terms-url", "URL", "its terms of use (default: /about#terms at the address)"),
    ("--app-version", "N.N.N", "to replace a package in Teams, a higher one than that has"),
)


class CannotWrite(Exception):
    """Why a file is not written; one line for a person."""


def add_to(commands: _Commands[argparse.ArgumentParser], say: Say, complain: Say) -> None:
    _add_teams(commands, partial(_package, say=say, complain=complain))
    _add_slack(commands, partial(_manifest, say=say, complain=complain))


def _add_teams(
    commands: _Commands[argparse.ArgumentParser], run: Callable[[argparse.Namespace, Settings], int]
) -> None:
    about = "make the app package that a Teams administrator uploads"
    command = commands.add_parser("teams-package", help=about, description=about)
    command.add_argument(
        "--out", type=Path, default=_OUT, metavar="FILE", help=f"default: {_OUT.as_posix()}"
    )
    _add_address(command)
    for option, value, meaning in _OPTIONS:
        command.add_argument(option, metavar=value, help=meaning)
    command.add_argument(
        "--hear-threads",
        action="store_true",
        help="have it follow threads: the owner of each team that adds it then lets it "
        "receive every message in the team's channels",
    )
    command.set_defaults(run=run)


def _add_slack(
    commands: _Commands[argparse.ArgumentParser], run: Callable[[argparse.Namespace, Settings], int]
) -> None:
    about = (
        "print the manifest that a Slack app is made from: for Socket Mode, or with an address "
        "for Slack to post to"
    )
    command = commands.add_parser("slack-manifest", help="print the manifest of the Slack app")
    command.description = about
    _add_address(command)
    command.add_argument(
        "--socket-mode", action="store_true", help="for Socket Mode, though OUTCOMES_ADDRESS is set"
    )
    command.add_argument(
        "--no-agent-view",
        action="store_true",
        help="leave the agent view out: guests can then use the app, and it needs no paid plan",
    )
    command.add_argument(
        "--many-workspaces",
        action="store_true",
        help="for an app that workspaces install by themselves (default where OUTCOMES_TOKEN_KEYS "
        "is set); it takes an address",
    )
    command.add_argument("--out", type=Path, metavar="FILE", help="write it there instead")
    command.set_defaults(run=run)


def _add_address(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--address",
        metavar="https://HOST",
        help="where Slack and Microsoft reach the bot (default: the setting OUTCOMES_ADDRESS)",
    )


def _package(given: argparse.Namespace, settings: Settings, say: Say, complain: Say) -> int:
    # What only packs is loaded here, for `outcomes serve` reads the options above too.
    from bot.teams.package import NO_WEBSITE, CannotPackage, package

    try:
        address = _address(given, settings)
        publisher = _publisher(given, address)
        app_id = _app_id() if given.app_id is None else given.app_id
        made = package(app_id, publisher, given.app_version, hear_threads=given.hear_threads)
        _write(given.out, made)
    except (CannotPackage, CannotWrite) as error:
        complain(str(error))
        return 1
    if NO_WEBSITE in publisher.described().values():
        complain(
            f"the package names {NO_WEBSITE}, where there is nothing, as a page of the council: "
            "give --council and --website, or --address, before officers see it"
        )
    say(str(given.out))
    if address:
        complain(
            f"the messaging endpoint for Azure is {address}/api/messages: enter it on the "
            "Configuration page of your Azure Bot"
        )
    return 0


def _manifest(given: argparse.Namespace, settings: Settings, say: Say, complain: Say) -> int:
    from bot.slack.manifest import INSTALLED_AT, POSTED_TO, CannotDescribe, manifest

    if given.socket_mode and given.address is not None:
        complain("give --address or --socket-mode, not both")
        return 2
    try:
        address = "" if given.socket_mode else _address(given, settings)
        many = given.many_workspaces or bool(settings.token_keys)
        if many and not address:
            raise CannotWrite("for many workspaces give --address, or set OUTCOMES_ADDRESS")
        made = manifest(address, agent_view=not given.no_agent_view, many=many)
        if given.out:
            _write(given.out, made.encode())
    except (CannotDescribe, CannotWrite) as error:
        complain(str(error))
        return 1
    say(str(given.out) if given.out else made.rstrip("\n"))
    if address:
        complain(
            f"for HTTP: Slack posts to {address}{POSTED_TO}. Start the bot with the app's "
            "SLACK_SIGNING_SECRET before Slack verifies that address"
        )
    if many:
        complain(f"workspaces install the app at {address}{INSTALLED_AT}")
    return 0


def _address(given: argparse.Namespace, settings: Settings) -> str:
    """Where we are reached from outside, "" where nobody says."""
    if given.address is None:
        return settings.address
    address = str(given.address).strip().rstrip("/")
    if fault := address_fault(address, dev=settings.dev):
        raise CannotWrite(f"--address {fault}")
    return address


def _publisher(given: argparse.Namespace, address: str) -> Publisher:
    """What is not given is the page that the bot itself serves, where its address is known."""
    from bot.teams.package import Publisher

    about = f"{address}/about" if address else None
    chosen = {
        "council": given.council,
        "website": given.website if given.website is not None else about,
        "privacy": given.privacy_url if given.privacy_url is not None else _part(about, "privacy"),
        "terms": given.terms_url if given.terms_url is not None else _part(about, "terms"),
    }
    return Publisher(**{part: text for part, text in chosen.items() if text is not None})


def _part(page: str | None, name: str) -> str | None:
    return f"{page}#{name}" if page else None


def _app_id() -> str:
    """Read as settings are, but alone: the secret and the tenant may still be to come."""
    others = dict.fromkeys(TEAMS_NAMES[1:], "unread")
    teams = Settings.read({**os.environ, **others}).teams
    return teams.app_id if teams else ""


def _write(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        raise CannotWrite(f"{file} cannot be written: {error.strerror}") from error
