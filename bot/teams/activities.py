"""Teams' activities as what the inbox hears: who, where, what, and the address for the reply."""

from __future__ import annotations

import hashlib
import html
import json
import re
import secrets
from typing import Any

from botbuilder.schema import Activity

from bot.conversation import (
    Marked,
    Origin,
    Pressed,
    Request,
    Submitted,
    complaint_with,
    praise,
)
from bot.delivery import Heard, Hearing, Room
from bot.speech import spoken
from bot.teams.addresses import (
    DIALOGS,
    address,
    channel_of,
    is_dialog,
    is_personal,
    link,
    message_name,
    own_address,
    part,
    place,
    room_kind,
    tenant,
)
from bot.teams.cards import SUBMIT, TAG
from bot.teams.fields import values
from bot.teams.markup import plain

PLATFORM = "teams"
CHANNEL = "msteams"
FEEDBACK, VERDICTS = "feedback", ("like", "dislike")
BY_MESSAGE = "@"  # an answer named by the id of its message, not by `Reply.feedback`
_STRINGS = ("type", "serviceUrl", "channelId")
_OPTIONAL = ("id", "text", "name", "action", "locale")
_ACCOUNTS = ("conversation", "from", "recipient")
_MENTION = re.compile(r"<at\b[^<>]*>[^<]*</at\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?at\b[^<>]*>", re.IGNORECASE)
_KINDS = {"personal": "personal", "groupChat": "group", "channel": "channel"}


class Malformed(Exception):
    """A body that is no activity; the message says what is wrong with it."""


def read_body(body: bytes) -> dict[str, Any]:
    """What was posted, of the shape the rest relies on. Cheap: it is not known yet by whom."""
    try:
        said = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Malformed("not JSON in UTF-8") from None
    if not isinstance(said, dict):
        raise Malformed("not a JSON object")
    _check_shape(said)
    return said


def as_activity(said: dict[str, Any]) -> Activity:
    """The activity in a body. Slow for a large one, so only for what has proved itself."""
    try:
        return Activity().deserialize(said)
    except Exception as error:  # msrest raises of all kinds over a wrong shape
        raise Malformed("not an activity") from error


def _check_shape(said: dict[str, Any]) -> None:
    for name in _STRINGS:
        if not isinstance(said.get(name), str) or not said[name]:
            raise Malformed(f'"{name}" is missing')
    if any(not isinstance(said.get(name) or "", str) for name in _OPTIONAL):
        raise Malformed(f"one of {', '.join(_OPTIONAL)} is not text")
    if str(said.get("name")).startswith(DIALOGS) and not said.get("conversation"):
        said["conversation"] = {"id": ""}  # as in a chat of two
    for name in _ACCOUNTS:
        account = said.get(name)
        if not isinstance(account, dict) or not isinstance(account.get("id"), str):
            raise Malformed(f'"{name}" has no id')


def heard(activity: Activity) -> Heard | None:
    """What an officer said or pressed; None for what is not addressed to us."""
    if _from_a_bot(activity) or not activity.id:
        return None
    hearing = _hearing(activity)
    if hearing is None:
        return None
    return Heard(
        platform=PLATFORM,
        key=f"{activity.conversation.id}:{activity.id}",
        request=_request(activity),
        address=address(activity),
        hearing=hearing,
    )


def submitted(activity: Activity) -> Heard | None:
    """A form filled in, in the invoke of its card; None for another button's."""
    action = part(part(activity.value).get("action"))
    if action.get("verb") != SUBMIT or not isinstance(action.get("data"), dict):
        return None
    return _filled(activity, action["data"], address(activity))


def submitted_in_dialog(activity: Activity) -> Heard | None:
    """A form filled in, in the dialog of our action on a message."""
    value = part(activity.value)
    if value.get("commandId") != TAG or not isinstance(value.get("data"), dict):
        return None
    return _filled(activity, value["data"], address(activity, apart=True))


def rated(activity: Activity) -> Heard:
    """A thumb pressed below an answer, and the reason that Teams asked for. It names the message,
    so the answer is found by that. What is said of it goes to the officer alone. Raises
    Malformed."""
    value, about = part(activity.value), activity.reply_to_id
    said = part(value.get("actionValue"))
    verdict, reason = said.get("reaction"), _reason(said.get("feedback"))
    if value.get("actionName") != FEEDBACK or verdict not in VERDICTS or not about:
        raise Malformed("no thumb below a message")
    there = origin(activity)
    name = f"{BY_MESSAGE}{message_name(activity.conversation, about)}"
    liked = verdict == VERDICTS[0]
    request = praise(name, there) if liked else complaint_with(name, reason, there)
    key = _key(activity, [about, there.person, verdict, reason])
    return Heard(PLATFORM, key, request, address(activity, apart=True))


