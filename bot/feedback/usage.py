"""How the assistant is used, in counts that hold no text and no name."""

from __future__ import annotations

from datetime import timedelta

from bot.conversation import Origin, Reply
from bot.desks import refused, said
from bot.feedback import wording
from bot.feedback.desk import Desk

COUNTED = timedelta(days=30)


class UsageDesk(Desk):
    """For administrators."""

    async def shown(self, origin: Origin) -> Reply:
        """The last 30 days, today among them; of small numbers only that they are small."""
        if not await self._administers(origin):
            return refused(wording.ADMINISTRATORS_ONLY)
        first = self._today - COUNTED + timedelta(days=1)
        counts = await self._store.usage(origin.community).since(first)
        waiting = await self._store.open_questions(origin.community).waiting()
        verified = await self._store.verified(origin.community).all()
        standing = sum(one.until >= self._today for one, _, _ in verified)
        counts |= {"open": len(waiting), "standing": standing}
        lines = (
            f"- {label}: {wording.counted(counts.get(name, 0))}" for name, label in wording.COUNTED
        )
        return said("\n".join((wording.USAGE_LEAD, *lines)))
