"""The app taken out of a workspace, as Slack tells of it."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.slack.payloads import Payload, part, read


def taken_out(body: Payload) -> tuple[str, datetime] | None:
    """The workspace, and when; None for any other event. Slack tells it twice: of the app, and of
    the bot's token. Tokens of people are none of ours."""
    event, community, at = part(body, "event"), read(body, "team_id"), body.get("event_time")
    gone = read(event, "type") == "app_uninstalled" or (
        read(event, "type") == "tokens_revoked" and bool(part(event, "tokens").get("bot"))
    )
    if not (gone and community and isinstance(at, int)):
        return None
    return community, datetime.fromtimestamp(at, UTC)