def _reason(given: object) -> str:
    """Teams writes it as JSON in a text, Microsoft's Playground as the words alone."""
    try:
        found = json.loads(given) if isinstance(given, str) else given
    except (ValueError, RecursionError):
        found = None
    told = part(found).get("feedbackText") if isinstance(found, dict) else given
    return _text(told).strip()


def marked(activity: Activity) -> Marked | None:
    """The message that our action was picked on; its subject, in a channel, is part of it."""
    value = part(activity.value)
    if value.get("commandId") != TAG:
        return None
    message = part(value.get("messagePayload"))
    body, user = part(message.get("body")), part(part(message.get("from")).get("user"))
    written = _text(body.get("content"))
    said = written if body.get("contentType") == "text" else plain(written)
    parts = (_text(message.get("subject")), said)
    text = "\n\n".join(part.strip() for part in parts if part.strip())
    return Marked(text, _text(user.get("id")), origin(activity))


def _filled(activity: Activity, data: dict[str, Any], address: str) -> Heard:
    """Its key is the same however often the same card is sent with the same content: Teams
    names every click anew."""
    there, given = origin(activity), values(data)
    form, key = str(data.get("form", "")), str(data.get("formKey", ""))
    # Without any of these it cannot be told from the next one, so it is taken for new.
    card = activity.reply_to_id or key or activity.id or secrets.token_hex(8)
    name = _key(activity, [card, there.person, form, key, sorted(given.items())])
    return Heard(PLATFORM, name, Submitted(form, given, there, key), address)


def _key(activity: Activity, said: list[Any]) -> str:
    whole = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    return f"{activity.conversation.id}:{whole}"


def room(activity: Activity) -> Room:
    """Where the bot was added."""
    there = origin(activity)
    kind = _KINDS.get(str(activity.conversation.conversation_type or "personal"), "group")
    kept = address(activity, person=kind == "personal")
    person = there.person if kind == "personal" else ""
    return Room(there.community, there.channel, PLATFORM, kind, kept, person)  # type: ignore[arg-type]


def origin(activity: Activity) -> Origin:
    """The tenant it was posted in, the conversation, and the thread that follow-ups refer to.

    A post in a channel and the replies below it share an id that ends in that of the post; a
    chat is one thread. A person is known by their id in Entra, which an administrator can look
    up; the one that messages are sent by is this bot's own. A dialog is seen by nobody else.
    """
    conversation, sender = activity.conversation, activity.from_property
    return Origin(
        community=tenant(activity),
        channel=channel_of(conversation),
        thread=conversation.id,
        person=sender.aad_object_id or sender.id,
        platform=PLATFORM,
        address=own_address(activity),
        alone=is_dialog(activity) or is_personal(conversation),
        room=room_kind(activity),
        place=place(activity),
        link=link(activity),
    )


def is_us(activity: Activity, accounts: list[Any] | None) -> bool:
    """Whether the bot is among these accounts."""
    return any(one.id == activity.recipient.id for one in accounts or ())


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _request(activity: Activity) -> Request:
    pressed = activity.value
    if isinstance(pressed, dict) and not activity.text:
        name, value = pressed.get("action"), pressed.get("value")
        if isinstance(name, str) and isinstance(value, str):
            return Pressed(name, value, origin(activity))
    overheard = _hearing(activity) == "overheard"
    return spoken(_words(activity), origin(activity), overheard=overheard)


def _words(activity: Activity) -> str:
    """What was written, without the mention that called us; anybody else's names nobody, since
    questions are kept."""
    text = activity.text or ""
    for mention in _mentions(activity):
        text = text.replace(mention, " ")
    for mention in sorted(_mentions(activity, ours=False), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(mention)}(?!\w)", "someone", text)
    text = _TAG.sub("", _MENTION.sub("someone", text))
    return html.unescape(text).replace("\xa0", " ").strip()


def _mentions(activity: Activity, *, ours: bool = True) -> list[str]:
    """The words in the text that mention us, or anybody else."""
    found = []
    for entity in activity.entities or ():
        told = entity.additional_properties or {}
        us = part(told.get("mentioned")).get("id") == activity.recipient.id
        if entity.type == "mention" and us is ours and _text(told.get("text")):
            found.append(_text(told["text"]))
    return found


def _hearing(activity: Activity) -> Hearing | None:
    """A chat with the bot alone is all for it; elsewhere it must be mentioned, or the team has
    let it hear everything, and then only a thread that it was called into concerns it."""
    if is_personal(activity.conversation):
        return "addressed"
    if isinstance(activity.value, dict) and not activity.text:
        return "addressed"
    in_channel = activity.conversation.conversation_type == "channel"
    if _mentions(activity):
        return "called" if in_channel else "addressed"
    return "overheard" if in_channel else None


def _from_a_bot(activity: Activity) -> bool:
    sender = activity.from_property
    return sender.role == "bot" or str(sender.id).startswith("28:")
