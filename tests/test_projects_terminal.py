"""Projects in the terminal from end to end, and by the `outcomes` command from run to run."""

from __future__ import annotations

import io
import json
from pathlib import Path

from bot.app import App
from bot.terminal import ASK, PROJECTS, TAG, Job, Line, Terminal
from tests.projects_desk import (
    APART,
    DAMP,
    LAPTOPS,
    LEND,
    SAVED_LATER,
    WHO_LENDS,
    WHO_SENSES,
    database_away,
    restarted,
)
from tests.running import Outcomes

KEEP = ""  # an empty line
FIRST = [DAMP["title"], DAMP["description"], DAMP["council"], DAMP["link"], "2"]
REGISTERS = ["tag", *FIRST, KEEP, KEEP]
PROJECT = 7  # fields of the one form
OUTCOMES_FIELD = "\nOutcomes [Data, Services]\n"


class Typist:
    """Somebody who types lines, and reads what is printed."""

    def __init__(self, app: App, job: Job = ASK) -> None:
        self._app, self._job = app, job

    async def __call__(self, *typed: str, as_lines: bool = False) -> str:
        left, out = iter(typed), io.StringIO()

        def read(_: str) -> str:
            try:
                return next(left)
            except StopIteration:
                raise EOFError from None

        terminal = Terminal(self._app.assistant.handle, self._job, "run", out, as_lines=as_lines)
        await terminal.converse(read)
        assert next(left, None) is None, "not all of it was read"
        return out.getvalue()


async def test_a_text_is_tagged_confirmed_and_found_at_once(app: App) -> None:
    typed = Typist(app)
    printed = await typed(f"tag {LAPTOPS}", "1")
    assert "- Inclusion, 9" in printed
    assert "\n1 Confirm  2 Change\n" in printed
    assert "Registered. Answers here find it" in printed
    assert printed.endswith("\n1 Edit  2 Withdraw\n\n")
    published, apart, ours = (await typed(WHO_LENDS)).partition(APART)
    assert apart
    assert "Trafford (2024)" in published
    assert LEND in ours


async def test_a_project_is_registered_in_two_steps(app: App) -> None:
    typed = Typist(app)
    first = [
        FIRST[0],
        KEEP,
        "🙂",
        *FIRST[2:],
    ]  # a description is asked for again until there is one
    wrong = ["www.anytown.example", "4", "2"]
    printed = await typed("tag", *first[:4], *wrong, FIRST[1], FIRST[3], "13", "2 12", "2")
    assert "\n  Fill in: What it does.\n" in printed
    assert "\n  Choose a number from 1 to 3.\n" in printed
    again = printed.partition("Something in the form needs another look.")[2]
    assert again.startswith("\n\nWhat it does [🙂]\n")
    assert "\n  Describe the project in a sentence or two" in again
    assert "\n  Give a web address that begins with https://" in again
    assert again.index("- Data, 9") < again.index(OUTCOMES_FIELD)
    assert "\n  Choose numbers from 1 to 12.\n" in again
    assert "Seen by this community and others." in again
    assert "\nOutcomes: Data, Value.\n" in again
    assert DAMP["title"] in (await typed(WHO_SENSES)).partition(APART)[2]


async def test_everything_is_corrected_in_one_form(app: App) -> None:
    corrected = ["Laptops on loan", KEEP, KEEP, KEEP, "3", "4 5", KEEP]
    printed = await Typist(app)(f"tag {LAPTOPS}", "2", *corrected)
    assert f"\nTitle [{LEND}" in printed
    assert "\nOutcomes [Inclusion]\n" in printed
    assert "Laptops on loan (done)\n" in printed
    assert "\nOutcomes: Ethics, Inclusion.\n" in printed


