"""Signed requests as the platforms send them, sent again and again as somebody would who saw them
on their way: the same bytes, at once and later, to every process that serves."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession
from slack_sdk.signature import SignatureVerifier

from bot.rehearsal.slack import SIGNING_SECRET, SlackPeer
from bot.rehearsal.slack_payloads import CHANNEL, command, direct, mention, press, submission
from bot.rehearsal.teams import TENANT, TeamsPeer
from bot.slack.places import Address

KINDS = ("mention", "direct", "command", "press", "form", "teams message", "teams press")
POSTING = ("chat.postMessage", "chat.postEphemeral", "chat.startStream", "response_url")
AGES = (
    0.0,
    30.0,
    60.0,
    120.0,
)  # seconds since it was signed, so that all this is within five minutes
AGAIN: tuple[dict[str, str], ...] = (
    {},
    {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"},
    {"X-Slack-Retry-Num": "3", "X-Slack-Retry-Reason": "http_error", "X-Slack-No-Retry": "1"},
    {"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", "X-Forwarded-For": "10.0.0.9"},
)
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class Signed:
    """One request as it went over the wire, and the `place` where it and no other is answered: a
    thread, a response url or a chat."""

    kind: str
    place: str
    path: str
    body: bytes
    headers: Mapping[str, str]


def slack_signed(
    kind: str,
    place: str,
    body: str,
    content: str,
    *,
    age: float = 0.0,
    secret: str = SIGNING_SECRET,
) -> Signed:
    """Signed `age` seconds ago."""
    at = str(int(time.time() - age))
    signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body) or ""
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature}
    sent = {"Content-Type": content, **headers}
    return Signed(kind, place, "/slack/events", body.encode(), sent)


def requests(slack: SlackPeer, teams: TeamsPeer, number: int) -> Iterator[Signed]:
    """So many, of every kind in turn; each asks in a place of its own."""
    for at in range(number):
        yield request(slack, teams, KINDS[at % len(KINDS)], at, AGES[at % len(AGES)])


def request(slack: SlackPeer, teams: TeamsPeer, kind: str, at: int, age: float) -> Signed:
    """One of a kind, the only one with this number."""
    words, place = f"What does inclusion mean, for the {at}th time?", f"1763{at:06d}.000001"
    match kind:
        case "mention" | "direct":
            said = (mention if kind == "mention" else direct)(words, ts=place)
            return slack_signed(kind, place, json.dumps(said), _JSON, age=age)
        case "command":
            sent = command(words, slack.response_url())
            return slack_signed(kind, sent["response_url"], urlencode(sent), _FORM, age=age)
        case "press":
            button = {"action_id": "press:ask:0", "value": words, "type": "button"}
            return interaction(kind, place, press(button, "", {"ts": place}), age)
        case "form":
            carried = Address(CHANNEL, place).to_json(key="", room="channel", closed="")
            view = {"type": "modal", "callback_id": "form:ask", "private_metadata": carried}
            return interaction(kind, place, submission(view, {"question": words}), age)
    return in_teams(teams, kind, words, f"a:chat-{at}-")


def in_teams(teams: TeamsPeer, kind: str, words: str, chat: str) -> Signed:
    conversation = {"id": chat, "conversationType": "personal", "tenantId": TENANT}
    said = teams.message(words, conversation=conversation)
    if kind == "teams press":
        said |= {"text": "", "value": {"action": "ask", "value": words}}
    headers = {"Content-Type": _JSON, "Authorization": f"Bearer {teams.token()}"}
    return Signed(kind, chat, "/api/messages", json.dumps(said).encode(), headers)


def interaction(kind: str, place: str, body: Mapping[str, Any], age: float) -> Signed:
    sent = urlencode({"payload": json.dumps(body)})
    return slack_signed(kind, place, sent, _FORM, age=age)


@dataclass
class Replay:
    """Sends to processes that serve the same database, by their addresses."""

    session: ClientSession
    addresses: Sequence[str]
    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)

    async def send(self, one: Signed, address: str, more: Mapping[str, str] | None = None) -> int:
        """Its status."""
        headers = {**one.headers, **(more or {})}
        url = f"{address}{one.path}"
        async with self.session.post(url, data=one.body, headers=headers) as response:
            await response.read()
            self.sent += 1
            self.statuses[response.status] += 1
            return response.status

    async def at_once(self, asked: Iterable[Signed], times: int) -> None:
        """Each so many times at the same moment, in turn to every process, with other headers."""
        await asyncio.gather(
            *(
                self.send(one, self._address(n + at), AGAIN[n % len(AGAIN)])
                for at, one in enumerate(asked)
                for n in range(times)
            )
        )

    async def one_by_one(self, asked: Iterable[Signed], times: int) -> None:
        for at, one in enumerate(asked):
            for n in range(times):
                await self.send(one, self._address(n + at + 1), AGAIN[(n + 1) % len(AGAIN)])

    def _address(self, number: int) -> str:
        return self.addresses[number % len(self.addresses)]


def effects(asked: Iterable[Signed], slack: SlackPeer, teams: TeamsPeer) -> dict[str, int]:
    """How often each was answered, by its kind and place."""
    posts = [json.dumps(one.arguments) for one in slack.calls if one.method in POSTING]
    posts += [json.dumps(one.conversation) for one in teams.messages]
    return {
        f"{one.kind} {one.place}": sum(f'{one.place}"' in said for said in posts) for one in asked
    }
