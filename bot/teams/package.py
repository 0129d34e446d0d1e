"""The Teams app package: the zip that a Teams administrator uploads."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version as installed
from pathlib import Path
from urllib.parse import urlsplit

from bot.teams.cards import FIND, TAG, WORDS

# Generally available, and old enough for every tenant; nothing of a later version is needed.
MANIFEST_VERSION = "1.25"
SCHEMA = (
    f"https://developer.microsoft.com/json-schemas/teams/v{MANIFEST_VERSION}"
    "/MicrosoftTeams.schema.json"
)
ICONS = {"color": "color.png", "outline": "outline.png"}
# A reserved name, so that it can never lead to a page that says something else.
NO_WEBSITE = "https://council.example/"
HEARS_THREADS = "ChannelMessage.Read.Group"

_GUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VERSION = re.compile(r"(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4})){2}", re.ASCII)
_LONGEST_NAME, _LONGEST_ADDRESS = 32, 2048
_MOST_COMMANDS = 10
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can hold
_ABOUT = (
    "Outcomes is an automated assistant for council officers. It answers questions about the "
    "twelve digital outcomes and about what other councils did, in sentences quoted from "
    "published texts, each with its source. It says so when it does not know. Check the source "
    "before you rely on an answer."
)
_PICKED = (
    "Where you pick Tag this as a project on a message, it receives that message, whoever wrote "
    "it, and shows you a form to register it."
)
_SEARCHED = (
    "Where you pick Find a source while you write a message, it receives the words you look for, "
    "as you type them, and whose search it is, but not your message. Only you see what it finds, "
    "until you insert one. It keeps nothing of a search."
)
_HEARS_MENTIONS = (
    "In a team or a group chat it receives only the messages that mention it; in a personal "
    "chat, all that is written to it."
)
_HEARS_TEAM = (
    "It receives every message in the channels of a team that added it, so that it can follow "
    "the threads it was mentioned in. All other messages are dropped unread. Mention it with the "
    "word quiet and it stops following a thread."
)
_LIST = (
    ("help", "What you can ask"),
    ("list", "The twelve outcomes"),
    ("tag", "Find the outcomes of a project"),
    ("find", "Texts on a topic, to share: find damp sensors"),
    ("projects", "Projects that officers registered"),
    ("peers", "Officers to ask for help, and to offer yours"),
    ("my-data", "What is kept of you: see it, take it, delete it"),
)
_TOGETHER = (("digest", "The weekly digest of this channel or chat"),)
_OFFERED = (("suggest-case", "Offer a case study, with a file if you send one along"),)
_WRONG = (("report", "Say what is wrong or outdated in a text"),)
_EXAMPLES = (
    ("What does inclusion mean?", "An example: the meaning of an outcome"),
    ("Which councils use damp sensors?", "An example: what councils did"),
)
# Not `follow`: whoever says quiet is told of it.
_IN_THREADS = (("quiet", "Stop following this thread"),)
_TO_SHARE = {
    "id": FIND,
    "type": "query",
    "title": "Find a source",
    "description": "Find case studies, outcomes and registered projects, each with its source",
    "context": ["compose", "commandBox"],
    "initialRun": True,
    "parameters": [
        {
            "name": WORDS,
            "title": "What to look for",
            "description": "A topic, a council or an outcome, such as damp sensors",
            "inputType": "text",
        }
    ],
}

_ON_A_MESSAGE = {
    "id": TAG,
    "type": "action",
    "title": "Tag this as a project",
    "description": "Register what a message tells of as a project, with its outcomes",
    "context": ["message"],
    "fetchTask": True,
}


class CannotPackage(Exception):
    """What the package cannot be made of, and what to give instead."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who offers the assistant to officers, as Teams shows it.

    A privacy or terms page that is not given is the website: Teams wants an address for each.
    """

    council: str = "Outcomes assistant"
    website: str = NO_WEBSITE
    privacy: str = ""
    terms: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.council.strip()) <= _LONGEST_NAME or not self.council.isprintable():
            raise CannotPackage(
                f"{self.council!r} cannot be shown as a name: give 1 to {_LONGEST_NAME} characters"
            )
        for address in filter(None, (self.website, self.privacy, self.terms)):
            _check_address(address)

    def described(self) -> dict[str, str]:
        return {
            "name": self.council.strip(),
            "websiteUrl": self.website,
            "privacyUrl": self.privacy or self.website,
            "termsOfUseUrl": self.terms or self.website,
        }


def package(
    app_id: str, publisher: Publisher, version: str | None = None, *, hear_threads: bool = False
) -> bytes:
    """The zip of manifest and icons: the same bytes from the same arguments."""
    written = manifest(app_id, publisher, version, hear_threads=hear_threads)
    files = {"manifest.json": (json.dumps(written, indent=2) + "\n").encode()}
    folder = Path(__file__).parent
    files |= {name: (folder / name).read_bytes() for name in ICONS.values()}
    return _zipped(files)


def manifest(
    app_id: str, publisher: Publisher, version: str | None = None, *, hear_threads: bool = False
) -> dict[str, object]:
    """`version` is the program's own where none is given.

    Raises `CannotPackage` if the id is no GUID or the version not three numbers.
    """
    app_id = _checked_id(app_id)
    made: dict[str, object] = {
        "$schema": SCHEMA,
        "manifestVersion": MANIFEST_VERSION,
        "version": _checked(version),
        "id": app_id,
        "developer": publisher.described(),
        "name": {"short": "Outcomes", "full": "Outcomes assistant for council officers"},
        "description": {
            "short": "Automated answers on the twelve digital outcomes, with their sources",
            "full": _told(hear_threads=hear_threads),
        },
        "icons": ICONS,
        "accentColor": "#1F8A8A",
        "bots": [_bot(app_id, hear_threads=hear_threads)],
        "composeExtensions": [{"botId": app_id, "commands": [_TO_SHARE, _ON_A_MESSAGE]}],
    }
    return made | (_consent(app_id) if hear_threads else {})


def _told(*, hear_threads: bool) -> str:
    """What it is, and what it receives."""
    hears = _HEARS_TEAM if hear_threads else _HEARS_MENTIONS
    return f"{_ABOUT}\n\n{hears} {_PICKED}\n\n{_SEARCHED}"


def _bot(app_id: str, *, hear_threads: bool) -> dict[str, object]:
    return {
        "botId": app_id,
        "scopes": ["personal", "team", "groupChat"],
        "isNotificationOnly": False,
        "supportsFiles": True,  # one may come with a case study that is suggested
        "commandLists": [
            _commands("team", (*_LIST, *_TOGETHER, *(_IN_THREADS if hear_threads else _WRONG))),
            _commands("personal", (*_LIST, *_OFFERED, *_WRONG)),
            _commands("groupChat", (*_LIST, *_TOGETHER, *_WRONG)),
        ],
    }


def _commands(scope: str, commands: tuple[tuple[str, str], ...]) -> dict[str, object]:
    """With as many examples as there is room for: without its line nobody would know of a command,
    but one example shows what questions are like, and `help` has more."""
    shown = (*commands, *_EXAMPLES)[:_MOST_COMMANDS]
    listed = [{"title": title, "description": about} for title, about in shown]
    return {"scopes": [scope], "commands": listed}


def _consent(app_id: str) -> dict[str, object]:
    """The one permission, which an owner grants for a team by adding the app to it."""
    permission = {"name": HEARS_THREADS, "type": "Application"}
    return {
        # Teams ignores what `resource` says, but refuses the permission where it is missing.
        "webApplicationInfo": {"id": app_id, "resource": f"api://botid-{app_id}"},
        "authorization": {"permissions": {"resourceSpecific": [permission]}},
    }


def _checked(version: str | None) -> str:
    if version is None:
        return installed("outcomes-assistant")
    if not _VERSION.fullmatch(version):
        raise CannotPackage(f"{version!r} is not a version: give three numbers, such as 1.0.1")
    return version


def _checked_id(app_id: str) -> str:
    app_id = app_id.strip().lower()
    if not app_id:
        raise CannotPackage(
            "there is no app id: set MICROSOFT_APP_ID in .env, or give --app-id; it is the "
            "Microsoft App ID on the Configuration page of your Azure Bot"
        )
    if not _GUID.fullmatch(app_id):
        raise CannotPackage(
            f"{app_id!r} is not an app id: copy the Microsoft App ID from the Configuration page "
            "of your Azure Bot, 32 letters and digits in five groups"
        )
    return app_id


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        right = parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        right = False
    if not right or not address.isprintable() or " " in address or len(address) > _LONGEST_ADDRESS:
        raise CannotPackage(f"{address!r} is not an address Teams takes: it starts with https://")


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Stored, not compressed: a compressor's bytes differ from version to version."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.create_system = 3  # the same on Windows, where it would be 0
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()