async def test_projects_are_listed_searched_edited_and_withdrawn(app: App) -> None:
    typed = Typist(app)
    assert "No project is registered here yet." in await typed("projects")
    assert "You have no registered project here." in await typed("my projects")
    await typed(*REGISTERS)
    await typed(f"tag {LAPTOPS}", "1")
    listed = await typed("projects")
    assert listed.startswith("2 registered projects, newest first:")
    assert listed.index(LEND) < listed.index(DAMP["title"])
    for text in ("data", "damp"):
        found = await typed(f"projects {text}")
        assert DAMP["title"] in found
        assert LEND not in found
    assert "No project registered here has that outcome" in await typed("projects value")
    assert DAMP["title"] in await typed("projects mine")
    search = Typist(app, PROJECTS)
    printed = await search("damp", "1", "1", "Sensors", *[KEEP] * (PROJECT - 1))
    assert "\nSaved.\n\nSensors (Anytown Borough Council, under way)\n" in printed
    printed = await typed("projects sensors", "1", "2", "1")
    assert "Withdraw “Sensors”? Its text is erased, for good.\n\n1 Withdraw it\n" in printed
    assert "“Sensors” is withdrawn" in printed
    assert "Sensors" not in await typed("projects")
    assert "Sensors" not in (await typed(WHO_SENSES)).partition(APART)[2]


async def test_many_projects_are_listed_five_at_a_time(app: App) -> None:
    typed = Typist(app)
    for number in range(7):
        await typed("tag", f"Project {number}", *FIRST[1:], KEEP, KEEP)
    first, _, second = (await typed("projects", "6")).partition("6 to 7 of 7 registered projects")
    assert first.startswith("1 to 5 of 7 registered projects, newest first:")
    assert "Project 2 (" in first
    assert "Project 1 (" not in first
    assert "Project 1 (" in second
    assert "Next" not in second


async def test_what_is_reported_is_hidden_at_once_and_shown_again(app: App) -> None:
    typed = Typist(app)
    await typed(*REGISTERS)
    title = "Damp sensors in temporary accommodation"
    asked = await typed("report damp sensors in temporary accommodation")
    number = next(line.split()[0] for line in asked.splitlines() if line.endswith(f" {title}"))
    printed = await typed(
        "report damp sensors in temporary accommodation", number, KEEP, "🙂", "That ended."
    )
    assert "\n  Fill in: What is wrong or outdated.\n" in printed
    assert "\n  Say in a sentence what is wrong.\n" in printed
    assert "Thank you." in printed
    printed = await typed("reports", "1")
    assert f"- {title}: “That ended.”" in printed
    assert f"“{title}” is hidden" in printed
    assert title not in await typed(WHO_SENSES)
    assert f"“{title}” is shown again." in await typed("hidden", "1")
    assert title in await typed(WHO_SENSES)


async def test_while_the_database_is_away_forms_keep_their_words_and_can_be_left(
    app: App, tmp_path: Path
) -> None:
    typed = Typist(app)
    async with database_away(app, tmp_path):
        printed = await typed("tag", *FIRST, *[KEEP] * 5, "..", "projects", WHO_LENDS)
    assert printed.count(SAVED_LATER) == 2
    assert f"\nTitle [{DAMP['title']}]\n" in printed
    assert "Left the form; nothing was sent." in printed
    assert "I cannot reach the register of projects just now." in printed
    assert "Trafford (2024)" in printed


async def test_what_a_run_registers_another_edits(app: App) -> None:
    await Typist(app)(*REGISTERS)
    async with restarted(app) as again:
        changed = ["Sensors", *[KEEP] * (PROJECT - 1)]
        assert "\nSaved.\n" in await Typist(again)("projects mine", "1", "1", *changed)


async def test_json_lines_and_single_texts_register_nothing(app: App) -> None:
    lines = (await Typist(app)("tag", f"tag {LAPTOPS}", "1", as_lines=True)).splitlines()
    assert [json.loads(line)["status"] for line in lines[:2]] == ["invalid", "answered"]
    out = io.StringIO()
    await Terminal(app.assistant.handle, TAG, "run", out, as_lines=False).ask(
        Line("1", LAPTOPS, "")
    )
    assert "Confirm" not in out.getvalue()
    assert "No project is registered here yet." in await Typist(app)("projects")


def test_the_command_registers_finds_and_lists_from_run_to_run(outcomes: Outcomes) -> None:
    tagged = outcomes.run("tag", typed=f"{LAPTOPS}\n1\n")
    assert (tagged.code, "Registered." in tagged.out) == (0, True)
    asked = outcomes.run("ask", WHO_LENDS, "--json")
    answer = json.loads(asked.out)
    kinds = {one["title"]: one["kind"] for one in answer["citations"]}
    assert [kind for title, kind in kinds.items() if title.startswith(LEND)] == ["project"]
    listed = json.loads(outcomes.run("projects", "laptops", "--json").out)
    assert [one["kind"] for one in listed["citations"]] == ["project"]
