"""The weekly digest in a channel: set up, previewed, posted at once, stopped."""

from __future__ import annotations

import pytest

from bot.slack.publishing import EVENT
from tests.clients.abilities import SLACK, can
from tests.clients.slack.emulate import DEPOT
from tests.clients.slack.workspace import Workspace, entered, labels, words

pytestmark = pytest.mark.asyncio(loop_scope="session")


@can("Set up a weekly digest, and preview it", SLACK)
@can("Get the digest posted", SLACK)
async def test_a_digest_is_set_up_previewed_posted_and_stopped(slack: Workspace) -> None:
    depot = slack.channel(DEPOT)
    await slack.types("sam", "digest", channel=depot)
    form = await slack.form("Weekly digest")
    assert (await slack.sends("sam", form, zone="Atlantis")).keys() == {"zone"}
    assert await slack.sends("sam", form, at="16:30", zone="london") == {}
    saved = await slack.alone("sam", depot)
    assert "Mondays at 16:30 (Europe/London)" in words(saved)

    await slack.presses("robin", saved, "Change")
    form = await slack.form("Weekly digest")
    assert entered(form, "at") == "16:30"
    assert await slack.sends("robin", form, weekday="4") == {}
    assert "Fridays at 16:30" in words(await slack.alone("robin", depot))
    await slack.types("sam", "digest preview", channel=depot)
    preview = words(await slack.alone("sam", depot))
    assert "This is how it would look now." in preview

    await slack.types("sam", "digest send", channel=depot)
    told = await slack.alone("sam", depot)
    if "Post it all the same" in labels(told):
        await slack.presses("sam", told, "Post it all the same")
        told = await slack.alone("sam", depot)
    assert "It is posted in a moment." in words(told)
    posted = await slack.aloud(depot)
    kept = await slack.kept(posted)
    assert kept["blocks"] == posted["blocks"]
    assert kept["metadata"]["event_type"] == EVENT
    assert "thread_ts" not in kept
    await slack.types("sam", "digest send", channel=depot)
    assert "posted already" in words(await slack.alone("sam", depot))
    marked = [one for one in await slack.between.emulate.history(depot) if one.get("metadata")]
    assert len(marked) == 1

    assert "Fridays at 16:30" in words(await slack.visits("sam"))
    for label, state in (("Pause", True), ("Resume", False)):
        before = slack.between.published
        await slack.presses_at_home("sam", label)
        assert words(await slack.in_chat("sam"))
        assert ("It is paused." in words(await slack.home("sam", before))) is state

    await slack.presses("sam", saved, "Stop")
    await slack.presses("sam", await slack.alone("sam", depot), "Stop it")
    assert "Stopped." in words(await slack.alone("sam", depot))
