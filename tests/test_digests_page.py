"""The weekly digest on the page with the real assistant: over HTTP, and once in a browser.

The people and their councils are invented (test data).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.current import CurrentAnswerer
from bot.outbox import Board
from bot.server import PAGE
from bot.web.intake import CHANNEL
from bot.web.page import COMMUNITY
from tests.browsing import CHROMIUM, browser_tab
from tests.digest_desk import ANSWER, BUTTONS, OPENLY, Press
from tests.page_site import ADDRESSES
from tests.peers_desk import Town
from tests.peers_desk import town as opened
from tests.projects_desk import DAMP
from tests.test_peers_page import Person, both
from tests.test_projects_page import Json, Watched, labels, wrong


@pytest.fixture
async def town(current: CurrentAnswerer, tmp_path: Path) -> AsyncIterator[Town]:
    """Whose digests are collected by the page, as `bot.server` has it."""
    async with opened(current, tmp_path) as made:
        made.app.publishers[PAGE] = Board(made.app.store.letters, COMMUNITY, PAGE)
        yield made


async def collected(person: Person) -> tuple[list[Json], list[Json]]:
    """What waits for somebody, and for the channel."""
    answer = await person.site.post({"as": person.name}, ADDRESSES[1])
    assert answer.status == 200
    found = await answer.json()
    return found["messages"], found["posts"]


async def asked_for(town: Town, robin: Person) -> None:
    """A week's news, and its digest posted before its time."""
    saved = await robin.sends(await robin.commands("digest"))
    await robin.registers(outcomes="data,services")
    assert (await robin.asks(OPENLY))["status"] == "unsure"
    await town.app.assistant.finish()
    town.clock.pass_by(minutes=1)
    assert "posted in a moment" in (await robin.presses(saved, "Send now"))["body"]
    await town.app.sender.send()


async def test_it_is_set_up_sent_and_answered_to_by_both_who_use_the_page(town: Town) -> None:
    press = Press(town, COMMUNITY)
    async with both(town.app) as (robin, sam):
        form = await robin.commands("digest")
        assert [one["kind"] for one in form["form"]["fields"]][:2] == ["choice", "time"]
        faulty = await robin.sends(form, zone="Atlantis", at="16:30")
        assert wrong(faulty) == {"zone": "Give a time zone such as Europe/London."}
        saved = await robin.sends(faulty, zone="London")
        assert "Mondays at 16:30 (Europe/London)" in saved["body"]
        assert labels(saved) == BUTTONS
        assert "It is paused." in (await sam.presses(saved, "Pause"))["body"]
        await robin.commands("digest", "resume")
        await asked_for(town, robin)

        messages, (posted,) = await collected(sam)
        assert messages == []
        assert await collected(robin) == ([], []), "the script shows it to both"
        assert posted["body"].startswith("This week: 1 new project and 1 open question.")
        assert posted["links"]["1"] == DAMP["link"]
        shares = {one["outcome"]["id"]: one["projects"] for one in posted["spread"]["shares"]}
        assert (len(shares), shares["data"], shares["value"]) == (12, 1, 0)
        told = await sam.commands("digest", "list")
        assert "The last one was posted on Monday 2 March 2026 at 09:01." in told["body"]

        answering = await sam.posts(
            type="pressed", action="open", value=posted["actions"][0]["value"]
        )
        assert OPENLY in answering["form"]["lead"]
        assert (await sam.sends(answering, **ANSWER))["private"]
        _, (answer,) = await collected(robin)
        assert ANSWER["words"] in answer["body"]
        assert answer["body"].startswith("Sam Testname answers")
        stop = await robin.presses(saved, "Stop")
        assert (await robin.presses(stop, "Stop it"))["body"].startswith("Stopped.")
        assert not await press.stands(CHANNEL)


@pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")
async def test_in_a_browser_it_is_read_with_its_links_and_its_picture(town: Town) -> None:
    app = town.app
    async with both(app) as (robin, _):
        await asked_for(town, robin)
    async with browser_tab(Watched(app.assistant.handle), app.outbox.collect) as visit:
        page = visit.page
        await page.get_by_role("radio", name="Colleague (test person)").click()
        await page.locator(".post").get_by_role("button", name="Read it").click()
        post = page.get_by_role("article", name="Posted in this channel")
        link = post.get_by_role("link", name=f"{DAMP['title']} (opens in a new tab)")
        await expect(link).to_have_attribute("href", DAMP["link"])
        picture = page.get_by_role("img", name="Our projects by outcome Data: 1. Services: 1.")
        await expect(picture.locator(".share")).to_have_count(2)
        await post.get_by_role("button", name="I can help").click()
        dialog = page.get_by_role("dialog", name="I can help")
        await expect(dialog).to_contain_text(OPENLY)
        await dialog.get_by_label("Your answer").fill(ANSWER["words"])
        await dialog.get_by_role("button", name="Post the answer").click()
        answer = page.locator(".post").last
        await expect(answer).to_contain_text(f"An officer answers the question “{OPENLY}”")
        assert visit.trouble == []
