"""Replies as Teams shows them: Markdown with its citations, and cards for buttons and forms.

Foreign text in a message is written with character references where Markdown or HTML would read
a mark, which every reader of either undoes. In cards it stands in text runs, which read no marks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date

from bot.conversation import Action, Citation, Field, Form, Reply, cut
from bot.showing import (
    NOTHING,
    Part,
    about,
    address,
    buttons,
    clean,
    fitted,
    label,
    names_address,
    paragraphs,
    part,
    shortened,
    title,
)

CARD = "application/vnd.microsoft.card.adaptive"
SUBMIT = "submit"
TAG = "tagProject"  # the action on a message that asks for a form; the manifest names it
_FIELD = "field:"
_LONGEST_BODY = 3_000
_LONGEST_PROSE = 6_000
_ROOM = 20_000  # bytes; Teams takes 28 KB, and wraps what it is sent in more
_ROOM_OF_FORM = 17_000  # so that a message that holds one has room for its own words
_MOST_OPEN = 4  # choices that are shown without a tap, of a field that takes one
_MOST_CITATIONS = 10  # Teams draws 20, Microsoft's Playground refuses a message with more than 10
_MOST_BUTTONS = 6
_LONGEST_LABEL = 60
_LONGEST_NAME = 80
_LONGEST_ABSTRACT = 160
_LONGEST_KEYWORD = 28
_LONGEST_SUMMARY = 200
_MOST_KEYWORDS = 3
_LONGEST_TEXT = 1_000
_KINDS = {
    "outcome": "Outcome",
    "framework": "Framework",
    "case-study": "Case study",
    "project": "Project",
}
_MARKS = re.compile(r"[&<>*_~`|\\\[\]{}]")
_STARTS = re.compile(r"^(?:[#+=-]|\d+[.)])")
_CITED = re.compile(r"&#91;(\d+)&#93;([(:]?)")

_Json = dict[str, object]


def activity(reply: Reply) -> _Json:
    """A reply as a message activity, complete in its text."""

    def write(longest: int) -> _Json:
        shown = part(reply, longest)
        return {
            "type": "message",
            "text": _text(shown),
            "textFormat": "markdown",
            "summary": _plain(shortened(shown.heading or shown.body, _LONGEST_SUMMARY)),
            "entities": [_label(shown.citations[:_MOST_CITATIONS])],
            "attachments": [attachment(card) for card in _cards(reply, shown)],
        }

    return fitted(write, _written, _ROOM, _LONGEST_BODY)


def form_card(form: Form, error: str = "", *, dialog: bool = False) -> _Json:
    """A form as a card, with what is wrong with all of it above, and of a field at the field. Its
    lead is shortened where the card would be too large. A dialog shows the title itself, and
    knows no Action.Execute."""
    name = form.title or "Form"
    head = [] if dialog else [_run(name, weight="Bolder", size="Medium")]
    if error:
        head.append(_run(error, color="Attention", weight="Bolder"))
    inputs = [element for field in form.fields for element in _input(field)]
    spoken, actions = f"{error} {name}".strip(), [_submit(form, dialog=dialog)]

    def write(longest: int) -> _Json:
        lead = _prose(form.lead, form.citations, longest)
        return _card([*head, *lead, *inputs], spoken, actions)

    return fitted(write, _written, _ROOM_OF_FORM, _LONGEST_PROSE)


def note_card(text: str, citations: Iterable[Citation] = ()) -> _Json:
    """Words as a card, to stand where a form was."""

    def write(longest: int) -> _Json:
        return _card(_prose(text or NOTHING, citations, longest), text or NOTHING, [])

    return fitted(write, _written, _ROOM_OF_FORM, _LONGEST_PROSE)


def attachment(card: _Json) -> _Json:
    """A card as a message carries it."""
    return {"contentType": CARD, "content": card}


def values(data: Mapping[str, object]) -> dict[str, str]:
    """What was filled in, by field, of the data a form's card sends back."""
    return {
        key.removeprefix(_FIELD): value
        for key, value in data.items()
        if key.startswith(_FIELD) and isinstance(value, str)
    }


def escape(text: str, numbers: Iterable[int] = ()) -> str:
    """One line for where Teams reads Markdown. The `[n]` of `numbers` stay as they are: Teams draws
    its citations there; what follows them makes no link of them."""
    known = set(numbers)

    def cited(found: re.Match[str]) -> str:
        if int(found[1]) not in known:
            return found[0]
        return f"[{found[1]}]" + "".join(f"&#{ord(one)};" for one in found[2])

    line = _MARKS.sub(_reference, " ".join(clean(text).split()))
    line = _STARTS.sub(lambda found: f"{found[0][:-1]}&#{ord(found[0][-1])};", line)
    return _CITED.sub(cited, line)


