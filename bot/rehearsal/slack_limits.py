"""What Slack refuses of messages and modals: its own library's checks, and what those miss."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.rehearsal.slack_payloads import Json

LONGEST_MESSAGE = 13_200  # characters of a message's blocks, as Slack was seen to have it
_HALF = {"text", "value", "accessibility_label"}  # of what asks whether an answer helped
_TEXTS = {"plain_text": 3_000, "button": 75, "option": 75}
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_SELECTS = {"static_select": "initial_option", "multi_static_select": "initial_options"}


def refused_message(arguments: Json) -> str:
    """Slack's word for what is wrong with a message; "" for nothing."""
    blocks = arguments.get("blocks", [])
    if len(json.dumps(blocks, ensure_ascii=False)) > LONGEST_MESSAGE:
        return "msg_blocks_too_long"
    # Nobody at Slack says that one person alone may be asked by the element, so none is.
    alone = "user" in arguments or arguments.get("response_type") == "ephemeral"
    formed = all(map(_well_formed, blocks)) and not (alone and _asks(blocks))
    return "" if formed and len(blocks) <= 50 else "invalid_blocks"


def refused_view(view: Json) -> str:
    """Slack's word for what is wrong with a modal; "" for nothing."""
    blocks = view.get("blocks", [])
    names = [block["block_id"] for block in blocks if "block_id" in block]
    inputs = [block for block in blocks if block["type"] == "input"]
    if len(names) != len(set(names)) or (inputs and not view.get("submit")) or _asks(blocks):
        return "invalid_arguments"
    if len(json.dumps(view)) > 250_000:
        return "view_too_large"
    try:
        View(**view).validate_json()
    except SlackObjectFormationError:
        return "invalid_arguments"
    formed = all(map(_well_formed, blocks)) and all(_usable(one["element"]) for one in inputs)
    return "" if formed else "invalid_arguments"


def _well_formed(block: Json) -> bool:
    if block.get("type") == "context_actions" and not all(map(_rates, block["elements"])):
        return False
    read = Block.parse(block)
    try:
        if read is None:
            return False
        read.validate_json()
    except SlackObjectFormationError:
        return False
    return len(block.get("block_id", "")) <= 255 and all(map(_short, _parts(block)))


def _asks(blocks: list[Json]) -> bool:
    return any(block["type"] == "context_actions" for block in blocks)


def _rates(element: Json) -> bool:
    """Whether an element asks whether an answer helped, as Slack's reference has it."""
    halves = element.get("positive_button"), element.get("negative_button")
    if element.keys() - {"type", "action_id", "positive_button", "negative_button"}:
        return False
    known = element["type"] == "feedback_buttons" and 0 < len(element.get("action_id", "x")) <= 255
    return known and all(isinstance(half, dict) and _is_half(half) for half in halves)


def _is_half(half: Json) -> bool:
    read, value = str(half.get("accessibility_label", "x")), str(half.get("value", ""))
    plain = (half.get("text") or {}).get("type") == "plain_text"
    return plain and not half.keys() - _HALF and 0 < len(read) <= 75 and 0 < len(value) <= 2_000


def _short(part: Json) -> bool:
    """Whether the words of a part are neither missing nor too long."""
    words = part.get("text")
    if isinstance(words, dict):
        return 0 < len(words["text"]) <= _TEXTS.get(part.get("type", "option"), 3_000)
    return words is None or len(words) > 0


def _usable(element: Json) -> bool:
    """Whether an input can hold what it is to hold at first."""
    if element["type"] == "plain_text_input":
        most, begun = int(element.get("max_length", 3_000)), str(element.get("initial_value", "x"))
        return 0 < most <= 3_000 and 0 < len(begun) <= most
    if element["type"] == "file_input":
        return 1 <= element.get("max_files", 10) <= 10 and "initial_value" not in element
    if element["type"] == "datepicker":
        return _dated(str(element.get("initial_date", "2026-12-24")))
    if element["type"] == "timepicker":
        return bool(_TIME.fullmatch(str(element.get("initial_time", "09:30"))))
    chosen = element.get(_SELECTS[element["type"]], element["options"][:1])
    picked = chosen if isinstance(chosen, list) else [chosen]
    return bool(picked) and all(one in element["options"] for one in picked)


def _dated(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _parts(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from _parts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _parts(one)
