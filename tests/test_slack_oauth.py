"""Slack in many workspaces: installed by OAuth, each with its own token, and apart from all others.

The workspaces are invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import pytest

from bot.administrators import Administrators
from bot.app import App, wired
from bot.conversation import Origin, Reply
from bot.delivery import Publisher
from bot.rehearsal.slack import Fault, SlackPeer
from bot.rehearsal.slack_homes import opened as visited_tab
from bot.rehearsal.slack_payloads import command, press, submission
from bot.slack import install_pages as pages
from bot.slack.installing import EACH, MOST
from bot.slack.many import NOT_INSTALLED
from bot.slack.places import Address
from bot.store import Store
from tests.slack_desk import Desk, button, desk, field_of, form, peer, tag_project
from tests.slack_towns import (
    ANYTOWN,
    OTHERHAM,
    SOMEWHERE,
    TOWNS,
    Towns,
    asks,
    officer_in,
    place_in,
    served,
    store,
    towns,
)

__all__ = ["desk", "peer", "served", "store"]  # fixtures
DIGEST = Reply("answered", "This week in Anytown")


async def test_the_page_leads_to_slack_and_is_as_safe_as_the_one_about_it(served: Towns) -> None:
    begun = await served.peer.workspaces.begin(served.peer._session, served.base)
    assert begun.status == 200
    policy = begun.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in begun.page
    assert begun.headers["Cache-Control"] == "no-store"
    assert "HttpOnly" in begun.headers["Set-Cookie"]
    assert "SameSite=Lax" in begun.headers["Set-Cookie"]
    assert begun.state not in begun.cookie


async def test_each_workspace_is_answered_with_its_own_token(served: Towns, desk: Desk) -> None:
    assert served.said.startswith("Slack: served in 0 workspaces, by HTTP; others install it at ")
    for visited, team in zip(await served.install(*TOWNS), TOWNS, strict=True):
        assert visited.status == 200
        assert f"Installed in Council {team}" in visited.page
    for count, team in enumerate(TOWNS, start=1):
        await served.peer.event(asks(team, f"damp sensors in {team}?"))
        posted = (await served.answered(count))[-1]
        assert posted["channel"] == place_in(team)
    assert [one.origin.community for one in desk.asked] == list(TOWNS)
    # The mention of the bot is taken off: it is known who we are in each.
    assert [getattr(one, "text", "") for one in desk.asked] == [
        f"damp sensors in {team}?" for team in TOWNS
    ]
    assert set(served.channel.communities) == set(TOWNS)
    assert served.peer.workspaces.foreign == []


async def test_a_token_is_never_sent_for_another_workspace(served: Towns) -> None:
    """The Slack that is played here notices, or the test above would prove nothing."""
    await served.install(*TOWNS)
    wrong = Address(place_in(OTHERHAM), "1.1", community=ANYTOWN).to_json()
    with pytest.raises(Exception, match="channel_not_found"):
        await served.channel.send(wrong, DIGEST)
    assert served.peer.workspaces.foreign == [(ANYTOWN, "chat.postMessage", place_in(OTHERHAM))]
    assert served.peer.shown == []


async def test_everything_else_is_apart_too(served: Towns, desk: Desk) -> None:
    """Commands, forms, buttons, Home, suggestions, group messages and files of each workspace."""
    await served.install(*TOWNS)
    peer = served.peer
    desk.answers["project"] = Reply("help", "x")
    for number, team in enumerate(TOWNS, start=1):
        person, channel = officer_in(team), place_in(team)
        where = {"team_id": team, "user_id": person, "channel_id": channel}
        await peer.command(command("damp?", peer.response_url(), **where))
        await peer.command({**tag_project(peer), **where})
        view = await form(peer, number)
        assert field_of(view, "title")
        by = {"team": {"id": team}, "user": {"id": person, "team_id": team}}
        await peer.interaction(submission(view, {"title": f"Laptops of {team}"}, **by))
        await peer.event(asks(team, "sensors?"))
        await peer.until(lambda number=number: len(peer.shown) >= number)  # type: ignore[misc]
        shown = [one for one in peer.shown if one["channel"] == channel][-1]
        pressing = {**by, "channel": {"id": channel, "name": "x"}}
        pressed = button(shown, "More") if "More" in str(shown) else None
        if pressed:
            await peer.interaction(press(pressed, peer.response_url(), shown, **pressing))
        await peer.event(visited_tab("home", person, team_id=team))
        await peer.until(lambda person=person: person in peer.homes.shown)  # type: ignore[misc]
        assert peer.homes.shown[person]["app_installed_team_id"] == team
        chat = f"D{person[1:]}"
        visit = visited_tab("messages", person, team_id=team)
        visit["event"]["channel"] = chat
        await peer.event(visit)
    await served.inbox.finish()
    assert {one.origin.community for one in desk.asked} == set(TOWNS)
    assert peer.workspaces.foreign == []


async def test_digests_go_to_the_workspace_that_set_them_up(served: Towns) -> None:
    await served.install(*TOWNS)
    channel: Publisher = served.channel
    since = datetime.now(UTC) - timedelta(days=3650)
    for team in TOWNS:
        place = Address(place_in(team), community=team).to_json()
        assert await channel.hindrance(place) == ""
        await channel.publish(place, DIGEST, f"key-{team}")
        assert await channel.published(place, f"key-{team}", since) is True
        assert await channel.published(place, "another", since) is False
    assert [one["channel"] for one in served.peer.shown] == [place_in(team) for team in TOWNS]
    assert served.peer.workspaces.foreign == []


async def test_administrators_are_asked_for_in_their_own_workspace(served: Towns) -> None:
    await served.install(*TOWNS)
    served.peer.admins = {officer_in(ANYTOWN)}
    for team, expected in ((ANYTOWN, True), (OTHERHAM, False), (SOMEWHERE, False)):
        assert await served.channel.administers(Origin(team, person=officer_in(team))) is expected
    # Not of this workspace, whoever they are elsewhere.
    assert not await served.channel.administers(Origin("some-tenant", person="U0ANYTOWN"))
    assert served.peer.workspaces.foreign == []


async def test_an_administrator_of_one_workspace_is_none_of_another(
    peer: SlackPeer, app: App
) -> None:
    """Slack's ids are unique in a workspace alone, and people write in channels they share."""
    named = wired(app.answerer, app.store, Administrators([f"{ANYTOWN}/{officer_in(ANYTOWN)}"]))
    async with towns(peer, app.store, named.assistant.handle) as one:
        await one.install(*TOWNS)
        for count, team in enumerate((ANYTOWN, OTHERHAM), start=1):
            where = {"team_id": team, "user_id": officer_in(ANYTOWN), "channel_id": place_in(team)}
            await peer.command(command("reports", peer.response_url(), **where))
            await peer.until(lambda count=count: len(peer.whispered) >= count)  # type: ignore[misc]
            refused = "Only administrators" in str(peer.whispered[-1])
            assert refused is (team == OTHERHAM)
    await named.assistant.finish()


