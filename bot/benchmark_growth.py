"""outcomes bench growth: what a question costs among 10,000 passages, and among a million.

Each size is built in one process and asked in another, by the code that builds and serves. What was
measured is kept in the home folder, so that a run that was ended goes on with the next size.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TypeVar

import numpy as np

from bot import benchmark_plot, benchmark_rows
from bot.benchmark import CannotMeasure, Figure
from bot.evaluation import questions
from bot.rehearsal.crowd import Stumbled
from bot.rehearsal.load_database import empty_database
from bot.settings import Settings
from indexer.engine import Engine
from indexer.generation import open_current
from indexer.lexical import Lexical, write_lexical
from indexer.local import Local
from indexer.query import QueryEncoder
from indexer.search import DEPTH, fused
from indexer.vectors import Vectors

Result = TypeVar("Result")

FAISS, POSTGRESQL = "faiss", "postgresql"
RATIO, RECALL = 3.0, 0.97
_ASKED, _WARMING = 256, 20
_FOUND = 10  # of which recall is counted
_NAME = "bench"
_MEASURED = ("engine.py", "lexical.py", "local.py", "query.py", "search.py", "vectors.py")


@dataclass(frozen=True, slots=True)
class Grown:
    """One size on one engine: milliseconds of a whole question and of its search alone, megabytes
    of the process that answers and of what is on the disk, seconds that it took to build."""

    engine: str
    size: int
    p50: float
    p95: float
    search_p50: float
    search_p95: float
    recall: float
    megabytes: float
    disk: float
    build: float
    day: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one size is built and found; `address` is the database, "" for files alone."""

    size: int
    folder: Path
    address: str


def run(given: argparse.Namespace, settings: Settings, say: Callable[[str], None]) -> int:
    """Print the figures of each size as soon as they are known, then how it grew; 1 where that is
    not as it must be."""
    engines = (FAISS, POSTGRESQL) if given.engine is None else (given.engine,)
    kept = _Kept(settings.home / "growth.json", afresh=given.afresh)
    held = True
    for engine in engines:
        grown = []
        for size in given.sizes:
            grown.append(kept.get(engine, size) or kept.put(_measured(engine, size, settings)))
            for figure in _figures(grown[-1]):
                say(_line(figure, as_json=given.json))
        for figure, holds in _bounds(grown):
            say(_line(figure, as_json=given.json, holds=holds))
            held = held and holds
    if given.write:
        try:
            benchmark_plot.write(kept.all(), Path("docs"))
        except benchmark_plot.PageUnusable as error:
            raise CannotMeasure(str(error)) from error
    return 0 if held else 1


class _Kept:
    """What was measured before, by the code as it is now."""

    def __init__(self, file: Path, *, afresh: bool) -> None:
        self._file, self._code = file, _code()
        self._rows: dict[str, Grown] = {}
        if file.is_file() and not afresh:
            held = json.loads(file.read_text("utf-8"))
            if held["code"] == self._code:
                self._rows = {name: Grown(**row) for name, row in held["rows"].items()}

    def get(self, engine: str, size: int) -> Grown | None:
        return self._rows.get(f"{engine} {size}")

    def put(self, grown: Grown) -> Grown:
        self._rows[f"{grown.engine} {grown.size}"] = grown
        rows = {name: asdict(row) for name, row in self._rows.items()}
        self._file.write_text(json.dumps({"code": self._code, "rows": rows}, indent=1), "utf-8")
        return grown

    def all(self) -> list[Grown]:
        return sorted(self._rows.values(), key=lambda one: (one.engine, one.size))


def _code() -> str:
    """Changes when what is measured changes."""
    indexer, bot = resources.files("indexer"), resources.files("bot")
    shared = sorted(indexer.joinpath("postgres").iterdir(), key=lambda one: one.name)
    files = [indexer.joinpath(name) for name in _MEASURED]
    files += [one for one in shared if one.name.endswith(".py")]
    files += [bot.joinpath("benchmark_growth.py"), bot.joinpath("benchmark_rows.py")]
    return hashlib.sha256(b"".join(one.read_bytes() for one in files)).hexdigest()


def _measured(engine: str, size: int, settings: Settings) -> Grown:
    with tempfile.TemporaryDirectory(dir=_roomy(settings)) as folder:
        try:
            with _database(engine, settings, Path(folder) / "database") as address:
                place = _Place(size, Path(folder), address)
                build = _apart(partial(_built, place, settings.knowledge))
                return _apart(partial(_asked, place, settings.home, build))
        except Stumbled as error:
            raise CannotMeasure(str(error)) from error
        except BrokenProcessPool as error:
            raise CannotMeasure(
                f"{size:,} passages: the process was ended, likely for want of memory. "
                "Give smaller --sizes"
            ) from error


def _roomy(settings: Settings) -> Path:
    """Beside the index: a million passages take some gigabytes, for which /tmp may be too small."""
    settings.home.mkdir(parents=True, exist_ok=True)
    return settings.home


@contextmanager
def _database(engine: str, settings: Settings, folder: Path) -> Iterator[str]:
    shared = engine == POSTGRESQL
    with empty_database(settings.database_url, folder) if shared else nullcontext() as found:
        yield found.address if found else ""


