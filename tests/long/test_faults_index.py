"""An index that is being written while its process is killed, its disk is full or its files are
damaged: the last good one answers, and what is wrong is said."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from indexer.generation import open_current
from indexer.newest import Newest
from indexer.search import Index
from tests.conftest import TEXTS, Built
from tests.index_writing import Ending, answers, changed, published, written
from tests.postgres import Postgres
from tests.running import ROOT

OWN, WITH_ENCODER = 60, 40  # kills
PUBLISHED = 20
SEED = 10


@pytest.mark.parametrize(
    ("own", "most"),
    [(True, OWN), (False, WITH_ENCODER)],
    ids=["beside another", "with its encoder"],
)
def test_a_kill_leaves_an_index_that_answers(
    built: Built, own: bool, most: int, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    """Half fall at moments over all of the writing, half at each step that puts it on the disk."""
    base = open_current(built.home) if own else None
    beneath = Index.open(built.home) if own else None
    home = tmp_path / "own" if own else built.home
    home.mkdir(exist_ok=True)
    began = time.monotonic()
    for number in (-2, -1):  # the first embeds all of it
        started = time.monotonic()
        whole = written(home, changed(built.library, number), Ending(), base)
    seconds, chance = time.monotonic() - started, Random(SEED)
    stages: Counter[str] = Counter()
    unusable = number = 0
    while stages.total() < most:
        number += 1
        assert number <= 3 * most
        step = number // 2 % whole.steps + 1 if number % 2 else 0
        at = None if step else chance.uniform(0, seconds)
        ended = written(home, changed(built.library, number), Ending(at, step), base)
        stages[ended.stage] += ended.killed
        unusable += not answers(home, beneath)
    last = written(home, changed(built.library, 0), Ending(), base)
    where = ", ".join(f"{count} {stage}" for stage, count in sorted(stages.items()) if count)
    figure(
        f"an index {'of its own' if own else 'and its encoder'} being written: {stages.total()} "
        f"kills ({where}), {unusable} unusable; {time.monotonic() - began:.0f} s"
    )
    assert unusable == 0
    assert (last.killed, last.stage) == (False, "in place"), "nothing that was left is in the way"
    assert len(+stages) >= 3, "they fall everywhere"


def test_a_kill_while_publishing_leaves_what_was_published(
    built: Built, postgres: Postgres, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    address, chance = postgres.empty(), Random(SEED)
    started = time.monotonic()
    assert not published(built.home, address, None)
    seconds = time.monotonic() - started
    unusable = kills = number = 0
    while kills < PUBLISHED:
        number += 1
        assert number <= 3 * PUBLISHED
        assert not written(built.home, changed(built.library, number), Ending()).killed
        kills += published(built.home, address, chance.uniform(0, seconds))
        unusable += not found(tmp_path / "elsewhere", address)
    assert not published(built.home, address, None), "nothing that was left is in the way"
    figure(f"an index being published to PostgreSQL: {kills} kills, {unusable} unusable")
    assert unusable == 0
    assert found(tmp_path / "elsewhere", address)
    postgres.drop(address)


def found(home: Path, address: str) -> bool:
    """Whether a computer that has nothing opens what is published, and finds something in it."""
    newest = Newest(home, None, address)
    newest.look()
    try:
        if not newest.shared:
            return False
        index = newest.open()
        text = "How much does free wi-fi cost?"
        return bool(index.search(text, index.encode([text])[0], limit=3))
    finally:
        newest.close()


def test_a_full_disk_is_said_and_the_last_good_index_answers(
    built: Built, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    home = tmp_path / "small-disk"
    home.mkdir()
    (tmp_path / "texts").symlink_to(TEXTS)
    mounted = 'mount -t tmpfs -o size=130m none "$1" && cp -a "$2/index" "$1/"'
    begin = ["unshare", "-Urm", "sh", "-c", f'{mounted} && exec "$3" -m tests.index_writing "$1"']
    arguments = ["sh", str(home), str(built.home), sys.executable]
    done = subprocess.run([*begin, *arguments], capture_output=True, text=True, cwd=ROOT)
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip(f"no disk of its own can be made here: {done.stderr.strip()}")
    assert done.stdout.splitlines() == [
        f"The disk of {home} is full. Free some space and run: outcomes index",
        "answers: True",
        "built: True",
        "answers: True",
    ], done.stderr
    figure("an index written to a full disk: said so, the last good one answers, the next is whole")
