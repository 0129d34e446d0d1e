"""Learns how sure an answer is, from the questions that may be tuned on; see `answers.surety`.

Build time only: it needs scikit-learn. Every question is asked with every answer allowed; what
spoke for each draft is held against whether it was right.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.answers.answerer import Answerer
from bot.answers.draft import Draft
from bot.answers.followup import Context
from bot.answers.hearing import Heard
from bot.answers.surety import FAMILIES, Family, Open, Signals
from bot.evaluation import Question, questions
from indexer.build import Late
from indexer.build_failures import BuildFailed
from indexer.generation import Generation, open_current
from indexer.making import run
from indexer.progress import Progress, silent
from indexer.search import Index
from knowledge.library import Library
from knowledge.reader import load

SHARPNESS = 5.5  # how strongly a higher standing speaks for a sentence, in log-odds a point
STRENGTH = 0.1  # inverse regularisation
FOLDS = 10
# Of the right answers of a family, the share that may be held back for the sake of those that are
# not: a fact that is wrong does most harm, and what an outcome means is hardly ever wrong.
MAY_LOSE: Mapping[Family, float] = {
    "fact": 0.16,
    "cases": 0.09,
    "framework": 0.16,
    "practice": 0.01,
}
# Of `bot/answers/` what does not make answers to questions.
_BESIDE = frozenset(
    ("directory.py", "likeness.py", "peers.py", "people.py", "registered.py", "shelf.py")
) | {"tagging.py", "wording.py", "works.py"}
_VECTORS_BY = ("embedded.py", "encoder.py", "exporting.py", "query.py")
_FOUND_BY = (*_VECTORS_BY, "lexical.py", "passages.py", "search.py")


@dataclass(frozen=True, slots=True)
class Tried:
    """One draft: for which question, what spoke for it, whether it was right."""

    question: Question
    signals: Signals
    right: bool


def late(progress: Progress = silent) -> Mapping[str, Late]:
    """What `outcomes index` computes from an index that is otherwise whole."""
    shipped = load()
    return {"surety.json": Late(_digest(shipped.digest), partial(_made, shipped, progress))}


def _digest(library: str) -> str:
    """Changes when the texts, the questions or the way of learning change."""
    asked = [(one.text, one.documents, one.holds, one.kind) for one in questions("tuned")]
    ways = [(one.name, one.read_text("utf-8")) for one in _sources()]
    return hashlib.sha256(json.dumps([library, asked, ways]).encode()).hexdigest()


def _sources() -> list[Traversable]:
    """The modules that an answer is made by; the others cannot change how sure it is."""
    bot, indexer = resources.files("bot"), resources.files("indexer")
    answers = [one for one in bot.joinpath("answers").iterdir() if one.name.endswith(".py")]
    used = [one for one in answers if one.name not in _BESIDE]
    found = [indexer.joinpath(name) for name in _FOUND_BY]
    return [bot.joinpath("calibration.py"), *found, *sorted(used, key=lambda one: one.name)]


def _made(shipped: Library, progress: Progress, generation: Generation) -> bytes:
    """The questions are about the shipped texts: where others are indexed, those are for this."""
    if generation.manifest.library_digest == shipped.digest:
        return learn(Index(generation), progress)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        run(home, model=generation.manifest.model, progress=progress)
        return learn(Index(open_current(home, model=generation.manifest.model)), progress)


def learn(index: Index, progress: Progress = silent) -> bytes:
    """What `Surety` reads: JSON, some hundred numbers."""
    tried = list(attempts(index, questions("tuned"), progress))
    families, bounds = {}, {}
    for family in FAMILIES:
        theirs = [one for one in tried if one.signals.family == family]
        families[family], bounds[family] = _fitted(theirs, MAY_LOSE[family])
    learned = {
        "model": index.manifest.model,
        "families": families,
        "bounds": bounds,
        "sharpness": SHARPNESS,
    }
    return json.dumps(learned).encode()


def attempts(index: Index, asked: Sequence[Question], progress: Progress) -> Iterator[Tried]:
    """Every draft that is made for the questions, each dialogue in its order."""
    drafts: list[Draft] = []
    answerer = Answerer(index, Open(SHARPNESS), drafts.append)
    threads: dict[str, Context] = {}
    with progress("Learning how sure answers are", len(asked)) as advance:
        for question in asked:
            drafts.clear()
            heard = answerer.hear(question.text)
            _, after = answerer.reply(heard, threads.get(question.thread))
            if question.thread:
                threads[question.thread] = after
            several = isinstance(heard, Heard) and len(heard.parts) > 1
            yield from (
                Tried(question, draft.signals, _right(draft, question, several=several))
                for draft in drafts
                if draft.signals
            )
            advance(1)


def _right(draft: Draft, question: Question, *, several: bool) -> bool:
    """Whether a draft answers a question: rests on the right text and holds what is asked, or
    one of the two things."""
    if not question.clear:
        return False
    if question.documents and draft.documents[:1] not in [(one,) for one in question.documents]:
        return False
    text = " ".join(quote.text for quote in draft.quotes).lower()
    held = [any(one.lower() in text for one in entry.split("|")) for entry in question.holds]
    return not held or (any(held) if several else all(held))


def _fitted(tried: Sequence[Tried], may_lose: float) -> tuple[dict[str, Any], float]:
    """The weights of one family, and the bound that held in cross-validation."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if len({one.right for one in tried}) < 2:
        raise BuildFailed(
            "How sure answers are cannot be learned: with this model every answer of a kind is"
            " right, or none. Set OUTCOMES_MODEL to another model, or leave it out."
        )
    names = sorted(tried[0].signals.values)
    rows = np.array([[one.signals.values[name] for name in names] for one in tried])
    right = np.array([one.right for one in tried])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=2000))
    groups = [one.question.id for one in tried]
    held_out: npt.NDArray[np.float64] = cross_val_predict(
        model, rows, right, groups=groups, cv=GroupKFold(FOLDS), method="predict_proba"
    )[:, 1]
    bound = float(np.quantile(held_out[right], may_lose))
    model.fit(rows, right)
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - weights @ scaler.mean_)
    learned = {"names": names, "weights": np.round(weights, 5).tolist(), "bias": round(bias, 5)}
    return learned, round(bound, 4)
