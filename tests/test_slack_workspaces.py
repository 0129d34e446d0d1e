"""Workspaces that installed the app: again, taken out, off the list, with tokens no key opens.

The workspaces are invented."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from bot.conversation import Reply
from bot.delivery import NotSent
from bot.kindly import Ended
from bot.leaving import Leaving
from bot.rehearsal.slack import SlackPeer
from bot.rehearsal.slack_workspaces import taken_out
from bot.slack.files import Upload
from bot.slack.install_pages import AS_BEFORE, TAKEN_BACK
from bot.slack.many import KNOWN_FOR, NOT_NAMED
from bot.slack.places import Address
from bot.slack.posting import Refused
from bot.store import Store
from tests.clock import Clock
from tests.installing import KEY, OTHER_KEY
from tests.registrations import registered
from tests.slack_desk import Desk, desk, peer
from tests.slack_towns import (
    ANYTOWN,
    OTHERHAM,
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


async def test_installed_again_the_new_token_replaces_the_old(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    async with towns(peer, store, desk.handle) as one, towns(peer, store, desk.handle) as other:
        peer.events = f"{one.base}/slack/events"
        await one.install(ANYTOWN)
        await peer.event(asks(ANYTOWN, "one?"))
        await one.answered(1)
        peer.workspaces.token(ANYTOWN)  # Slack made a new one: the old is of no use
        await one.install(ANYTOWN)
        await peer.event(asks(ANYTOWN, "two?"))
        await one.answered(2)
        # Another process, which was told nothing, finds it in the database.
        peer.events = f"{other.base}/slack/events"
        await peer.event(asks(ANYTOWN, "three?"))
        await one.answered(3)


async def test_another_process_learns_of_a_new_token_within_half_a_minute(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    ticks = [0.0]
    async with (
        towns(peer, store, desk.handle) as one,
        towns(peer, store, desk.handle, ticks=lambda: ticks[0]) as other,
    ):
        await one.install(ANYTOWN)
        address = Address(place_in(ANYTOWN), "1.1", community=ANYTOWN).to_json()
        await other.channel.send(address, DIGEST)
        peer.workspaces.token(ANYTOWN)
        await one.install(ANYTOWN)
        with pytest.raises(Refused, match="invalid_auth"):
            await other.channel.send(address, DIGEST)
        ticks[0] += KNOWN_FOR
        await other.channel.send(address, DIGEST)


async def everything_of(store: Store, team: str) -> dict[str, int]:
    """How many rows there are of it, by table."""
    found = {one.community: one for one in await store.census().taken()}
    return found[team].counts if team in found else {}


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
async def test_taken_out_everything_of_it_goes_and_nothing_of_others(
    kind: str, served: Towns, desk: Desk, clock: Clock
) -> None:
    store, peer = desk.store, served.peer
    await served.install(*TOWNS)
    for team in TOWNS:
        await registered(store, team)
        await store.people(team).key(officer_in(team))
    leaving = Leaving(store, clock, command=(sys.executable, "-c", ""))
    before = await everything_of(store, OTHERHAM)
    at = clock().timestamp()
    assert (await peer.event(taken_out(ANYTOWN, at, kind))).status == 200
    # From here on there is no token, neither in the database nor in memory.
    assert await store.installations([KEY]).get(ANYTOWN) is None
    assert set(served.channel.communities) == {OTHERHAM}
    await peer.event(asks(ANYTOWN, "still there?"))
    assert await leaving.once() == 0
    assert (await everything_of(store, ANYTOWN))["projects"] == 0
    await store.people(ANYTOWN).key("U0LATE")  # what was on its way then
    clock.pass_by(minutes=2)
    assert await leaving.once() == 1
    assert not await store.met(ANYTOWN)
    assert ANYTOWN not in [one.community for one in await store.census().taken()]
    assert await everything_of(store, OTHERHAM) == before
    assert await leaving.once() == 0
    await peer.event(taken_out(ANYTOWN, at, "app_uninstalled"))  # Slack tells of both
    await peer.event(asks(OTHERHAM, "damp?"))
    await served.answered(1)
    assert desk.asked[0].origin.community == OTHERHAM


async def test_it_is_not_gone_before_its_index_is(served: Towns, clock: Clock, desk: Desk) -> None:
    await served.install(ANYTOWN)
    await served.peer.event(taken_out(ANYTOWN, clock().timestamp()))
    clock.pass_by(minutes=2)
    shut = (sys.executable, "-c", "raise SystemExit('The database is away.')")
    assert await Leaving(desk.store, clock, shut).once() == 0
    assert len(await desk.store.installations().left()) == 1
    assert await Leaving(desk.store, clock, (sys.executable, "-c", "")).once() == 1
    assert not await desk.store.installations().left()


async def test_word_of_an_earlier_installation_erases_nothing(
    served: Towns, desk: Desk, clock: Clock
) -> None:
    """Slack repeats what it could not deliver, and a captured one can be sent again."""
    before = clock().timestamp()
    clock.pass_by(seconds=5)
    await served.install(ANYTOWN)
    await registered(desk.store, ANYTOWN)
    for kind in ("app_uninstalled", "tokens_revoked"):
        await served.peer.event(taken_out(ANYTOWN, before, kind))
    people = taken_out(ANYTOWN, clock().timestamp() + 9, "tokens_revoked")
    people["event"]["tokens"] = {"oauth": ["U0ANYTOWN"]}  # a person's token, not the bot's
    await served.peer.event(people)
    unsigned = taken_out(ANYTOWN, clock().timestamp() + 9)
    forged = await served.peer.deliver(
        json.dumps(unsigned), {"Content-Type": "application/json"}, secret="another"
    )
    assert forged.status == 401
    assert await Leaving(desk.store, clock, ("false",)).once() == 0
    assert (await everything_of(desk.store, ANYTOWN))["projects"] == 1
    await served.peer.event(asks(ANYTOWN, "damp?"))
    await served.answered(1)


@pytest.mark.parametrize(
    ("allowed", "keys", "more"),
    [
        ([OTHERHAM], [KEY], {}),  # taken off the list
        ([OTHERHAM], [OTHER_KEY], {}),  # and its token cannot be read
        (TOWNS, [KEY], {"refresh_token": "xoxe-1", "expires_in": 43200}),
        (TOWNS, [KEY], {"is_enterprise_install": True}),
    ],
)
async def test_refused_again_a_workspace_keeps_what_it_has(
    allowed: list[str],
    keys: list[str],
    more: dict[str, Any],
    peer: SlackPeer,
    store: Store,
    desk: Desk,
    clock: Clock,
) -> None:
    """Slack gives the same token again, and takes the app out where that is given back."""
    slack = peer.workspaces
    slack.now = lambda: clock().timestamp() + 9
    async with towns(peer, store, desk.handle) as one:
        await one.install(*TOWNS)
    await registered(store, ANYTOWN)
    async with towns(peer, store, desk.handle, allowed=allowed, keys=keys) as one:
        slack.more = more
        (visited,) = await one.install(ANYTOWN)
    assert visited.status in (403, 502)
    assert AS_BEFORE in visited.page
    assert (slack.revoked, await store.installations().left()) == ([], [])
    assert (await everything_of(store, ANYTOWN))["projects"] == 1
    slack.more = {}
    async with towns(peer, store, desk.handle) as one:
        await peer.event(asks(ANYTOWN, "damp?"))
        await one.answered(1)


async def test_installed_anew_only_once_all_that_it_left_is_erased(
    served: Towns, desk: Desk, clock: Clock
) -> None:
    store, peer = desk.store, served.peer
    await served.install(ANYTOWN)
    await registered(store, ANYTOWN)
    peer.workspaces.known[ANYTOWN].token = ""
    await peer.event(taken_out(ANYTOWN, clock().timestamp()))
    clock.pass_by(seconds=5)
    (early,) = await served.install(ANYTOWN)
    assert (early.status, "Begin again in three minutes" in early.page) == (503, True)
    assert TAKEN_BACK in early.page
    leaving = Leaving(store, clock, command=(sys.executable, "-c", ""))
    assert await leaving.once() == 0
    assert (await served.install(ANYTOWN))[0].status == 503
    clock.pass_by(minutes=2)
    assert await leaving.once() == 1
    assert ANYTOWN not in [one.community for one in await store.census().taken()]
    (late,) = await served.install(ANYTOWN)
    assert late.status == 200
    await peer.event(asks(ANYTOWN, "damp?"))
    await served.answered(1)


async def test_rows_of_all_that_left_go_before_any_index(
    served: Towns, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index may be in use for long."""
    store, peer = desk.store, served.peer
    await served.install(*TOWNS)
    for team in TOWNS:
        await registered(store, team)
        await peer.event(taken_out(team, clock().timestamp()))
    held = list[int]()

    async def looking(command: Sequence[str]) -> Ended:
        held.extend([(await everything_of(store, team))["projects"] for team in TOWNS])
        return Ended(b"", "")

    monkeypatch.setattr("bot.leaving.run_kindly", looking)
    await Leaving(store, clock).once()
    assert held == [0, 0] * 2


