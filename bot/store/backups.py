"""A backup put in a database: all of it or nothing, and nothing done twice because of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.store import migrations
from bot.store.archive import Archive, Manifest
from bot.store.copying import fill, held, restoring
from bot.store.settling import Settled, settle


class NotRestored(Exception):
    """Why a backup is not put in a database; one line for a person."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and how many rows it took the place of. `settled` is None where all goes
    on as it stood in the backup."""

    manifest: Manifest
    replaced: int
    settled: Settled | None


def restored(
    address: str, file: Path, now: datetime, *, replace: bool = False, moving: bool = False
) -> Restored:
    """All of it or, where anything is wrong, nothing. Raises NotRestored, StoreUnusable,
    ArchiveUnusable."""
    with Archive(file) as archive:
        if archive.manifest.revision not in migrations.REVISIONS:
            raise NotRestored(
                f"{file} was made by a newer version of this program: install that version"
            )
        archive.verify()
        with restoring(address) as connection:
            there = held(connection, address)
            if there and not replace:
                raise NotRestored(
                    f"the database holds {there} rows already. Set DATABASE_URL to an empty one, "
                    "or say --replace to erase them"
                )
            try:
                fill(connection, archive)
            except (ValueError, TypeError) as error:
                raise NotRestored(f"{file} cannot be restored: {error}") from error
            settled = None if moving else settle(connection, now)
        return Restored(archive.manifest, there, settled)
