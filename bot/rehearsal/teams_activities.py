"""What officers do in Teams, as it is posted to the bot."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from bot.rehearsal.teams_answers import thumb

APP_ID = "00000000-0000-4000-8000-00000000b070"  # test data, as all names and ids here
TENANT = "00000000-0000-4000-8000-00000000c0c1"
BOT = f"28:{APP_ID}"
OFFICER = "29:example-officer"
MENTION = "<at>Outcomes</at>"
_Json = dict[str, Any]


FILE = "application/vnd.microsoft.teams.file.download.info"


@dataclass(frozen=True, slots=True)
class Sent:
    """What the bot posted to the connector. `conversation` and `reply_to` are of its address; that
    of a new post in a channel is the channel. `id` is what Teams named it."""

    method: str
    conversation: str
    reply_to: str
    activity: dict[str, Any]
    authorization: str
    id: str


def read(sent: Iterable[Sent]) -> list[Sent]:
    """What an officer reads: everything posted but the signs of typing. Cards that are posted
    behind an answer's words stand below it."""
    found: list[Sent] = []
    for one in sent:
        if one.activity.get("type") != "message":
            continue
        whose = _answer(found, one.conversation) if "text" not in one.activity else None
        if whose is None:
            found.append(one)
        else:
            both = {**found[whose].activity, "attachments": one.activity["attachments"]}
            found[whose] = replace(found[whose], activity=both)
    return found


def _answer(found: Sequence[Sent], conversation: str) -> int | None:
    """Where the last answer in a conversation stands that officers may rate."""
    for at in reversed(range(len(found))):
        if found[at].conversation == conversation:
            return at if found[at].activity.get("channelData") else None
    return None


def officer(name: str = "officer") -> dict[str, str]:
    """An account as Teams names it to a bot, with its id in Entra."""
    entra = str(uuid5(NAMESPACE_OID, name))
    return {"id": f"29:example-{name}", "name": f"Test {name.title()}", "aadObjectId": entra}


def by(name: str) -> _Json:
    """What changes an activity to that officer's, wherever it is said."""
    return {"from": officer(name)}


def alone_by(name: str) -> _Json:
    """The same, said in the chat of that officer and the bot."""
    chat = {"id": chat_with(officer(name)["id"]), "conversationType": "personal"}
    return {**by(name), "conversation": {**chat, "tenantId": TENANT}}


def chat_with(account: str) -> str:
    """The chat of the bot and the officer with that account's id."""
    return f"a:with {account}"


def inputs(card: _Json) -> dict[str, str]:
    """What the inputs of a card hold at first, by their ids."""
    return {one["id"]: one.get("value", "") for one in card["body"] if one.get("id")}


class Said:
    """Activities as Teams makes them, whose answers go to `service_url`."""

    service_url = ""

    def message(self, text: str, **changes: object) -> dict[str, Any]:
        """An officer's message to the bot alone."""
        return {
            "type": "message",
            "id": f"{time.time_ns()}",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "text": text,
            "textFormat": "plain",
            "locale": "en-GB",
            "from": officer(),
            "recipient": {"id": BOT, "name": "Outcomes"},
            "conversation": {
                "id": "a:personal",
                "conversationType": "personal",
                "tenantId": TENANT,
            },
            "channelData": {"tenant": {"id": TENANT}},
            **changes,
        }

    def with_file(self, text: str, name: str, url: str = "", **changes: object) -> dict[str, Any]:
        """A message to the bot alone that a file came with: where it can be fetched."""
        told = {"downloadUrl": url or f"{self.service_url}files/{name}", "uniqueId": "1"}
        file = {"contentType": FILE, "name": name, "content": told}
        return self.message(text, attachments=[file], **changes)

    def mention(self, text: str, post: str = "1700000000001", **changes: object) -> dict[str, Any]:
        """A post in a team's channel, or a reply below one, that names the bot."""
        entity = {"type": "mention", "text": MENTION, "mentioned": {"id": BOT, "name": "Outcomes"}}
        said = f"{MENTION} {text}\n"
        return self.overheard(said, post, **{"entities": [entity], **changes})

    def overheard(self, text: str, post: str, **changes: object) -> dict[str, Any]:
        """The same without naming it."""
        conversation = {
            "id": f"19:channel@thread.tacv2;messageid={post}",
            "conversationType": "channel",
            "isGroup": True,
            "tenantId": TENANT,
        }
        return self.message(text, **{"conversation": conversation, **changes})

    def executed(self, card: _Json, fields: dict[str, str], **changes: object) -> _Json:
        """A card's form sent off, with these of its fields filled in anew."""
        (action,) = card["actions"]
        sent = {**action, "data": _filled(card, fields)}
        value = {"action": sent, "trigger": "manual"}
        invoke = {"type": "invoke", "name": "adaptiveCard/action", "value": value}
        return self.message("", **{**invoke, "replyToId": "1700000000100", **changes})

    def thumb(self, on: Sent, reaction: str, told: object = "", **changes: object) -> _Json:
        """An officer's thumb below a message, with what they told."""
        return self.message("", **{**thumb(on.id, on.activity, reaction, told), **changes})

    def picked(
        self,
        content: str,
        conversation: _Json | None = None,
        author: str = "author",
        command: str = "tagProject",
    ) -> _Json:
        """The action picked on a message; without a `conversation` in a chat of two officers."""
        message = {
            "id": "1700000000200",
            "body": {"contentType": "html", "content": content},
            "from": {"user": {"userIdentityType": "aadUser", "id": officer(author)["aadObjectId"]}},
        }
        return self._of_dialog("fetchTask", command, {"messagePayload": message}, conversation)

    def searched(
        self,
        words: str | None = None,
        conversation: _Json | None = None,
        command: str = "find",
        page: Mapping[str, int] | None = None,
    ) -> _Json:
        """What an officer types beside the box for messages, or that they opened the search; with
        the `skip` and `count` of a page of results."""
        given = {"name": "initialRun", "value": "true"}
        if words is not None:
            given = {"name": "words", "value": words}
        options = {"skip": 0, "count": 25, **(page or {})}
        value = {"parameters": [given], "queryOptions": options, "commandContext": "compose"}
        return self._of_dialog("query", command, value, conversation)

    def in_dialog(
        self, card: _Json, fields: dict[str, str], conversation: _Json | None = None
    ) -> _Json:
        """The form of a dialog sent off, as `executed`."""
        data = {"data": _filled(card, fields)}
        return self._of_dialog("submitAction", "tagProject", data, conversation)

    def _of_dialog(
        self, name: str, command: str, value: _Json, conversation: _Json | None
    ) -> _Json:
        """Microsoft's own example of one in a chat of two names no conversation."""
        value = {"commandId": command, "commandContext": "message", **value}
        made = self.message("", type="invoke", name=f"composeExtension/{name}", value=value)
        del made["conversation"]
        return {**made, "conversation": conversation} if conversation else made


def _filled(card: _Json, fields: dict[str, str]) -> _Json:
    """What a card sends: the data of its button, with what its inputs hold now."""
    (action,) = card["actions"]
    held = inputs(card)
    now = {f"field:{name}": value for name, value in fields.items()}
    assert set(now) <= set(held), "a field that the card does not have"
    return {**action["data"], **held, **now}
