"""A conversation in the terminal: buttons as numbers to type, and forms asked field by field."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.conversation import (
    Action,
    Asked,
    Command,
    Field,
    Form,
    Origin,
    Pressed,
    Reply,
    Request,
    Submitted,
    complaint,
    praise,
)
from bot.terminal import ASK, LEFT, PROJECTS, TAG, Job, Line, Terminal
from tests.registering import ALIKE, DRAFT, NO_ADDRESS, REGISTERED, SHOWN, Registrar

ORIGIN = Origin(
    "terminal", "terminal", "run/conversation", "terminal", "terminal", "terminal", alone=True
)
TAG_FORM = ["Laptops", "We lend laptops.", "", "", "2"]


def lines(*typed: str) -> Callable[[str], str]:
    """Reads what is typed, then there is no more."""
    left = iter(typed)

    def read(_: str) -> str:
        try:
            return next(left)
        except StopIteration:
            raise EOFError from None

    return read


async def talk(
    *typed: str, registrar: Registrar | None = None, job: Job = ASK, as_lines: bool = False
) -> tuple[list[Request], str]:
    """What reached the assistant, and what was printed."""
    assistant, out = registrar or Registrar(), io.StringIO()
    await Terminal(assistant.handle, job, "run", out, as_lines=as_lines).converse(lines(*typed))
    return assistant.heard, out.getvalue()


async def test_a_button_is_pressed_by_its_number() -> None:
    heard, printed = await talk("tag we lend laptops", "1")
    assert heard == [Command("tag", "we lend laptops", ORIGIN), Pressed("confirm", "d-1", ORIGIN)]
    assert f"{ALIKE.url}\n\n1 Confirm  2 Change\n" in printed
    assert printed.endswith(f"{REGISTERED.text}\n\n")


@pytest.mark.parametrize("number", ["3", "0", "01", "1 2"])
async def test_a_number_that_is_not_offered_is_a_message(number: str) -> None:
    heard, _ = await talk("tag we lend laptops", number)
    assert heard[1:] == [Asked(number, ORIGIN)]


async def test_a_button_is_offered_only_under_the_last_answer() -> None:
    heard, _ = await talk("tag we lend laptops", "what is inclusion?", "1")
    assert heard[1:] == [Asked("what is inclusion?", ORIGIN), Asked("1", ORIGIN)]


async def test_an_answer_is_rated_and_can_still_be_gone_on_with() -> None:
    answer = Reply("answered", "Yes.", actions=(Action("ask", "Go on", "more"),), feedback="f-1")
    form = Form("wrong", "What was wrong?", (Field("reason", "In a few words", required=False),))
    heard: list[Request] = []

    async def handle(request: Request) -> Reply:
        heard.append(request)
        match request:
            case Asked():
                return answer
            case Pressed("open", _, _):
                return Reply("help", "Noted.", form=form)
            case _:
                return Reply("answered", "Thank you.")

    out = io.StringIO()
    typed = lines("who?", "2", "3", "", "1")
    await Terminal(handle, ASK, "run", out, as_lines=False).converse(typed)
    assert "1 Go on  2 This helped  3 This did not help" in out.getvalue()
    assert heard == [
        Asked("who?", ORIGIN),
        praise("f-1", ORIGIN),
        complaint("f-1", ORIGIN),
        Submitted("wrong", {"reason": ""}, ORIGIN, ""),
        Pressed("ask", "more", ORIGIN),
    ]


async def test_projects_are_searched_and_opened() -> None:
    heard, printed = await talk("laptops", "2", job=PROJECTS)
    assert heard == [Command("projects", "laptops", ORIGIN), Pressed("project", "p-2", ORIGIN)]
    assert (
        "\n1 Laptops for care leavers (test data)\n"
        "2 Damp sensors in Anytown’s council homes (test data)\n"
    ) in printed
    assert printed.endswith(f"{SHOWN.text}\n\n")


async def test_a_form_is_asked_field_by_field_and_leads_to_the_next() -> None:
    heard, printed = await talk("tag", *TAG_FORM, "2, 5 12", "")
    assert heard[1:] == [
        Submitted(
            "project",
            {
                "title": "Laptops",
                "description": "We lend laptops.",
                "council": "",
                "link": "",
                "stage": "doing",
            },
            ORIGIN,
            "k-1",
        ),
        Submitted("outcomes", {"outcomes": "data,inclusion,value", "shared": "no"}, ORIGIN, "k-2"),
    ]
    asked = (
        "Register a project\n\nAn empty line keeps",
        "\nTitle\n  A few words that others would look for.\n",
        "\nCouncil (optional)\n",
        "\nStage [Idea]\n  1 Idea\n  2 Under way\n  3 Done\n",
        "Which outcomes does it serve?\n\nThese speak for the outcomes that are ticked:\n\n- Incl",
        f"[2] {ALIKE.title} (Birmingham City Council, 2023)\n    {ALIKE.url}\n",
        "\nOutcomes [Inclusion, Services]\n  The likely ones are ticked.\n"
        "  Numbers, separated by spaces or commas.\n  1 Connectivity\n",
        "\nWho may find it [This community only]\n",
    )
    assert [part for part in asked if part not in printed] == []
    assert printed.endswith(f"{REGISTERED.text}\n\n")


async def test_what_is_held_is_kept_by_an_empty_line() -> None:
    heard, printed = await talk("tag we lend laptops", "2", "", "", "", "", "", "5", "2")
    changed, outcomes = heard[2], heard[3]
    assert isinstance(changed, Submitted)
    assert changed.values == {**DRAFT, "council": "", "link": ""}
    assert isinstance(outcomes, Submitted)
    assert outcomes.values == {"outcomes": "inclusion", "shared": "yes"}
    assert (
        "\nWhat it does [We lend refurbished laptops to care leavers and teach them to use them.]\n"
    ) in printed


async def test_a_dash_clears_what_is_held_and_a_long_text_is_shown_by_its_beginning() -> None:
    long = "We lend laptops to care leavers. " * 10
    registrar = Registrar(forgetful=True)
    typed = ("Laptops", long, "Anytown", "", "", "", "", "-", "", "")
    heard, printed = await talk("tag", *typed, registrar=registrar)
    first, again = heard[1:3]
    assert isinstance(first, Submitted)
    assert isinstance(again, Submitted)
    assert again.values == {**first.values, "council": ""}
    assert f"\nWhat it does [{long[:79].rstrip()}…]\n" in printed
    assert "\nCouncil (optional) [Anytown]\n" in printed


async def test_what_is_required_or_no_choice_is_asked_again_at_once() -> None:
    heard, printed = await talk(
        *("tag", "", "x" * 121, "Laptops", "We lend.", "", "", "4", "1 2", "idea", "-", "3"),
        *("13", "-", "1,1", "2"),
    )
    first, last = heard[1:]
    assert isinstance(first, Submitted)
    assert isinstance(last, Submitted)
    assert (first.values["title"], first.values["stage"]) == ("Laptops", "done")
    assert last.values == {"outcomes": "connectivity", "shared": "yes"}
    assert "\n  Fill in: Title.\n  Too long by 1 characters; the most is 120.\n" in printed
    number = "  Choose a number from 1 to 3.\n"
    assert f"\n{number * 3}  Choose: Stage.\n" in printed
    assert "\n  Choose numbers from 1 to 12.\n  Choose: Outcomes.\n" in printed


async def test_only_what_is_faulty_is_asked_again() -> None:
    heard, printed = await talk("tag", *TAG_FORM[:3], "www", "2", "https://a.example/", "1", "")
    wrong, right = heard[1:3]
    assert isinstance(wrong, Submitted)
    assert isinstance(right, Submitted)
    assert right.values == {**wrong.values, "link": "https://a.example/"}
    again = printed.partition("One thing is to be put right.")[2]
    assert again.startswith(
        "\n\nLink (optional) [www]\n  Where there is more to read.\n"
        f"  {NO_ADDRESS}\n\nNow say which outcomes it serves.\n"
    )
    assert "Title" not in again.partition("Now say")[0]


async def test_a_stale_form_is_asked_again_with_what_was_typed() -> None:
    registrar = Registrar(forgetful=True)
    heard, printed = await talk("tag", *TAG_FORM, *[""] * 5, "1", "", registrar=registrar)
    first, again = heard[1:3]
    assert isinstance(first, Submitted)
    assert isinstance(again, Submitted)
    assert again.values == first.values
    assert (first.key, again.key) == ("k-1", "k-1b")
    assert "That form was open too long." in printed
    assert "\nTitle [Laptops]\n" in printed


@pytest.mark.parametrize("typed", [["..", "hello"], [*TAG_FORM[:2], " .. ", "hello"], ["Laptops"]])
async def test_a_form_can_be_left_with_nothing_sent(typed: list[str]) -> None:
    heard, printed = await talk("tag", *typed)
    assert heard[1:] == ([Asked("hello", ORIGIN)] if "hello" in typed else [])
    assert f"\n{LEFT}\n\n" in printed


async def test_json_lines_have_no_forms_no_numbers_and_no_person() -> None:
    heard, printed = await talk("tag", "tag we lend laptops", "1", as_lines=True)
    nobody = replace(ORIGIN, person="", address="")
    assert heard == [
        Command("tag", "", nobody),
        Command("tag", "we lend laptops", nobody),
        Asked("1", nobody),
    ]
    assert len(printed.splitlines()) == 3
    assert "Confirm" not in printed


async def test_a_single_project_is_nobodys_and_offers_no_buttons() -> None:
    registrar, out = Registrar(), io.StringIO()
    await Terminal(registrar.handle, TAG, "run", out, as_lines=False).ask(Line("1", "Laptops", ""))
    nobody = replace(ORIGIN, thread="", person="", address="")
    assert registrar.heard == [Command("tag", "Laptops", nobody)]
    assert "Confirm" not in out.getvalue()


async def test_halves_of_characters_in_a_form_are_marked() -> None:
    heard, _ = await talk("tag", "Caf\udce9", *TAG_FORM[1:])
    sent = heard[1]
    assert isinstance(sent, Submitted)
    assert sent.values["title"] == "Caf�"


async def test_the_projects_are_json_as_answers_are() -> None:
    assert PROJECTS.row(Reply("help", "None yet.")) == {
        "status": "help",
        "text": "None yet.",
        "citations": [],
        "outcomes": [],
        "councils": [],
    }
