"""Whatever officers of many communities do, in random order: also with what is another's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random
from typing import Any

from bot.cases import curator
from bot.digest import newsdesk
from bot.feedback import reviewer
from bot.peers import broker
from bot.register import registrar
from bot.rehearsal.communities import Town
from bot.rehearsal.slack import Acknowledged, SlackPeer
from bot.rehearsal.slack_payloads import command, direct, mention, press, submission
from bot.rehearsal.teams import Answer, TeamsPeer, by, chat_with, officer
from bot.slack.places import Address

ASKED = (
    "who has tried damp sensors in homes?",
    "How long do damp sensors last?",
    "what did Anytown put into homes?",
    "which councils met fewer complaints of mould?",
    "how much did it cost a home?",
    "Who pays for damp sensors?",
    "what is channel shift?",
)
SAID = (
    *("projects", "projects damp sensors", "find damp sensors", "find", "help", "list"),
    *("tag We put damp sensors into homes", "peers damp sensors in homes", "open", "verified"),
    *("experts", "usage", "cases", "texts", "my-data", "my-data export", "peers me"),
    *("digest list", "digest preview", "digest", "sources", "person", "peers requests"),
)
SUBJECTS = (registrar.SUBJECT, broker.SUBJECT, reviewer.SUBJECT, curator.SUBJECT, newsdesk.SUBJECT)
_ERASING = ("erase-now",)  # whoever has gone can be found out nothing of
BUTTONS = (
    *("about", "ask", "more", "share", "cases"),
    *(name for one in SUBJECTS for name in one.buttons if name not in _ERASING),
)
OPENS = tuple(name for one in SUBJECTS for name in one.opens)
FORMS = tuple(name for one in SUBJECTS for name in one.forms if name != "my-data")
FIELDS = {"title": "Sensors", "description": "Damp.", "words": "Old.", "line": "Which sensors?"}
_Json = dict[str, Any]
Told = Acknowledged | Answer


class Crowd:
    """Officers of these communities. `seen` holds what buttons and forms carried that anybody was
    shown, to be pressed and sent by others."""

    def __init__(
        self, towns: Sequence[Town], slack: SlackPeer, teams: TeamsPeer, url: str, seed: int
    ) -> None:
        self._towns, self._slack, self._teams, self._url = towns, slack, teams, url
        self._chance, self._token = Random(seed), f"Bearer {teams.token()}"
        self._ids = [name for one in towns for name in one.ids]
        self.pressed: list[tuple[str, str]] = []
        self.forms: list[tuple[str, str]] = []
        self.at: dict[str, int] = {}  # to whom what Slack and we named belongs

    def next(self) -> tuple[Town, Any]:
        """Somebody does something; what the bot answers at once."""
        town, chance = self._chance.choice(self._towns), self._chance.random()
        does = self._in_slack if town.slack else self._in_teams
        return town, does(town, chance)

    def _in_slack(self, town: Town, chance: float) -> Any:  # noqa: ANN401
        who, pick = town.person(self._chance.choice("ab")), self._chance.choice
        places: _Json = {"team_id": town.name, "channel": town.channel, "user": who}
        if chance < 0.2:
            return self._slack.event(mention(pick(ASKED), team=town.name, **places))
        if chance < 0.3:
            chat = {**places, "channel": f"D{who[1:]}", "team": town.name}
            return self._slack.event(direct(pick((*ASKED, *SAID)), **chat))
        if chance < 0.35:
            event = {"type": "app_home_opened", "user": who, "tab": "home"}
            told = mention("", team_id=town.name)
            return self._slack.event({**told, "event": {**event, "channel": f"D{who[1:]}"}})
        url = self._slack.response_url()
        self.at[url] = town.number
        if chance < 0.7:
            there = {"team_id": town.name, "channel_id": town.channel, "user_id": who}
            return self._slack.command(self._noted(town, command(pick(SAID), url, **there)))
        user: _Json = {"user": {"id": who, "team_id": town.name}, "team": {"id": town.name}}
        if chance < 0.88:
            action, value = self._button()
            button = {"type": "button", "action_id": f"press:{action}:0", "value": value}
            shown = {"ts": "1764000000.000001", "channel": town.channel}
            return self._slack.interaction(self._noted(town, press(button, url, shown, **user)))
        kind, key = self._form()
        address = Address(town.channel, "", who, url, community=town.name)
        view = {"callback_id": f"form:{kind}", "private_metadata": address.to_json(key=key)}
        return self._slack.interaction(self._noted(town, submission(view, FIELDS, **user)))

    def _noted(self, town: Town, body: _Json) -> _Json:
        self.at[str(body.get("trigger_id"))] = town.number
        return body

    def _in_teams(self, town: Town, chance: float) -> Any:  # noqa: ANN401
        name, pick = f"c{town.number:02}{self._chance.choice('ab')}", self._chance.choice
        tenant = {"channelData": {"tenant": {"id": town.name}}}
        alone = {"conversationType": "personal", "tenantId": town.name}
        chat = {**alone, "id": chat_with(officer(name)["id"])}
        there: _Json = {**by(name), **tenant, "conversation": chat}
        if chance < 0.2:
            post = f"{1_700_000_000_000 + self._chance.randrange(10**6)}"
            said = self._teams.mention(pick(ASKED), post, **by(name), **tenant)
            place = {"id": f"{town.channel};messageid={post}", "tenantId": town.name}
            return self._post({**said, "conversation": {**said["conversation"], **place}})
        if chance < 0.65:
            return self._post(self._teams.message(pick((*ASKED, *SAID)), **there))
        if chance < 0.75:
            return self._post({**self._teams.searched("damp sensors", chat), **there})
        if chance < 0.9:
            action, value = self._button()
            pressed = {"value": {"action": action, "value": value}, **there}
            return self._post(self._teams.message("", **pressed))
        kind, key = self._form()
        fields = {f"field:{one}": value for one, value in FIELDS.items()}
        sent = {"type": "Action.Execute", "verb": "submit"}
        data = {"form": kind, "formKey": key, **fields}
        value_ = {"action": {**sent, "data": data}, "trigger": "manual"}
        invoke = {"type": "invoke", "name": "adaptiveCard/action", "value": value_}
        return self._post(self._teams.message("", **invoke, **there))

    def _post(self, activity: _Json) -> Any:  # noqa: ANN401
        return self._teams.post(f"{self._url}/api/messages", activity, self._token)

    def _button(self) -> tuple[str, str]:
        """One that somebody was shown, or one made up for what somebody owns."""
        chance = self._chance.random()
        if self.pressed and chance < 0.6:
            return self._chance.choice(self.pressed)
        owned = self._chance.choice(self._ids)
        if chance < 0.8:
            return self._chance.choice(BUTTONS), owned
        return "open", f"{self._chance.choice(OPENS)}:{owned}"

    def _form(self) -> tuple[str, str]:
        if self.forms and self._chance.random() < 0.6:
            return self._chance.choice(self.forms)
        return self._chance.choice(FORMS), self._chance.choice(self._ids)

    def learn(self, sent: object) -> None:
        """Take note of the buttons and forms of something that was sent."""
        if isinstance(sent, list):
            for one in sent:
                self.learn(one)
        elif isinstance(sent, dict):
            self._learned(sent)
            for one in sent.values():
                self.learn(one)

    def _learned(self, sent: _Json) -> None:
        name, value = str(sent.get("action_id", "")), sent.get("value")
        if name.startswith("press:") and isinstance(value, str):
            self.pressed.append((name.split(":")[1], value))
        if isinstance(sent.get("action"), str) and isinstance(value, str):
            self.pressed.append((sent["action"], value))
        if str(sent.get("callback_id", "")).startswith("form:"):
            key = json.loads(sent["private_metadata"]).get("key", "")
            self.forms.append((sent["callback_id"].partition(":")[2], key))
        if "formKey" in sent:
            self.forms.append((str(sent.get("form")), str(sent["formKey"])))
