"""How fast it is on this machine: each figure beside what it is measured against, in one run."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from bot import benchmark_texts
from bot.app import App, opened
from bot.conversation import Asked, Command, Origin, Request
from bot.evaluation import questions
from bot.projects import Details, Draft
from bot.rehearsal.crowd import Stumbled, rush
from bot.rehearsal.digests import Ordeal, endured
from bot.rehearsal.papers import CannotMake
from bot.rehearsal.papers_known import PaperKind
from bot.settings import Settings
from bot.store import Registration, default_url
from indexer.progress import bar
from indexer.search import DEPTH, Index

_QUESTION = "How much did Swindon save on translation?"
_ROUNDS = 3
_CROWD = 200
_KILLED = Ordeal(digests=40, processes=2)
_REGISTERED, _TAGGED = 10_000, 100
_OFFICER = Origin("bench", "bench", person="officer")
_KINDS: dict[PaperKind, str] = {
    "pdf": "PDFs, one after the other",
    "word": "Word files, each counted as one",
    "web": "web pages",
}
_KILOBYTES = 1024 * (1024 if sys.platform == "darwin" else 1)  # ru_maxrss in a megabyte


class CannotMeasure(Exception):
    """A command that is to be timed fails; the message says which."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; `against` says what a ratio compares with, or the bound."""

    figure: str
    value: float
    unit: str
    against: str


def report(settings: Settings, *, as_lines: bool, texts: bool = False) -> Iterator[str]:
    """The figures as lines, each as soon as it is known; with `texts` those of many texts brought
    in, which take minutes."""
    measures = (_bringing_in,) if texts else _SHORT
    with bar("Measuring", len(measures)) as advance:
        for measure in measures:
            for one in measure(settings):
                rounded = replace(one, value=round(one.value, 3))
                yield json.dumps(asdict(rounded)) if as_lines else _as_line(rounded)
            advance(1)


def _as_line(one: Figure) -> str:
    return f"{one.value:10.3f} {one.unit:6} {one.figure}  [{one.against}]"


def _starting(settings: Settings) -> list[Figure]:
    """Whole processes: from start to the first answer, and how much memory that took."""
    runs = [_process("ask", _QUESTION, "--json") for _ in range(_ROUNDS)]
    unchanged = [_process("index", "--json") for _ in range(_ROUNDS)]
    started = statistics.median(run.seconds for run in runs)
    indexed = statistics.median(run.seconds for run in unchanged)
    after_start = statistics.median(json.loads(run.out)["seconds"] for run in unchanged)
    most = max(run.megabytes for run in runs)
    return [
        Figure("process start to first answer", started, "s", "at most 3"),
        Figure("resident memory of an answer", most, "MB", "at most 400"),
        Figure("index with nothing changed, whole process", indexed, "s", "start included"),
        Figure("index with nothing changed, after start", after_start, "s", "at most 2"),
    ]


@dataclass(frozen=True, slots=True)
class _Run:
    seconds: float
    megabytes: float
    out: str


