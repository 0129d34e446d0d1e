"""`outcomes backup` and `outcomes restore`: everything that is kept, in one file and back."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.store.backups import Restored

Say = Callable[[str], None]
_Commands = argparse._SubParsersAction
_KEEPS = "What officers deleted since is in it again: erase it once more (docs/backup.md)."


def add_to(commands: _Commands[argparse.ArgumentParser], say: Say) -> None:
    about = "write everything that is kept to one file, also while the bot serves"
    backup = commands.add_parser("backup", help=about, description=about)
    backup.add_argument("file", type=Path, metavar="FILE", help="a backup of that name is replaced")
    backup.add_argument("--json", action="store_true", help="report as JSON")
    backup.set_defaults(run=partial(_backup, say=say))
    about = "put a backup in an empty database, of the same kind or another; stop the bot first"
    restore = commands.add_parser("restore", help=about, description=about)
    restore.add_argument("file", type=Path, metavar="FILE", help="what outcomes backup wrote")
    restore.add_argument(
        "--replace", action="store_true", help="erase what the database holds, all of it"
    )
    restore.add_argument(
        "--moving",
        action="store_true",
        help="the bot was stopped before the backup was made and has not served since: answer "
        "what it had accepted, and post digests that are due",
    )
    restore.add_argument("--json", action="store_true", help="report as JSON")
    restore.set_defaults(run=partial(_restore, say=say))


def _backup(given: argparse.Namespace, settings: Settings, say: Say) -> int:
    from bot.store.copying import back_up

    # Told to end, it takes away what it had begun to write.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    made = back_up(_address(settings), given.file)
    size = given.file.stat().st_size
    if given.json:
        counted = {name: part.rows for name, part in made.tables.items()}
        figures = {"file": str(given.file), "revision": made.revision, "made": made.made}
        say(json.dumps({**figures, "bytes": size, "rows": made.rows, "tables": counted}))
    else:
        say(
            f"{given.file}: {made.rows} rows of {len(made.tables)} tables, revision "
            f"{made.revision}, {size / 1000:.0f} kB. It holds officers' words: keep it as you "
            "keep the database."
        )
    return 0


def _restore(given: argparse.Namespace, settings: Settings, say: Say) -> int:
    from bot.store import utc_now
    from bot.store.backups import restored

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    address = _address(settings)
    found = restored(address, given.file, utc_now(), replace=given.replace, moving=given.moving)
    say(json.dumps(_figures(found)) if given.json else _told(found))
    # What was built from the texts that were there is built again from those that are, also where
    # another history of them came to the same number of changes.
    shutil.rmtree(settings.home / "own", ignore_errors=True)
    _unpublish(address)
    return 0


def _unpublish(address: str) -> None:
    from indexer.addresses import is_shared

    if is_shared(address):
        from indexer.sharing import drop_every_own

        drop_every_own(address)


def _figures(found: Restored) -> dict[str, object]:
    settled = found.settled
    return {
        "revision": found.manifest.revision,
        "made": found.manifest.made,
        "rows": found.manifest.rows,
        "replaced": found.replaced,
        "not_answered": settled.questions if settled else 0,
        "not_posted": settled.digests if settled else 0,
    }


def _told(found: Restored) -> str:
    made = found.manifest
    lines = [f"{made.rows} rows of {len(made.tables)} tables are as they were on {made.made}."]
    if found.replaced:
        lines.append(f"They replace {found.replaced} rows.")
    if found.settled and found.settled.questions:
        lines.append(
            f"{found.settled.questions} questions that waited then are not answered any more."
        )
    if found.settled and found.settled.digests:
        lines.append(f"{found.settled.digests} digests that were due are not posted.")
    return "\n".join([*lines, "" if found.settled is None else _KEEPS]).strip()


def _address(settings: Settings) -> str:
    from bot.store import default_url

    return settings.database_url or default_url(settings.home)
