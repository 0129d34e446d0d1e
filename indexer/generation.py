"""The folder of one built index: its layout and manifest, how it is opened, verified, swapped in.

HOME/index/current            the id of the generation in use, replaced atomically
HOME/index/<id>/manifest.json     what it was built from, and every file's checksum
HOME/index/<id>/...               the files of `Generation`
HOME/index/<id>/fetched           of one that was built elsewhere: a database has what is searched
HOME/own/<key>/index/...          the same of a community with texts of its own, without an encoder
"""

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.model import model_name

FORMAT = 5  # the encoder of 4 gave no tokens' vectors
KEPT = 2
KEPT_OWN = 1  # so that nothing of a text stays on the disk once it was removed
ASIDE, FETCHED = ".building-", "fetched"
_SEARCHED = ("passages.vectors.faiss", "statements.vectors.npy", "lexical/")
CURE = "Run: outcomes index"

_log = logging.getLogger(__name__)


class IndexUnusable(Exception):
    """There is no index that can be used; the message says why and what to run."""


class Damaged(Exception):
    """One generation is not whole; an earlier one may be."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from. `files` and `extras` map names to checksums.

    `base` is the checksum of the passages of the generation that this one stands beside, whose
    encoder and extras it borrows; "" for one that stands alone.
    """

    format: int
    model: str
    weights_sha256: str
    window: int
    library_digest: str
    built: str
    documents: int
    passages: int
    statements: int
    extras: dict[str, str]
    files: dict[str, str]
    base: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Generation:
    """One built index on disk, verified."""

    folder: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def fetched(self) -> bool:
        """Whether it was built elsewhere, and what is searched of it is in a database."""
        return (self.folder / FETCHED).exists()

    @property
    def vectors(self) -> Path:
        return self.folder / "passages.vectors.faiss"

    @property
    def statements(self) -> Path:
        return self.folder / "statements.vectors.npy"

    @property
    def lexical(self) -> Path:
        return self.folder / "lexical"

    @property
    def passages(self) -> Path:
        return self.folder / "passages.jsonl"

    @property
    def library(self) -> Path:
        return self.folder / "library.json"

    @property
    def encoder(self) -> Path:
        return self.folder / "encoder"

    @property
    def encoder_checksums(self) -> dict[str, str]:
        files = self.manifest.files.items()
        return {name: sum_ for name, sum_ in files if name.startswith(f"{self.encoder.name}/")}

    @property
    def extras(self) -> Path:
        return self.folder / "extras"


def index_folder(home: Path) -> Path:
    return home / "index"