def _apart(work: Callable[[], Result]) -> Result:
    """In a process of its own, so that what it held in memory is gone afterwards."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as pool:
        return pool.submit(work).result()


def _built(place: _Place, knowledge: Path | None) -> float:
    """Seconds of building; what is exact is put beside it."""
    from knowledge.reader import load

    rows = benchmark_rows.vectors(place.size)
    texts = benchmark_rows.texts(place.size, benchmark_rows.vocabulary(load(knowledge)))
    exact = benchmark_rows.nearest(rows, benchmark_rows.asked(_ASKED), _FOUND)
    np.save(place.folder / "exact.npy", exact)
    began = time.perf_counter()
    if place.address:
        from indexer.postgres.shared import Shared

        with Shared.open(place.address) as shared:
            shared.publish_rows(_NAME, rows, texts)
    else:
        Vectors.build(rows).write(place.folder / "vectors")
        write_lexical(texts, place.folder / "lexical")
    return time.perf_counter() - began


def _asked(place: _Place, home: Path, build: float) -> Grown:
    encoder = QueryEncoder(open_current(home).encoder)
    texts = [one.text for one in questions("tuned") if one.clear and not one.thread][:_ASKED]
    vectors = benchmark_rows.asked(_ASKED)[: len(texts)]
    exact = np.load(place.folder / "exact.npy")
    with _opened(place) as engine:
        for text, vector in zip(texts[:_WARMING], vectors, strict=False):
            fused(engine, text, vector)
        taken = [_times(encoder, engine, *one) for one in zip(texts, vectors, strict=True)]
        found = [engine.nearest(vector, DEPTH)[0][:_FOUND] for vector in vectors]
        megabytes = _resident()
    whole, search = np.array(taken).T * 1000
    pairs = zip(found, exact, strict=False)
    return Grown(
        engine=POSTGRESQL if place.address else FAISS,
        size=place.size,
        p50=float(np.median(whole)),
        p95=float(np.quantile(whole, 0.95)),
        search_p50=float(np.median(search)),
        search_p95=float(np.quantile(search, 0.95)),
        recall=float(np.mean([len(np.intersect1d(*pair)) / _FOUND for pair in pairs])),
        megabytes=megabytes,
        disk=_on_disk(place),
        build=build,
        day=time.strftime("%Y-%m-%d"),
    )


def _times(
    encoder: QueryEncoder, engine: Engine, text: str, vector: benchmark_rows.Array
) -> tuple[float, float]:
    """Seconds of the whole question, and of its search. A real question is encoded; the vector that
    is looked for is one of the passages' kind."""
    began = time.perf_counter()
    encoder.encode([text])
    encoded = time.perf_counter()
    rows, _ = fused(engine, text, vector)
    engine.cosines(rows[:_FOUND], vector)
    done = time.perf_counter()
    return done - began, done - encoded


@contextmanager
def _opened(place: _Place) -> Iterator[Engine]:
    if not place.address:
        vectors = Vectors.read(place.folder / "vectors")
        none = np.empty((0, vectors.matrix.shape[1]), dtype=np.float32)
        lexical = Lexical.read(place.folder / "lexical")
        yield Local(vectors, lexical, none, [0] * place.size)
        return
    from indexer.postgres.shared import Shared

    with Shared.open(place.address) as shared:
        yield shared.engine(shared.current("")[_NAME])


def _on_disk(place: _Place) -> float:
    """Megabytes; with PostgreSQL the whole database."""
    if place.address:
        return _database_bytes(place.address) / 2**20
    files = (place.folder / "vectors", *(place.folder / "lexical").iterdir())
    return sum(file.stat().st_size for file in files) / 2**20


def _database_bytes(address: str) -> int:
    from indexer.postgres.places import Place

    with closing(Place(address)) as database:
        database.open()
        asked = "SELECT pg_database_size(current_database())"
        rows = database.asked(lambda connection: connection.execute(asked).fetchall())
    return int(str(rows[0][0]))


def _resident() -> float:
    """Megabytes in memory now, as Linux tells; 0 elsewhere."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _figures(one: Grown) -> Iterator[Figure]:
    there = f"{one.size:,} passages, {one.engine}"
    yield Figure("whole question, p50", one.p50, "ms", there)
    yield Figure("whole question, p95", one.p95, "ms", there)
    yield Figure("its search alone, p50", one.search_p50, "ms", there)
    yield Figure("its search alone, p95", one.search_p95, "ms", there)
    yield Figure("recall@10 of the vector search", one.recall, "", there)
    yield Figure("resident memory while serving", one.megabytes, "MB", there)
    yield Figure("on the disk", one.disk, "MB", there)
    yield Figure("build without embedding", one.build, "s", there)


def _bounds(grown: Sequence[Grown]) -> Iterator[tuple[Figure, bool]]:
    least, most = min(grown, key=lambda one: one.size), max(grown, key=lambda one: one.size)
    recall, ratio = min(one.recall for one in grown), most.p50 / least.p50
    sizes = f"{most.size:,} passages against {least.size:,}, {most.engine}"
    yield (
        Figure("whole question, p50, grown", ratio, "times", f"at most {RATIO:g}, {sizes}"),
        ratio <= RATIO,
    )
    yield (
        Figure("recall@10, the least", recall, "", f"at least {RECALL}, {most.engine}"),
        recall >= RECALL,
    )


def _line(one: Figure, *, as_json: bool, holds: bool | None = None) -> str:
    if not as_json:
        kept = "" if holds is None else "  holds" if holds else "  DOES NOT HOLD"
        return f"{one.value:10.3f} {one.unit:6} {one.figure}  [{one.against}]{kept}"
    row = {**asdict(one), "value": round(one.value, 3)}
    return json.dumps(row if holds is None else {**row, "holds": holds})
