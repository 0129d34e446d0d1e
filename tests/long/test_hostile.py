"""A thousand hostile texts in every field, as Slack, Teams and a browser read them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.app import App
from bot.rehearsal.hostile_texts import hostile_texts
from tests.browsing import CHROMIUM
from tests.hostile_checks import on_page
from tests.hostile_tour import everything, toured
from tests.test_hostile import echoing, in_browser, looked_at
from tests.whole import much

NUMBER = much(1_000, 200)
Figure = Callable[[str], None]


def test_a_thousand_in_every_field_of_a_reply(figure: Figure) -> None:
    replies = [reply for text in hostile_texts(NUMBER, seed=1) for reply in everything(text)]
    for platform, count in looked_at(replies).items():
        figure(f"{NUMBER} hostile texts in every field, {platform}: {count}")
        assert count.found == []


async def test_more_than_a_hundred_through_the_front_door(app: App, figure: Figure) -> None:
    """Each along one way on which officers write; each way by many."""
    tour = await toured(app, list(hostile_texts(NUMBER // 8, seed=2)))
    for platform, count in looked_at(tour.read).items():
        figure(f"{tour.written} fields filled in by officers, {platform}: {count}")
        assert count.found == []
    assert not {"failed"} & {one.status for one in tour.read}


@pytest.mark.skipif(
    not CHROMIUM, reason="no chromium on this machine; on Debian: apt-get install chromium"
)
async def test_a_thousand_in_a_browser(figure: Figure) -> None:
    async with echoing() as visit:
        found = await in_browser(visit, list(hostile_texts(NUMBER, seed=3)))
    figure(f"in a browser: {found}")
    assert found.ran == []
    assert on_page(found.links) == []
    assert found.answers == NUMBER
