"""Payloads with one thing wrong each, and what the checks are to say of it."""

from __future__ import annotations

from tests.clients.payloads import What
from tests.clients.pieces import Json


def _words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def _button(**more: object) -> Json:
    return {"type": "button", "action_id": "a", "text": _words("Go"), **more}


def _message(*blocks: Json, text: str = "Hello.") -> Json:
    return {"text": text, "blocks": list(blocks)}


def _pressed(**more: object) -> Json:
    return _message({"type": "actions", "elements": [_button(**more)]})


def _rich(*elements: Json) -> Json:
    section: Json = {"type": "rich_text_section", "elements": list(elements)}
    return {"type": "rich_text", "elements": [section]}


def _input(block_id: str = "b", **element: object) -> Json:
    asked = {"type": "plain_text_input", "action_id": "a", **element}
    return {"type": "input", "block_id": block_id, "label": _words("Title"), "element": asked}


def _modal(*blocks: Json, **more: object) -> Json:
    said = {"type": "modal", "title": _words("Title"), "submit": _words("Send")}
    return {**said, "blocks": list(blocks), **more}


def _select(**more: object) -> Json:
    options = [{"text": _words("One"), "value": "1"}]
    asked = _input(type="static_select", options=options)
    return _modal({**asked, "element": {**asked["element"], **more}})


def _files(**more: object) -> Json:
    asked = {"type": "file_input", "action_id": "a", **more}
    label = _words("File")
    return _modal({"type": "input", "block_id": "b", "label": label, "element": asked})


def _section(text: str) -> Json:
    return {"type": "section", "text": _words(text)}


MESSAGE, MODAL = _message(_section("Hello.")), _modal(_input())
HOME: Json = {"type": "home", "blocks": [_section("Hello.")]}
SLACK: dict[str, tuple[What, object, str]] = {
    "no kind of block": ("message", _message({"type": "nonsense"}), "no kind of block"),
    "no text beside": ("message", _message(_section("x"), text=""), "no text beside"),
    "everybody called": ("message", _message(_section("x"), text="<!here> x"), "calls everybody"),
    "long text": ("message", _message(_section("x" * 3_001)), "text of a section"),
    "empty text": ("message", _message(_section("")), "text of a section"),
    "empty rich text": (
        "message",
        _message(_rich({"type": "text", "text": ""})),
        "text of a text has 0",
    ),
    "large view": ("modal", _modal(*[_section("x" * 3_000)] * 90), "larger than Slack takes"),
    "long button": ("message", _pressed(text=_words("x" * 76)), "text of a button has 76"),
    "long value": ("message", _pressed(value="x" * 2_001), "value of a button"),
    "long label": ("message", _pressed(accessibility_label="x" * 76), "accessibility_label"),
    "long name": ("message", _pressed(action_id="x" * 256), "action_id"),
    "long block name": ("message", _message({**_section("x"), "block_id": "x" * 256}), "block_id"),
    "one name twice": (
        "message",
        _message({"type": "actions", "elements": [_button(), _button()]}),
        "two parts have the action_id",
    ),
    "unseen": ("message", _message(_section("a\x07b")), "nobody sees"),
    "turned": ("message", _message(_section("a\u202eb")), "nobody sees"),
    "half a sign": ("message", _message(_section("a\ud83d")), "nobody sees"),
    "many blocks": ("message", _message(*[_section("x")] * 51), "51 blocks"),
    "long blocks": ("message", _message(*[_section("x" * 2_900)] * 5), "longer than Slack takes"),
    "many buttons": (
        "message",
        _message({"type": "actions", "elements": [_button(action_id=str(n)) for n in range(26)]}),
        "slack_sdk",
    ),
    "blocks as text": (
        "message",
        {"text": "x", "blocks": '[{"type": "nonsense"}]'},
        "no kind of block",
    ),
    "long title": ("modal", _modal(_input(), title=_words("x" * 25)), "title of a modal"),
    "long secret": ("modal", _modal(_input(), private_metadata="x" * 3_001), "private_metadata"),
    "one block twice": ("modal", _modal(_input(), _input()), "two parts have the block_id"),
    "nothing to send by": ("modal", _modal(_input(), submit=None), "no button to send"),
    "long placeholder": ("modal", _modal(_input(placeholder=_words("x" * 151))), "placeholder"),
    "long option": (
        "modal",
        _select(options=[{"text": _words("x" * 76), "value": "1"}]),
        "text of a option",
    ),
    "two of one value": (
        "modal",
        _select(options=[{"text": _words("One"), "value": "1"}] * 2),
        "two options of one value",
    ),
    "no such option": (
        "modal",
        _select(initial_option={"text": _words("Two"), "value": "2"}),
        "none of its options",
    ),
    "too long at first": (
        "modal",
        _modal(_input(initial_value="x" * 11, max_length=10)),
        "more than the 10",
    ),
    "many files": ("modal", _files(max_files=11), "max_files of 11"),
    "no file": ("modal", _files(max_files=0), "max_files of 0"),
    "a file in a home": (
        "home",
        {"type": "home", "blocks": _files()["blocks"]},
        "takes no file_input",
    ),
    "thumbs in a home": (
        "home",
        {"type": "home", "blocks": [{"type": "context_actions", "elements": []}]},
        "takes no context_actions",
    ),
}
# What only the compiler finds.
TYPED: dict[str, tuple[What, object, str]] = {
    "no kind of element": (
        "message",
        _message({"type": "actions", "elements": [{"type": "lever", "action_id": "a"}]}),
        "lever",
    ),
    "marks in a button": (
        "message",
        _pressed(text={"type": "mrkdwn", "text": "*Go*"}),
        "mrkdwn",
    ),
    "no such property": ("message", _message({**_section("x"), "colour": "red"}), "colour"),
    "no number": ("modal", _modal(_input(max_length="10")), "max_length|string"),
    "no title": ("modal", {"type": "modal", "blocks": [_section("x")]}, "title"),
    "no home": ("home", {"type": "house", "blocks": []}, "house"),
}


