"""What Slack would refuse of messages, modals and home views: what its own library checks, and the
limits of its reference that the library does not know."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.clients.payloads import What
from tests.clients.pieces import Json, parts, strings

_LONGEST_ID = 255
_LONGEST_TEXT = 40_000  # of a message; longer ones are cut
_LONGEST_BLOCKS = 13_200  # characters of a message's blocks, as Slack was seen to have it
_LARGEST_VIEW = 250_000
_MOST_FILES = 10
_MOST_BLOCKS: Mapping[What, int] = {"message": 50, "modal": 100, "home": 100}
_LIMITS = {  # by a part's kind and the name in it; a half is one of the two of an answer's thumbs
    ("button", "text"): 75,
    ("button", "value"): 2_000,
    ("button", "url"): 3_000,
    ("option", "text"): 75,
    ("option", "value"): 150,
    ("option", "description"): 75,
    ("half", "text"): 75,
    ("half", "value"): 2_000,
    ("input", "label"): 2_000,
    ("input", "hint"): 2_000,
    ("header", "text"): 150,
    ("section", "text"): 3_000,
    ("link", "url"): 3_000,
    ("link", "text"): _LONGEST_BLOCKS,
    ("text", "text"): _LONGEST_BLOCKS,
    ("plain_text", "text"): 3_000,
    ("mrkdwn", "text"): 3_000,
    ("markdown", "text"): 12_000,
    ("modal", "title"): 24,
    ("modal", "submit"): 24,
    ("modal", "close"): 24,
    ("modal", "private_metadata"): 3_000,
    ("modal", "callback_id"): _LONGEST_ID,
    ("home", "private_metadata"): 3_000,
    ("home", "callback_id"): _LONGEST_ID,
    ("plain_text_input", "initial_value"): 3_000,
}
_ANYWHERE = {
    "placeholder": 150,
    "accessibility_label": 75,
    "action_id": _LONGEST_ID,
    "block_id": _LONGEST_ID,
}
_MAY_BE_EMPTY = {"private_metadata", "initial_value"}
# What nobody sees, what turns the reading direction round, and halves of characters.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CALLS = re.compile(r"<!(?:here|channel|everyone|subteam)")


def faults(what: What, payload: object) -> list[str]:
    """Everything wrong with a message's arguments (or its blocks alone), or with a view."""
    found = read(payload)
    blocks = blocks_of(found)
    wrong = [
        fault for one in parts(found) for fault in _part(one, what if one is found else _kind(one))
    ]
    wrong += [fault for text in strings(found) for fault in _characters(text)]
    wrong += [fault for block in blocks for fault in _block(block)]
    wrong += _together(what, blocks)
    if isinstance(found, dict):
        wrong += _message(found) if what == "message" else _view(found)
    return wrong


def read(payload: object) -> object:
    """A payload as values: blocks may come as JSON within a form."""
    if isinstance(payload, str):
        found: object = json.loads(payload)
        return found
    if isinstance(payload, dict) and isinstance(payload.get("blocks"), str):
        return {**payload, "blocks": json.loads(payload["blocks"])}
    return payload


def blocks_of(payload: object) -> list[Json]:
    """The blocks of a message or a view, or those that a payload is."""
    found = read(payload)
    blocks = found.get("blocks") or [] if isinstance(found, dict) else found
    assert isinstance(blocks, list), f"these are no blocks: {blocks!r:.80}"
    return blocks


def _kind(part: Json) -> str:
    if "type" in part or not {"text", "value"} <= part.keys():
        return str(part.get("type", ""))
    return "half" if "accessibility_label" in part else "option"


def _part(part: Json, kind: str) -> Iterator[str]:
    """What is wrong with the lengths of one object of that kind."""
    for name, value in part.items():
        longest = _LIMITS.get((kind, name)) or _ANYWHERE.get(name)
        words = value.get("text") if isinstance(value, dict) else value
        if longest and isinstance(words, str):
            least = 0 if name in _MAY_BE_EMPTY else 1
            if not least <= len(words) <= longest:
                yield f"{name} of a {kind} has {len(words)} characters, {least} to {longest} go"
    yield from _chosen(kind, part)