async def test_a_token_that_no_key_opens_is_not_used_and_others_are(
    peer: SlackPeer, store: Store, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async with towns(peer, store, desk.handle, keys=[OTHER_KEY]) as one:
        await one.install(ANYTOWN)
    async with towns(peer, store, desk.handle, keys=[KEY]) as one:
        await one.install(OTHERHAM)
        assert set(one.channel.communities) == {OTHERHAM}
        await peer.event(asks(ANYTOWN, "damp?"))
        await peer.event(asks(OTHERHAM, "damp?"))
        (posted,) = await one.answered(1)
        assert posted["channel"] == place_in(OTHERHAM)
        place = Address(place_in(ANYTOWN), community=ANYTOWN).to_json()
        with pytest.raises(NotSent):  # and no digest ends by it
            await one.channel.publish(place, DIGEST, "key")
    assert "no key of OUTCOMES_TOKEN_KEYS opens its token" in caplog.text
    assert "xoxb-" not in caplog.text
    assert KEY not in caplog.text


async def test_taken_off_the_list_a_workspace_is_not_served(
    peer: SlackPeer, store: Store, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async with towns(peer, store, desk.handle) as one:
        await one.install(*TOWNS)
    async with towns(peer, store, desk.handle, allowed=[OTHERHAM]) as one:
        assert one.said.startswith("Slack: served in 1 workspace,")
        await peer.event(asks(ANYTOWN, "damp?"))
        await peer.event(asks(OTHERHAM, "damp?"))
        (posted,) = await one.answered(1)
        assert posted["channel"] == place_in(OTHERHAM)
    assert NOT_NAMED in caplog.text


async def test_a_file_is_fetched_with_the_token_of_its_workspace(served: Towns, desk: Desk) -> None:
    await served.install(*TOWNS)
    workspaces, peer = served.peer.workspaces, served.peer
    for team in TOWNS:
        token = workspaces.known[team].token
        url = peer.files.upload(peer.api_base, f"{team}.txt", b"text", token)
        here = await served.channel._workspaces.of(team)
        (file,) = await here.files.fetch([Upload("file", "a.txt", url, 4)])
        assert file.content == b"text"
    other = await served.channel._workspaces.of(ANYTOWN)
    url = f"{peer.api_base.removesuffix('/api/')}/files/{OTHERHAM}.txt"
    (refused,) = await other.files.fetch([Upload("file", "a.txt", url, 4)])
    assert (refused.content, bool(refused.fault)) == (b"", True)


async def test_officers_of_two_workspaces_are_never_put_in_one_group(served: Towns) -> None:
    await served.install(*TOWNS)
    both = [
        Address(officer_in(team), person=officer_in(team), community=team).to_json()
        for team in TOWNS
    ]
    with pytest.raises(Refused):
        await served.channel.together(both, DIGEST)
    assert served.peer.called("conversations.open") == []
