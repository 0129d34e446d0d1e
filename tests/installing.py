"""Installations as a store keeps them (test data)."""

from __future__ import annotations

from bot.communities import Installation

KEY = "bW9zdC1zZWNyZXQta2V5LW9mLW91cnMtMzItYnl0ZSE="
OTHER_KEY = "YW5vdGhlci1rZXktb2Ytb3Vycy1pcy0zMi1ieXRlcyE="


def installation(community: str, mark: str = "1") -> Installation:
    """The app in a workspace; the mark stands in its token."""
    site = f"https://{community.lower()}.slack.com/"
    about = f"U-bot-{mark}", f"B-bot-{mark}", "outcomes", f"Council {community}", site, ""
    return Installation(community, *about, f"xoxb-canary-{mark}")