def _process(*arguments: str) -> _Run:
    """One `outcomes` command in this environment, so with the same settings."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "bot", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        out = process.stdout.read()
        seconds = time.perf_counter() - began
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise CannotMeasure(f"outcomes {' '.join(arguments)} failed; run it by itself to see why")
    return _Run(seconds, used.ru_maxrss / _KILOBYTES, out.strip().splitlines()[-1])


def _answering(settings: Settings) -> list[Figure]:
    """A request in, a Reply out, against the same encoder and the FAISS search alone."""
    return asyncio.run(_answers(settings))


async def _answers(settings: Settings) -> list[Figure]:
    texts = [one.text for one in questions("tuned") if one.clear and not one.thread]
    index = Index.open(settings.home, model=settings.model or None)
    bare, whole = [], []
    with tempfile.TemporaryDirectory() as folder:
        alone = replace(settings, database_url=default_url(Path(folder)))
        async with opened(alone) as app:
            for thread, text in enumerate(texts * _ROUNDS):
                bare.append(_bare(index, text))
                whole.append(await _asked(app, text, str(thread)))
    return _compared(bare, whole)


def _compared(bare: Sequence[float], whole: Sequence[float]) -> list[Figure]:
    alone, p50 = statistics.median(bare), statistics.median(whole)
    p95, times = float(np.quantile(whole, 0.95)), f"{len(whole)} times"
    ratio = "whole answer against encoding + FAISS search, p50"
    return [
        Figure("encoding + FAISS search, p50", alone * 1000, "ms", times),
        Figure("whole answer, p50", p50 * 1000, "ms", times),
        Figure("whole answer, p95", p95 * 1000, "ms", times),
        Figure(ratio, p50 / alone, "times", "at most 1.5"),
    ]


def _bare(index: Index, text: str) -> float:
    began = time.perf_counter()
    index.nearest(index.encode([text])[0], DEPTH)
    return time.perf_counter() - began


async def _asked(app: App, text: str, thread: str) -> float:
    """Seconds from request to Reply. What is written behind it is waited for, untimed, so
    that it slows neither the next answer nor the bare search it is held against."""
    began = time.perf_counter()
    await app.assistant.handle(Asked(text, Origin("bench", "bench", thread)))
    seconds = time.perf_counter() - began
    await app.assistant.finish()
    return seconds


def _tagging(settings: Settings) -> list[Figure]:
    """Suggestions, and answers, in a community that has registered many projects."""
    return asyncio.run(_suggestions(settings))


async def _suggestions(settings: Settings) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        alone = replace(settings, database_url=default_url(Path(folder)))
        async with opened(alone) as app:
            texts = _projects(Index.open(settings.home, model=settings.model or None))
            await _register(app, texts)
            asked = [Command("tag", text, _OFFICER) for text in texts[:_TAGGED]]
            questions = [Asked(f"who has tried {text}?", _OFFICER) for text in texts[:_TAGGED]]
            await _timed(app, asked[:1])  # the shelf is read once
            tagged = await _timed(app, asked)
            answered = await _timed(app, questions)
    there = f"{_REGISTERED} projects registered"
    return [
        Figure("suggested outcomes, p50", statistics.median(tagged), "ms", f"at most 60, {there}"),
        Figure("suggested outcomes, p95", float(np.quantile(tagged, 0.95)), "ms", there),
        Figure("whole answer, p50", statistics.median(answered), "ms", there),
    ]


def _projects(index: Index) -> list[str]:
    """Opening sentences of the case studies, as officers might tell of a project."""
    return [f"{one.title}. {one.sections[0].body}"[:400] for one in index.library.case_studies]


async def _register(app: App, texts: Sequence[str]) -> None:
    """Through the register itself, as confirming does; each text once embedded, many times kept."""
    register, answerer = app.store.community(_OFFICER.community), app.answerer()
    vectors = [answerer.encoded(text).tobytes() for text in texts]
    outcomes = [one.value for one in answerer.directory.outcomes]
    for number in range(_REGISTERED):
        text, vector = texts[number % len(texts)], vectors[number % len(texts)]
        details = Details(f"{number} {text[:60]}", text)
        draft = Draft(f"p-{number}", details, "officer")
        chosen = (outcomes[number % len(outcomes)],)
        await register.register(draft, Registration(details, chosen, False, vector, answerer.model))


async def _timed(app: App, requests: Sequence[Request]) -> list[float]:
    """Milliseconds of each."""
    taken = []
    for request in requests:
        began = time.perf_counter()
        await app.assistant.handle(request)
        taken.append((time.perf_counter() - began) * 1000)
        await app.assistant.finish()
    return taken


def _crowding(settings: Settings) -> list[Figure]:
    """Officers on Slack and Teams asking at once, over HTTP on this computer."""
    texts = [one.text for one in questions("tuned") if one.clear and not one.thread]
    with tempfile.TemporaryDirectory() as folder:
        chosen = {
            "OUTCOMES_HOME": str(settings.home.absolute()),
            "OUTCOMES_MODEL": settings.model,
            "DATABASE_URL": default_url(Path(folder)),
        }
        try:
            told = asyncio.run(rush(chosen, texts, _CROWD))
        except Stumbled as error:
            raise CannotMeasure(str(error)) from error
    both = f"{_CROWD} on each platform at once"
    return [
        Figure("Slack events acknowledged, p99", _p99(told.slack), "s", f"at most 1, {both}"),
        Figure("Teams activities acknowledged, p99", _p99(told.teams), "s", f"at most 1, {both}"),
        Figure("of them answered", told.answered, "", f"all {2 * _CROWD}"),
        Figure("of them answered more than once", told.doubled, "", "none, each sent twice"),
        Figure("until the last answer", told.seconds, "s", both),
    ]


def _publishing(_: Settings) -> list[Figure]:
    """Digests posted by processes that are killed; a small run of what `make test-long` does."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            told = asyncio.run(endured(default_url(Path(folder)), _KILLED))
        except Stumbled as error:
            raise CannotMeasure(str(error)) from error
    there = f"{told.digests} due, {_KILLED.processes} processes, {told.killed} killed"
    return [
        Figure("weekly digests missing", told.missing, "", f"none, {there}"),
        Figure("weekly digests posted more than once", told.doubled, "", f"none, {there}"),
    ]


