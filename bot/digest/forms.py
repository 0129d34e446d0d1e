"""The forms by which a digest is set up and an open question answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time

from bot.conversation import Choice, Field, Form
from bot.digest import wording
from bot.digests import Choices
from bot.forms import filled, over
from bot.projects import plain
from bot.questions import OpenQuestion
from bot.weeks import WEEKDAYS, Schedule, zone_named

USUAL = Choices(Schedule(0, time(9), "Europe/London"))
LONGEST_ZONE, LONGEST_ANSWER, LONGEST_NAME = 60, 2000, 100
_ANSWER = (
    Field(
        "words",
        "Your answer",
        "paragraph",
        longest=LONGEST_ANSWER,
        hint="What you did, or whom to ask. Name no residents.",
    ),
    Field(
        "name", "Your name", required=False, longest=LONGEST_NAME, hint="Leave it out if you like."
    ),
)


def setting_up(outcomes: Sequence[Choice], known: Choices | None, lead: str = "") -> Form:
    """When the digest comes and what it follows."""
    fields = (
        Field(
            "weekday",
            "Day",
            "choice",
            choices=tuple(Choice(str(number), name) for number, name in enumerate(WEEKDAYS)),
        ),
        Field("at", "Time", "time"),
        Field(
            "zone",
            "Time zone",
            longest=LONGEST_ZONE,
            hint="For example Europe/London. Clock changes are taken care of.",
        ),
        Field(
            "outcomes",
            "Outcomes to follow",
            "choices",
            required=False,
            hint="Leave this out to follow all twelve.",
            choices=tuple(outcomes),
        ),
        Field(
            "when_empty",
            "In a week without news",
            "choice",
            choices=(
                Choice("skip", "Post nothing"),
                Choice("post", "Post one outcome and how we stand"),
            ),
        ),
    )
    form = Form("digest", wording.TITLE, fields, wording.SAVE, lead=lead)
    return filled(form, _values(known or USUAL))


def chosen(values: Mapping[str, str], known: Sequence[Choice]) -> tuple[Choices, dict[str, str]]:
    """What the form says, and what is wrong with it, a sentence a field."""
    outcomes = tuple(dict.fromkeys(filter(None, values.get("outcomes", "").split(","))))
    weekday, zone = values.get("weekday", ""), zone_named(values.get("zone", ""))
    at = _time(values.get("at", ""))
    faults = {
        "weekday": "" if weekday in map(str, range(7)) else wording.NOT_A_DAY,
        "at": "" if at else wording.NOT_A_TIME,
        "zone": "" if zone else wording.NOT_A_ZONE,
        "outcomes": "" if set(outcomes) <= {one.value for one in known} else wording.NOT_OUTCOMES,
    }
    wrong = {name: fault for name, fault in faults.items() if fault}
    if wrong or at is None:
        return USUAL, wrong
    followed = () if len(outcomes) == len(known) else outcomes
    when_empty = values.get("when_empty") == "post"
    return Choices(Schedule(int(weekday), at, zone), followed, when_empty), {}


def answering(key: str, question: OpenQuestion | None) -> Form:
    """An officer's answer to a question that nobody could answer."""
    lead = wording.ANSWER_LEAD.format(question.text) if question else ""
    return Form("answer", wording.ANSWER_TITLE, _ANSWER, wording.ANSWER_SUBMIT, key, lead)


def answered(values: Mapping[str, str]) -> tuple[str, str, dict[str, str]]:
    """The words, the name, and what is wrong with them."""
    words, name = plain(values.get("words", "")), " ".join(plain(values.get("name", "")).split())
    faults = {"words": over(words, LONGEST_ANSWER), "name": over(name, LONGEST_NAME)}
    if not any(sign.isalnum() for sign in words):
        faults["words"] = wording.NO_ANSWER
    return words, name, {field: fault for field, fault in faults.items() if fault}


def _values(known: Choices) -> dict[str, str]:
    schedule = known.schedule
    return {
        "weekday": str(schedule.weekday),
        "at": f"{schedule.at:%H:%M}",
        "zone": schedule.zone,
        "outcomes": ",".join(known.outcomes),
        "when_empty": "post" if known.when_empty else "skip",
    }


def _time(text: str) -> time | None:
    try:
        at = time.fromisoformat(text)
    except ValueError:
        return None
    return at.replace(second=0, microsecond=0, tzinfo=None)
