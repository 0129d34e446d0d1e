"""The forms by which officers say what was wrong, write verified answers and look after them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.conversation import Field, Form
from bot.feedback import wording
from bot.forms import filled, over
from bot.projects import plain
from bot.questions import Verified

LONGEST_REASON, LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_NAME = 1000, 500, 2000, 100
LONGEST_SOURCES = 2000
USUALLY, AT_MOST = timedelta(days=183), timedelta(days=730)
_NAME = Field("name", wording.NAME_FIELD, longest=LONGEST_NAME)
_VERIFIED = (
    Field(
        "question",
        wording.QUESTION_FIELD,
        "paragraph",
        hint=wording.QUESTION_HINT,
        longest=LONGEST_QUESTION,
    ),
    Field(
        "answer",
        wording.ANSWER_FIELD,
        "paragraph",
        hint=wording.ANSWER_HINT,
        longest=LONGEST_ANSWER,
    ),
    Field(
        "sources",
        wording.SOURCES_FIELD,
        "paragraph",
        hint=wording.SOURCES_HINT,
        longest=LONGEST_SOURCES,
    ),
    _NAME,
    Field("until", wording.UNTIL_FIELD, "date", hint=wording.UNTIL_HINT),
)


@dataclass(frozen=True, slots=True)
class Written:
    """What the form of a verified answer says, `sources` as they stand in it, and what is wrong
    with it by field."""

    question: str
    answer: str
    sources: tuple[str, ...]
    name: str
    until: date
    faults: dict[str, str]


def complaining(name: str, *, kept: bool = True, lead: str = "") -> Form:
    """What was wrong with an answer; where its question was not `kept`, which it was. `lead` says
    what is kept of whoever sends it."""
    label = wording.WRONG_FIELD if kept else wording.UNKEPT_FIELD
    hint = wording.WRONG_HINT if kept else wording.UNKEPT_HINT
    field = Field("reason", label, "paragraph", False, hint, longest=LONGEST_REASON)
    return Form("wrong", wording.WRONG_TITLE, (field,), wording.WRONG_SUBMIT, name, lead)


def complained(values: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The reason, and what is wrong with it."""
    reason = " ".join(plain(values.get("reason", "")).split())
    fault = over(reason, LONGEST_REASON)
    return reason, {"reason": fault} if fault else {}


def verifying(key: str, question: str, name: str, today: date, lead: str = "") -> Form:
    """A verified answer to an open question."""
    known = {"question": question, "name": name, "until": (today + USUALLY).isoformat()}
    form = Form("verify", wording.VERIFY_TITLE, _VERIFIED, wording.VERIFY_SUBMIT, key, lead)
    return filled(form, known)


def changing(one: Verified, titles: tuple[str, ...], today: date, lead: str = "") -> Form:
    """One that is there already, to be changed; `titles` are its sources as people know them."""
    until = one.until if one.until > today else today + USUALLY
    known = {"question": one.question, "answer": one.answer, "sources": "\n".join(titles)}
    known |= {"name": one.by, "until": until.isoformat()}
    form = Form("verified", wording.VERIFY_TITLE, _VERIFIED, wording.VERIFY_SUBMIT, one.id, lead)
    return filled(form, known)


def joining(name: str) -> Form:
    """Asking to look after answers."""
    title, submit = wording.EXPERT_TITLE, wording.EXPERT_SUBMIT
    form = Form("expert", title, (_NAME,), submit, lead=wording.EXPERT_LEAD)
    return filled(form, {"name": name})


def blank(form: str, key: str, today: date) -> Form:
    """The same form with nothing in it, to be filled in again."""
    match form:
        case "wrong":
            return complaining(key)
        case "expert":
            return joining("")
        case "verify":
            return verifying(key, "", "", today)
        case _:
            empty = verifying(key, "", "", today)
            return Form("verified", empty.title, empty.fields, empty.submit, key)


def joined(values: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """How somebody wants to be named, and what is wrong with it."""
    name = " ".join(plain(values.get("name", "")).split())
    fault = over(name, LONGEST_NAME) or ("" if _says(name) else wording.NO_NAME)
    return name, {"name": fault} if fault else {}


def written(values: Mapping[str, str], today: date) -> Written:
    """What was filled in; the sources are looked up by `sources`."""
    question = " ".join(plain(values.get("question", "")).split())
    answer = plain(values.get("answer", ""))
    name, faults = joined(values)
    given = values.get("sources", "")
    lines = tuple(dict.fromkeys(" ".join(one.split()) for one in given.splitlines() if one.strip()))
    until = _until(values.get("until", ""), today)
    faults |= {
        "question": over(question, LONGEST_QUESTION)
        or ("" if _says(question) else wording.NO_QUESTION),
        "answer": over(answer, LONGEST_ANSWER) or ("" if _says(answer) else wording.NO_ANSWER),
        "sources": over(given, LONGEST_SOURCES),
        "until": "" if until else wording.NOT_A_DAY,
    }
    wrong = {field: fault for field, fault in faults.items() if fault}
    return Written(question, answer, lines, name, until or today, wrong)


def _until(text: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if today < day <= today + AT_MOST else None


def _says(text: str) -> bool:
    return any(sign.isalnum() for sign in text)
