"""Forms as Slack's modals, and what is filled in; what stands in one meanwhile and at the end."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, time
from typing import Any

from bot.conversation import Citation, Field, Form, Reply
from bot.cutting import cut
from bot.showing import clean, fitted, shortened
from bot.slack.blocks import (
    LONGEST_BODY,
    LONGEST_LABEL,
    ROOM,
    Json,
    body,
    message,
    plain,
    rich,
    sources,
    written,
)

WAIT = "One moment"
COMING = "What you asked for is on its way."
INSTEAD = "This could not be shown here. I have sent you a message instead."
ELSEWHERE = "To go on, use the buttons of the message that I have sent you."
NOT_ALL = "There is more than there is room for here."
CONTINUED = "Slack's boxes hold 3,000 characters each, so the text goes on here."
PICK_DATE = "Choose a date"
PICK_TIME = "Choose a time"
_NAME = "Outcomes"
_LONGEST_LEAD = 3 * LONGEST_BODY
_LONGEST_TITLE = 24
_LONGEST_INPUT = 3_000
_LONGEST_GAP = 20
_LONGEST_TEXT = 2_000
_MOST_CHOICES = 100
_LONGEST_CHOICE = 150
_BUTTONS = ("actions", "context_actions")
_WRONG = ("invalid", "failed", "declined")


def modal(form: Form, metadata: str, said: str = "", *, files: bool = True) -> Json:
    """A form as a modal, with what is `said` of it above; `metadata` comes back with what is
    filled in. Without `files` for a workspace that does not let us read any."""
    form = form if files else without_files(form)
    blocks = [*_said(said), *_lead(form)]
    for field in form.fields:
        blocks += _inputs(field, form.key)
    return {
        "type": "modal",
        "callback_id": f"form:{form.id}",
        "title": plain(shortened(form.title, _LONGEST_TITLE) or "Form"),
        "submit": plain(shortened(form.submit, _LONGEST_TITLE) or "Send"),
        "close": plain("Cancel"),
        "private_metadata": metadata,
        "blocks": blocks or _said(form.title) or _said("Form"),
    }


def without_files(form: Form) -> Form:
    """The form without its fields for files."""
    return replace(form, fields=tuple(one for one in form.fields if one.kind != "file"))


def loading() -> Json:
    """What stands in a modal until its form is there, since Slack lets none open late."""
    return _closing(WAIT, [{"type": "section", "text": plain(COMING)}])


def notice(reply: Reply) -> Json:
    """A reply that is no form, in the place of the form that was awaited. A modal shows no
    buttons: where those of a reply went is said."""
    blocks: Any = message(reply)["blocks"]
    shown = [block for block in blocks if block["type"] not in _BUTTONS]
    if not shows_all(reply):
        shown.append({"type": "context", "elements": [plain(ELSEWHERE)]})
    return _closing(_NAME, shown)


def shows_all(reply: Reply) -> bool:
    """Whether a notice leaves nothing out."""
    blocks: Any = message(reply)["blocks"]
    return all(block["type"] != "actions" for block in blocks)


def above(reply: Reply, answered: str = "") -> str:
    """What a reply says above its form: what is wrong, or why the form that it answers comes
    again. What else it says is for a message with the form behind a button."""
    again = reply.form is not None and reply.form.id == answered
    return reply.body if again or reply.status in _WRONG else ""


def faults(reply: Reply, key: str, shown: Collection[str]) -> dict[str, str]:
    """What is wrong, by the block that is `shown`; nothing where this is not all there is to say
    and the form must be shown anew. `key` is that of the form it answers. A body that repeats
    none of the faults only sums them up."""
    form = reply.form
    if form is None or form.key != key:
        return {}
    wrong = {f"field:{field.id}": field.fault for field in form.fields if field.fault}
    rest = reply.body if any(fault in reply.body for fault in wrong.values()) else ""
    for fault in wrong.values():
        rest = rest.replace(fault, "")
    if not wrong.keys() <= set(shown) or re.search(r"\w", rest):
        return {}
    return {block: shortened(fault, _LONGEST_TEXT) for block, fault in wrong.items()}


def values(state: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What was filled in, by field: Slack's `view.state.values`."""
    filled: dict[str, str] = {}
    for block, elements in sorted(state.items()):  # "field" comes before "more"
        kind, _, name = block.partition(":")
        entered = _entered(next(iter(elements.values()), {}) or {})
        if kind == "field":
            filled[name] = entered
        elif kind == "more" and entered:
            _, gap, name = name.split(":", 2)
            filled[name] = filled.get(name, "") + bytes.fromhex(gap).decode() + entered
    return filled


def _entered(element: Mapping[str, Any]) -> str:
    if several := element.get("selected_options"):
        return ",".join(one["value"] for one in several)
    chosen = (element.get("selected_option") or {}).get("value")
    if chosen:
        return str(chosen)
    if files := element.get("files"):
        return str(files[0].get("name", ""))
    kinds = ("selected_date", "selected_time", "value")
    return next((element[kind] for kind in kinds if element.get(kind)), "")


def _closing(title: str, blocks: list[Json]) -> Json:
    """A modal with nothing to send."""
    return {"type": "modal", "title": plain(title), "close": plain("Close"), "blocks": blocks}