def _chosen(kind: str, part: Json) -> Iterator[str]:
    """What stands in an input at first must go into it."""
    options = part.get("options") or []
    at_first = [*part.get("initial_options", ()), part.get("initial_option")]
    if any(one and one not in options for one in at_first):
        yield f"a {kind} begins with what is none of its options"
    values = [str(one.get("value")) for one in options]
    if len(values) != len(set(values)):
        yield f"a {kind} has two options of one value"
    begun, most = str(part.get("initial_value", "")), int(part.get("max_length", 3_000))
    files = part.get("max_files", _MOST_FILES) if kind == "file_input" else _MOST_FILES
    if not 1 <= int(files) <= _MOST_FILES:
        yield f"a {kind} has max_files of {files}, 1 to {_MOST_FILES} go"
    if kind == "plain_text_input" and len(begun.encode("utf-16-le")) // 2 > most:
        yield f"a {kind} begins with more than the {most} characters it holds"


def _characters(text: str) -> Iterator[str]:
    if found := _UNSEEN.search(text):
        yield f"a text has a character that nobody sees: {found[0]!r}"


def _block(block: Json) -> Iterator[str]:
    """What Slack's library has against a block, and names in it that are given twice."""
    parsed = Block.parse(block)
    if parsed is None or parsed.type != block.get("type"):
        yield f"{block.get('type')!r} is no kind of block"
        return
    yield from _refused(parsed.validate_json)
    yield from _twice("action_id", [one["action_id"] for one in parts(block) if "action_id" in one])


def _together(what: What, blocks: list[Json]) -> Iterator[str]:
    most = _MOST_BLOCKS[what]
    if len(blocks) > most:
        yield f"{len(blocks)} blocks, {most} go into a {what}"
    yield from _twice("block_id", [one["block_id"] for one in blocks if "block_id" in one])
    if what != "message" and any(one.get("type") == "context_actions" for one in blocks):
        yield f"a {what} takes no context_actions"
    if what != "modal" and any(one.get("type") == "file_input" for one in parts(blocks)):
        yield f"a {what} takes no file_input"
    if what == "message" and len(json.dumps(blocks, ensure_ascii=False)) > _LONGEST_BLOCKS:
        yield "the blocks are longer than Slack takes"


def _message(message: Json) -> Iterator[str]:
    """What is said in the place of blocks: in notifications, and to screen readers."""
    text = str(message.get("text") or message.get("markdown_text") or "")
    if not text.strip():
        yield "there is no text beside the blocks"
    if len(text) > _LONGEST_TEXT:
        yield f"the text has {len(text)} characters, {_LONGEST_TEXT} go"
    for one in (text, *(str(part["text"]) for part in parts(message) if _marked(part))):
        if _CALLS.search(one):
            yield "a text calls everybody"


def _marked(part: Json) -> bool:
    return part.get("type") == "mrkdwn"


def _view(view: Json) -> Iterator[str]:
    known = {name: value for name, value in view.items() if value is not None}
    yield from _refused(View(**known).validate_json)
    if len(json.dumps(view)) > _LARGEST_VIEW:
        yield "the view is larger than Slack takes"
    asks = any(block.get("type") == "input" for block in blocks_of(view))
    if view.get("type") == "modal" and asks and not view.get("submit"):
        yield "a modal asks and has no button to send"


def _refused(check: Callable[[], None]) -> Iterator[str]:
    try:
        check()
    except SlackObjectFormationError as error:
        yield f"slack_sdk: {error}"


def _twice(name: str, ids: list[str]) -> Iterator[str]:
    for one in sorted({one for one in ids if ids.count(one) > 1}):
        yield f"two parts have the {name} {one!r}"
