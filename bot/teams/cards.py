"""Replies as Teams shows them: Markdown with its citations, and cards for buttons and forms.

Foreign text in a message is written with character references where Markdown or HTML would read
a mark, which every reader of either undoes. In cards it stands in text runs, which read no marks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from bot.conversation import Action, Citation, Field, Form, Reply
from bot.showing import (
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
_FIELD = "field:"
_LONGEST_BODY = 3_000
_ROOM = 20_000  # bytes; Teams takes 28 KB, and wraps what it is sent in more
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


def form_card(form: Form, error: str = "") -> _Json:
    """A form as a card; what is wrong with what was filled in stands above it."""
    body = [_run(form.title or "Form", weight="Bolder", size="Medium")]
    if error:
        body.append(_run(error, color="Attention", weight="Bolder"))
    execute: _Json = {
        "type": "Action.Execute",
        "title": shortened(form.submit, _LONGEST_LABEL) or "Send",
        "verb": SUBMIT,
        "data": {"form": form.id},
    }
    inputs = [_input(field) for field in form.fields]
    return _card([*body, *inputs], f"{error} {form.title}".strip() or "Form", [execute])


def note_card(text: str) -> _Json:
    """A few words as a card, to stand where another one was."""
    return _card([_run(text)], text, [])


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


def _input(field: Field) -> _Json:
    name = shortened(field.label, _LONGEST_TEXT) or field.id
    common: _Json = {
        "id": f"{_FIELD}{field.id}",
        "label": name,
        "isRequired": field.required,
        "errorMessage": f"Please fill in: {name}",
        "placeholder": shortened(field.hint, _LONGEST_TEXT),
    }
    if field.kind == "choice" and field.choices:
        return {"type": "Input.ChoiceSet", **common, "style": "compact", "choices": _choices(field)}
    lines = field.kind == "paragraph"
    return {"type": "Input.Text", **common, "isMultiline": lines, "maxLength": field.longest}


def _choices(field: Field) -> list[_Json]:
    return [
        {"title": shortened(one.label or one.value, _LONGEST_LABEL) or "-", "value": one.value}
        for one in field.choices
    ]


def _run(text: str, **style: str) -> _Json:
    """Words in a text run, which reads no marks."""
    run: _Json = {"type": "TextRun", "text": shortened(text, _LONGEST_TEXT) or "-", **style}
    return {"type": "RichTextBlock", "inlines": [run]}


def _plain(text: str) -> str:
    """Words for where a reader may look for tags, and would read out character references."""
    return text.replace("<", "‹").replace(">", "›")