def _card(*body: Json, **more: object) -> Json:
    said = {"type": "AdaptiveCard", "version": "1.5", "fallbackText": "Words"}
    return {**said, "body": list(body), **more}


def _field(**more: object) -> Json:
    return {"type": "Input.Text", "id": "field:a", "label": "Title", **more}


def _do(**more: object) -> Json:
    data = {"form": "a"}
    return {"type": "Action.Execute", "verb": "submit", "title": "Send", "data": data, **more}


CARD = _card({"type": "TextBlock", "text": "Hello."}, _field(), actions=[_do()])
_CHOICE = {"title": "One", "value": "1"}
CARDS: dict[str, tuple[object, str]] = {
    "too large": (_card({"type": "TextBlock", "text": "x" * 29_000}), "bytes"),
    "many buttons": (_card(actions=[_do()] * 7), "7 buttons"),
    "a button without words": (_card(actions=[_do(title=" ")]), "no words"),
    "an input without a label": (_card(_field(label="")), "no id or no label"),
    "one id twice": (_card(_field(), _field()), "one id"),
    "an input that does not say": (_card(_field(isRequired=True)), "does not say so"),
    "no such choice": (
        _card(_field(type="Input.ChoiceSet", choices=[_CHOICE], value="2")),
        "none of its choices",
    ),
    "two of one value": (
        _card(_field(type="Input.ChoiceSet", choices=[_CHOICE, _CHOICE])),
        "told apart",
    ),
    "no address": (
        _card(actions=[{"type": "Action.OpenUrl", "title": "Go", "url": "javascript:alert(1)"}]),
        "no address",
    ),
    "newer than Teams": (_card(version="1.9"), "does not know version"),
    "no words instead": (_card(fallbackText=""), "no words for"),
    "a result without a title": (
        {
            "type": "result",
            "attachments": [{"content": CARD, "preview": {"content": {"title": ""}}}],
        },
        "no preview",
    ),
}
DRAWN: dict[str, tuple[Json, str]] = {
    "no kind of element": (_card({"type": "Nonsense"}), "the renderer says"),
    "no such size": (
        _card({"type": "TextBlock", "text": "x", "size": "Vast"}),
        "the renderer says",
    ),
    "hidden words": (
        _card({"type": "TextBlock", "text": "Hello.", "isVisible": False}),
        "not drawn: 'Hello.'",
    ),
    "words that are another's": (
        _card({"type": "TextBlock", "text": "x {{DATE(2026-12-24T09:30:00Z, SHORT)}}"}),
        "not drawn",
    ),
    "a button that needs what is never filled in": (
        _card(
            {**_field(isRequired=True, errorMessage="Please"), "regex": "^never$"}, actions=[_do()]
        ),
        "0 of 1 buttons",
    ),
    "a button that leaves out what is filled in": (
        _card(_field(), actions=[_do(associatedInputs="none")]),
        "does not send",
    ),
}
SCHEMA: dict[str, Json] = {
    "no kind of element": _card({"type": "Nonsense"}),
    "no such size": _card({"type": "TextBlock", "text": "x", "size": "Vast"}),
    "no text": _card({"type": "TextBlock"}),
    "no such property": _card(colour="red"),
    "no address": _card(actions=[{"type": "Action.OpenUrl", "title": "Go"}]),
}
