"""The shipped evaluation questions, in two halves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

Split = Literal["tuned", "untouched"]
SPLITS: tuple[Split, ...] = ("tuned", "untouched")
PEERS, ALIKE = "peers", "alike"  # these ask for officers, or are pairs of questions
UNANSWERABLE = ("missing", "out-of-scope", "wellbeing")
_OF_FRAMEWORK = ("meaning", "list", "compare", "names", "history", "steps", "questions", "project")
_CLEAR = frozenset((*_OF_FRAMEWORK, "cases", "fact", "peers"))


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

    @property
    def unanswerable(self) -> bool:
        """A question that must not be answered: the texts do not say, or it is not ours."""
        return self.kind in UNANSWERABLE


def questions(split: Split) -> list[Question]:
    """The shipped questions of one half, dialogues in their order."""
    folder = resources.files("knowledge").joinpath("questions")
    named = sorted(one.name for one in folder.iterdir() if one.name.startswith(f"{split}_"))
    apart = {f"{split}_{one}.yaml" for one in (PEERS, ALIKE)}
    return [_question(name, row) for name in named if name not in apart for row in rows(name)]


def rows(name: str) -> list[Mapping[str, Any]]:
    """The entries of one file; QuestionsUnusable where there are none."""
    import yaml

    try:
        found = yaml.safe_load(_source(name))
    except (OSError, yaml.YAMLError) as error:
        raise QuestionsUnusable(f"{name}: it cannot be read ({error})") from error
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise QuestionsUnusable(f"{name}: it is not a list of entries")
    return found


def _source(name: str) -> str:
    return resources.files("knowledge").joinpath("questions", name).read_text("utf-8")


def _question(name: str, row: Mapping[str, Any]) -> Question:
    keys = ("status", "documents", "holds", "avoid", "outcomes")
    try:
        lists = {key: tuple(str(value) for value in row.get(key, ())) for key in keys}
        return Question(row["id"], row["kind"], row["text"], thread=row.get("thread", ""), **lists)
    except (KeyError, TypeError) as error:
        raise QuestionsUnusable(f"{name}: an entry cannot be read ({error})") from error
