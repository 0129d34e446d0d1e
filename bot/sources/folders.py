"""The files of a folder that can be read."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from bot.sources.patterns import is_wanted
from bot.sources.refusals import Refused

_MOST_SEEN = 200_000  # files and folders that are looked through
_DEEPEST = 100  # folders in folders


@dataclass(frozen=True, slots=True)
class File:
    """A file in a folder. `location` is its path below the folder, with "/" between the names;
    `validator` changes whenever it is written: its time in nanoseconds and its size in bytes."""

    path: Path
    location: str
    validator: str


def files(
    folder: Path,
    include: Sequence[str],
    exclude: Sequence[str],
    most: int,
    suffixes: Collection[str],
) -> tuple[list[File], tuple[str, ...]]:
    """The files that end in one of `suffixes` and are wanted, ordered by location, and what was
    left out, a sentence each. Patterns are held against locations.

    Hidden files, what lies in hidden folders, and links that lead out of the folder are left out.
    Raises `Refused` where the folder, or one in it that is not excluded, cannot be listed: nothing
    could be said of what is gone then.
    """
    try:
        root = folder.resolve(strict=True)
        walk = _Walk(root, include, exclude, suffixes)
        found = sorted(walk.below(root, ""), key=lambda file: file.location)
    except (OSError, RuntimeError) as error:  # the second where its own link leads in a circle
        raise Refused(_why(error)) from None
    return found[:most], tuple(_left_out(walk, len(found), most))


def below_what_is_away(folder: Path, locations: Iterable[str], since: datetime) -> set[str]:
    """Those that lay in a folder which is there, holds nothing, and was not written to `since`
    then: nobody erased what was in it, a share was mounted there that is not now."""
    away: dict[str, bool] = {}
    for one in locations:
        for name in _above(one):
            if name not in away:
                away[name] = _is_away(folder / name, since)
    return {one for one in locations if any(away[name] for name in _above(one))}


def _above(location: str) -> list[str]:
    return [str(one) for one in PurePosixPath(location).parents][:-1]


def _is_away(folder: Path, since: datetime) -> bool:
    try:
        return is_empty(folder) and folder.stat().st_mtime < since.timestamp()
    except OSError:
        return False


def is_empty(folder: Path) -> bool:
    """Whether it is there and holds nothing, not even what is hidden; also where it cannot be told
    what it holds."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True


def _why(error: OSError | RuntimeError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such folder"
    if isinstance(error, NotADirectoryError):
        return "this is no folder"
    told = error.strerror if isinstance(error, OSError) else ""
    return f"the folder cannot be read ({told or 'its links lead in a circle'})"


def _left_out(walk: _Walk, found: int, most: int) -> Iterator[str]:
    if found > most:
        yield f"{_counted(found - most)} left out, since at most {most} are read of this folder"
    if walk.others:
        yield f"{_counted(walk.others)} left out, being of a kind that holds no text"
    if walk.outside:
        yield f"{_counted(walk.outside)} left out, being links out of the folder or to nothing"
    if walk.unnamed:
        yield f"{_counted(walk.unnamed)} left out, having names that cannot be read"


def _counted(number: int) -> str:
    return "1 file is" if number == 1 else f"{number} files are"


class _Walk:
    """One look through a folder, with what it left out."""

    def __init__(
        self,
        root: Path,
        include: Sequence[str],
        exclude: Sequence[str],
        suffixes: Collection[str],
    ) -> None:
        self._root = root
        self._include = include
        self._exclude = exclude
        self._suffixes = frozenset(one.lower() for one in suffixes)
        self._seen = 0
        self.outside = 0
        self.unnamed = 0
        self.others = 0

    def below(self, folder: Path, before: str) -> Iterator[File]:
        """The wanted files in a folder and in those below it; `before` begins their locations."""
        for entry in self._listed(folder, before):
            location = before + entry.name
            if not _is_text(entry.name):
                self.unnamed += 1
            elif entry.is_dir(follow_symlinks=False):
                if not _is_excluded(location, self._exclude):
                    yield from self.below(Path(entry.path), location + "/")
            elif not is_wanted(location, self._include, self._exclude):
                continue
            elif os.path.splitext(location)[1].lower() in self._suffixes:
                yield from self._file(entry, location)
            else:
                self.others += entry.is_file(follow_symlinks=False)

    def _listed(self, folder: Path, before: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                shown = [entry for entry in entries if not _is_hidden(entry.name)]
        except OSError as error:
            if not before:
                raise
            raise Refused(
                f"the folder {before.rstrip('/')} in it cannot be read ({error.strerror}): make it "
                f"readable, or leave it out by the pattern {before}*"
            ) from None
        if before.count("/") > _DEEPEST:
            raise Refused(f"its folders are nested more than {_DEEPEST} deep")
        self._seen += len(shown)
        if self._seen > _MOST_SEEN:
            raise Refused(f"it holds more than {_MOST_SEEN} files: name folders in it one by one")
        return shown

    def _file(self, entry: os.DirEntry[str], location: str) -> Iterator[File]:
        path = Path(entry.path)
        try:
            if entry.is_symlink() and not path.resolve(strict=True).is_relative_to(self._root):
                self.outside += 1
                return
            found = path.stat()
        except (OSError, RuntimeError):  # gone meanwhile, or a link to nothing
            self.outside += entry.is_symlink()
            return
        if stat.S_ISREG(found.st_mode):
            yield File(path, location, f"{found.st_mtime_ns}:{found.st_size}")


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$"))  # the second is Word's, while a document is open


def _is_excluded(folder: str, exclude: Sequence[str]) -> bool:
    return bool(exclude) and not is_wanted(folder + "/", (), exclude)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
