"""A generation that was built elsewhere, taken in here: all of it but what a database searches."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.generation import (
    CURE,
    FETCHED,
    KEPT,
    Damaged,
    Generation,
    IndexUnusable,
    Manifest,
    candidates,
    current_id,
    index_folder,
    manifest_of,
    point_at,
    removed,
    sync,
    verify,
)

_FETCHING = ".fetching-"
_LONG_AGO = 3600.0  # seconds; no fetch takes that long, so whoever made it was killed


def taken_in(
    home: Path,
    generation_id: str,
    manifest: Manifest,
    write: Callable[[Path], None],
    *,
    beside: bool = False,
) -> Generation:
    """A generation that was built elsewhere, made current here. `write` puts all but what is
    searched into a folder; IndexUnusable where that is not what the manifest says.

    One that was built here and is newer stays current: it could not be published yet, and the next
    `outcomes index` publishes it as it is. Not where others are to be built `beside` this one,
    which are searched with it elsewhere.
    """
    folder = index_folder(home) / generation_id
    if not _same(folder, manifest):
        index_folder(home).mkdir(parents=True, exist_ok=True)
        _sweep(home)
        with TemporaryDirectory(prefix=_FETCHING, dir=index_folder(home)) as made:
            fresh = Generation(Path(made) / generation_id, manifest)
            fresh.folder.mkdir()
            (fresh.folder / FETCHED).touch()
            write(fresh.folder)
            _check_whole(fresh)
            (fresh.folder / "manifest.json").write_text(manifest.to_json(), "utf-8")
            for path in (fresh.folder, *fresh.folder.rglob("*")):
                sync(path)
            removed(folder)  # one that is damaged
            try:
                fresh.folder.rename(folder)
            except OSError:
                if not _same(folder, manifest):  # another process here may have been faster
                    raise
    if current_id(home) != generation_id:
        if beside or not _newer(home, manifest):
            point_at(home, generation_id)
        _prune(home, folder)
    return Generation(folder, manifest)


def _prune(home: Path, taken: Path) -> None:
    """All but the last ones, and the one that was taken in."""
    for old in candidates(home)[KEPT:]:
        if old != taken:
            removed(old)


def _newer(home: Path, manifest: Manifest) -> bool:
    """Whether what is current was built here by the same model, and not before this one."""
    current = Generation(index_folder(home) / (current_id(home) or "none"), manifest)
    try:
        here = manifest_of(current.folder)
    except (Damaged, IndexUnusable):
        return False
    same = (here.model, here.weights_sha256) == (manifest.model, manifest.weights_sha256)
    return same and not current.fetched and here.built >= manifest.built


def _same(folder: Path, manifest: Manifest) -> bool:
    """Whether exactly this generation is there, whole."""
    try:
        there = manifest_of(folder)
        verify(Generation(folder, manifest))
    except (Damaged, IndexUnusable):
        return False
    return there == manifest


def _check_whole(fetched: Generation) -> None:
    try:
        verify(fetched)
    except Damaged as error:
        raise IndexUnusable(f"The index in the database is not whole ({error}). {CURE}") from error


def _sweep(home: Path) -> None:
    """Remove what processes that were killed had begun to fetch."""
    before = time.time() - _LONG_AGO
    for folder in index_folder(home).glob(f"{_FETCHING}*"):
        if folder.stat().st_mtime < before:
            removed(folder)
