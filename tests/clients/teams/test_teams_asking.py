"""Questions in Teams, as they are drawn in Microsoft's Playground, and what is refused."""

from __future__ import annotations

import re
import uuid

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.async_api import expect

from bot.rehearsal.model import KEY, MODEL, played
from tests.clients.abilities import TEAMS, can
from tests.clients.serving import serving
from tests.clients.teams.conftest import Tenant, settings
from tests.clients.teams.front import Json
from tests.clients.teams.playground import BOT
from tests.clients.teams.seat import Seat

pytestmark = pytest.mark.asyncio(loop_scope="session")

MEANS = "What does inclusion mean?"
SENSES = "Who has tried damp sensors in council homes?"
WRITES = "Which councils used chatbots?"
UNHEARD = "Who brings the cake on Friday?"


@can("Ask, and get quotes with their sources", TEAMS)
async def test_an_answer_has_its_label_its_citations_and_its_sources(robin: Seat) -> None:
    await robin.says(MEANS)
    await robin.sees("Inclusion means that everyone can get")
    page = robin.page
    await expect(page.get_by_text("AI generated").last).to_be_visible()
    # Below is a link to the source; what stands in the quote opens what is cited.
    await expect(page.get_by_role("link", name="Inclusion", exact=True).last).to_be_visible()
    cited = page.locator("p").filter(has_text="Inclusion means that everyone").last
    assert "[1]" not in await cited.inner_text(), "Teams draws a citation of it"
    await robin.says(SENSES)
    await robin.sees("Damp sensors in temporary accommodation")
    source = page.get_by_role("link", name="Damp sensors in temporary accommodation").last
    assert str(await source.get_attribute("href")).startswith("https://")


@can("Follow up in the same thread", TEAMS)
async def test_in_a_channel_it_hears_what_names_it_and_knows_the_thread(
    robin: Seat, tenant: Tenant
) -> None:
    await robin.posts(UNHEARD, to_us=False)
    await robin.sees(UNHEARD)
    await robin.posts(WRITES)
    await robin.sees("Hey Geraldine: an expert turned into a staff chatbot")
    await robin.replies("and in Peterborough?")
    await robin.sees(re.compile("and in Peterborough"))
    await expect(robin.read_here("Peterborough (2024)")).to_have_count(2)
    heard = [str(one.body.get("text")) for one in tenant.front.heard]
    assert any(WRITES in one for one in heard)
    assert not any(UNHEARD in one for one in heard)


@can("Ask for help", TEAMS)
async def test_help(robin: Seat) -> None:
    await robin.says("help")
    await robin.sees("Hello. Ask me about the digital outcomes")
    await robin.sees(re.compile("Commands: "))


@can("Find texts to share", TEAMS)
async def test_texts_are_found(robin: Seat) -> None:
    await robin.says("find damp sensors")
    await robin.sees("Smart Huntly: damp sensors over LoRaWAN and 5G")


@can("Search while writing a message", TEAMS)
async def test_a_source_is_searched_for_and_sent(robin: Seat) -> None:
    page = robin.page
    await robin.in_chat()
    await page.get_by_label("Trigger Message Extension App").last.click()
    await page.get_by_role("menuitem", name="Search Command").click()
    search = page.get_by_role("group").filter(has_text="Search-Based Message Extension")
    await search.get_by_role("button", name="Specify Command ID or Parameter").click()
    for box, value in zip(
        await search.get_by_role("textbox").all(), ("find", "words"), strict=False
    ):
        await box.fill(value)
    term = search.get_by_placeholder("Enter a search term")
    await term.fill("damp sensors")
    await term.press("Enter")
    await search.get_by_text("Damp sensors in temporary accommodation").click()
    await page.get_by_label("Send Message").click()
    await robin.sees(re.compile("Open the source at"))


@can("See an answer while it is made", TEAMS)
async def test_an_answer_that_is_worded_is_seen_sentence_by_sentence(
    robin: Seat, tenant: Tenant, tmp_path_factory: pytest.TempPathFactory
) -> None:
    front, ours = tenant.front, tenant.bot.url
    async with played(1, ["good"]) as model:
        worded = {
            "OUTCOMES_LLM_URL": f"{model.url}/v1",
            "OUTCOMES_LLM_MODEL": MODEL,
            "OUTCOMES_LLM_KEY": KEY,
            **settings(front),
        }
        folder = tmp_path_factory.mktemp("worded")
        async with serving(tenant.home, folder, worded) as bot:
            front.bot = bot.url
            try:
                await robin.start_anew()
                await robin.says(SENSES)
                await robin.sees("Sources")
            finally:
                front.bot = ours
        first = model.spoken[0].words
    streamed = [info for one in front.sent for info in _streams(one.body)]
    kinds = [one["streamType"] for one in streamed]
    assert (kinds[0], kinds[-1]) == ("streaming", "final")
    assert kinds.count("final") == 1
    assert await robin.read_here(first).count() == 1, "one message, in which it grew"


def _streams(body: Json) -> list[Json]:
    return [one for one in body.get("entities") or () if one["type"] == "streaminfo"]


async def test_without_a_token_or_with_anothers_nothing_is_taken(
    robin: Seat, tenant: Tenant
) -> None:
    front = tenant.front
    asked = {
        "type": "message",
        "id": str(uuid.uuid4()),
        "channelId": "msteams",
        "serviceUrl": front.service_url("robin"),
        "text": MEANS,
        "from": {"id": robin.officer.id, "aadObjectId": robin.officer.object_id},
        "recipient": {"id": "28:x", "name": BOT},
        "conversation": {"id": robin.officer.chat, "conversationType": "personal"},
    }
    forged = rsa.generate_private_key(65537, 2048)
    url = front.service_url("robin")
    before = len(front.sent)
    for token in (None, "x", front.token(url, forged), front.token("http://127.0.0.1:1/")):
        assert (await front.post(asked, token)).status == 401
    assert len(front.sent) == before
