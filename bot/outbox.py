"""The outbox: letters sent to officers first, and kept until they are."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Collection
from datetime import datetime

from bot.conversation import Origin, Reply
from bot.delivery import Channel, MaybeSent, NotSent, Together
from bot.store import Addressed, Letters, Store, StoreUnusable

AGAIN_IN, LONGEST_WAIT = 30.0, 3600.0  # seconds before a letter is tried again
MOST_UNSURE = 3  # times that a letter is sent without word from its platform

_log = logging.getLogger(__name__)


class Outbox:
    """Sends what is due by the platforms that can be written to. A letter may come twice where a
    platform or this program fails at the wrong moment; one that a platform refuses leaves a line
    in the log, and one that could not be sent in 14 days is erased."""

    def __init__(self, store: Store) -> None:
        self.channels: dict[str, Channel] = {}
        self.together: dict[str, Together] = {}
        self._store = store

    async def collect(self, origin: Origin) -> list[Reply]:
        """What waits for the person of an origin; see `conversation.Collect`."""
        if not origin.address:
            return []
        where = (origin.community, origin.platform, origin.address)
        try:
            return await self._store.letters.collect(*where)
        except StoreUnusable as error:
            _log.warning("What waits for somebody cannot be looked for: %s", error)
            return []

    async def send(self) -> int:
        """Everything that is due now; how many letters were taken up."""
        letters = await self._store.letters.take(list(self.channels))
        for letter in letters:
            if await self._store.letters.hold(letter):
                await self._send(letter)
        return len(letters)

    async def _send(self, letter: Addressed) -> None:
        kept = self._store.letters
        try:
            await self._posted(letter)
        except NotSent as error:
            await kept.postpone(letter, max(error.seconds, _wait(letter)))
        except MaybeSent as error:
            _log.warning("A letter may not have arrived: %s", error)
            if letter.attempts < MOST_UNSURE:
                await kept.postpone(letter, _wait(letter))
            else:
                await kept.sent(letter)
        except Exception as error:
            told = "another is sent instead" if await kept.refused(letter) else "it is erased"
            # Where, but not with what: an error's message may repeat an officer's words.
            frames = "".join(traceback.format_tb(error.__traceback__)[-1:])
            _log.warning("A letter was refused, %s: %s\n%s", told, type(error).__name__, frames)
        else:
            await kept.sent(letter)

    async def _posted(self, letter: Addressed) -> None:
        if len(letter.addresses) == 1:
            await self.channels[letter.platform].send(letter.addresses[0], letter.reply)
        else:
            await self.together[letter.platform].together(letter.addresses, letter.reply)


class Board:
    """What is published on a platform that fetches what there is for it: kept until it does. Of
    one community alone. See `delivery.Publisher`."""

    def __init__(self, letters: Letters, community: str, platform: str) -> None:
        self._letters, self._community, self._platform = letters, community, platform

    @property
    def communities(self) -> Collection[str]:
        return (self._community,)

    async def publish(self, place: str, reply: Reply, key: str) -> None:
        await self._letters.pin(self._community, self._platform, place, reply, key)

    async def published(self, place: str, key: str, since: datetime) -> bool | None:
        """Nobody can tell once it was fetched."""
        return None

    async def hindrance(self, place: str) -> str:
        return ""


def _wait(letter: Addressed) -> float:
    return float(min(AGAIN_IN * 2.0 ** (letter.attempts - 1), LONGEST_WAIT))
