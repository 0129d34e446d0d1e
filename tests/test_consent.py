"""Random sequences of what officers do: nobody who does not consent is shown, and no pair is
introduced twice within 90 days. `outcomes eval peers` plays 10,000."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.offers import Profile
from bot.rehearsal.consent import play
from bot.store import Introductions, Store

FEW = 25


def test_consent_holds_over_random_sequences() -> None:
    tally = play(FEW, number=7, shrink=True)
    assert tally.sequences >= FEW
    assert min(tally.shown, tally.asked, tally.introduced) > 0, "nothing came about"


class Forgetful(Introductions):
    """A store that forgets a pause."""

    async def pause(self, by: str, until: datetime | None) -> Profile | None:
        return await self.own(by)


def forgetful(store: Store, community: str) -> Introductions:
    return Forgetful(store._database, community, store._clock)


def test_a_store_that_forgets_a_pause_is_found_out() -> None:
    """The account must be able to fail."""
    with pytest.raises(AssertionError):
        play(FEW * 3, number=7, peers=forgetful)
