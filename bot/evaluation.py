"""How good the answers are: the project's own questions asked, the answers marked."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from bot.app import opened
from bot.conversation import Asked, Handle, Origin, Reply
from bot.settings import Settings
from bot.store import default_url
from indexer.progress import Progress, bar, silent
from indexer.search import Index

Split = Literal["tuned", "untouched"]
SPLITS: tuple[Split, ...] = ("tuned", "untouched")
PEERS = "peers.yaml"  # these ask for officers: see `peer_evaluation`
_OF_FRAMEWORK = ("meaning", "list", "compare", "names", "history", "steps", "questions", "project")
_CLEAR = frozenset((*_OF_FRAMEWORK, "cases", "fact", "peers"))
_REFUSED = ("declined", "invalid", "help")


class QuestionsUnusable(Exception):
    """The evaluation questions cannot be read; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what a good answer does. `documents`: any of them cited counts as right.
    `holds`: each entry must stand in the answer, alternatives by `|`."""

    id: str
    kind: str
    text: str
    status: tuple[str, ...]
    thread: str = ""
    documents: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()

    @property
    def clear(self) -> bool:
        """A question in scope that the texts can answer."""
        return self.kind in _CLEAR or (bool(self.documents) and self.status == ("answered",))


@dataclass(frozen=True, slots=True)
class Marked:
    """A question with its answer; what it did well is worked out from the two."""

    question: Question
    reply: Reply

    @property
    def cited(self) -> list[str]:
        return list(dict.fromkeys(citation.document for citation in self.reply.citations))

    @property
    def first_right(self) -> bool:
        return bool(self.cited) and self.cited[0] in self.question.documents

    @property
    def any_right(self) -> bool:
        return any(document in self.question.documents for document in self.cited[:5])

    @property
    def holds(self) -> bool:
        text = self.reply.text.lower()
        return all(
            any(one.lower() in text for one in entry.split("|")) for entry in self.question.holds
        )

    @property
    def avoids(self) -> bool:
        return not any(word.lower() in self.reply.text.lower() for word in self.question.avoid)

    @property
    def as_expected(self) -> bool:
        return self.reply.status in self.question.status


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure over one half. `value` is a share from 0 to 1 unless the name says otherwise."""

    measure: str
    split: Split
    value: float
    n: int


@dataclass(frozen=True, slots=True)
class _Share:
    """A measure: of those marked that it is `of`, the share that is `good`."""

    measure: str
    of: Callable[[Marked], bool]
    good: Callable[[Marked], bool]

    def over(self, marked: Iterable[Marked], split: Split) -> Iterator[Measure]:
        values = [self.good(one) for one in marked if self.of(one)]
        if values:
            yield Measure(self.measure, split, sum(values) / len(values), len(values))


def _kind(*kinds: str) -> Callable[[Marked], bool]:
    return lambda one: one.question.kind in kinds


def _clear(one: Marked) -> bool:
    return one.question.clear


def _citable(one: Marked) -> bool:
    return one.question.clear and bool(one.question.documents)


_SHARES = (
    _Share("right document first", _citable, lambda one: one.first_right),
    _Share("right document in first five", _citable, lambda one: one.any_right),
    _Share("clear: not refused", _clear, lambda one: one.reply.status not in _REFUSED),
    _Share("clear: not unsure or asked back", _clear, lambda one: one.reply.status == "answered"),
    _Share(
        "fact in the answer",
        lambda one: one.question.clear and bool(one.question.holds),
        lambda one: one.holds,
    ),
    _Share(
        "out of scope declined",
        _kind("out-of-scope", "wellbeing"),
        lambda one: one.reply.status == "declined" and not one.reply.citations,
    ),
    _Share("unanswerable said so", _kind("missing"), lambda one: one.reply.status != "answered"),
    _Share(
        "neighbour's figure kept out", lambda one: bool(one.question.avoid), lambda one: one.avoids
    ),
    _Share("vague asked back", _kind("vague"), lambda one: one.as_expected),
    _Share(
        "orders in the text ignored",
        _kind("hostile"),
        lambda one: one.as_expected and one.avoids,
    ),
    _Share(
        "first outcome right",
        lambda one: bool(one.question.outcomes),
        lambda one: bool(one.reply.outcomes) and one.reply.outcomes[0].id in one.question.outcomes,
    ),
    _Share("status as expected", lambda _: True, lambda one: one.as_expected),
)


def questions(split: Split) -> list[Question]:
    """The shipped questions of one half, dialogues in their order."""
    folder = resources.files("knowledge").joinpath("questions")
    files = sorted(
        (one for one in folder.iterdir() if one.name.startswith(f"{split}_")),
        key=lambda one: one.name,
    )
    files = [one for one in files if one.name != f"{split}_{PEERS}"]
    return [question for file in files for question in _read(file.name, file.read_text("utf-8"))]


