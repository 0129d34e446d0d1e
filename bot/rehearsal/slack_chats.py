"""Slack's chats beside its channels: the bot's with one person, and with several."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from bot.rehearsal.slack_payloads import Json

_MOST = 8  # people, beside the bot


@dataclass
class Chats:
    """Whoever they are with, the chat of the same people is the same one."""

    lacking: set[str] = field(default_factory=lambda: {"im:write"})  # scopes that were not given
    unknown: set[str] = field(default_factory=set)  # people who are not of the workspace
    groups: dict[frozenset[str], str] = field(default_factory=dict)

    def of(self, people: Collection[str]) -> str:
        """The chat with these people; "" for a group that was never opened."""
        if len(people) == 1:
            (person,) = people
            return f"D{person[1:]}"
        return self.groups.get(frozenset(people), "")

    def place(self, channel: str) -> str:
        """The channel of a message: Slack takes a person for the chat with them."""
        return self.of([channel]) if channel.startswith(("U", "W")) else channel

    def known(self, channel: str) -> bool | None:
        """Whether it is a chat there is; None for a channel."""
        if channel.startswith(("U", "W")):
            return channel not in self.unknown
        return True if channel in self.groups.values() else None

    def unopenable(self, arguments: Json) -> str:
        """Slack's word for why these cannot be brought together; "" where they can."""
        people = _people(arguments)
        if not people:
            return "users_list_not_supplied"
        if ("mpim:write" if len(people) > 1 else "im:write") in self.lacking:
            return "missing_scope"
        if len(people) > _MOST:
            return "too_many_users"
        return "user_not_found" if people & self.unknown else ""

    def opened(self, arguments: Json) -> Json:
        """The chat with these people, a new one if need be, as Slack tells it."""
        return {"channel": {"id": self.open(arguments)}}

    def open(self, arguments: Json) -> str:
        """Its id."""
        people = _people(arguments)
        if len(people) > 1:
            self.groups.setdefault(people, f"C0GROUP{len(self.groups) + 1}")
        return self.of(people)


def _people(arguments: Json) -> frozenset[str]:
    return frozenset(filter(None, str(arguments.get("users", "")).split(",")))