def own_home(home: Path, community: str) -> Path:
    """The home of what is built for one community: no name of a folder says which."""
    return (
        home / "own" / hashlib.sha256(community.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    )


def current_id(home: Path) -> str | None:
    """The id of the newest generation, or None; cheap enough to ask before every question."""
    try:
        return (index_folder(home) / "current").read_text("utf-8").strip() or None
    except OSError:
        return None


def open_current(home: Path, *, model: str | None = None) -> Generation:
    """The current generation, or the last good one where it is damaged.

    `model` is the setting OUTCOMES_MODEL; an index built with another model is refused.
    """
    faults = []
    for folder in candidates(home):
        try:
            generation = Generation(folder, manifest_of(folder))
            _check_made_for(generation.manifest, home, model)
            verify(generation)
        except Damaged as fault:
            faults.append(str(fault))
            continue
        if faults:
            _log.warning(
                "The index is damaged (%s); using the earlier one of %s. %s",
                "; ".join(faults), generation.manifest.built, CURE,
            )  # fmt: skip
        return generation
    if faults:
        raise IndexUnusable(f"The index in {home} is damaged ({faults[0]}). {CURE}")
    raise IndexUnusable(f"There is no index in {home} yet. {CURE}")


def opened(home: Path, generation_id: str) -> Generation:
    """One generation of a home, whether it is current or not. Raises IndexUnusable."""
    folder = index_folder(home) / generation_id
    try:
        generation = Generation(folder, manifest_of(folder))
        verify(generation)
    except Damaged as fault:
        raise IndexUnusable(f"The index in {home} is damaged ({fault}). {CURE}") from fault
    return generation


def verify(generation: Generation) -> None:
    """Every file that a database has not in its place is there, as it was written."""
    fetched = generation.fetched
    for name, expected in generation.manifest.files.items():
        if fetched and searched(name):
            continue
        file = generation.folder / name
        try:
            found = checksum(file)
        except FileNotFoundError as error:
            raise Damaged(f"{file} is missing") from error
        except PermissionError as error:
            raise IndexUnusable(
                f"{file} cannot be read. Check the folder's permissions."
            ) from error
        except OSError as error:
            raise Damaged(f"{file} cannot be read: {error.strerror}") from error
        if found != expected:
            raise Damaged(f"{file} has been changed or cut short")


def searched(name: str) -> bool:
    """Whether a file of a generation holds what its passages are found by."""
    return name.startswith(_SEARCHED)


def checksum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def aside(home: Path, generation_id: str) -> Path:
    """A fresh folder to build in, beside the finished ones so that a rename suffices."""
    folder = index_folder(home) / f"{ASIDE}{generation_id}"
    folder.mkdir(parents=True)
    return folder


def free_id(home: Path, stamp: str) -> str:
    """The time as an id, with a number behind it should that be taken."""
    taken = {folder.name for folder in _finished(home)}
    ids = (stamp if not number else f"{stamp}-{number}" for number in range(len(taken) + 1))
    return next(name for name in ids if name not in taken)


def sealed(folder: Path, manifest: Manifest, home: Path, generation_id: str) -> Generation:
    """Puts a whole generation in place: synced to disk, renamed, pointed at."""
    (folder / "manifest.json").write_text(manifest.to_json(), "utf-8")
    for path in (folder, *folder.rglob("*")):
        sync(path)
    final = index_folder(home) / generation_id
    folder.rename(final)
    sync(final.parent)
    point_at(home, generation_id)
    return Generation(final, manifest)


def checksums(folder: Path, known: Mapping[str, str]) -> dict[str, str]:
    """Of every file in it, by its name there; those of which one is known are not read."""
    names = [str(file.relative_to(folder)) for file in _files(folder)]
    return {name: known.get(name) or checksum(folder / name) for name in names}


def settled(part: Path) -> dict[str, str]:
    """The checksums of a part that is whole, by their names beside it; on the disk from now on."""
    for file in _files(part):
        sync(file)
    return {str(file.relative_to(part.parent)): checksum(file) for file in _files(part)}


def prune(home: Path, kept: int = KEPT) -> list[Path]:
    """Removes what a killed build left behind, and all but the last generations; what of it the
    system would not remove. Whoever has one open goes on with it: nothing of it is read again, and
    the disk is freed when they close it."""
    leftovers = [path for path in index_folder(home).glob(f"{ASIDE}*") if path.is_dir()]
    folders = (*leftovers, *candidates(home)[kept:])
    return [folder for folder in folders if not removed(folder)]


def removed(folder: Path) -> bool:
    """Whether nothing of a folder stays on the disk."""
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def point_at(home: Path, generation_id: str) -> None:
    pointer = index_folder(home) / "current"
    fresh = pointer.with_suffix(".new")
    fresh.write_text(generation_id + "\n", "utf-8")
    sync(fresh)
    os.replace(fresh, pointer)
    sync(pointer.parent)


def candidates(home: Path) -> list[Path]:
    """The current generation first, then the others, the newest first."""
    current = current_id(home)
    finished = sorted(_finished(home), key=lambda folder: folder.name, reverse=True)
    return sorted(finished, key=lambda folder: folder.name != current)


def _finished(home: Path) -> list[Path]:
    try:
        inside = list(index_folder(home).iterdir())
    except FileNotFoundError:
        return []
    except NotADirectoryError as error:
        raise IndexUnusable(f"{home} is not a folder. Set OUTCOMES_HOME to one.") from error
    except OSError as error:
        raise IndexUnusable(f"{home} cannot be read: {error.strerror}.") from error
    return [path for path in inside if path.is_dir() and not path.name.startswith(".")]


def manifest_of(folder: Path) -> Manifest:
    file = folder / "manifest.json"
    try:
        return manifest_from(file.read_text("utf-8"), folder)
    except PermissionError as error:
        raise IndexUnusable(f"{file} cannot be read. Check the folder's permissions.") from error
    except FileNotFoundError as error:
        raise Damaged(f"{file} is missing") from error
    except (OSError, ValueError) as error:
        raise Damaged(f"{file} cannot be read") from error


def manifest_from(told: str, where: object) -> Manifest:
    """What a manifest says; `where` it is names it in messages. Raises Damaged, or IndexUnusable
    for one of another format."""
    try:
        values: dict[str, Any] = json.loads(told)
        if values["format"] != FORMAT:
            raise IndexUnusable(
                f"The index in {where} is of format {values['format']}, "
                f"this version reads format {FORMAT}. {CURE}"
            )
        manifest = Manifest(**values)
        _check_shape(manifest)
        return manifest
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Damaged(f"{where}: manifest.json cannot be read") from error


def _check_shape(manifest: Manifest) -> None:
    """ValueError or TypeError where what is said of files could not have been written by us."""
    told = (*manifest.files.items(), *manifest.extras.items())
    if not all(isinstance(one, str) for pair in told for one in pair):
        raise TypeError("files and extras are texts by name")
    if any("\0" in name or name[:1] == "/" or ".." in Path(name).parts for name in manifest.files):
        raise ValueError("a file is below its folder")


def _check_made_for(manifest: Manifest, home: Path, model: str | None) -> None:
    asked = model_name(model)
    if manifest.model != asked:
        raise IndexUnusable(
            f"The index in {home} was built with the model {manifest.model}, "
            f"but {asked} is asked for. {CURE}"
        )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
