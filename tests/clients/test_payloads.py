"""Everything that the bot sent in these tests, held against what the platforms take: Slack's own
library and TypeScript types, Microsoft's schemas and renderer, and the limits that none of these
knows."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests import schemas
from tests.clients import broken, card_checks, slack_checks, slack_types
from tests.clients.drawing import slack, teams
from tests.clients.gallery import GALLERY
from tests.clients.needs import HERE
from tests.clients.payloads import Payloads, What
from tests.clients.pieces import Json
from tests.running import ROOT, Outcomes

pytestmark = pytest.mark.asyncio(loop_scope="session")

SLACK: tuple[What, ...] = ("message", "modal", "home")
TEAMS: tuple[What, ...] = ("card", "result")
PEERS = {"slack": SLACK, "teams": TEAMS}  # whose tests keep what, by how their names begin
APP_ID = "11111111-2222-3333-4444-555555555555"  # test data
AT = "https://outcomes.example"
Sent = tuple[str, What, object]


@pytest.fixture(scope="module")
def sent(all_payloads: Payloads) -> list[Sent]:
    """All of it, each payload once, and the gallery's, which is there in any case."""
    drawn: list[Sent] = []
    for name, shown in GALLERY.items():
        what: What = "modal" if shown.form else "message"
        drawn += [
            (f"gallery: {name}", what, slack(shown)),
            (f"gallery: {name}", "card", teams(shown)),
        ]
    once: dict[str, Sent] = {}
    for one in (*all_payloads.sent, *drawn):
        once.setdefault(f"{one[1]} {json.dumps(one[2], sort_keys=True)}", one)
    return list(once.values())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page with Microsoft's renderer of cards in it."""
    opened = await browser.new_page()
    await card_checks.renderer(opened)
    yield opened
    await opened.close()


def of(sent: Iterable[Sent], *kinds: What) -> list[Sent]:
    return [one for one in sent if one[1] in kinds]


def cards(sent: Iterable[Sent]) -> list[tuple[str, Json]]:
    """Every card, once, with who sent it first."""
    once: dict[str, tuple[str, Json]] = {}
    for name, _, payload in of(sent, *TEAMS):
        for card in card_checks.cards(payload):
            once.setdefault(json.dumps(card, sort_keys=True), (name, card))
    return list(once.values())


async def test_every_kind_was_sent(
    all_payloads: Payloads, sent: list[Sent], request: pytest.FixtureRequest
) -> None:
    assert of(sent, "message")
    assert of(sent, "modal")
    assert cards(sent)
    ran = {item.path.relative_to(HERE).parts[0] for item in request.session.items}
    for place, kinds in PEERS.items():
        if any(name.startswith((place, f"test_{place}")) for name in ran):
            missing = [kind for kind in kinds if not all_payloads.of(kind)]
            assert not missing, f"no test kept a {missing}"


async def test_slack_takes_what_it_is_sent(sent: list[Sent]) -> None:
    wrong = [
        f"{name}: {fault}"
        for name, what, payload in of(sent, *SLACK)
        for fault in slack_checks.faults(what, payload)
    ]
    assert wrong == []


async def test_slacks_types_are_those_of_what_it_is_sent(sent: list[Sent], tmp_path: Path) -> None:
    assert slack_types.faults(of(sent, *SLACK), tmp_path) == []


async def test_teams_takes_what_it_is_sent(sent: list[Sent]) -> None:
    wrong = [
        f"{name}: {fault}"
        for name, _, payload in of(sent, *TEAMS)
        for fault in card_checks.faults(payload)
    ]
    assert wrong == []


async def test_every_card_is_drawn_whole_and_sends_what_it_holds(
    sent: list[Sent], page: Page
) -> None:
    wrong = [
        f"{name}: {fault}"
        for name, card in cards(sent)
        for fault in await card_checks.drawn_faults(page, card)
    ]
    assert wrong == []


async def test_cards_and_their_faults_are_as_the_schema_has_them(sent: list[Sent]) -> None:
    for card in broken.SCHEMA.values():
        assert schemas.faults(card, schemas.CARD), card
    wrong = [
        f"{name}: {fault}"
        for name, card in cards(sent)
        for fault in schemas.faults(card_checks.without_own(card), schemas.CARD)
    ]
    assert wrong == []


async def test_teams_takes_the_package(tmp_path: Path) -> None:
    made = tmp_path / "outcomes.zip"
    told = Outcomes(tmp_path, {}).run(
        "teams-package", "--app-id", APP_ID, "--address", AT, "--out", str(made)
    )
    assert told.code == 0, told.err
    manifest: Json = json.loads(
        zipfile.ZipFile(io.BytesIO(made.read_bytes())).read("manifest.json")
    )
    places = schemas.teams_places(manifest)
    assert schemas.faults(manifest, *places) == []
    assert schemas.faults({**manifest, "bots": [{"botId": "x", "scopes": ["town"]}]}, *places)


@pytest.mark.parametrize("ways", [(), ("--address", AT), ("--no-agent-view",)], ids=" ".join)
async def test_slack_takes_the_manifest(ways: tuple[str, ...], tmp_path: Path) -> None:
    told = Outcomes(tmp_path, {}).run("slack-manifest", *ways)
    assert told.code == 0, told.err
    manifest: Json = json.loads(told.out)
    if not ways:
        assert manifest == json.loads((ROOT / "manifest.json").read_text("utf-8"))
    places = schemas.slack_places(manifest)
    assert schemas.faults(manifest, *places) == []
    assert schemas.faults({**manifest, "display_information": {}}, *places)


@pytest.mark.parametrize(
    ("what", "payload"),
    [("message", broken.MESSAGE), ("modal", broken.MODAL), ("home", broken.HOME)],
)
async def test_nothing_is_found_where_nothing_is_wrong(
    what: What, payload: object, tmp_path: Path, page: Page
) -> None:
    assert slack_checks.faults(what, payload) == []
    assert slack_types.faults([("x", what, payload)], tmp_path) == []
    assert card_checks.faults(broken.CARD) == []
    assert await card_checks.drawn_faults(page, broken.CARD) == []


@pytest.mark.parametrize(("what", "payload", "fault"), broken.SLACK.values(), ids=broken.SLACK)
async def test_what_slack_would_refuse_is_found(what: What, payload: object, fault: str) -> None:
    assert [one for one in slack_checks.faults(what, payload) if fault in one]


async def test_what_the_types_refuse_is_found_and_named(tmp_path: Path) -> None:
    sent = [(name, what, payload) for name, (what, payload, _) in broken.TYPED.items()]
    found = slack_types.faults([*sent, ("right", "message", broken.MESSAGE)], tmp_path)
    assert {one.partition(":")[0] for one in found} == set(broken.TYPED)


@pytest.mark.parametrize(("payload", "fault"), broken.CARDS.values(), ids=broken.CARDS)
async def test_what_teams_would_refuse_is_found(payload: object, fault: str) -> None:
    assert [one for one in card_checks.faults(payload) if fault in one]


@pytest.mark.parametrize(("card", "fault"), broken.DRAWN.values(), ids=broken.DRAWN)
async def test_what_is_drawn_badly_is_found(card: Json, fault: str, page: Page) -> None:
    assert [one for one in await card_checks.drawn_faults(page, card) if fault in one]
