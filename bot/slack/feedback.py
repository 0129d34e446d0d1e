"""What officers say of an answer, as Slack shows it and tells it.

Slack's own element stands below what everyone in a place sees. Slack does not say whether it
takes the element in what one person alone sees, so there it is two ordinary buttons.
"""

from __future__ import annotations

from bot.conversation import Origin, Pressed, complaint, praise

UP, DOWN = "This helped", "This did not help"
UP_READ, DOWN_READ = "Say that this answer helped", "Say that this answer did not help"
_ELEMENT = "rate"
_LIKED, _DISLIKED = "up", "down"

Json = dict[str, object]


def element(name: str) -> Json:
    """The block that asks whether an answer helped, by its `Reply.feedback`."""
    buttons: Json = {
        "type": "feedback_buttons",
        "action_id": f"press:{_ELEMENT}:0",
        "positive_button": _half(f"{_LIKED}:{name}", UP, UP_READ),
        "negative_button": _half(f"{_DISLIKED}:{name}", DOWN, DOWN_READ),
    }
    return {"type": "context_actions", "elements": [buttons]}


def ordinary(name: str) -> Json:
    """The same for one person alone."""
    nowhere = Origin("")
    asked = (
        (praise(name, nowhere), f"👍 {UP}", UP_READ),
        (complaint(name, nowhere), f"👎 {DOWN}", DOWN_READ),
    )
    buttons = [
        {
            "type": "button",
            "action_id": f"press:{pressed.action}:{number}",
            **_half(pressed.value, words, read),
        }
        for number, (pressed, words, read) in enumerate(asked)
    ]
    return {"type": "actions", "elements": buttons}


def pressed(action: str, value: str, origin: Origin) -> Pressed:
    """What the pressing of a button means."""
    verdict, _, name = value.partition(":")
    if action == _ELEMENT:
        return praise(name, origin) if verdict == _LIKED else complaint(name, origin)
    return Pressed(action, value, origin)


def rates(action: str, value: str) -> bool:
    """Whether a button says something of an answer, in which no answer is made."""
    nowhere, name = Origin(""), value.rpartition(":")[2]
    said = pressed(action, value, nowhere)
    return said in (praise(name, nowhere), complaint(name, nowhere))


def _half(value: str, words: str, read: str) -> Json:
    text = {"type": "plain_text", "text": words, "emoji": False}
    return {"text": text, "value": value, "accessibility_label": read}