def _said(text: str) -> list[Json]:
    elements = body(shortened(text, _LONGEST_TEXT))
    return [rich(elements)] if elements else []


def _lead(form: Form) -> list[Json]:
    lead = clean(form.lead).strip()
    if not lead:
        return []
    return fitted(lambda most: _told(lead, form.citations, most), written, ROOM, _LONGEST_LEAD)


def _told(lead: str, citations: tuple[Citation, ...], longest: int) -> list[Json]:
    """The beginning of a text, with the sources it names."""
    text, rest = cut(lead, longest)
    named = [one for one in citations if not rest or f"[{one.number}]" in text]
    blocks = [rich(body(piece)) for _, piece in _pieces(text, LONGEST_BODY)]
    if named:
        blocks.append(rich(sources(named)))
    if rest:
        blocks.append({"type": "context", "elements": [plain(NOT_ALL)]})
    return blocks


def _pieces(text: str, longest: int) -> Iterator[tuple[str, str]]:
    """A text in parts that fit, each with the white space that parts it from the one before."""
    gap = ""
    while True:
        piece, rest = cut(text, longest, _units)
        yield gap, piece
        if not rest:
            return
        gap, text = text[len(piece) : len(text) - len(rest)], rest


def _units(text: str) -> int:
    """A text's length as JavaScript counts it, in which many emoji are two."""
    return len(text.encode("utf-16-le")) // 2


def _inputs(field: Field, key: str) -> list[Json]:
    """One input; for what is longer than Slack lets one hold, another for the rest."""
    mark = _mark(field, key)
    hint = " ".join(part for part in (field.fault, field.hint) if part)
    name = f"field:{field.id}"
    if field.kind == "file":
        element: Json = {"type": "file_input", "action_id": mark, "max_files": 1}
        return [_input(field, name, hint, element)]
    if field.kind in ("date", "time"):
        picker = _calendar(field, mark) if field.kind == "date" else _clock(field, mark)
        return [_input(field, name, hint, picker)]
    if field.choices:
        return [_input(field, name, hint, _select(field, mark))]
    (_, first), *rest = _pieces(clean(field.value), _LONGEST_INPUT)
    blocks = [_input(field, name, hint, _entry(field, mark, first))]
    for number, (gap, piece) in enumerate(rest, 1):
        later = f"more:{number}:{gap[:_LONGEST_GAP].encode().hex()}:{field.id}"
        entry = _entry(field, mark, piece)
        more = _input(field, later, CONTINUED, entry, f"{field.label} (continued)")
        blocks.append({**more, "optional": True})
    return blocks


def _mark(field: Field, key: str) -> str:
    """Slack keeps what stands in an input where a modal is changed and the input's name is the
    same, and so would not show a value that is new."""
    known_by = f"{key}\n{field.value}".encode(errors="replace")
    return f"value:{hashlib.blake2b(known_by, digest_size=6).hexdigest()}"


def _input(field: Field, name: str, hint: str, element: Json, label: str = "") -> Json:
    block: Json = {
        "type": "input",
        "block_id": name,
        "label": plain(shortened(label or field.label, _LONGEST_TEXT) or field.id),
        "optional": not field.required,
        "element": element,
    }
    if hint:
        block["hint"] = plain(shortened(hint, _LONGEST_TEXT))
    return block


def _entry(field: Field, mark: str, value: str) -> Json:
    entry: Json = {
        "type": "plain_text_input",
        "action_id": mark,
        "multiline": field.kind == "paragraph",
        "max_length": min(max(field.longest, _units(value)), _LONGEST_INPUT),
    }
    if value:
        entry["initial_value"] = value
    return entry


def _calendar(field: Field, mark: str) -> Json:
    """A date to be picked; nothing is, where the value is none."""
    picker: Json = {"type": "datepicker", "action_id": mark, "placeholder": plain(PICK_DATE)}
    with suppress(ValueError):
        picker["initial_date"] = date.fromisoformat(field.value).isoformat()
    return picker


def _clock(field: Field, mark: str) -> Json:
    """A time of day to be picked; it is nobody's time zone, as the form asks for that itself."""
    picker: Json = {"type": "timepicker", "action_id": mark, "placeholder": plain(PICK_TIME)}
    with suppress(ValueError):
        picker["initial_time"] = f"{time.fromisoformat(field.value):%H:%M}"
    return picker


def _select(field: Field, mark: str) -> Json:
    """A menu of one choice or of several. What is chosen at first must be among its options."""
    several = field.kind == "choices"
    options = [
        {
            "text": plain(shortened(one.label or one.value, LONGEST_LABEL) or "-"),
            "value": one.value,
        }
        for one in field.choices
        if 0 < len(one.value) <= _LONGEST_CHOICE
    ][:_MOST_CHOICES]
    kind = "multi_static_select" if several else "static_select"
    select: Json = {"type": kind, "action_id": mark, "options": options}
    picked = field.value.split(",") if several else [field.value]
    chosen = [option for option in options if option["value"] in picked]
    if chosen:
        select |= {"initial_options": chosen} if several else {"initial_option": chosen[0]}
    return select
