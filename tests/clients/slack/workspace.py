"""Officers in that workspace: what they write, type, press, fill in and open.

What emulate can do is done there, so that it tells the bot of it itself; what it cannot do (see
`documented`, and mentions, commands, buttons, forms, shortcuts, tabs) is sent as Slack sends it.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from typing import Any

from bot.rehearsal import slack_payloads as payloads
from bot.rehearsal.slack_homes import opened, press_at_home
from tests.clients.slack.between import Between
from tests.clients.slack.emulate import APP, BOT, TEAM, TOWN_HALL
from tests.slack_desk import seen

Json = dict[str, Any]


class Workspace:
    """Everybody by name, as `emulate.PEOPLE` has them."""

    def __init__(self, between: Between) -> None:
        self.between = between
        self._numbers = itertools.count(1)
        self._chats: dict[str, str] = {}

    def id(self, person: str) -> str:
        return self.between.emulate.people[person]

    def channel(self, name: str = TOWN_HALL) -> str:
        return self.between.emulate.channels[name]

    async def chat(self, *people: str) -> str:
        """The bot's chat with a person, or its group message with some."""
        if len(people) == 1 and people[0] in self._chats:
            return self._chats[people[0]]
        users = ",".join([BOT, *(self.id(one) for one in people[1:])])
        answer = await self._as(people[0], "conversations.open", users=users)
        found = str(answer["channel"]["id"])
        if len(people) == 1:
            self._chats[people[0]] = found
        return found

    async def says(self, person: str, text: str, thread: str = "", channel: str = "") -> str:
        """A message in a channel; its name. emulate tells the bot."""
        place = {"channel": channel or self.channel(), **({"thread_ts": thread} if thread else {})}
        return str((await self._as(person, "chat.postMessage", text=text, **place))["ts"])

    async def writes(self, person: str, text: str) -> str:
        """To the bot alone."""
        return await self.says(person, text, channel=await self.chat(person))

    async def mentions(self, person: str, text: str, channel: str = "", thread: str = "") -> str:
        """The message that emulate tells of, and the mention that Slack tells of beside it."""
        channel = channel or self.channel()
        text = f"<@{BOT}> {text}"
        ts = await self.says(person, text, thread, channel)
        await self.between.way.send("events_api", self.mention(person, text, ts, channel, thread))
        return ts

    def mention(self, person: str, text: str, ts: str, channel: str, thread: str = "") -> Json:
        """A mention as Slack tells of it."""
        event = {"type": "app_mention", "user": self.id(person), "text": text, "ts": ts}
        place = {"channel": channel, "team": TEAM, "event_ts": ts}
        inside = {"thread_ts": thread} if thread else {}
        bot = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True}
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": {**event, **place, **inside},
            "event_id": f"EvMention{next(self._numbers)}",
            "event_time": int(time.time()),
            "authorizations": [bot],
        }

    async def types(
        self, person: str, text: str, command: str = "/outcomes", channel: str = ""
    ) -> None:
        """A command and what stands behind it."""
        channel = channel or self.channel()
        name = next(
            (name for name, one in self.between.emulate.channels.items() if one == channel), ""
        )
        typed = payloads.command(
            text,
            self.between.response_url(channel, self.id(person)),
            command=command,
            team_id=TEAM,
            api_app_id=APP,
            channel_id=channel,
            channel_name=name or "directmessage",
            user_id=self.id(person),
            user_name=person,
            trigger_id=await self._trigger(person),
        )
        await self.between.way.send("slash_commands", typed)

    async def presses(self, person: str, posted: Json, label: str) -> None:
        """A button of a message of the bot's."""
        await self._presses(person, posted, button(posted, label))

    async def rates(self, person: str, posted: Json, *, up: bool) -> None:
        """A thumb in Slack's own element below it."""
        await self._presses(person, posted, payloads.rating(posted, up))

    async def _presses(self, person: str, posted: Json, pressed: Json) -> None:
        channel = str(posted["channel"])
        kinds = {one: name for name, one in self.between.emulate.channels.items()}
        told = payloads.press(
            pressed,
            self.between.response_url(channel, self.id(person)),
            posted,
            channel={"id": channel, "name": kinds.get(channel, "directmessage")},
            **await self._who(person),
        )
        await self.between.way.send("interactive", told)

    async def picks(self, person: str, ts: str, channel: str = "") -> None:
        """A message, by the shortcut in its menu."""
        channel = channel or self.channel()
        (message,) = (m for m in await self.between.emulate.history(channel) if m["ts"] == ts)
        told = payloads.shortcut(
            message,
            self.between.response_url(channel, self.id(person)),
            channel={"id": channel, "name": TOWN_HALL},
            **await self._who(person),
        )
        await self.between.way.send("interactive", told)

    async def form(self, title: str) -> Json:
        """The open modal with this title, once it has what is to be filled in."""
        return (await self._forms(title))[-1]

    async def _forms(self, title: str) -> list[Json]:
        def found() -> list[Json]:
            shown = self.between.opened.values()
            return [one for one in shown if one.get("submit") and one["title"]["text"] == title]

        await self.between.until(lambda: bool(found()))
        return found()

    async def sends(self, person: str, view: Json, **filled: str) -> dict[str, str]:
        """A form filled in; what is wrong with its inputs, by their names."""
        names = {str(block.get("block_id")) for block in view["blocks"]}
        assert {f"field:{one}" for one in filled} <= names, "no such input"
        told = payloads.submission(view, filled, **await self._who(person, trigger=False))
        answer = await self.between.way.send("interactive", told)
        match answer.get("response_action"):
            case "errors":
                assert answer["errors"].keys() <= names, "Slack knows no such input"
                return {
                    name.removeprefix("field:"): said for name, said in answer["errors"].items()
                }
            case "update":
                await self.between.shows(view["id"], answer["view"])
            case None:
                del self.between.opened[view["id"]]
        return {}

    async def visits(self, person: str, tab: str = "home") -> Json:
        """A tab of the bot's is opened; the Home tab as it is then."""
        before = self.between.published
        told = opened(tab, self.id(person), team_id=TEAM, api_app_id=APP)
        told["event"]["channel"] = await self.chat(person)
        await self.between.way.send("events_api", told)
        if tab != "home":
            return {}
        return await self.home(person, before)

    async def suggested(self, chat: str) -> list[Json]:
        """What is suggested in somebody's chat with the bot."""
        offered = self.between.documented.suggested
        await self.between.until(lambda: chat in offered)
        return offered[chat]

    async def home(self, person: str, before: int) -> Json:
        """Somebody's Home tab, once it was published again."""
        await self.between.until(
            lambda: self.between.published > before and self.id(person) in self.between.homes
        )
        return self.between.homes[self.id(person)]

    async def presses_at_home(self, person: str, label: str) -> None:
        """A button of somebody's Home tab."""
        view = self.between.homes[self.id(person)]
        told = press_at_home(button(view, label), view, **await self._who(person))
        await self.between.way.send("interactive", told)

    async def alone(self, person: str, channel: str = "") -> Json:
        """What only they are told there."""
        return await self.between.next(channel or self.channel(), self.id(person))

    async def aloud(self, channel: str = "") -> Json:
        """What everyone there is told."""
        return await self.between.next(channel or self.channel())

    async def in_chat(self, *people: str) -> Json:
        """What is said in the bot's chat with them."""
        return await self.between.next(await self.chat(*people))

    async def kept(self, posted: Json) -> Json:
        """A message as emulate has it by now, as those in the channel read it."""
        channel, thread = str(posted["channel"]), str(posted.get("thread_ts") or posted["ts"])
        read = await self.between.emulate.thread(channel, thread)
        (found,) = (one for one in read if one["ts"] == posted["ts"])
        return found

    async def _who(self, person: str, *, trigger: bool = True) -> Json:
        who = {"id": self.id(person), "username": person, "name": person, "team_id": TEAM}
        team = {"id": TEAM, "domain": "example-council"}
        given = {"trigger_id": await self._trigger(person)} if trigger else {}
        return {"user": who, "team": team, "api_app_id": APP, **given}

    async def _trigger(self, person: str) -> str:
        """It is good for three seconds and for one form."""
        asked = {"user_id": self.id(person)}
        return str(
            (await self.between.emulate.call("views.generateTriggerId", **asked))["trigger_id"]
        )

    async def _as(self, person: str, method: str, **arguments: object) -> Json:
        return await self.between.emulate.call(method, f"xoxp-{person}", **arguments)


def button(shown: Mapping[str, Any], label: str) -> Json:
    """The button with these words, or the test fails."""
    (found,) = (one for one in payloads.buttons(shown) if one["text"]["text"] == label)
    return found


def labels(shown: Mapping[str, Any]) -> list[str]:
    """What can be pressed."""
    return [one["text"]["text"] for one in payloads.buttons(shown)]


def words(shown: Mapping[str, Any]) -> str:
    """What is read in a message's, a modal's or a tab's blocks."""
    return seen(shown["blocks"])


def entered(view: Json, name: str) -> str:
    """What stands in an input of a form."""
    (block,) = (one for one in view["blocks"] if one.get("block_id") == f"field:{name}")
    element = block["element"]
    chosen = element.get("initial_options") or [element.get("initial_option") or {}]
    typed = element.get("initial_value") or element.get("initial_time")
    return str(typed or ",".join(one.get("value", "") for one in chosen))


def named(view: Json) -> list[str]:
    """The headings of a Home tab."""
    return [one["text"]["text"] for one in view["blocks"] if one["type"] == "header"]
