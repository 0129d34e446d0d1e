"""Passages written to a folder to be embedded anywhere, and their vectors taken from it.

FOLDER/manifest.json     the model that must embed them, and how many they are
FOLDER/passages.jsonl    a passage a line: digest, text, begins, spans; see `waiting.line`
FOLDER/units.jsonl       which index wants which: unit, digest
FOLDER/rows.jsonl        from whoever embedded them, a passage a line: digest, statements (a count)
FOLDER/passages.npy      a row for each of these lines, float32, of unit length
FOLDER/statements.npy    a row for each of all their statements, in the same order
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from indexer.embedded import Array
from indexer.ledger import Ledger
from indexer.ledger_place import Place
from indexer.model import Model
from indexer.passages import Passage
from indexer.waiting import digest, line, made_by, packed, passage_of
from indexer.workers import name

FORMAT = 1
MANIFEST, PASSAGES, UNITS = "manifest.json", "passages.jsonl", "units.jsonl"
ROWS, VECTORS, STATEMENTS = "rows.jsonl", "passages.npy", "statements.npy"
_UNIT = re.compile(r"(?:[0-9a-f]{32})?", re.ASCII)
_NEAR = 1e-3  # how far from 1 a length may be: 32-bit numbers, and not 16-bit ones rounded
_AT_ONCE = 1000


class NotTaken(Exception):
    """What is in a folder cannot be used, or nothing written to it; the message says why."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """How many passages and statements were written, or taken."""

    passages: int
    statements: int


def write(folder: Path, model: Model, wanted: Iterable[tuple[str, Sequence[Passage]]]) -> Exchanged:
    """What each index wants, each passage once; readable by the owner alone. An index is named as
    `Place.unit` is. Raises NotTaken where the folder is not empty."""
    with _told(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise NotTaken(f"{folder} is not empty. Name one that is, or that is not there yet.")
        try:
            return _all_written(folder, model, wanted)
        except BaseException:
            for one in (MANIFEST, PASSAGES, UNITS):
                (folder / one).unlink(missing_ok=True)
            raise


def _all_written(
    folder: Path, model: Model, wanted: Iterable[tuple[str, Sequence[Passage]]]
) -> Exchanged:
    with _new(folder / PASSAGES) as lines, _new(folder / UNITS) as units:
        statements = _written(wanted, made_by(model), lines, units)
    count = Exchanged(len(statements), sum(statements.values()))
    manifest = {
        "format": FORMAT,
        "model": model.name,
        "weights_sha256": model.weights_sha256,
        "window": model.window,
        "passages": count.passages,
        "statements": count.statements,
    }
    with _new(folder / MANIFEST) as file:
        file.write(json.dumps(manifest, indent=2) + "\n")
    return count


def _written(
    wanted: Iterable[tuple[str, Sequence[Passage]]], by: str, lines: TextIO, units: TextIO
) -> dict[str, int]:
    """How many statements each passage has, by its digest."""
    found: dict[str, int] = {}
    for unit, cut in wanted:
        for name_, passage in {digest(one, by): one for one in cut}.items():
            if name_ not in found:
                lines.write(f'{{"digest": "{name_}", {line(passage)[1:]}\n')
            found[name_] = len(passage.statements)
            units.write(json.dumps({"unit": unit, "digest": name_}) + "\n")
    return found


def take(folder: Path, model: Model, home: Path, shared: str = "") -> Exchanged:
    """Note the vectors that are there for the next build of each index that wants them. All is
    looked at before any is noted. Raises NotTaken, or Unembedded."""
    with _told(folder):
        _check_manifest(folder, model)
        expected = _expected(folder, model)
        counts = _counts(folder, expected)
        width = _width(model)
        rows = _rows(folder / VECTORS, len(counts), width)
        statements = _rows(folder / STATEMENTS, sum(counts.values()), width)
        starts = dict(zip(counts, np.cumsum([0, *counts.values()]).tolist(), strict=False))
        places = {one: place for place, one in enumerate(counts)}
        for unit, digests in _units(folder, counts).items():
            place = Place(home / "own" / unit if unit else home, unit, shared)
            with Ledger(place, made_by(model), name()) as ledger:
                for some in _parts(digests):
                    ledger.put({
                        one: packed((
                            rows[places[one]],
                            statements[starts[one] : starts[one] + counts[one]],
                        ))
                        for one in some
                    })  # fmt: skip
        return Exchanged(len(rows), len(statements))


def _check_manifest(folder: Path, model: Model) -> None:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    if manifest["format"] != FORMAT:
        raise NotTaken(f"{folder} is of format {manifest['format']}, this version takes {FORMAT}.")
    if (manifest["weights_sha256"], manifest["window"]) != (model.weights_sha256, model.window):
        raise NotTaken(
            f"{folder} was written for the model {manifest['model']}, but {model.name} is in use. "
            "Set OUTCOMES_MODEL to that, or export again."
        )


def _expected(folder: Path, model: Model) -> dict[str, int]:
    """How many statements each passage has that was written, by its digest."""
    by, found = made_by(model), dict[str, int]()
    for number, told in _lines(folder / PASSAGES):
        passage = passage_of(told)
        if digest(passage, by) != json.loads(told)["digest"]:
            raise NotTaken(f"{PASSAGES}, line {number}, has been changed. Export again.")
        found[digest(passage, by)] = len(passage.statements)
    return found


def _counts(folder: Path, expected: Mapping[str, int]) -> dict[str, int]:
    """How many statements each passage has that was embedded, in the order of the rows."""
    found: dict[str, int] = {}
    for number, told in _lines(folder / ROWS):
        row = json.loads(told)
        one, count = row["digest"], row["statements"]
        if one not in expected or one in found:
            why = "is there twice" if one in found else "was not exported"
            raise NotTaken(f"{ROWS}, line {number}: this passage {why}.")
        if count != expected[one]:
            raise NotTaken(f"{ROWS}, line {number}: {count} statements instead of {expected[one]}.")
        found[one] = count
    return found


def _width(model: Model) -> int:
    """How many numbers a vector of it has: with mean pooling, as many as a token's."""
    return int(json.loads((model.folder / "config.json").read_text("utf-8"))["hidden_size"])


