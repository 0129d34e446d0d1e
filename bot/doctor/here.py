"""What can be looked at on this computer: settings, index, database, time zones."""

from __future__ import annotations

import importlib.util
import os
import re
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv.parser import Binding, parse_stream

from bot.checks import Finding, ok, unset, unsure, wrong
from bot.doctor import passages
from bot.settings import NAMES, Settings

SETTINGS, FILE, INDEX, TEXTS = "settings", ".env", "index", "texts"
DATABASE, DISK, ZONES, ADMINS, MODEL = (
    "database",
    "disk space",
    "time zones",
    "administrators",
    "language model",
)
LITTLE, TOO_LITTLE = 1024**3, 100 * 1024**2  # bytes
# Zones that officers may choose for a digest, and whether they know summer time.
_ZONES = {
    "Europe/London": True,
    "Europe/Dublin": True,
    "Europe/Berlin": True,
    "America/New_York": True,
    "Asia/Kolkata": False,
}
_PREFIXES = ("OUTCOMES_", "SLACK_", "MICROSOFT_")
_NAME = re.compile("[A-Z0-9_]+")
_ALMOST = 0.9  # of a name of ours, for one that does not begin as ours do
_ADMIN = re.compile(
    r"([TE][A-Z0-9]{2,}/)?[UW][A-Z0-9]{2,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)


def of_settings(settings: Settings) -> list[Finding]:
    """They could be read; are they whole?"""
    found = [
        wrong(SETTINGS, line, "Set it in .env: the README says where each value is found")
        for line in settings.unfinished
    ]
    found += [
        unset(line.partition(":")[0], line.partition(": ")[2])
        for line in settings.missing
        if line not in settings.unfinished
    ]
    return found or [ok(SETTINGS, "all that are set can be used")]


def of_lines(folder: Path) -> list[Finding]:
    """Which lines of the file set nothing. Of one that is no setting only the number is shown: a
    secret may stand in it where a name should be."""
    try:
        written = (folder / ".env").read_text("utf-8")
    except (OSError, UnicodeDecodeError):  # which is told of the settings
        return []
    found = map(_of_line, parse_stream(StringIO(written)))
    return list(dict.fromkeys(finding for finding in found if finding))


def _of_line(line: Binding) -> Finding | None:
    name = line.key or ""
    if line.error or (name and not (_NAME.fullmatch(name) and line.value is not None)):
        text = line.original.string
        number = line.original.line + text[: -len(text.lstrip()) or None].count("\n")
        do = "Write NAME=value, with a name in capitals from .env.example"
        return wrong(FILE, f"line {number} of .env is not NAME=value, so it sets nothing", do)
    ours = name.startswith(_PREFIXES)
    near = get_close_matches(name, NAMES, 1, 0.6 if ours else _ALMOST)
    if name in NAMES or not (ours or near):
        return None
    do = f"Did you mean {near[0]}?" if near else "Take it out, or look at .env.example"
    return unsure(SETTINGS, f"{name} is in .env, and no setting of this program", do)


def of_file(folder: Path) -> Finding:
    """Whether others who use this computer could read the secrets."""
    file = folder / ".env"
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:
        return unset(FILE, f"none in {folder}: all settings are those of the environment")
    except OSError as error:
        return wrong(FILE, f"{file} cannot be read: {error.strerror}", "Make it readable to you")
    if stat.S_ISDIR(mode):
        return unset(FILE, f"{file} is a folder, which can hold no settings")
    if stat.S_IMODE(mode) & 0o077:
        return wrong(FILE, f"others on this computer can read {file}", f"Run: chmod 600 {file}")
    return ok(FILE, "for your account alone")


def of_index(settings: Settings) -> list[Finding]:
    """There, whole, of the model that is set, and of the texts that are given."""
    from indexer.generation import IndexUnusable, current_id, open_current

    try:
        generation = open_current(settings.home, model=settings.model or None)
    except IndexUnusable as error:
        if current_id(settings.home) is None and passages.published(settings):
            return [ok(INDEX, "none here: the next start fetches what the database has of it")]
        return [wrong(INDEX, _before(str(error), " Run:"), "Run: outcomes index")]
    if generation.id != current_id(settings.home):
        what = f"the newest is damaged, and the one of {generation.manifest.built} serves"
        return [wrong(INDEX, what, "Run: outcomes index")]
    made = generation.manifest
    what = f"whole: {made.documents} texts, {made.passages} passages, built {made.built}"
    return [ok(INDEX, what), _of_texts(settings, made.library_digest)]


def _of_texts(settings: Settings, indexed: str) -> Finding:
    from knowledge.reader import KnowledgeError, load

    try:
        library = load(settings.knowledge) if settings.knowledge else load()
    except KnowledgeError:
        what = "they cannot be used, so the index cannot be renewed"
        return wrong(TEXTS, what, "Run: python -m knowledge check")
    if library.digest != indexed:
        return wrong(TEXTS, "they are not those of the index", "Run: outcomes index")
    return ok(TEXTS, "those of the index")


def _before(text: str, sign: str) -> str:
    return text.partition(sign)[0].rstrip(". ")


async def of_database(settings: Settings) -> Finding:
    """Reachable, of this version, and writable. One that is not there yet is not made."""
    from bot.store import StoreUnusable, checks, default_url

    address = settings.database_url or default_url(settings.home)
    try:
        file = checks.file_of(address)
        if file and not file.exists():
            return _of_missing(file)
        found = await checks.condition(address)
    except StoreUnusable as error:
        what, _, do = str(error).partition(". ")
        return wrong(DATABASE, what, do or "Check DATABASE_URL")
    if found.newer:
        what = f"{found.name} was last used by a newer version of this program"
        return wrong(
            DATABASE, what, "Install that version, or set DATABASE_URL to another database"
        )
    if not found.revision:
        return ok(DATABASE, f"{found.name} can be written, and is filled at the first start")
    if found.older:
        what = f"{found.name} can be written, and is of an earlier version ({found.revision})"
        return ok(DATABASE, what, f"The next start brings it to {found.newest}: copy it before")
    return ok(DATABASE, f"{found.name} can be written, and is of this version ({found.revision})")


def _of_missing(file: Path) -> Finding:
    """A file that the first start would make, if it could."""
    there = file.parent
    while not there.exists():
        there = there.parent
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return unset(DATABASE, f"none yet: the first start makes {file}")
    do = f"Make {there} writable for this account, or set OUTCOMES_HOME to a folder that is"
    return wrong(DATABASE, f"{file} is not there and cannot be made", do)


def of_disk(settings: Settings) -> Finding:
    """Where the index is built, and where a database in a file grows."""
    from bot.store import StoreUnusable, checks

    folders = [settings.home]
    try:
        if settings.database_url and (file := checks.file_of(settings.database_url)):
            folders.append(file.parent)
        free = min(map(checks.free_space, folders))
    except (StoreUnusable, OSError):
        return unsure(DISK, "it could not be found out")
    what = f"{free / 1024**3:.1f} GB are free"
    if free < TOO_LITTLE:
        return wrong(DISK, what, "Free some: a full disk loses what officers write")
    if free < LITTLE:
        return unsure(DISK, what, "Free some: an index takes about 200 MB, twice while it is built")
    return ok(DISK, what)


def of_zones(zone: Callable[[str], ZoneInfo] = ZoneInfo) -> Finding:
    """Whether digests can come at their hour, in summer too."""
    do = "Run: .venv/bin/pip install --force-reinstall tzdata; PYTHONTZPATH should not be set"
    moved = {}
    for name in _ZONES:
        try:
            winter, summer = (
                datetime(2026, month, 1, 12, tzinfo=UTC).astimezone(zone(name)).utcoffset()
                for month in (1, 7)
            )
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return wrong(ZONES, f"nothing is known of {name}", do)
        moved[name] = winter != summer
    if strange := [name for name, summer in _ZONES.items() if moved[name] is not summer]:
        return wrong(ZONES, f"summer time is wrong for {', '.join(strange)}", do)
    return ok(ZONES, f"{', '.join(_ZONES)} are known, with summer time")


def of_administrators(settings: Settings) -> Finding:
    if not settings.admins:
        what = "OUTCOMES_ADMINS is not set: in Slack those of the workspace are, in Teams nobody"
        return unset(ADMINS, what, "docs/connect-teams.md says where a person's id is found")
    known = sum(bool(_ADMIN.fullmatch(one)) for one in settings.admins)
    if strange := len(settings.admins) - known:
        what = f"{strange} of {len(settings.admins)} in OUTCOMES_ADMINS cannot be a person's id"
        do = "Give Slack member ids (U…) and Teams users' object ids, parted by spaces"
        return unsure(ADMINS, what, do)
    return ok(ADMINS, f"{len(settings.admins)} in OUTCOMES_ADMINS")


def of_model(settings: Settings) -> Finding:
    """Nothing is sent to it: that would be a question to somebody else, unasked."""
    model = settings.language_model
    if model is None:
        return unset(MODEL, "answers are quotes alone, and nothing is sent to anybody")
    if importlib.util.find_spec("openai") is None:
        do = "Run: .venv/bin/pip install --editable '.[llm]'"
        return wrong(MODEL, "the package openai is missing", do)
    what = f"{model.model} at {model.host}, which was not asked: doctor sends nothing there"
    return unsure(MODEL, what, "Ask the bot a question, and look at outcomes_worded in /metrics")
