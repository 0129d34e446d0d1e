"""A build of an index in a process of its own that is ended midway: at a moment, or just before one
of the steps that put what was written on the disk and in its place."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import ParamSpec, TypeVar

from indexer import sharing
from indexer.build import build
from indexer.build_failures import BuildFailed
from indexer.generation import Generation, IndexUnusable, current_id, index_folder, open_current
from indexer.model import find_model
from indexer.query import EncoderDamaged
from indexer.search import Index
from knowledge.library import Library
from knowledge.reader import load
from tests.small_encoder import SmallEncoder

BEGUN = "begun"
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")
_STEPS = ("fsync", "replace", "rename")
# A build starts from a process that has all it needs in memory, so that its time is the writing's.
_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["indexer.build", "indexer.model", "indexer.search"])


@dataclass(frozen=True, slots=True)
class Ending:
    """When it is killed: so many seconds after it began, or before its step of that number, the
    first being 1; 0 for never."""

    seconds: float | None = None
    step: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a build ended: whether it was killed, how many steps it took if it was not, and in
    which state the folder was then."""

    killed: bool
    steps: int
    stage: str


def changed(library: Library, number: int) -> Library:
    """The library with one text that is new each time, so that there is something to embed."""
    first, *others = library.case_studies
    part = first.sections[0]
    told = f"{part.body} Visit number {number} went well (test data)."
    sections = (replace(part, body=told), *first.sections[1:])
    again = replace(first, sections=sections, digest=f"{first.digest}-{number}")
    return replace(library, case_studies=(again, *others))


def written(home: Path, library: Library, ending: Ending, base: Generation | None = None) -> Ended:
    """Build it in a process that ends so; with a `base` as a community's own beside that."""
    before = current_id(home)
    here, there = _FORKED.Pipe(duplex=False)
    process = _FORKED.Process(target=_write, args=(home, library, ending.step, base, there))
    process.start()
    there.close()
    steps = 0
    try:
        assert here.recv() == BEGUN
        if ending.seconds is not None:
            process.join(ending.seconds)
            process.kill()
        process.join()
        steps = here.recv() if here.poll() else 0
    except EOFError:
        process.join()
    killed = process.exitcode == -signal.SIGKILL
    assert killed or (process.exitcode, steps > 0) == (0, True), process.exitcode
    return Ended(killed, steps, _stage(home, before))


def _stage(home: Path, before: str | None) -> str:
    folder = index_folder(home)
    if current_id(home) != before:
        return "in place"
    newer = [one.name for one in folder.iterdir() if one.is_dir() and one.name > str(before)]
    if any(not name.startswith(".") for name in newer):
        return "renamed, not pointed at"
    aside = next(folder.glob(".building-*"), None)
    if aside is None:
        return "nothing written"
    return "all written, not renamed" if (aside / "manifest.json").exists() else "half written"


def _write(
    home: Path, library: Library, dies: int, base: Generation | None, told: Connection
) -> None:
    """In the process."""
    steps = [0]

    def counted(real: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
        def step(*given: _Given.args, **named: _Given.kwargs) -> _Result:
            steps[0] += 1
            if steps[0] == dies:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given, **named)

        return step

    for name in _STEPS:
        setattr(os, name, counted(getattr(os, name)))
    told.send(BEGUN)
    build(library, home, find_model(None), SmallEncoder, base=base)
    told.send(steps[0])


def published(home: Path, address: str, seconds: float | None) -> bool:
    """Publish the newest generation in a process that is killed after so long; whether it was."""
    here, there = _FORKED.Pipe(duplex=False)
    process = _FORKED.Process(target=_publish, args=(home, address, there))
    process.start()
    there.close()
    assert here.recv() == BEGUN
    process.join(seconds)
    process.kill()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def _publish(home: Path, address: str, told: Connection) -> None:
    told.send(BEGUN)
    sharing.publish(home, open_current(home).id, address)


def answers(home: Path, base: Index | None = None) -> bool:
    """Whether the index opens, whole, and something is found in it."""
    try:
        index = Index.beside(open_current(home), base) if base else Index.open(home)
        text = "How much does free wi-fi cost?"
        return bool(index.search(text, index.encode([text])[0], limit=3))
    except (IndexUnusable, EncoderDamaged, OSError):
        return False


def without_room(home: Path, library: Library) -> list[str]:
    """What a build says on a disk that is full, and what becomes of the next when there is room:
    `home` is to be a disk of its own that can be made larger. Run in a process of its own."""
    said = []
    try:
        build(library, home, find_model(None), SmallEncoder)
    except BuildFailed as error:
        said.append(str(error))
    said.append(f"answers: {answers(home)}")
    subprocess.run(["mount", "-o", "remount,size=900m", str(home)], check=True)
    report = build(library, home, find_model(None), SmallEncoder)
    return [*said, f"built: {report.changed}", f"answers: {answers(home)}"]


if __name__ == "__main__":
    given = Path(sys.argv[1])
    print("\n".join(without_room(given, changed(load(given.parent / "texts"), 1))))  # noqa: T201
