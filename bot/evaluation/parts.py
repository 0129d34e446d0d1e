"""The parts of an evaluation: each by itself, or all of them inside three minutes."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from bot.answers.answerer import Answerer
from bot.app import App, opened
from bot.current import CurrentAnswerer
from bot.evaluation.asked import SPLITS, QuestionsUnusable, Split, questions
from bot.evaluation.citations import Sources, citations
from bot.evaluation.consent import erased, played
from bot.evaluation.figures import Measure, Section
from bot.evaluation.marking import Marked, mark
from bot.evaluation.model import model
from bot.evaluation.peers import Remembering, peers
from bot.evaluation.search import search
from bot.evaluation.shares import answers, kinds, refusals
from bot.evaluation.speed import Stopwatch
from bot.evaluation.verified import pairs, verified
from bot.settings import Settings
from bot.store import default_url
from indexer.generation import index_folder
from indexer.newest import newest_index
from indexer.progress import bar

Part = Callable[[Settings], list[Section]]
Figures = Callable[[Sequence[Marked], Split], list[Measure]]

_MOST = 4  # processes at once; each holds an index of its own
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def everything(settings: Settings) -> Iterator[Section]:
    """Each part's figures in order. The questions are asked while nothing else runs, for they
    are timed; the rest in processes of its own, what takes longest begun first."""
    yield from asked_all(settings)
    for name in _ONE_THREAD:  # in as many processes more threads would only share the cores
        os.environ.setdefault(name, "1")
    spawned = multiprocessing.get_context("spawn")
    workers = min(os.cpu_count() or 1, _MOST)
    with (
        ProcessPoolExecutor(workers, mp_context=spawned) as pool,
        bar("Measuring", len(_IN_ORDER)) as advance,
    ):
        begun = {part: pool.submit(part, settings) for part in _LONGEST_FIRST}
        for part in _IN_ORDER:
            yield from begun[part].result()
            advance(1)


def asked_all(settings: Settings) -> list[Section]:
    """Every question asked through the same door as any channel's."""
    return asyncio.run(_asked_all(settings))


def searched(settings: Settings) -> list[Section]:
    """The search alone, on the same questions."""
    index = _current(settings).index
    found = [one for split in SPLITS for one in search(index, questions(split), split)]
    return [Section("search", tuple(found))]


def found_verified(settings: Settings) -> list[Section]:
    """Which questions a verified answer is given to."""
    answerer = _current(settings)()
    found = (one for split in SPLITS for one in verified(answerer, pairs(split), split))
    return [Section("verified answers", tuple(found))]


def tagged(settings: Settings) -> list[Section]:
    """Suggested outcomes."""
    from bot.evaluation.tags import tags  # scikit-learn, which nothing else here needs

    return [Section("tags", tuple(tags(_current(settings).index)), splits=False)]


def found_peers(settings: Settings) -> list[Section]:
    """Officers and councils who can help."""
    given = settings.home, settings.model or None, settings.database_url
    answerer = Answerer(newest_index(*given, Remembering))
    return [Section("peers", tuple(peers(answerer)))]


def erasure(settings: Settings) -> list[Section]:
    """What is left of an officer after deletion."""
    found = erased(_current(settings), index_folder(settings.home))
    return [Section("consent", tuple(found), splits=False)]


def worded(settings: Settings) -> list[Section]:
    """What a played language model makes up, and what of it gets out."""
    return [Section("language model", tuple(model(_current(settings).index)), splits=False)]


def brought_in(settings: Settings) -> list[Section]:
    """How much is read of documents in the shapes that councils publish."""
    from bot.evaluation.texts import texts  # what makes documents, which nothing else here needs

    return [Section("texts", tuple(texts()), splits=False)]


def peers_and_consent(settings: Settings) -> list[Section]:
    """The same two, and many random sequences, which take minutes."""
    (consent,) = erasure(settings)
    both = (*consent.measures, *played())
    return [*found_peers(settings), replace(consent, measures=both)]


@lru_cache(maxsize=1)
def _current(settings: Settings) -> CurrentAnswerer:
    """Once for all parts that one process measures."""
    return CurrentAnswerer(settings.home, settings.model, address=settings.database_url)


async def _asked_all(settings: Settings) -> list[Section]:
    marked: dict[Split, list[Marked]] = {}
    fast: list[Measure] = []
    for split in SPLITS:
        async with _alone(settings) as app:
            watch = Stopwatch(app)
            marked[split] = await mark(watch.handle, questions(split), "evaluation", bar)
            fast += watch.measures(split)
            sources = _sources(settings, app.answerer)
    return [
        _section("answers", marked, answers),
        _section("refusals", marked, refusals),
        _section("citations", marked, lambda some, split: citations(some, sources, split)),
        _section("kinds of question", marked, kinds),
        Section("speed", tuple(fast)),
    ]


@asynccontextmanager
async def _alone(settings: Settings) -> AsyncIterator[App]:
    """In a database of its own, so that no evaluation is mixed with what officers asked; the
    passages are searched where they are for officers."""
    with tempfile.TemporaryDirectory() as folder:
        apart = replace(settings, database_url=default_url(Path(folder)))
        async with opened(apart, passages=settings.database_url) as app:
            yield app


def _sources(settings: Settings, answerer: CurrentAnswerer) -> Sources:
    """The texts as they stand in their files, not as the index has them."""
    from knowledge.reader import KnowledgeError, load

    try:
        texts = load(settings.knowledge)
    except KnowledgeError as error:
        raise QuestionsUnusable("the texts have faults. Run: python -m knowledge check") from error
    if texts.digest != answerer.library_digest:
        raise QuestionsUnusable("the texts are not those of the index. Run: outcomes index")
    return Sources(texts)


def _section(name: str, marked: Mapping[Split, Sequence[Marked]], figures: Figures) -> Section:
    return Section(name, tuple(one for split in SPLITS for one in figures(marked[split], split)))


_IN_ORDER: tuple[Part, ...] = (
    *(searched, found_verified, tagged, found_peers, erasure, worded, brought_in),
)
_LONGEST_FIRST: tuple[Part, ...] = (
    *(found_peers, tagged, worded, searched, brought_in, found_verified, erasure),
)
