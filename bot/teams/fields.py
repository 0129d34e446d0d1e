"""A form's fields as the inputs of a card, and what comes back of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, time

from bot.conversation import Field, Form
from bot.showing import clean, shortened
from bot.teams.runs import LONGEST_TEXT, run

LONGEST_LABEL = 60
ATTACH = "To attach a file, send it to me in our own chat with the words: suggest-case."
ATTACHED = "Attached: {}"
_FIELD = "field:"
_TIMES = "times"
_MOST_OPEN = 4  # choices that are shown without a tap, of a field that takes one
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?")

_Json = dict[str, object]


def inputs(form: Form) -> list[_Json]:
    """What is filled in."""
    return [element for field in form.fields for element in _input(field)]


def carried(form: Form) -> _Json:
    """What a form's button sends beside what was filled in: which of its fields hold times, since
    some clients write those with seconds."""
    times = ",".join(field.id for field in form.fields if field.kind == "time")
    # Not "key": Microsoft's own renderer has a property of that name, and fails on ours.
    return {"form": form.id, "formKey": form.key, **({_TIMES: times} if times else {})}


def values(data: Mapping[str, object]) -> dict[str, str]:
    """What was filled in, by field, of the data a form's card sends back."""
    found = {
        key.removeprefix(_FIELD): value
        for key, value in data.items()
        if key.startswith(_FIELD) and isinstance(value, str)
    }
    times = str(data.get(_TIMES, "")).split(",")
    return {id_: _minutes(value) if id_ in times else value for id_, value in found.items()}


def _minutes(value: str) -> str:
    """A time as 09:30; anything else as it was written."""
    found = _TIME.fullmatch(value.strip())
    return f"{int(found[1]):02}:{found[2]}" if found else value


def _input(field: Field) -> list[_Json]:
    """A field with what is wrong with it above. A hint stands inside where there is room in it,
    which there is none where it holds something at first. A fault says what a hint would."""
    if field.kind == "file":
        return _file(field)
    name = shortened(field.label, LONGEST_TEXT) or field.id
    hint = shortened(field.hint, LONGEST_TEXT)
    common: _Json = {
        "id": f"{_FIELD}{field.id}",
        "label": name,
        "isRequired": field.required,
        "errorMessage": f"Please fill in: {name}",
    }
    above = [run(field.fault, color="Attention")] if field.fault else []
    asked = _asked(field, hint)
    if hint and ("placeholder" not in asked or ("value" in asked and not field.fault)):
        above.append(run(hint, isSubtle=True))
    return [*above, {**common, **asked}]


def _file(field: Field) -> list[_Json]:
    """Cards take no files: what is attached already, or how to attach one."""
    told = [run(field.fault, color="Attention")] if field.fault else []
    held = ATTACHED.format(shortened(field.value, LONGEST_LABEL)) if field.value else ATTACH
    return [*told, run(held, isSubtle=True)]


def _asked(field: Field, hint: str) -> _Json:
    """What is particular to a kind of input, with what it holds at first."""
    if field.kind in ("choice", "choices") and field.choices:
        return {"type": "Input.ChoiceSet", **_offered(field)}
    if field.kind == "date":
        return {"type": "Input.Date", **_at_first(_day(field.value))}
    if field.kind == "time":
        return {"type": "Input.Time", **_at_first(_time(field.value))}
    return {
        "type": "Input.Text",
        "isMultiline": field.kind == "paragraph",
        "maxLength": field.longest,
        "placeholder": hint,
        **_at_first(clean(field.value)),
    }


def _day(value: str) -> str:
    """A date, where it is written as inputs take it; else ""."""
    with suppress(ValueError):
        if date.fromisoformat(value).isoformat() == value:
            return value
    return ""


def _time(value: str) -> str:
    """The same of a time."""
    with suppress(ValueError):
        if time.fromisoformat(value).isoformat("minutes") == value:
            return value
    return ""


def _offered(field: Field) -> _Json:
    """Many are boxes to tick: the list that opens takes one only on some clients."""
    many = field.kind == "choices"
    known = {one.value for one in field.choices}
    chosen = [value for value in field.value.split(",") if value in known]
    return {
        "style": "expanded" if many or len(field.choices) <= _MOST_OPEN else "compact",
        "isMultiSelect": many,
        "wrap": True,
        "choices": _choices(field),
        **_at_first(",".join(chosen)),
    }


def _at_first(value: str) -> _Json:
    return {"value": value} if value else {}


def _choices(field: Field) -> list[_Json]:
    return [
        {"title": shortened(one.label or one.value, LONGEST_LABEL) or "-", "value": one.value}
        for one in field.choices
    ]