def _rows(file: Path, count: int, width: int) -> Array:
    """Mapped, not read: they may be more than fits in memory."""
    rows: Any = np.load(file, mmap_mode="r", allow_pickle=False)
    if rows.dtype != np.float32 or rows.shape != (count, width):
        raise NotTaken(
            f"{file.name} holds {rows.dtype} of shape {rows.shape} instead of float32 of "
            f"{(count, width)}, which {ROWS} and the model ask for."
        )
    for start in range(0, len(rows), _AT_ONCE):
        lengths = np.linalg.norm(rows[start : start + _AT_ONCE], axis=1)
        wrong = ~(np.abs(lengths - 1) <= _NEAR)  # also where it is not a number
        if wrong.any():
            raise NotTaken(
                f"{file.name}, row {start + int(wrong.argmax())}, is not of length 1. "
                "Take the vectors as Encoder.encode_passages gives them."
            )
    return rows  # type: ignore[no-any-return]


def _units(folder: Path, counts: Mapping[str, int]) -> dict[str, list[str]]:
    """Which passages that were embedded each index wants."""
    found: dict[str, list[str]] = {}
    for number, told in _lines(folder / UNITS):
        row = json.loads(told)
        if not _UNIT.fullmatch(row["unit"]):
            raise NotTaken(f"{UNITS}, line {number}, names no index.")
        if row["digest"] in counts:
            found.setdefault(row["unit"], []).append(row["digest"])
    return found


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    with file.open(encoding="utf-8", newline="\n") as lines:
        yield from ((number, told) for number, told in enumerate(lines, start=1) if told.strip())


def _parts(digests: Sequence[str]) -> Iterator[list[str]]:
    left = iter(digests)
    while some := list(islice(left, _AT_ONCE)):
        yield some


def _new(file: Path) -> TextIO:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(handle, "w", encoding="utf-8", newline="\n")


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NotTaken(f"{error.filename} is missing. See docs/scale.md for what is.") from error
    except OSError as error:
        raise NotTaken(f"{folder} cannot be used: {error.strerror}.") from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise NotTaken(
            f"A file in {folder} cannot be read as docs/scale.md says ({type(error).__name__})."
        ) from error