def _read(name: str, source: str) -> list[Question]:
    import yaml

    try:
        rows: Any = yaml.safe_load(source)
        return [_question(row) for row in rows]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise QuestionsUnusable(f"{name}: an entry cannot be read ({error})") from error


def _question(row: Mapping[str, Any]) -> Question:
    lists = {
        key: tuple(str(value) for value in row.get(key, ()))
        for key in ("status", "documents", "holds", "avoid", "outcomes")
    }
    return Question(
        id=row["id"], kind=row["kind"], text=row["text"], thread=row.get("thread", ""), **lists
    )


async def mark(
    handle: Handle, asked: Sequence[Question], community: str, progress: Progress = silent
) -> list[Marked]:
    """Ask every question in order, each dialogue in a thread of its own."""
    marked = []
    with progress("Asking", len(asked)) as advance:
        for question in asked:
            thread = question.thread and f"evaluation-{question.thread}"
            origin = Origin(community, "evaluation", thread)
            marked.append(Marked(question, await handle(Asked(question.text, origin))))
            advance(1)
    return marked


def measures(marked: Sequence[Marked], split: Split) -> list[Measure]:
    """The figures of one half: overall, the length of answers, then each kind of question."""
    kinds = dict.fromkeys(one.question.kind for one in marked)
    overall = [one for share in _SHARES for one in share.over(marked, split)]
    by_kind = [one for kind in kinds for share in _of(kind) for one in share.over(marked, split)]
    return [*overall, *_length(marked, split), *by_kind]


def _of(kind: str) -> tuple[_Share, _Share]:
    of = _kind(kind)
    return (
        _Share(f"status as expected: {kind}", of, lambda one: one.as_expected),
        _Share(
            f"right document first: {kind}",
            lambda one: of(one) and bool(one.question.documents),
            lambda one: one.first_right,
        ),
    )


def _length(marked: Iterable[Marked], split: Split) -> Iterator[Measure]:
    lengths = [len(one.reply.text) for one in marked if one.question.clear]
    if lengths:
        median = float(statistics.median(lengths))
        yield Measure("median answer length (characters)", split, median, len(lengths))


def report(settings: Settings, *, as_lines: bool) -> Iterator[str]:
    """The figures of both halves, as lines."""
    for split in SPLITS:
        found = asyncio.run(_measured(settings, split))
        yield from (as_json(one) for one in found) if as_lines else as_table(found, split)


def retrieval(corpus: Path, settings: Settings, *, as_lines: bool) -> Iterator[str]:
    """The figures of the search alone on a BEIR folder; CorpusUnusable or ModelUnusable."""
    from indexer.retrieval import CorpusUnusable, evaluate

    if not corpus.is_dir():
        raise CorpusUnusable(f"{corpus} is not a folder. Give one in BEIR form.")
    from indexer.encoder import Encoder  # torch: ten seconds that nothing else need wait for
    from indexer.model import find_model

    encoder = Encoder(find_model(settings.model or None))
    for name, value in evaluate(corpus, encoder, bar).items():
        found = {"measure": name, "value": round(value, 4)}
        yield json.dumps(found) if as_lines else f"{value:10.4g}  {name}"


def tags(settings: Settings, *, as_lines: bool) -> Iterator[str]:
    """How good the suggested outcomes are on the indexed case studies, each held out in turn."""
    from bot.answers.tagging import SELECTED
    from indexer.tag_evaluation import evaluate, shipped

    index = Index.open(settings.home, model=settings.model or None)
    for one in evaluate(shipped(index.library, index.encode), SELECTED):
        measure = Measure(one.measure, "tuned", one.value, one.n)
        yield as_json(measure) if as_lines else f"{one.value:8.3f} of {one.n:4d}  {one.measure}"


async def _measured(settings: Settings, split: Split) -> list[Measure]:
    """In a database of its own, so that no evaluation is mixed with what officers asked."""
    with tempfile.TemporaryDirectory() as folder:
        alone = replace(settings, database_url=default_url(Path(folder)))
        async with opened(alone) as app:
            asked = questions(split)
            return measures(await mark(app.assistant.handle, asked, "evaluation", bar), split)


def as_json(one: Measure) -> str:
    """A figure as a line of JSON."""
    return json.dumps(
        {"measure": one.measure, "split": one.split, "value": round(one.value, 4), "n": one.n}
    )


def as_table(found: Sequence[Measure], split: Split) -> Iterator[str]:
    """Figures as the lines of a table."""
    yield f"{split} half"
    for one in found:
        value = f"{one.value:8.0f}" if one.value > 1 else f"{one.value:7.1%} "
        yield f"  {value} of {one.n:3d}  {one.measure}"
