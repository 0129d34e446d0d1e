"""Officers in the bot's own place, as Slack tells of it: tabs opened, and the Home's buttons.

A guest's buttons name the guest's own workspace, and beside it the one that the app is in.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation import Origin
from bot.delivery import Heard
from bot.slack import feedback, places
from bot.slack.events import button
from bot.slack.payloads import Payload, digest, part, read, workspace
from bot.slack.places import Address

HOME, MESSAGES = "home", "messages"


@dataclass(frozen=True, slots=True)
class Visit:
    """A `tab` that somebody opened; `channel` is their chat with the bot."""

    tab: str
    channel: str
    origin: Origin


def opened(body: Payload) -> Visit | None:
    """A tab opened; None for any other event."""
    event = part(body, "event")
    person, tab = read(event, "user"), read(event, "tab")
    community = read(body, "team_id") or read(body, "enterprise_id")
    if read(event, "type") != "app_home_opened" or not (person and community):
        return None
    return Visit(tab, read(event, "channel"), places.home(community, person))


def pressed(body: Payload) -> Heard | None:
    """A button of the Home tab; None for those of messages."""
    view, person = part(body, "view"), read(part(body, "user"), "id")
    community = read(view, "app_installed_team_id") or workspace(body)
    name, action = button(body)
    if read(view, "type") != HOME or not (name and person and community):
        return None
    pressed_by = [read(view, "id"), person, read(action, "action_id"), read(action, "action_ts")]
    request = feedback.pressed(name, read(action, "value"), places.home(community, person))
    address = Address(person, person=person, home=community, community=community)
    return Heard("slack", f"press:{digest(pressed_by)}", request, address.to_json())
