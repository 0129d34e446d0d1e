"""Officers who help each other on the page from end to end: over HTTP, and once in a browser.

The people and their councils are invented (test data).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession, DummyCookieJar
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from bot.app import App
from bot.web.page import page_application
from tests.browsing import CHROMIUM, browser_tab
from tests.page_site import ADDRESSES, Site
from tests.peers_desk import SENSORS, WHAT, WISH
from tests.projects_desk import WHO_SENSES
from tests.test_projects_page import Json, Visitor, Watched, held, labels, wrong

ASK = "Ask an officer at Kirklees Council"
REACH = {"visitor": "robin@kirklees.example", "colleague": "sam@wigan.example"}


@dataclass
class Person(Visitor):
    """One of the two whom the page can be used as."""

    name: str = "visitor"

    async def posts(self, **body: object) -> Json:
        reply = await super().posts(**{"as": self.name, **body})
        assert "traceback" not in str(reply).lower()
        return reply

    async def waiting(self) -> list[Json]:
        """The messages that wait; each is given once."""
        answer = await self.site.post({"as": self.name}, ADDRESSES[1])
        assert answer.status == 200
        found: list[Json] = (await answer.json())["messages"]
        return found


@asynccontextmanager
async def both(app: App) -> AsyncIterator[tuple[Person, Person]]:
    """The visitor and the colleague."""
    application = page_application(app.assistant.handle, app.outbox.collect)
    server = TestServer(application, host="127.0.0.1")
    async with server, ClientSession(cookie_jar=DummyCookieJar()) as session:
        site = Site(server, session)
        yield Person(site), Person(site, "colleague")


async def test_the_visitor_offers_help_and_the_colleague_is_introduced(app: App) -> None:
    async with both(app) as (robin, sam):
        form = await robin.commands("peers", "join")
        assert "What you agree to:" in form["form"]["lead"]
        faulty = await robin.sends(form, **{**SENSORS, "name": "", "beyond": "yes"})
        assert wrong(faulty).keys() == {"name", "reach"}
        assert held(faulty)["help"] == SENSORS["help"]
        joined = await robin.sends(faulty, name=SENSORS["name"], reach=REACH["visitor"])
        assert joined["private"]
        assert labels(joined) == ["Edit", "Pause", "Leave"]
        assert ASK not in labels(await robin.commands("peers", WHAT)), "not oneself"

        found = await sam.commands("peers", WHAT)
        assert [one["council"] for one in found["peers"]] == ["Kirklees Council"]
        answer = await sam.asks(WHO_SENSES)
        assert ASK in labels(answer)
        form = await sam.presses(found, ASK)
        asked = await sam.sends(form, **WISH, reach=REACH["colleague"])
        assert asked["private"]
        for reply in (found, answer, form, asked):
            assert not [one for one in ("Robin", REACH["visitor"]) if one in str(reply)]
        again = await sam.commands("peers", WHAT)
        assert ASK not in labels(again), "asked already"

        (request,) = await robin.waiting()
        assert WISH["line"] in request["body"]
        assert REACH["colleague"] not in str(request)
        assert labels(request) == ["Accept", "Not now", "Stop these"]
        assert await robin.waiting() == await sam.waiting() == []
        assert (await sam.presses(request, "Accept"))["status"] == "invalid", "not theirs to answer"
        accepted = await robin.presses(request, "Accept")
        assert accepted["body"] == "Thank you. I am introducing you now."
        (to_robin,), (to_sam,) = await robin.waiting(), await sam.waiting()
        assert SENSORS["name"] in to_sam["body"]
        assert REACH["visitor"] in to_sam["body"]
        assert WISH["name"] in to_robin["body"]
        assert REACH["colleague"] in to_robin["body"]

        held_of_sam = await sam.commands("my-data")
        assert "you asked an officer at Kirklees Council (accepted)" in held_of_sam["body"]
        gone = await sam.presses(await sam.presses(held_of_sam, "Delete my data"), "Delete it all")
        assert gone["body"].startswith("Everything of yours is deleted here.")
        assert "I hold nothing" in (await sam.commands("my-data"))["body"]
        kept = await robin.commands("my-data")
        assert WISH["name"] not in kept["body"], "of who was erased nothing is left here"


@pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")
async def test_two_people_at_one_page_are_introduced(app: App) -> None:
    async with browser_tab(Watched(app.assistant.handle), app.outbox.collect) as visit:
        page, dialog = visit.page, visit.page.get_by_role("dialog")
        answers = page.locator("#thread .answer.answered")
        people = page.get_by_role("group", name="You are")

        async def writes(text: str) -> None:
            await page.locator("#channel-text").fill(text)
            await page.locator("#channel-text").press("Enter")

        async def is_now(name: str) -> None:
            await people.get_by_role("radio", name=f"{name} (test person)").click()

        async def fills(**filled: str) -> None:
            for label, words in filled.items():
                await dialog.get_by_label(label.replace("_", " "), exact=True).fill(words)

        async def reads(name: str, words: str) -> None:
            await expect(page.locator(".post").last).to_contain_text(f"Private message to {name}")
            await page.locator(".post").last.get_by_role("button", name="Read it").click()
            await expect(answers).to_contain_text(words)

        await writes("/outcomes peers join")
        await fills(
            What_you_can_help_with=SENSORS["help"],
            Council=SENSORS["council"],
            Your_name=SENSORS["name"],
        )
        await dialog.get_by_role("button", name="Agree and save").click()
        await expect(answers.last).to_contain_text("You can be asked from now on.")
        await expect(answers.last).to_contain_text("Only Visitor can see this")

        await is_now("Colleague")
        await writes(f"/outcomes peers {WHAT}")
        await page.get_by_role("button", name=ASK).click()
        await expect(dialog).not_to_contain_text("Robin")
        await fills(Your_line_to_them=WISH["line"], Your_name=WISH["name"], Council=WISH["council"])
        await dialog.get_by_role("button", name="Send").click()
        await expect(answers.last).to_contain_text("I have passed your line on")

        await is_now("Visitor")
        to_visitor = page.get_by_role("article", name="Private message to Visitor")
        await expect(to_visitor).to_contain_text(WISH["line"])
        await to_visitor.get_by_role("button", name="Accept").click()
        await expect(answers.last).to_contain_text("I am introducing you now.")
        await reads("Visitor", f"You and {WISH['name']} (Wigan Council) agreed to talk.")
        await is_now("Colleague")
        await reads("Colleague", f"{SENSORS['name']} (Kirklees Council) agreed to talk to you.")
        assert visit.trouble == []
