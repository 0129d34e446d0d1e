"""What each contender is asked for, in a process of its own: one job, answered in JSON lines.

Runs in the contenders' own environments, so it meets nothing but Python.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

HITS = 10
_KILOBYTES = 1024 * (1024 if sys.platform == "darwin" else 1)  # ru_maxrss in a megabyte


@dataclass(frozen=True, slots=True)
class Job:
    """What to do it with: the model's folder, the passages ({"id", "text"}) and questions as JSON
    files, and the folder where the index is put and found. `larger` is how many passages were
    asked for, 0 for the shipped ones."""

    model: str
    texts: str
    questions: str
    folder: str
    larger: int

    def passages(self) -> list[tuple[str, str]]:
        rows = json.loads(Path(self.texts).read_text("utf-8"))
        return [(row["id"], row["text"]) for row in rows]

    def asked(self) -> list[str]:
        questions: list[str] = json.loads(Path(self.questions).read_text("utf-8"))
        return questions


@dataclass(frozen=True, slots=True)
class Built:
    """Seconds: the index from a loaded model and passages, and what is done beside it. `processor`
    are those of the whole process on all cores, which tell more where a machine is shared."""

    seconds: float
    beside: float
    processor: float


@dataclass(frozen=True, slots=True)
class Serving:
    """An opened index: a question to the ids of its best passages, and its encoding alone."""

    search: Callable[[str], list[str]]
    encode: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Served:
    """Seconds of each question and of each encoding, those of processor that a question took on
    average, megabytes held at the end, and what was found."""

    questions: list[float]
    encodings: list[float]
    processor: float
    megabytes: float
    found: list[list[str]]


def run(build: Callable[[Job], Built], opened: Callable[[Job], Serving]) -> None:
    """Does what the command line says: `build JOB` or `serve JOB`. Serving says one line at the
    first answer, by which the time from the start is taken, and one at the end."""
    what, job = sys.argv[1], Job(**json.loads(sys.argv[2]))
    if what == "build":
        _say(asdict(build(job)))
        return
    asked = job.asked()
    serving = opened(job)
    _say({"first": serving.search(asked[0])})
    _say(asdict(_served(serving, asked)))


def _served(serving: Serving, asked: list[str]) -> Served:
    taken, found = [], []
    used = time.process_time()
    for question in asked:
        began = time.perf_counter()
        found.append(serving.search(question))
        taken.append(time.perf_counter() - began)
    used = (time.process_time() - used) / len(asked)
    encodings = [_seconds(serving.encode, one) for one in asked]
    return Served(taken, encodings, used, _resident(), found)


def _seconds(work: Callable[[str], object], text: str) -> float:
    began = time.perf_counter()
    work(text)
    return time.perf_counter() - began


def _resident() -> float:
    """Megabytes in memory now; where the system does not say, the most there ever were."""
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTES
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


def _say(row: dict[str, object]) -> None:
    print(json.dumps(row), flush=True)
