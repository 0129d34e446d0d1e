"""Replies as Slack shows them: blocks and a complete plain text; forms as modals.

The blocks repeat foreign text only where Slack parses nothing: in rich text and plain text.
The `text` beside them is parsed, so it is escaped, and its @ marks are broken; it is to be sent
with Slack's defaults for `parse` (none) and `link_names` (off), under which a bare @name or
#channel stays a word in any case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

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

PRIVATE = "Only you can see this."
FOLLOWING = "I read replies in this thread. Say quiet to stop me."
_LONGEST_BODY = 2_900
_LONGEST_PLAIN = 30_000  # Slack cuts a text at 40,000 characters
_ROOM = 13_000  # characters of all the blocks; Slack refuses a message from about 13,200 on
_MOST_BUTTONS = 25
_LONGEST_LABEL = 75
_LONGEST_TITLE = 24
_LONGEST_INPUT = 3_000
_LONGEST_TEXT = 2_000
_MOST_CHOICES = 100
_LONGEST_CHOICE = 150
_CALLS = re.compile(r"(?<!\w)@(?=\w)|@(?=(?:here|channel|everyone)\b)", re.IGNORECASE)

_Json = dict[str, object]


def message(reply: Reply, *, private: bool = False) -> _Json:
    """A reply as the arguments of a posted message."""

    notes = _notes(reply, private=private)

    def write(longest: int) -> _Json:
        shown = part(reply, longest)
        return {
            "text": _text(shown, notes),
            "blocks": _blocks(shown, _buttons(reply, shown, private=private), notes),
            "unfurl_links": False,
            "unfurl_media": False,
        }

    return fitted(write, _written, _ROOM, _LONGEST_BODY)


def whole(reply: Reply, *, private: bool = False) -> str:
    """A reply as text alone, for where its blocks are refused. No button can show the rest, so
    nothing is left for one."""
    notes = _notes(reply, private=private)
    return _text(part(reply, _LONGEST_PLAIN, _size), notes)


def escape(text: str) -> str:
    """A text for where Slack parses: no mention, no link, and no one called by an @."""
    seen = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CALLS.sub("@\u2060", seen)


def modal(form: Form, metadata: str, error: str = "") -> _Json:
    """A form as a modal; `metadata` comes back with what is filled in."""
    blocks = [_input(field) for field in form.fields]
    if error or not blocks:
        words = shortened(error or form.title, _LONGEST_TEXT) or "Form"
        blocks.insert(0, {"type": "section", "text": _plain(words)})
    return {
        "type": "modal",
        "callback_id": f"form:{form.id}",
        "title": _plain(shortened(form.title, _LONGEST_TITLE) or "Form"),
        "submit": _plain(shortened(form.submit, _LONGEST_TITLE) or "Send"),
        "close": _plain("Cancel"),
        "private_metadata": metadata,
        "blocks": blocks,
    }


def values(state: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What was filled in, by field: Slack's `view.state.values`."""
    filled: dict[str, str] = {}
    for block, elements in state.items():
        if not block.startswith("field:"):
            continue
        element = elements.get("value") or {}
        chosen = (element.get("selected_option") or {}).get("value")
        filled[block.removeprefix("field:")] = chosen or element.get("value") or ""
    return filled


def _notes(reply: Reply, *, private: bool) -> tuple[str, ...]:
    return (PRIVATE,) * private + (FOLLOWING,) * reply.following


def _size(text: str) -> int:
    return len(escape(text))


def _written(message: _Json) -> int:
    return len(json.dumps(message["blocks"], ensure_ascii=False))


def _text(shown: Part, notes: tuple[str, ...]) -> str:
    sources = [
        f"[{one.number}] {title(one)}{about(one)} {address(one.url)}".rstrip()
        for one in shown.citations
    ]
    listed = "\n".join(("Sources", *sources)) if sources else ""
    parts = (shown.heading, shown.body, listed, *shown.closing, *notes)
    return escape("\n\n".join(one for one in parts if one))


