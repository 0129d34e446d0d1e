"""Requests to /api/messages: activities and invokes of every kind; with a token, or a bad one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from bot.rehearsal.teams import TeamsPeer
from bot.rehearsal.teams_activities import BOT, TENANT
from tests.fuzz_shots import BUTTONS, COMMANDS, FORMS, JSON, NEVER, SAID, Aimed, around
from tests.fuzzing import Draw, Json, odd_bytes, odd_json, written


def _activities(teams: TeamsPeer, chat: str, who: Mapping[str, str]) -> list[Json]:
    here: dict[str, Any] = {
        "conversation": {"id": chat, "conversationType": "personal", "tenantId": TENANT},
        "from": {"id": who["id"], "name": "Robin (test data)", "aadObjectId": who["entra"]},
    }
    group = {**here, "conversation": {"id": chat, "conversationType": "groupChat"}}
    card = {"data": {"form": "project", "formKey": "draft:7", "field:title": "A bin app"}}
    kinds = (
        *("conversationUpdate", "installationUpdate", "messageReaction", "messageUpdate", "event"),
        *("messageDelete", "typing", "endOfConversation", "handoff", "contactRelationUpdate"),
        *("trace", "command", "commandResult", "suggestion", "deleteUserData", "unknown"),
    )
    more = {
        "membersAdded": [{"id": BOT}, {"id": "29:a"}],
        "membersRemoved": [{"id": BOT}],
        "reactionsAdded": [{"type": "like"}],
        "channelData": {"tenant": {"id": TENANT}, "team": {"id": "19:t"}, "eventType": "x"},
    }
    invokes = (
        *("adaptiveCard/action", "message/submitAction", "composeExtension/query", "task/fetch"),
        *("composeExtension/fetchTask", "composeExtension/submitAction", "signin/verifyState"),
        *("fileConsent/invoke", "actionableMessage/executeAction", "unknown", "composeExtension/x"),
    )
    values: list[Json] = [
        *({"action": {**card, "verb": verb, "type": "Action.Execute"}} for verb in ("submit", "x")),
        *({"action": {"verb": "submit", "data": {**card["data"], "form": one}}} for one in FORMS),
        {"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": '{"a": 1}'}},
        {"actionName": "feedback", "actionValue": {"reaction": "dislike", "feedback": "no"}},
        {"commandId": "tagProject", "data": card["data"], "messagePayload": {"body": {}}},
        {"commandId": "tagProject", "messagePayload": {"body": {"content": "<p>A bin app</p>"}}},
        {"commandId": "find", "parameters": [{"name": "words", "value": "damp"}]},
        {"commandId": "find", "parameters": [{"name": "initialRun", "value": "true"}]},
    ]
    file = {"contentType": "application/vnd.microsoft.teams.file.download.info", "name": "a.pdf"}
    told = {"content": {"downloadUrl": f"{teams.service_url}files/none", "uniqueId": "1"}}
    return [
        *(teams.message(text, **here) for text in (*SAID, *COMMANDS)),
        *(teams.mention(text, **{"from": here["from"]}) for text in SAID[:6]),
        *(teams.overheard(text, "1700000000001", **{"from": here["from"]}) for text in SAID[4:8]),
        *(teams.message(text, **group) for text in SAID[:3]),
        *(teams.message("", value={"action": one, "value": "7"}, **here) for one in BUTTONS),
        teams.message("suggest-case", attachments=[{**file, **told}], **here),
        *(teams.message("", type=kind, **more, **here) for kind in kinds),
        *(teams.message("", type="installationUpdate", action=one, **here) for one in ("add", "x")),
        *(
            teams.message("", type="invoke", name=name, value=value, replyToId="17", **here)
            for number, name in enumerate(invokes)
            for value in (values if number in (0, 1, 2, 4, 5) else values[:2])
        ),
    ]


def _of_machines(teams: TeamsPeer) -> list[Json]:
    """What other bots say: not for us."""
    chat = {"id": f"a:{NEVER}", "conversationType": "personal", "tenantId": TENANT}
    return [
        teams.message("help", conversation=chat, **{"from": {"id": "29:x", "role": "bot"}}),
        teams.message("damp?", conversation=chat, **{"from": {"id": "28:another-bot"}}),
    ]


def _strangers(teams: TeamsPeer) -> list[str]:
    """What does not prove that Microsoft sent it."""
    now, good = int(time.time()), teams.token()
    head, claims, sign = good.split(".")
    return [
        *("", "Bearer", "Bearer ", "Basic eDp5", "Bearer x", f"Token {good}", "Bearer a.b.c", good),
        *(f"Bearer {head}.{claims}.", f"Bearer {head}.{claims}", f"Bearer {good}x{sign}"),
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        f"Bearer {'A' * 6000}",
        f"Bearer {teams.token(exp=now - 4000)}",
        f"Bearer {teams.token(nbf=now + 4000)}",
        f"Bearer {teams.token(aud='another')}",
        f"Bearer {teams.token(iss='https://another.example')}",
        f"Bearer {teams.token(serviceurl='https://another.example/')}",
        f"Bearer {teams.token(aud=None)}",
        f"Bearer {teams.token(exp=None)}",
        f"Bearer {TeamsPeer().token(serviceurl=teams.service_url)}",
    ]


class ToTeams:
    """Requests to /api/messages; made once, since tokens and keys take long to make."""

    def __init__(self, teams: TeamsPeer) -> None:
        somebody = {"id": "29:example-officer", "entra": "e1"}
        stranger = {"id": f"29:{NEVER}", "entra": NEVER}
        self._good = _activities(teams, "a:personal", somebody)
        self._bad = _activities(teams, f"a:{NEVER}", stranger)
        self._machines = _of_machines(teams)
        self._token, self._strangers = f"Bearer {teams.token()}", _strangers(teams)

    def shots(self) -> st.SearchStrategy[Aimed]:
        return _to_teams(self)

    def body(self, draw: Draw, how: int) -> bytes:
        """A strange one for the first three, a machine's for the fourth."""
        if how < 3:
            return draw(written(odd_json(self._bad)))
        if how == 3:
            kept = ("conversation", "from", "id", "role", "text", "type", "value")
            return draw(written(odd_json(self._machines, kept)))
        if how == 4:
            return draw(odd_bytes([b'{"type": "message"}', b"[1, 2", b"\xff\xfe{}"]))
        return draw(written(odd_json(self._good)))

    def token(self, draw: Draw, how: int) -> str:
        return draw(st.sampled_from(self._strangers)) if how < 3 else self._token


@st.composite
def _to_teams(draw: Draw, made: ToTeams) -> Aimed:
    how = draw(st.integers(0, 9))
    headers = {"Content-Type": JSON, "Authorization": made.token(draw, how)}
    shot = draw(around("/api/messages", made.body(draw, how), headers))
    return Aimed(shot, refused=how < 3)
