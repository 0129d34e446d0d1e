"""Where activities come from and replies go: addresses, places and links, without names."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

from botbuilder.schema import Activity, ConversationAccount, ConversationReference

from bot.conversation import RoomKind

DIALOGS = "composeExtension/"  # how the names of what is done in a dialog begin
NO_TENANT = "teams"
_LINKS = "https://teams.microsoft.com/l"
_THREAD = ";messageid="
_ROOMS: dict[str, RoomKind] = {"personal": "", "channel": "channel"}
_CHANNELS: dict[str, RoomKind] = {"private": "private", "shared": "shared"}
_MESSAGE = re.compile(r"[0-9]{1,20}")


def address(activity: Activity, *, person: bool = True, apart: bool = False) -> str:
    """What a reply needs to find back: the conversation reference, without anybody's name. A
    team needs no `person` in it. What is said `apart` goes to the person alone, since the bot
    may not be in that conversation."""
    conversation = activity.conversation
    kept = {
        "activityId": activity.id,
        "channelId": activity.channel_id,
        "serviceUrl": activity.service_url,
        "locale": activity.locale,
        "conversation": {
            "id": conversation.id,
            "isGroup": conversation.is_group,
            "conversationType": conversation.conversation_type,
            "tenantID": tenant(activity),
        },
        "bot": {"id": activity.recipient.id},
        **({"user": {"id": activity.from_property.id}} if person else {}),
        **({"apart": True} if apart else {}),
    }
    return json.dumps(kept)


def place(activity: Activity) -> str:
    """How everyone in a thread, or in a group chat, is written to: the same for whatever is said
    there, and without anybody in it. "" in a chat of two, and for a dialog, since the bot may not
    be where that was opened."""
    if not room_kind(activity) or is_dialog(activity):
        return ""
    conversation = activity.conversation
    kept = {
        "channelId": activity.channel_id,
        "serviceUrl": activity.service_url,
        "conversation": {
            "id": conversation.id,
            "isGroup": True,
            "conversationType": conversation.conversation_type,
            "tenantID": tenant(activity),
        },
        "bot": {"id": activity.recipient.id},
    }
    return json.dumps(kept)


def room_kind(activity: Activity) -> RoomKind:
    """Teams tells apart three types of channels: standard, private and shared. A meeting's chat is
    one of a group."""
    kind = _ROOMS.get(activity.conversation.conversation_type or "personal", "group")
    if kind != "channel":
        return kind
    told = part(part(activity.channel_data).get("channel")).get("type")
    return _CHANNELS.get(str(told).lower(), "channel")


def link(activity: Activity) -> str:
    """Teams' own link to the message; to its thread, or to the channel or chat, where the message
    has no number. "" in a chat of two, and for a dialog, which nobody else sees."""
    whole = activity.conversation.id
    if not room_kind(activity) or is_dialog(activity) or not whole.startswith("19:"):
        return ""
    channel, _, post = whole.partition(_THREAD)
    # What a button sends has an id of its own, which names no message; its card has a number.
    told = (activity.id, activity.reply_to_id, post)
    message = next((one for one in told if one and _MESSAGE.fullmatch(one)), "")
    if room_kind(activity) == "group":
        return _link_to_chat(channel, message, tenant(activity))
    return _link_to_channel(channel, message, post, activity)


def _link_to_chat(chat: str, message: str, tenant: str) -> str:
    if not message:
        return _link(("chat", chat, "conversations"), {})
    context = json.dumps({"contextType": "chat"}, separators=(",", ":"))
    return _link(("message", chat, message), {"tenantId": tenant, "context": context})


def _link_to_channel(channel: str, message: str, post: str, activity: Activity) -> str:
    data = part(activity.channel_data)
    team = {
        "tenantId": tenant(activity),
        "groupId": str(part(data.get("team")).get("aadGroupId", "")),
    }
    if not message:
        name = str(part(data.get("channel")).get("name") or "channel")
        return _link(("channel", channel, name), team)
    return _link(("message", channel, message), {**team, "parentMessageId": post or message})


def _link(path: tuple[str, ...], told: dict[str, str]) -> str:
    known = {name: value for name, value in told.items() if value and value != NO_TENANT}
    asked = f"?{urlencode(known, quote_via=quote)}" if known else ""
    return f"{_LINKS}/{'/'.join(quote(one, safe='') for one in path)}{asked}"


def own_address(activity: Activity) -> str:
    """How an officer is written to alone, at any time, without anybody's name: the same wherever
    they spoke, so nothing of the conversation is in it; "" where nobody is named."""
    if not activity.from_property.id:
        return ""
    kept = {
        "channelId": activity.channel_id,
        "serviceUrl": activity.service_url,
        "conversation": {"tenantID": tenant(activity)},
        "bot": {"id": activity.recipient.id},
        "user": {"id": activity.from_property.id},
        "own": True,
    }
    return json.dumps(kept)


def reference(address: str) -> ConversationReference:
    """The inverse of `address`, and of `own_address`."""
    return ConversationReference().deserialize(json.loads(address))


def channel_of(conversation: ConversationAccount) -> str:
    """The channel itself, or the chat, whichever thread was spoken in."""
    return str(conversation.id).partition(_THREAD)[0]


def message_name(conversation: ConversationAccount, message: str) -> str:
    """What tells a message from those of every other conversation; "" for none."""
    return f"{channel_of(conversation)}|{message}" if message else ""


def is_apart(address: str) -> bool:
    """Whether a reply goes to the person alone; see `address`."""
    return bool(json.loads(address).get("apart"))


def is_own(address: str) -> bool:
    """Whether it is an officer's own; see `own_address`."""
    return bool(json.loads(address).get("own"))


def is_personal(conversation: ConversationAccount) -> bool:
    """Whether it is a chat with the bot alone."""
    return (conversation.conversation_type or "personal") == "personal"


def is_dialog(activity: Activity) -> bool:
    """Whether it comes from a dialog."""
    return str(activity.name).startswith(DIALOGS)


def tenant(activity: Activity) -> str:
    """The tenant it was posted in."""
    named = part(part(activity.channel_data).get("tenant")).get("id")
    # botbuilder knows the property by another name than Teams writes.
    more = activity.conversation.additional_properties or {}
    return str(named or more.get("tenantId") or activity.conversation.tenant_id or NO_TENANT)


def part(value: object) -> dict[str, Any]:
    """An object of what Teams sent; an empty one where something else stands."""
    return value if isinstance(value, dict) else {}
