"""Officers who help each other in the terminal: two who type, and the `outcomes` command.

The people and their councils are invented (test data).
"""

from __future__ import annotations

import io
import json
import re

from bot.app import App
from bot.terminal import ASK, PRIVATE, Terminal
from tests.peers_desk import SENSORS, WHAT, WISH
from tests.running import Outcomes

KEEP = ""  # an empty line
REACH = {"ann": "ann@kirklees.example", "bob": "bob@wigan.example"}
DIGITAL = "1"  # the first of the twelve outcomes
JOINS = [SENSORS["help"], DIGITAL, SENSORS["council"], *[KEEP] * 3, SENSORS["name"]]
ASKS = [WISH["line"], WISH["name"], WISH["council"]]


class Typist:
    """Somebody who types lines by a name of their own, and reads what is printed."""

    def __init__(self, app: App, name: str) -> None:
        self._app, self._name = app, name

    async def __call__(self, *typed: str) -> str:
        left, out = iter(typed), io.StringIO()

        def read(_: str) -> str:
            try:
                return next(left)
            except StopIteration:
                raise EOFError from None

        terminal = Terminal(
            self._app.assistant.handle,
            ASK,
            "run",
            out,
            as_lines=False,
            person=self._name,
            collect=self._app.outbox.collect,
        )
        await terminal.converse(read)
        assert next(left, None) is None, "not all of it was read"
        printed = out.getvalue()
        assert "traceback" not in printed.lower()
        if "my-data export" not in typed:
            assert not re.search(r"\bi-[\w-]{12}\b|introduce:", printed), "no id is shown"
        return printed


async def test_two_who_type_are_introduced_and_can_undo_all_of_it(app: App) -> None:
    ann, bob = Typist(app, "ann"), Typist(app, "bob")
    assert "Nobody is among them without having joined" in await ann("peers")
    printed = await ann("peers join", *JOINS, REACH["ann"], KEEP, KEEP, KEEP)
    assert "What you agree to:" in printed
    assert "\nWho may find it [This community only]\n" in printed
    assert "You can be asked from now on." in printed
    assert printed.endswith("\n1 Edit  2 Pause  3 Leave\n\n")
    assert "No other officer here can be asked" in await ann(f"peers {WHAT}"), "not oneself"

    printed = await bob(f"peers {WHAT}", "1", *ASKS, REACH["bob"])
    assert "\n1 Ask an officer at Kirklees Council\n" in printed
    assert "I have passed your line on to the officer at Kirklees Council" in printed
    assert not [one for one in (SENSORS["name"], "Robin", REACH["ann"]) if one in printed]
    assert PRIVATE not in printed

    read = await ann("m1")
    request, _, after = read.partition("m1 Accept  m2 Not now  m3 Stop these\n")
    assert request.startswith(
        f"{PRIVATE}\n\n{WISH['name']} (Wigan Council), as they call themselves"
    )
    assert WISH["line"] in request
    assert REACH["bob"] not in request
    assert after.index("I am introducing you now.") < after.index(PRIVATE)
    assert REACH["bob"] in after
    read = await bob()
    assert read.startswith(f"{PRIVATE}\n\n{SENSORS['name']} (Kirklees Council) agreed to talk")
    assert REACH["ann"] in read
    assert PRIVATE not in await bob("help") + await ann("help"), "each is read once"

    held = await bob("my-data")
    assert "you asked an officer at Kirklees Council (accepted)" in held
    assert "\n1 Export  2 Delete my data\n" in held
    assert WISH["line"] in await bob("my-data export")
    assert "is deleted here" in await bob("my-data delete", "1")
    assert "I hold nothing" in await bob("my-data")
    assert "You have left." in await ann("peers leave", "1")
    assert "No other officer here can be asked" in await bob(f"peers {WHAT}")


def test_the_command_names_councils_as_the_contract_has_it(outcomes: Outcomes) -> None:
    ran = outcomes.run("peers", WHAT, "--json")
    assert (ran.code, ran.err) == (0, "")
    row = json.loads(ran.out)
    assert row.keys() >= {"status", "text", "councils", "people"}
    assert row["status"] == "answered"
    assert row["people"] == []
    assert row["councils"]
    for council in row["councils"]:
        assert council.keys() == {"name", "documents", "why"}
        assert council["name"] in row["text"]
        assert council["documents"]