def _reading(settings: Settings) -> list[Figure]:
    """Others' documents read, and a folder of many looked at again that did not change."""
    try:
        rates = benchmark_texts.pages_a_minute()
    except CannotMake as error:
        raise CannotMeasure(str(error)) from error
    told = [
        Figure(f"pages read a minute, {name}", rates[kind][0], "", f"{rates[kind][1]} pages")
        for kind, name in _KINDS.items()
    ]
    with _folder(settings) as (apart, folder):
        benchmark_texts.filled(apart, folder)
        return [*told, *_unchanged(benchmark_texts.looked(apart, folder))]


def _bringing_in(settings: Settings) -> list[Figure]:
    """Many documents brought in one after the other, then looked at again."""
    with _folder(settings) as (apart, folder):
        first = benchmark_texts.looked(apart, folder)
        again = benchmark_texts.looked(apart, folder)
    grown, there = first.megabytes - first.settled, f"{benchmark_texts.DOCUMENTS:,} documents"
    after = f"none to speak of, from document {benchmark_texts.SETTLED:,} to the last of {there}"
    return [
        Figure("small documents read in", first.read, "", f"all {there}"),
        Figure("until they were, without the index", first.seconds, "s", there),
        Figure("each of them", 1000 * first.inside / max(first.read, 1), "ms", there),
        Figure("memory of the process that brings in, at most", first.megabytes, "MB", there),
        Figure("of it grown", grown, "MB", after),
        *_unchanged(again),
    ]


def _unchanged(look: benchmark_texts.Looked) -> list[Figure]:
    there = f"a folder of {benchmark_texts.DOCUMENTS:,} documents"
    return [
        Figure(
            "refresh with nothing changed, whole process", look.seconds, "s", f"at most 60, {there}"
        ),
        Figure("of them found unchanged", look.unchanged, "", f"all, {there}"),
        Figure("of them read or embedded", look.read, "", f"none, {there}"),
        Figure("parsers started for that", float(look.parsed), "", "none"),
        Figure("memory of that process, at most", look.megabytes, "MB", there),
    ]


@contextmanager
def _folder(settings: Settings) -> Iterator[tuple[Settings, Path]]:
    """Many documents, and settings with a database that knows none of them."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "documents"
        folder.mkdir()
        benchmark_texts.written(folder)
        yield replace(settings, database_url=default_url(Path(place))), folder


def _p99(seconds: Sequence[float]) -> float:
    return float(np.quantile(seconds, 0.99))


def _indexing(settings: Settings) -> list[Figure]:
    """A whole build from a loaded model against bare encoding of the same texts."""
    from indexer.encoder import Encoder
    from indexer.model import find_model
    from indexer.timing import time_build
    from knowledge.reader import load

    timed = time_build(load(settings.knowledge), Encoder(find_model(settings.model or None)))
    ratio = "index build against bare encoding of the same texts"
    return [
        Figure("index build without writing the encoder", timed.build, "s", f"{timed.texts} texts"),
        Figure(ratio, timed.ratio, "times", "at most 1.15"),
    ]


_SHORT = (_starting, _answering, _tagging, _crowding, _publishing, _reading, _indexing)
