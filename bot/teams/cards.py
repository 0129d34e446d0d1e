"""Replies as Teams shows them: a message with its citations, and cards for buttons and forms."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.conversation import Action, Citation, Form, Reply
from bot.showing import (
    NOTHING,
    Part,
    address,
    buttons,
    fitted,
    label,
    names_address,
    part,
    shortened,
    stands,
    title,
)
from bot.teams.fields import LONGEST_LABEL, carried, inputs
from bot.teams.markdown import MOST_CITATIONS, written
from bot.teams.runs import LONGEST_PROSE, LONGEST_TEXT, plain, prose, run

CARD = "application/vnd.microsoft.card.adaptive"
SUBMIT = "submit"
TAG = "tagProject"  # the action on a message that asks for a form; the manifest names it
FIND, WORDS = "find", "words"  # the search and its one parameter; the manifest names them, too
_LONGEST_BODY = 3_000
_ROOM = 20_000  # bytes; Teams takes 28 KB, and wraps what it is sent in more
_ROOM_OF_FORM = 17_000  # so that a message that holds one has room for its own words
_MOST_BUTTONS = 6  # of a card
_MOST_CARDS = 2  # with the buttons of a digest, whose lines each have theirs
_LONGEST_NAME = 80
_LONGEST_ABSTRACT = 160
_LONGEST_KEYWORD = 28
_LONGEST_SUMMARY = 200
_MOST_KEYWORDS = 3
KINDS = {
    "outcome": "Outcome",
    "framework": "Framework",
    "case-study": "Case study",
    "guidance": "Guidance",
    "report": "Report",
    "project": "Project",
    "question": "Question",
}

_Json = dict[str, object]


def activity(reply: Reply) -> _Json:
    """A reply as a message activity, complete in its text. Teams draws the thumbs, and asks for
    the reason with a form of its own."""

    def write(longest: int) -> _Json:
        shown = part(reply, longest)
        told = written(reply, shown)
        return {
            "type": "message",
            "text": told.text,
            "textFormat": "markdown",
            "summary": plain(shortened(shown.heading or shown.body, _LONGEST_SUMMARY)),
            "entities": [_label(told.listed[:MOST_CITATIONS])],
            "attachments": [attachment(card) for card in _cards(reply, shown)],
            **({"channelData": {"feedbackLoop": {"type": "default"}}} if reply.feedback else {}),
        }

    return fitted(write, _size, _ROOM, _LONGEST_BODY)


def apart(reply: Reply) -> tuple[_Json, _Json | None]:
    """A reply that may be rated as one message, and its cards as another: Teams gives no id for a
    message with both, which it splits itself, and by that id an officer's thumb names it."""
    whole = activity(reply)
    if not reply.feedback or not whole["attachments"]:
        return whole, None
    cards = {"type": "message", "entities": [_label(())], "attachments": whole["attachments"]}
    return {**whole, "attachments": []}, cards


def form_card(form: Form, error: str = "", *, dialog: bool = False) -> _Json:
    """A form as a card, with what is wrong with all of it above, and of a field at the field. Its
    lead is shortened where the card would be too large. A dialog shows the title itself, and
    knows no Action.Execute."""
    name = form.title or "Form"
    head = [] if dialog else [run(name, weight="Bolder", size="Medium")]
    if error:
        head.append(run(error, color="Attention", weight="Bolder"))
    spoken, actions = f"{error} {name}".strip(), [_submit(form, dialog=dialog)]

    def write(longest: int) -> _Json:
        lead = prose(form.lead, form.citations, longest)
        return card([*head, *lead, *inputs(form)], spoken, actions)

    return fitted(write, _size, _ROOM_OF_FORM, LONGEST_PROSE)


def note_card(text: str, citations: Iterable[Citation] = ()) -> _Json:
    """Words as a card, to stand where a form was."""

    def write(longest: int) -> _Json:
        return card(prose(text or NOTHING, citations, longest), text or NOTHING, [])

    return fitted(write, _size, _ROOM_OF_FORM, LONGEST_PROSE)


def attachment(card: _Json) -> _Json:
    """A card as a message carries it."""
    return {"contentType": CARD, "content": card}


def _size(message: _Json) -> int:
    return len(json.dumps(message, ensure_ascii=False).encode())


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
    told = (shortened(one, _LONGEST_KEYWORD) for one in stands(citation))
    keywords = [word for word in (KINDS[citation.kind], *told, *councils) if word][:_MOST_KEYWORDS]
    appearance: _Json = {
        "@type": "DigitalDocument",
        "name": plain(shortened(_name(citation), _LONGEST_NAME)),
        "abstract": plain(shortened(" ".join(citation.quote.split()), _LONGEST_ABSTRACT))
        or "No quote.",
        "keywords": [plain(word) for word in keywords],
    }
    if url := address(citation.url):
        appearance["url"] = url
    return {"@type": "Claim", "position": citation.number, "appearance": appearance}


def _name(citation: Citation) -> str:
    """A title is the link's words there, unless it names an address: then that shows its own."""
    return (names_address(citation.title) and address(citation.url)) or title(citation)


def _cards(reply: Reply, shown: Part) -> list[_Json]:
    cards = [form_card(reply.form)] if reply.form else []
    most = _MOST_BUTTONS * (_MOST_CARDS if reply.linked else 1)
    offered = buttons(reply.actions, shown.actions, most)
    for begun in range(0, len(offered), _MOST_BUTTONS):
        actions = [_button(one) for one in offered[begun : begun + _MOST_BUTTONS]]
        cards.append(card([], "Buttons to go on", actions))
    return cards


def card(body: list[_Json], spoken: str, actions: list[_Json]) -> _Json:
    """A card of these parts; `spoken` is read out, and shown where no card can be."""
    words = plain(shortened(spoken, LONGEST_TEXT))
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
        "title": label(action, LONGEST_LABEL),
        "data": {"action": action.id, "value": action.value},
    }


def _submit(form: Form, *, dialog: bool) -> _Json:
    sent: _Json = {
        "title": shortened(form.submit, LONGEST_LABEL) or "Send",
        "data": carried(form),
    }
    if dialog:
        return {"type": "Action.Submit", **sent}
    return {"type": "Action.Execute", "verb": SUBMIT, **sent}
