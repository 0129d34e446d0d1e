"""`make bench-peers`: how fast this is beside haystack-ai and txtai. Same model, same passages,
same questions, one run.

Each contender is a process of its own, in turn, several times over; medians are compared. Prints
one JSON object a figure, at last the ratios with their bounds, and ends with 1 where one does not
hold.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from statistics import mean, median
from typing import Any

from indexer.model import find_model
from tests.peers import texts
from tests.peers.side import Built, Job, Served

ROOT = Path(__file__).parents[2]
OURS = "ours"
_BOUNDS = {
    "index build from a loaded model": 1.0,
    "question, p50": 0.75,
    "resident memory while serving": 0.5,
    "process start to first answer": 1 / 3,
}
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
}


class Stumbled(Exception):
    """A contender failed; the message says which and its last words."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Its module, and the Python of the environment that it lives in."""

    name: str
    module: str
    python: str


@dataclass
class Taken:
    """What one contender took, one value a round."""

    builds: list[Built] = field(default_factory=list)
    served: list[Served] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, tuple[float, str]]:
        """By name: the median over all rounds, and its unit."""
        questions = median(chain.from_iterable(one.questions for one in self.served)) * 1000
        encodings = median(chain.from_iterable(one.encodings for one in self.served)) * 1000
        used = median(one.processor for one in self.served)
        return {
            "index build from a loaded model": (median(one.seconds for one in self.builds), "s"),
            "beside it": (median(one.beside for one in self.builds), "s"),
            "processor of both": (median(one.processor for one in self.builds), "s"),
            "question, p50": (questions, "ms"),
            "processor of a question, mean": (used * 1000, "ms"),
            "question without its encoding, p50": (questions - encodings, "ms"),
            "resident memory while serving": (median(one.megabytes for one in self.served), "MB"),
            "process start to first answer": (median(self.starts), "s"),
        }


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: a measured figure, or a ratio with its bound and whether it holds."""

    figure: str
    value: float
    unit: str
    against: str
    holds: bool | None = None

    def line(self) -> str:
        row = {**asdict(self), "value": round(self.value, 3)}
        if self.holds is None:
            del row["holds"]
        return json.dumps(row)


def main() -> int:
    given = _arguments()
    peers = str(Path(given.peers).absolute())
    contenders = (
        Contender(OURS, "tests.peers.our_side", sys.executable),
        Contender("haystack-ai", "tests.peers.haystack_side", peers),
        Contender("txtai", "tests.peers.txtai_side", peers),
    )
    held = True
    try:
        for larger in (0, given.larger):
            for figure in _measured(contenders, larger, given.rounds):
                print(figure.line(), flush=True)
                held = held and figure.holds is not False
    except Stumbled as error:
        print(f"bench-peers: {error}", file=sys.stderr)
        return 1
    return 0 if held else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-peers", description=__doc__)
    parser.add_argument("--peers", default=str(ROOT / ".venv-peers/bin/python"), metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--larger", type=int, default=2_000, metavar="PASSAGES")
    return parser.parse_args()


def _measured(contenders: Sequence[Contender], larger: int, rounds: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as place:
        job = _job(Path(place), larger)
        passages = len(job.passages())
        taken = {one.name: Taken() for one in contenders}
        for number in range(rounds):
            first = number % len(contenders)  # each begins once: a machine slows down, or warms up
            for one in (*contenders[first:], *contenders[:first]):
                print(f"{one.name}, {passages} passages, {number + 1}/{rounds}", file=sys.stderr)
                _round(one, job, Path(place) / f"{one.name}-{number}", taken[one.name])
    there = f"{passages:,} passages"
    figures = {name: one.figures() for name, one in taken.items()}
    for name, theirs in figures.items():
        for figure, (value, unit) in theirs.items():
            yield Figure(f"{figure}, {name}", value, unit, there)
    yield from _agreeing(taken, there)
    yield from _ratios(figures, there)


def _job(place: Path, larger: int) -> Job:
    """The passages and questions put where every contender reads them."""
    model = find_model(None)
    found = texts.cut(texts.library(larger), model)
    rows = [{"id": one.id, "text": one.searched} for one in found]
    (place / "passages.json").write_text(json.dumps(rows), "utf-8")
    (place / "questions.json").write_text(json.dumps(texts.asked()), "utf-8")
    files = str(place / "passages.json"), str(place / "questions.json")
    return Job(str(model.folder), *files, "", larger)


def _round(contender: Contender, job: Job, folder: Path, taken: Taken) -> None:
    """Built anew, then served from what was built."""
    folder.mkdir()
    given = json.dumps({**asdict(job), "folder": str(folder)})
    taken.builds.append(Built(**_answers(contender, "build", given)[0][1]))
    (after, _), (_, served) = _answers(contender, "serve", given)
    taken.starts.append(after)
    taken.served.append(Served(**served))


def _answers(contender: Contender, what: str, job: str) -> list[tuple[float, dict[str, Any]]]:
    """Each line that it says, with the seconds since the process was started."""
    command = [contender.python, "-m", contender.module, what, job]
    environment = {**os.environ, **_OFFLINE}
    with tempfile.TemporaryFile("w+") as words:
        began = time.perf_counter()
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=words, text=True, cwd=ROOT, env=environment
        ) as process:
            assert process.stdout is not None
            said = [(time.perf_counter() - began, line) for line in process.stdout]
        words.seek(0)
        last = [line for line in words.read().splitlines() if line.strip()][-1:]
    if process.returncode:
        raise Stumbled(f"{contender.name} cannot {what}: {' '.join(last)}")
    return [(after, json.loads(line)) for after, line in said if line.startswith("{")]


def _agreeing(taken: dict[str, Taken], there: str) -> Iterator[Figure]:
    """That all do the same job: how much of our first ten each of the others has among its own."""
    ours = taken[OURS].served[0].found
    for name, theirs in taken.items():
        if name != OURS:
            pairs = zip(ours, theirs.served[0].found, strict=True)
            shared = mean(len(set(own) & set(other)) / len(own) for own, other in pairs if own)
            yield Figure(f"of our first hits also found by {name}", shared, "", there)


def _ratios(figures: dict[str, dict[str, tuple[float, str]]], there: str) -> Iterator[Figure]:
    """Ours against the better of the others."""
    others = [theirs for name, theirs in figures.items() if name != OURS]
    for figure, bound in _BOUNDS.items():
        ratio = figures[OURS][figure][0] / min(theirs[figure][0] for theirs in others)
        against = f"at most {bound:.3g}, {there}"
        yield Figure(f"{figure}, ours against the better", ratio, "times", against, ratio <= bound)


if __name__ == "__main__":
    sys.exit(main())
