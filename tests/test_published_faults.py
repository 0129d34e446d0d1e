"""An index in PostgreSQL where something went wrong: a kill, a newer program, a full disk."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import psycopg
import pytest

from bot.current import CurrentAnswerer
from bot.sources.elsewhere import Elsewhere
from indexer import sharing
from indexer.build import build
from indexer.embedded import embedded_by
from indexer.encoder import Encoder
from indexer.generation import (
    Generation,
    IndexUnusable,
    current_id,
    index_folder,
    open_current,
    own_home,
    point_at,
)
from indexer.making import drop_own
from indexer.newest import TRIED_EACH, Newest, Unwritten, newest_index
from indexer.postgres.places import SharedUnusable
from indexer.postgres.shared import Shared
from tests.conftest import Built
from tests.test_published import newer


def told(empty_database: str, statement: bytes) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(statement)


def rebuilt(built: Built, encoder: Encoder) -> Generation:
    """Of one text less, in the same home."""
    library = replace(built.library, case_studies=built.library.case_studies[:-1])
    build(library, built.home, built.model, lambda: encoder)
    return open_current(built.home)


def test_what_a_newer_program_published_is_left_to_it(
    shared: Shared, empty_database: str, built: Built
) -> None:
    shared.publish(open_current(built.home))
    told(empty_database, b"UPDATE outcomes_index.format SET format = format + 1")
    with pytest.raises(SharedUnusable, match="newer version"), Shared.open(empty_database):
        pass
    assert shared.current(built.model.name), "it is still there"


@pytest.mark.parametrize(
    "change",
    [b"replace(manifest, '\"window\"', '\"width\"')", b"replace(manifest, '\"format\": ', '')"],
)
def test_a_manifest_that_this_version_cannot_read_is_said(
    shared: Shared, empty_database: str, built: Built, tmp_path: Path, change: bytes
) -> None:
    shared.publish(open_current(built.home))
    told(empty_database, b"UPDATE outcomes_index.generation SET manifest = " + change)
    with pytest.raises(IndexUnusable, match="manifest"):
        newest_index(tmp_path, None, empty_database)


def test_each_format_has_its_own(shared: Shared, empty_database: str, built: Built) -> None:
    shared.publish(open_current(built.home))
    for table in (b"current", b"generation"):
        told(empty_database, b"UPDATE outcomes_index." + table + b" SET model = model || '0'")
    assert not shared.current(built.model.name), "another program's"
    assert shared.publish(open_current(built.home))
    assert shared.current(built.model.name)


def test_vectors_that_were_half_fetched_are_fetched_again(
    shared: Shared, built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.publish(open_current(built.home))
    published = shared.current(built.model.name)[""]
    fetched = shared.fetch(published, tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(np, "save", full)
        with pytest.raises(OSError, match="space"):
            shared.complete(fetched, published)
    assert embedded_by(fetched) == {}
    shared.complete(fetched, published)
    assert len(embedded_by(fetched)) == fetched.manifest.passages


def test_what_could_not_be_published_is_current_until_it_is(
    shared: Shared, empty_database: str, built: Built, encoder: Encoder
) -> None:
    before = open_current(built.home)
    shared.publish(before)
    after = rebuilt(built, encoder)
    assert newest_index(built.home, None, empty_database).id == before.id, "as everywhere"
    assert current_id(built.home) == after.id
    Elsewhere(shared, built.home, None)
    assert current_id(built.home) == before.id, "what stands beside it is searched with it"
    sharing.publish(built.home, after.id, empty_database)
    assert newest_index(built.home, None, empty_database).id == after.id


def test_who_builds_waits_for_another_only_so_long(shared: Shared) -> None:
    with (
        shared.indexing(),
        pytest.raises(SharedUnusable, match="Another computer builds"),
        shared.indexing(0.01),
    ):
        pass


def test_where_nothing_is_published_nothing_is_made_by_dropping(
    empty_database: str, tmp_path: Path
) -> None:
    drop_own(own_home(tmp_path, "T1"), empty_database)
    with psycopg.connect(empty_database) as connection:
        found = connection.execute("SELECT to_regnamespace('outcomes_index')").fetchone()
    assert found == (None,)


def test_what_cannot_be_written_just_now_is_tried_again(
    shipped_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    shutil.copytree(index_folder(shipped_home), index_folder(tmp_path))
    current = CurrentAnswerer(tmp_path, "", lambda: now[0])
    before, after = current.generation, newer(shipped_home, tmp_path)
    point_at(tmp_path, after.id)

    def full(*_: object) -> None:
        raise Unwritten("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(Newest, "open", full)
        now[0] += 2.0
        current()
    assert current.generation == before
    now[0] += TRIED_EACH
    current()
    assert current.generation == after.id