def _blocks(shown: Part, offered: tuple[Action, ...], notes: tuple[str, ...]) -> list[_Json]:
    body = [*_heading(shown.heading), *_body(shown.body)]
    blocks: list[_Json] = [{"type": "rich_text", "elements": body}] if body else []
    if shown.citations:
        blocks.append({"type": "rich_text", "elements": _sources(shown.citations)})
    lines = (*shown.closing, *notes)
    if lines:
        blocks.append({"type": "context", "elements": [_plain(line) for line in lines]})
    if offered:
        elements = [_button(action, number) for number, action in enumerate(offered)]
        blocks.append({"type": "actions", "elements": elements})
    return blocks


def _heading(heading: str) -> list[_Json]:
    return [{"type": "rich_text_quote", "elements": [_said(heading)]}] if heading else []


def _body(body: str) -> list[_Json]:
    elements: list[_Json] = []
    for items, lines in paragraphs(body):
        if items:
            elements.append(_list(lines))
            continue
        before = "\n" if elements else ""
        elements.append(_section([_said(before + "\n".join(lines) + "\n")]))
    return elements


def _list(lines: Iterable[str]) -> _Json:
    sections = [_section([_said(line)]) for line in lines]
    return {"type": "rich_text_list", "style": "bullet", "elements": sections}


def _sources(citations: Iterable[Citation]) -> list[_Json]:
    """One line a source. They carry the numbers of the text, which Slack's own list would not."""
    heading: _Json = {"type": "text", "text": "Sources\n", "style": {"bold": True}}
    return [_section([heading]), *(_section(_source(one)) for one in citations)]


def _source(citation: Citation) -> list[_Json]:
    """A title is the link's words; one that names an address leaves the link to show its own."""
    number, url = f"[{citation.number}] ", address(citation.url)
    if not url:
        return [_said(f"{number}{title(citation)}{about(citation)}\n")]
    if names_address(citation.title):
        told = _said(f"{number}{title(citation)}{about(citation)} ")
        return [told, {"type": "link", "url": url, "text": url}, _said("\n")]
    link: _Json = {"type": "link", "url": url, "text": title(citation)}
    return [_said(number), link, _said(f"{about(citation)}\n")]


def _buttons(reply: Reply, shown: Part, *, private: bool) -> tuple[Action, ...]:
    own = shown.actions
    if reply.form:
        own = (Action("open", "Open the form", reply.form.id), *own)
    if private and reply.id and reply.citations and reply.status in ("answered", "unsure"):
        own = (*own, Action("share", "Share to channel", reply.id))
    return buttons(reply.actions, own, _MOST_BUTTONS)


def _button(action: Action, number: int) -> _Json:
    words = label(action, _LONGEST_LABEL)
    button: _Json = {
        "type": "button",
        "action_id": f"press:{action.id}:{number}",
        "text": _plain(words),
    }
    if action.value:
        button["value"] = action.value
    if words.endswith("…"):
        button["accessibility_label"] = words
    return button


def _input(field: Field) -> _Json:
    block: _Json = {
        "type": "input",
        "block_id": f"field:{field.id}",
        "label": _plain(shortened(field.label, _LONGEST_TEXT) or field.id),
        "optional": not field.required,
        "element": _select(field) if field.kind == "choice" and field.choices else _entry(field),
    }
    if field.hint:
        block["hint"] = _plain(shortened(field.hint, _LONGEST_TEXT))
    return block


def _entry(field: Field) -> _Json:
    return {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": field.kind == "paragraph",
        "max_length": min(field.longest, _LONGEST_INPUT),
    }


def _select(field: Field) -> _Json:
    options = [
        {
            "text": _plain(shortened(one.label or one.value, _LONGEST_LABEL) or "-"),
            "value": one.value,
        }
        for one in field.choices
        if 0 < len(one.value) <= _LONGEST_CHOICE
    ]
    return {"type": "static_select", "action_id": "value", "options": options[:_MOST_CHOICES]}


def _section(elements: list[_Json]) -> _Json:
    return {"type": "rich_text_section", "elements": elements}


def _said(text: str) -> _Json:
    return {"type": "text", "text": text}


def _plain(text: str) -> _Json:
    return {"type": "plain_text", "text": text, "emoji": False}
