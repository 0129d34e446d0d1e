"""The workspaces that installed the app: can their tokens be read, and may they be served?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.checks import Finding, Probe, ok, unset, unsure, wrong
from bot.communities import Installed, admitted
from bot.platform_settings import COMMUNITIES, KEYS, Slack
from bot.settings import Settings
from bot.store import StoreUnusable, checks, default_url

WORKSPACES = "Slack workspaces"
AT_ONCE = 8  # tokens that Slack is asked about


async def findings(settings: Settings) -> list[Finding]:
    """Nothing where one token serves one workspace, or the database is not as it has to be."""
    if settings.slack is None or not settings.slack.client_id:
        return []
    address = settings.database_url or default_url(settings.home)
    try:
        file = checks.file_of(address)
        listed = (
            await checks.installed(address, settings.token_keys)
            if not file or file.exists()
            else None
        )
    except StoreUnusable:
        return []
    if listed is None:
        return []
    found = _of(settings, [one for one, _ in listed])
    return found + await _gone(settings, settings.slack, listed)


def _of(settings: Settings, listed: Sequence[Installed]) -> list[Finding]:
    if not listed:
        do = f"Open {settings.address}/slack/install in a browser"
        return [unset(WORKSPACES, "none has installed the app yet", do)]
    allowed = settings.communities
    named = [one for one in listed if admitted(allowed, one.community, one.organisation)]
    served = [one for one in named if one.opens]
    found = [ok(WORKSPACES, f"{len(served)} of {len(listed)} that installed the app are served")]
    if shut := len(named) - len(served):
        do = f"Add the key that sealed them to {KEYS}, or have the app installed there again"
        found.append(wrong(WORKSPACES, f"no key opens the tokens of {shut}", do))
    if others := len(listed) - len(named):
        do = f"Add them to {COMMUNITIES}, or run: outcomes communities erase ID --yes"
        what = f"{others} are not on the list, so they are not served"
        found.append(unsure(WORKSPACES, what, do))
    return found


async def _gone(
    settings: Settings, slack: Slack, listed: Sequence[tuple[Installed, str]]
) -> list[Finding]:
    """Those that took the app out while the bot was away and could not be told. Where Slack does
    not answer the rest is not asked about."""
    from bot.slack.checks import gone

    left, asked = list[str](), 0
    held = [(one.community, token) for one, token in listed if token]
    async with Probe(local=settings.dev) as probe:
        for first in range(0, len(held), AT_ONCE):
            some = held[first : first + AT_ONCE]
            said = await asyncio.gather(*(gone(probe, slack.api_base, token) for _, token in some))
            left += [name for (name, _), is_gone in zip(some, said, strict=True) if is_gone]
            asked += sum(one is not None for one in said)
            if None in said:
                break
    found = []
    if left:
        what = f"{len(left)} seem to have taken the app out: {', '.join(left)}"
        do = "If they did, run for each: outcomes communities erase ID --yes"
        found.append(unsure(WORKSPACES, what, do))
    if silent := len(held) - asked:
        what = f"Slack did not say of {silent} whether the app is still there"
        found.append(unsure(WORKSPACES, what, "Run it again in some minutes"))
    return found