async def test_a_workspace_without_an_installation_gets_nothing_and_is_logged_once(
    served: Towns, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await served.install(ANYTOWN)
    for _ in range(3):
        assert (await served.peer.event(asks(OTHERHAM, "damp?"))).status == 200
    where = {"team_id": OTHERHAM, "user_id": officer_in(OTHERHAM)}
    await served.peer.command(command("damp?", served.peer.response_url(), **where))
    await served.inbox.finish()
    assert (desk.asked, served.peer.shown, served.peer.whispered) == ([], [], [])
    assert not await desk.store.met(OTHERHAM)
    assert caplog.text.count(NOT_INSTALLED) == 1
    assert OTHERHAM not in caplog.text


async def test_a_workspace_that_is_not_named_is_refused_and_its_token_given_back(
    served: Towns, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    visited = await served.peer.install(served.base, SOMEWHERE)
    assert visited.status == 403
    assert "not on the list" in visited.page
    assert SOMEWHERE in visited.page  # which is what whoever runs it has to be told
    assert served.peer.workspaces.revoked == [SOMEWHERE]
    assert await desk.store.installations().listed() == []
    assert "canary" not in visited.page + caplog.text


async def test_an_organisation_on_the_list_admits_its_workspaces(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    peer.workspaces.add("T0INGRID", organisation="E0COUNTY", channels={"C0INGRID"})
    async with towns(peer, store, desk.handle, allowed=["E0COUNTY"]) as one:
        assert (await peer.install(one.base, "T0INGRID")).status == 200
        assert (await peer.install(one.base, ANYTOWN)).status == 403
        assert set(one.channel.communities) == {"T0INGRID"}


@pytest.mark.parametrize(
    ("more", "page"),
    [
        ({"is_enterprise_install": True, "team": None}, pages.WHOLE_ORGANISATION),
        ({"refresh_token": "xoxe-1", "expires_in": 43200}, pages.ROTATING),
        ({"team": {"id": OTHERHAM, "name": "Another"}}, pages.FAILED),
    ],
)
async def test_what_cannot_be_used_is_given_back(
    more: dict[str, Any], page: pages.Page, served: Towns, desk: Desk
) -> None:
    """A whole organisation, a token that ends after hours, one of another workspace than said."""
    served.peer.workspaces.more = more
    visited = await served.peer.install(served.base, ANYTOWN)
    assert (visited.status, escape(page.title) in visited.page) == (page.status, True)
    assert served.peer.workspaces.revoked == [ANYTOWN]
    assert await desk.store.installations().listed() == []


async def test_a_state_is_good_once_lately_and_in_one_browser(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    now = [1_800_000_000.0]
    async with towns(peer, store, desk.handle, now=lambda: now[0]) as one:
        slack, session = peer.workspaces, peer._session
        first = await slack.begin(session, one.base)
        other = await slack.begin(session, one.base)
        wrong = {
            "another browser's": {"state": other.state},
            "no state": {"state": ""},
            "made up": {"state": "A" * 43},
        }
        for name, query in wrong.items():
            back = await slack.end(session, one.base, first, code=slack.code(ANYTOWN), **query)
            assert (back.status, pages.STALE.title in back.page) == (400, True), name
        for cookie in ("", "outcomes_install=x", other.cookie):
            stolen = type(first)(200, "", first.state, cookie, {})
            back = await slack.end(session, one.base, stolen, code=slack.code(ANYTOWN))
            assert back.status == 400
        now[0] += 601
        back = await slack.end(session, one.base, first, code=slack.code(ANYTOWN))
        assert back.status == 400
        assert await store.installations().listed() == []
        late = await slack.begin(session, one.base)
        now[0] += 599
        assert (await slack.end(session, one.base, late, code=slack.code(ANYTOWN))).status == 200
        again = await slack.end(session, one.base, late, code=slack.code(OTHERHAM))
        assert again.status == 400
        assert set(one.channel.communities) == {ANYTOWN}


async def test_what_slack_or_somebody_declines_is_said(served: Towns, desk: Desk) -> None:
    slack, session = served.peer.workspaces, served.peer._session
    begun = await slack.begin(session, served.base)
    said = await slack.end(session, served.base, begun, error="access_denied")
    assert (said.status, pages.DECLINED.title in said.page) == (200, True)
    begun = await slack.begin(session, served.base)
    assert (await slack.end(session, served.base, begun, code="made-up")).status == 502
    served.peer.faults["oauth.v2.access"].append(Fault(status=500))
    assert (await served.peer.install(served.base, ANYTOWN)).status == 502
    served.peer.faults["auth.test"].append(Fault("internal_error", 200))
    assert (await served.peer.install(served.base, ANYTOWN)).status == 502
    assert await desk.store.installations().listed() == []
    assert (await served.peer.install(served.base, ANYTOWN)).status == 200


async def test_strangers_cost_at_most_thirty_exchanges_a_minute(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    """Anybody is given a state; each could be a write here and a question to Slack."""
    ticks = [0.0]
    async with towns(peer, store, desk.handle, ticks=lambda: ticks[0]) as one:
        slack, session = peer.workspaces, peer._session

        async def visited(code: str, **more: str) -> int:
            begun = await slack.begin(session, one.base)
            return (await slack.end(session, one.base, begun, code=code, **more)).status

        for code in ("", "a b", "x" * 256, "\x00"):
            assert await visited(code) == 400
        assert await visited("", error="access_denied") == 200
        assert peer.called("oauth.v2.access") == []
        begun = await slack.begin(session, one.base)
        assert (await slack.end(session, one.base, begun, code="no code")).status == 400
        assert (await slack.end(session, one.base, begun, code="made-up")).status == 502  # unused
        assert [await visited("made-up") for _ in range(MOST)] == [502] * (MOST - 1) + [429]
        assert len(peer.called("oauth.v2.access")) == MOST
        ticks[0] += EACH - 1
        begun = await slack.begin(session, one.base)
        busy = await slack.end(session, one.base, begun, code=slack.code(ANYTOWN))
        assert (busy.status, pages.BUSY.title in busy.page) == (429, True)
        ticks[0] += 1
        assert await visited(slack.code(ANYTOWN)) == 200
