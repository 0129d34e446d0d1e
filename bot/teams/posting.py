"""Replies posted: in the conversation they belong to, or to an officer alone."""

from __future__ import annotations

import logging

from botbuilder.schema import Activity, ConversationAccount, ConversationReference

from bot.conversation import Reply
from bot.delivery import MaybeSent, NotSent
from bot.teams.adapter import ChannelAdapter, Connector, Refused, as_activity
from bot.teams.addresses import is_apart, is_own, is_personal, message_name, reference
from bot.teams.cards import apart

ANSWERED = "I have answered you in our own chat."
NOT_ALONE = (
    "This answer is for you alone, and Teams does not let me write to you alone: most likely "
    "Outcomes is not added for you. Open Outcomes in Teams' apps and add it, then ask me again."
)
NOT_THEIRS = "Teams does not let us write to this officer: not added, blocked or gone"
NOT_LET = (403, 404)  # the app is not added for this officer, or they have blocked it

_log = logging.getLogger(__name__)


class Chats:
    """The bot's chats with one officer each. Opening one that is there gives the same one."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._known: dict[tuple[str, str], str] = {}

    async def open(self, there: ConversationReference) -> ConversationReference:
        """That with the officer who spoke `there`. Raises NotSent, or Refused."""
        if there.user is None:
            raise Refused("there is nobody to write to alone")
        who = _who(there)
        if who not in self._known:
            self._known[who] = await self._opened(there)
        chat = ConversationAccount(
            id=self._known[who], conversation_type="personal", tenant_id=who[0], is_group=False
        )
        return ConversationReference(
            bot=there.bot,
            user=there.user,
            conversation=chat,
            channel_id=there.channel_id,
            service_url=there.service_url,
            locale=there.locale,
        )

    def forget(self, there: ConversationReference) -> None:
        """Nothing can be posted in it any more."""
        self._known.pop(_who(there), None)

    async def _opened(self, there: ConversationReference) -> str:
        tenant, user = _who(there)
        asked = {
            "isGroup": False,
            "bot": {"id": there.bot.id},
            "members": [{"id": user}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        try:
            given = await self._connector.request("POST", there.service_url, "", asked)
        except MaybeSent as error:  # nothing is said by opening a chat, so it may be tried again
            raise NotSent(str(error)) from error
        if not isinstance(given.get("id"), str) or not given["id"]:
            raise Refused("the connector did not say which chat it opened")
        found: str = given["id"]
        return found


class Posting:
    """Sends what a `Channel` is given."""

    def __init__(self, adapter: ChannelAdapter, connector: Connector) -> None:
        self._adapter, self._chats = adapter, Chats(connector)

    async def working(self, address: str) -> None:
        """The three dots."""
        await self._adapter.reach(reference(address), Activity(type="typing"))

    async def send(self, address: str, reply: Reply) -> str:
        """The name of the message that the reply became, "" where Teams gives none. What is posted
        in an officer's own chat is posted there once: whatever fails behind that is not raised,
        so that nothing is tried again. What goes to an officer's own address goes nowhere else:
        Refused where Teams does not let us."""
        there = reference(address)
        if is_apart(address):  # a dialog has said it, and the bot may not be where it was opened
            return await self._alone(there, reply) or ""
        if is_own(address):
            return await self._theirs(there, reply)
        if not reply.private or is_personal(there.conversation):
            return await self._post(there, reply)
        if (message := await self._alone(there, reply)) is None:
            await self._post(there, Reply("declined", NOT_ALONE))
            return ""
        await self._tell(there)
        return message

    async def _theirs(self, there: ConversationReference, reply: Reply) -> str:
        message = await self._alone(there, reply)
        if message is None:
            raise Refused(NOT_THEIRS, NOT_LET[0])
        return message

    async def _alone(self, there: ConversationReference, reply: Reply) -> str | None:
        """Post it to the officer alone; None where Teams does not let us."""
        try:
            return await self._post(await self._chats.open(there), reply)
        except Refused as error:
            if error.status not in NOT_LET:
                raise
            self._chats.forget(there)
            return None

    async def _tell(self, there: ConversationReference) -> None:
        try:
            await self._post(there, Reply("help", ANSWERED))
        except (NotSent, MaybeSent, Refused) as error:
            _log.warning("Not said in its thread that an officer was answered alone: %s", error)

    async def _post(self, there: ConversationReference, reply: Reply) -> str:
        """The words first: they are the answer. Buttons that fail behind them are not tried again,
        for then the words would be posted twice."""
        said, cards = apart(reply)
        message = await self._adapter.reach(there, as_activity(said))
        if cards:
            try:
                await self._adapter.reach(there, as_activity(cards))
            except (NotSent, MaybeSent, Refused) as error:
                _log.warning("An answer was posted without its buttons: %s", error)
        return message_name(there.conversation, message)


def _who(there: ConversationReference) -> tuple[str, str]:
    return str(there.conversation.tenant_id), str(there.user.id)
