"""A backup that is damaged, or does not fit, changes nothing."""

from __future__ import annotations

import asyncio
import json
import resource
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import psutil
import pytest

from bot.store.archive import Archive, ArchiveUnusable
from bot.store.backups import NotRestored, restored
from bot.store.copying import back_up
from tests.clock import START
from tests.postgres import Postgres
from tests.running import Outcomes
from tests.tables import dump
from tests.test_backup import filled

ROOM = 1_000  # bytes that a file may have


def changed(file: Path, into: Path, name: str, made: bytes | None) -> Path:
    """The same with one part another, or left out."""
    with ZipFile(file) as before, ZipFile(into, "w", ZIP_DEFLATED) as after:
        for one in before.namelist():
            content = made if one == name else before.read(one)
            if content is not None:
                after.writestr(one, content)
    return into


def manifest(file: Path, **changes: object) -> bytes:
    with ZipFile(file) as archive:
        return json.dumps({**json.loads(archive.read("manifest.json")), **changes}).encode()


async def test_a_damaged_backup_changes_nothing(database_url: str, tmp_path: Path) -> None:
    before = await filled(database_url)
    whole = tmp_path / "whole.backup"
    back_up(database_url, whole)
    content = whole.read_bytes()
    with ZipFile(whole) as archive:
        project = archive.read("project.jsonl")
        middle = archive.getinfo("project.jsonl").header_offset + 120
    (tmp_path / "cut").write_bytes(content[: len(content) // 2])
    (tmp_path / "bent").write_bytes(
        content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]
    )
    (tmp_path / "text").write_text("not a backup")
    damaged = [
        *(tmp_path / name for name in ("cut", "bent", "text", "missing")),
        changed(whole, tmp_path / "row", "project.jsonl", project * 2),
        changed(whole, tmp_path / "none", "project.jsonl", None),
        changed(whole, tmp_path / "list", "manifest.json", b"[]"),
        changed(whole, tmp_path / "odd", "manifest.json", manifest(whole, tables={"project": 1})),
    ]
    for file in damaged:
        with pytest.raises(ArchiveUnusable, match=file.name):
            restored(database_url, file, START, replace=True)
    newer = changed(whole, tmp_path / "new", "manifest.json", manifest(whole, revision="9999"))
    with pytest.raises(NotRestored, match="newer version"):
        restored(database_url, newer, START, replace=True)
    newer = changed(whole, tmp_path / "form", "manifest.json", manifest(whole, format=2))
    with pytest.raises(ArchiveUnusable, match="newer version"):
        restored(database_url, newer, START, replace=True)
    assert dump(database_url) == before


async def test_a_row_that_does_not_fit_takes_everything_back(
    database_url: str, tmp_path: Path
) -> None:
    """Its checksums are right, so it is found only when the tables are filled."""
    before = await filled(database_url)
    whole = tmp_path / "whole.backup"
    back_up(database_url, whole)
    with Archive(whole) as archive:
        parts = json.loads(manifest(whole))["tables"]
        row = list(archive.rows("audit"))
    row[0][sorted(parts["audit"]["columns"]).index("at")] = "yesterday"
    line = json.dumps(row[0]).encode() + b"\n"
    parts["audit"] |= {"rows": 1, "sha256": sha256(line).hexdigest()}
    bent = changed(whole, tmp_path / "bent", "audit.jsonl", line)
    bent = changed(bent, tmp_path / "sum", "manifest.json", manifest(whole, tables=parts))
    with pytest.raises(NotRestored, match="cannot be restored"):
        restored(database_url, bent, START, replace=True)
    assert dump(database_url) == before


def test_a_full_disk_is_said_and_the_backup_before_stays(
    outcomes: Outcomes, postgres: Postgres, tmp_path: Path
) -> None:
    """From PostgreSQL, since SQLite writes files of its own."""
    address = postgres.database()
    asyncio.run(filled(address))
    file = tmp_path / "all.backup"
    assert outcomes.run("backup", str(file), DATABASE_URL=address).code == 0
    before = file.read_bytes()
    with outcomes.start("backup", str(file), DATABASE_URL=address) as process:
        psutil.Process(process.pid).rlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))
        out, err = process.communicate()
    assert (process.returncode, out) == (1, "")
    (line,) = err.strip().splitlines()
    assert str(file) in line
    assert "cannot be written (file too large)" in line
    assert file.read_bytes() == before
    assert list(tmp_path.glob("*.backup*")) == [file]
    postgres.drop(address)