def _reference(found: re.Match[str]) -> str:
    return {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(found[0], f"&#{ord(found[0])};")


def _written(message: _Json) -> int:
    return len(json.dumps(message, ensure_ascii=False).encode())


def _text(shown: Part) -> str:
    numbers = [one.number for one in shown.citations[:_MOST_CITATIONS]]
    parts = [f"> {escape(shown.heading)}"] if shown.heading else []
    for items, lines in paragraphs(shown.body):
        written = [escape(line, numbers) for line in lines]
        parts.append("\n".join(f"- {line}" for line in written) if items else "\n\n".join(written))
    if shown.citations:
        parts.append(
            "\n".join(("**Sources**", "", *(f"- {_source(one)}" for one in shown.citations)))
        )
    parts += [f"*{escape(line)}*" for line in shown.closing]
    return "\n\n".join(parts)


def _source(citation: Citation) -> str:
    """A title is the link's words, unless it names an address itself: then the link shows its own.

    Its number is written so that Teams draws no second citation here.
    """
    number, told = escape(f"[{citation.number}]"), escape(about(citation).strip())
    url, name = address(citation.url).replace("&", "&amp;"), escape(title(citation))
    if not url:
        linked = name
    elif names_address(citation.title):
        linked = f"{name} {url}"
    else:
        linked = f"[{name}]({url})"
    return " ".join(one for one in (number, linked, told) if one)


def _label(citations: Iterable[Citation]) -> _Json:
    """Marks the message as made by a machine, and carries its citations. One a message at most."""
    return {
        "type": "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
        "@id": "",
        "additionalType": ["AIGeneratedContent"],
        "citation": [_claim(one) for one in citations],
    }


def _claim(citation: Citation) -> _Json:
    councils = (shortened(" ".join(one.split()), _LONGEST_KEYWORD) for one in citation.councils)
    keywords = [word for word in (_KINDS[citation.kind], *councils) if word][:_MOST_KEYWORDS]
    appearance: _Json = {
        "@type": "DigitalDocument",
        "name": shortened(title(citation), _LONGEST_NAME),
        "abstract": shortened(" ".join(citation.quote.split()), _LONGEST_ABSTRACT) or "No quote.",
        "keywords": keywords,
    }
    if url := address(citation.url):
        appearance["url"] = url
    return {"@type": "Claim", "position": citation.number, "appearance": appearance}


def _cards(reply: Reply, shown: Part) -> list[_Json]:
    cards = [form_card(reply.form)] if reply.form else []
    offered = buttons(reply.actions, shown.actions, _MOST_BUTTONS)
    if offered:
        cards.append(_card([], "Buttons to go on", [_button(action) for action in offered]))
    return cards


def _card(body: list[_Json], spoken: str, actions: list[_Json]) -> _Json:
    words = _plain(shortened(spoken, _LONGEST_TEXT))
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": words,
        "speak": words,
        "body": body,
        "actions": actions,
    }


def _button(action: Action) -> _Json:
    return {
        "type": "Action.Submit",
        "title": label(action, _LONGEST_LABEL),
        "data": {"action": action.id, "value": action.value},
    }


def _submit(form: Form, *, dialog: bool) -> _Json:
    sent: _Json = {
        "title": shortened(form.submit, _LONGEST_LABEL) or "Send",
        # Not "key": Microsoft's own renderer has a property of that name, and fails on ours.
        "data": {"form": form.id, "formKey": form.key},
    }
    if dialog:
        return {"type": "Action.Submit", **sent}
    return {"type": "Action.Execute", "verb": SUBMIT, **sent}


def _input(field: Field) -> list[_Json]:
    """A field with what is wrong with it above. A hint stands inside where there is room in it."""
    name = shortened(field.label, _LONGEST_TEXT) or field.id
    hint = shortened(field.hint, _LONGEST_TEXT)
    common: _Json = {
        "id": f"{_FIELD}{field.id}",
        "label": name,
        "isRequired": field.required,
        "errorMessage": f"Please fill in: {name}",
    }
    above = [_run(field.fault, color="Attention")] if field.fault else []
    asked = _asked(field, hint)
    if hint and "placeholder" not in asked:
        above.append(_run(hint, isSubtle=True))
    return [*above, {**common, **asked}]


def _asked(field: Field, hint: str) -> _Json:
    """What is particular to a kind of input, with what it holds at first."""
    if field.kind in ("choice", "choices") and field.choices:
        return {"type": "Input.ChoiceSet", **_offered(field)}
    if field.kind == "date":
        return {"type": "Input.Date", **_at_first(_day(field.value))}
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
        {"title": shortened(one.label or one.value, _LONGEST_LABEL) or "-", "value": one.value}
        for one in field.choices
    ]


def _prose(text: str, citations: Iterable[Citation], longest: int) -> list[_Json]:
    """As much of a text as that, and the sources it names, each a link."""
    said, rest = cut(text, longest)
    blocks = [
        _run(f"• {line}" if items else line, _LONGEST_PROSE)
        for items, lines in paragraphs(f"{said} …" if rest else said)
        for line in lines
    ]
    return [*blocks, *(_linked(one) for one in citations if f"[{one.number}]" in said)]


def _linked(citation: Citation) -> _Json:
    """A source as a line; see `_source`."""
    url, name, told = address(citation.url), title(citation), about(citation).strip()
    runs = [_words(f"[{citation.number}]")]
    if url and names_address(citation.title):
        runs += [_words(name), _link(url, url)]
    else:
        runs.append(_link(name, url) if url else _words(name))
    if told:
        runs.append(_words(told))
    spaced = [one for run in runs for one in (run, {"type": "TextRun", "text": " "})]
    return {"type": "RichTextBlock", "inlines": spaced[:-1]}


def _link(text: str, url: str) -> _Json:
    opens = {"type": "Action.OpenUrl", "url": url}
    return {**_words(text), "color": "Accent", "selectAction": opens}


def _run(text: str, longest: int = _LONGEST_TEXT, **style: object) -> _Json:
    """Words on a line of their own."""
    return {"type": "RichTextBlock", "inlines": [_words(text, longest, **style)]}


def _words(text: str, longest: int = _LONGEST_TEXT, **style: object) -> _Json:
    """Words in a text run, which reads no marks."""
    return {"type": "TextRun", "text": shortened(text, longest) or "-", **style}


def _plain(text: str) -> str:
    """Words for where a reader may look for tags, and would read out character references."""
    return text.replace("<", "‹").replace(">", "›")
