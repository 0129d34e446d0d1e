"""`outcomes doctor` where many workspaces installed the app: whose tokens can be read, and used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.checks import Finding
from bot.doctor.installed import AT_ONCE
from bot.rehearsal.slack import Fault, SlackPeer
from bot.store import Store
from tests import databases
from tests.doctor_desk import SECRET, always, found, of, proxy
from tests.installing import KEY, OTHER_KEY, installation
from tests.slack_desk import Desk, desk, peer
from tests.slack_towns import towns

__all__ = ["desk", "peer"]  # fixtures
CHECK = "Slack workspaces"


async def looked(folder: Path, peer: SlackPeer, url: str, **changes: str) -> Sequence[Finding]:
    settings = {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "secret-of-the-app",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_BASE": peer.api_base,
        "OUTCOMES_TOKEN_KEYS": KEY,
        "OUTCOMES_ADDRESS": url,
        "OUTCOMES_COMMUNITIES": "T0ANYTOWN T0OTHERHAM",
        "OUTCOMES_DEV": "1",
        "DATABASE_URL": databases.new(folder),
        **changes,
    }
    told = await found(folder, settings)
    shown = repr(told)
    assert not any(one in shown for one in (KEY, "secret-of-the-app", "xoxb-canary"))
    return told


@pytest.fixture
async def store(tmp_path: Path) -> Store:
    return await Store.open(databases.new(tmp_path))


async def test_what_is_set_up_well_is_said_with_where_to_install(
    tmp_path: Path, peer: SlackPeer, store: Store, desk: Desk
) -> None:
    async with towns(peer, store, desk.handle) as one:
        told = await looked(tmp_path, peer, one.base)
        assert of(told, CHECK).what == "none has installed the app yet"
        await store.installations([KEY]).keep(installation("T0ANYTOWN"))
        peer.workspaces.known["T0ANYTOWN"].token = "xoxb-canary-1"
        told = await looked(tmp_path, peer, one.base)
    assert of(told, CHECK).what == "1 of 1 that installed the app are served"
    page = of(told, "Slack install page")
    assert (page.state, page.what) == (
        "ok",
        f"workspaces can install the app at {one.base}/slack/install",
    )
    assert not [one for one in told if one.check == "Slack bot token"]
    await store.close()


async def test_what_cannot_be_read_or_is_not_named_is_said(
    tmp_path: Path, peer: SlackPeer, store: Store, desk: Desk
) -> None:
    await store.installations([OTHER_KEY]).keep(installation("T0ANYTOWN"))
    for name in ("T0OTHERHAM", "T0SOMEWHERE"):
        await store.installations([KEY]).keep(installation(name, name))
        peer.workspaces.add(name).token = f"xoxb-canary-{name}"
    await store.close()
    told = await looked(tmp_path, peer, "http://127.0.0.1:9")
    said = {one.state: one for one in told if one.check == CHECK}
    assert said["ok"].what == "1 of 3 that installed the app are served"
    assert said["wrong"].what == "no key opens the tokens of 1"
    assert "OUTCOMES_TOKEN_KEYS" in said["wrong"].do
    assert said["unsure"].what == "1 are not on the list, so they are not served"


async def test_workspaces_that_took_the_app_out_unheard_are_named(
    tmp_path: Path, peer: SlackPeer, store: Store
) -> None:
    """The bot was away when Slack told it."""
    names = [f"T0TOWN{number}" for number in range(AT_ONCE + 2)]
    for name in names:
        await store.installations([KEY]).keep(installation(name, name))
        peer.workspaces.add(name).token = f"xoxb-canary-{name}"
    await store.close()
    for name in (names[0], names[-1]):
        peer.workspaces.known[name].token = ""
    listed = {"OUTCOMES_COMMUNITIES": " ".join(names)}
    told = await looked(tmp_path, peer, "http://127.0.0.1:9", **listed)
    (left,) = [one for one in told if one.check == CHECK and one.state == "unsure"]
    assert left.what == f"2 seem to have taken the app out: {names[0]}, {names[-1]}"
    assert "outcomes communities erase ID --yes" in left.do
    peer.faults["auth.test"].extend([Fault("internal_error", 200)] * AT_ONCE)
    told = await looked(tmp_path, peer, "http://127.0.0.1:9", **listed)
    (silent,) = [one for one in told if one.check == CHECK and one.state == "unsure"]
    assert silent.what == "Slack did not say of 10 whether the app is still there"


async def test_what_a_proxy_has_to_pass_on_for_many_is_named(
    tmp_path: Path, peer: SlackPeer, store: Store
) -> None:
    await store.close()
    async with proxy(always(200, "outcomes_replies 1")) as address:
        told = await looked(tmp_path, peer, address)
    shown = of(told, "public address")
    assert shown.state == "unsure"
    assert "/about, /slack/install, /slack/oauth_redirect and the platform's path" in shown.do
