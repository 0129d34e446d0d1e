"""Two people in two terminals: messages that wait, their buttons, days and times as typed.

The people are invented.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date

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
)
from bot.days import HOW_TO_WRITE, HOW_TO_WRITE_A_TIME, day_written, time_written
from bot.terminal import ASK, PEERS, PRIVATE, Job, Terminal

TODAY = date(2026, 11, 25)
PAUSE = Form("pause", "Pause requests", (Field("until", "Until", "date", value="2026-12-01"),))
DIGEST = Form("digest", "Weekly digest", (Field("at", "Time", "time", value="09:00"),))
REQUEST = Reply(
    "help",
    "An officer would like your help (test data).",
    actions=(Action("accept", "Accept", "i-1"), Action("not-now", "Not now", "i-1")),
)
INTRODUCED = Reply("help", "You are introduced to Sam Sample (test data).")
FOUND = Reply("answered", "One officer.", actions=(Action("open", "Ask", "introduce:p"),))


class Matchmaker:
    """Has messages for people, and writes to Vic when somebody accepts."""

    def __init__(self, **waiting: list[Reply]) -> None:
        self.waiting, self.heard = waiting, list[Request]()

    async def handle(self, request: Request) -> Reply:
        self.heard.append(request)
        match request:
            case Command("peers", "pause", _):
                return Reply("help", "Until when?", form=PAUSE)
            case Command("peers", "digest", _):
                return Reply("help", "When?", form=DIGEST)
            case Pressed("accept", _, _):
                self.waiting["vic"] = [INTRODUCED]
        return FOUND

    async def collect(self, origin: Origin) -> list[Reply]:
        return self.waiting.pop(origin.person, [])

    async def talks(
        self, person: str, typed: Iterable[str], job: Job = ASK, *, as_lines: bool = False
    ) -> str:
        left, out = iter([*typed, ""]), io.StringIO()
        terminal = Terminal(
            self.handle,
            job,
            "run",
            out,
            as_lines=as_lines,
            person=person,
            collect=self.collect,
            today=lambda: TODAY,
        )
        await terminal.converse(lambda _: next(left))
        return out.getvalue()


def pressed(matchmaker: Matchmaker) -> list[str]:
    return [one.action for one in matchmaker.heard if isinstance(one, Pressed)]


async def test_a_message_is_shown_first_and_its_buttons_outlast_answers() -> None:
    matchmaker = Matchmaker(ann=[REQUEST])
    printed = await matchmaker.talks("ann", ["peers damp", "1", "M1"])
    assert printed.startswith(f"{PRIVATE}\n\n{REQUEST.text}\n\nm1 Accept  m2 Not now\n\n")
    assert printed.count(PRIVATE) == 1
    assert pressed(matchmaker) == ["open", "accept"]
    assert {one.origin.person for one in matchmaker.heard} == {"ann"}
    assert {one.origin.address for one in matchmaker.heard} == {"ann"}
    assert INTRODUCED.text in await matchmaker.talks("vic", [])


async def test_what_comes_meanwhile_stands_below_the_answer_and_is_numbered_on() -> None:
    matchmaker = Matchmaker(vic=[REQUEST, REQUEST])
    printed = await matchmaker.talks("vic", ["m3", "m1", "m9"])
    assert "m1 Accept  m2 Not now" in printed
    assert "m3 Accept  m4 Not now" in printed
    assert printed.endswith("One officer.\n\n1 Ask\n\n")
    assert f"{FOUND.text}\n\n1 Ask\n\n{PRIVATE}\n\n{INTRODUCED.text}\n\n" in printed
    assert pressed(matchmaker) == ["accept", "accept"]
    assert matchmaker.heard[-1] == Asked("m9", matchmaker.heard[-1].origin)


async def test_json_lines_have_no_messages() -> None:
    matchmaker = Matchmaker(ann=[REQUEST], terminal=[REQUEST])
    printed = await matchmaker.talks("ann", ["damp"], PEERS, as_lines=True)
    assert len(printed.splitlines()) == 1
    assert matchmaker.heard == [Command("peers", "damp", matchmaker.heard[0].origin)]
    assert matchmaker.waiting.keys() == {"ann", "terminal"}


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        (["24/12/2026"], "2026-12-24"),
        (["soon", "24", "31 February", "24 Dec"], "2026-12-24"),
        ([""], "2026-12-01"),
        (["-", "2 january"], "2027-01-02"),
    ],
)
async def test_a_day_is_typed_as_it_is_written(typed: list[str], until: str) -> None:
    matchmaker = Matchmaker()
    printed = await matchmaker.talks("ann", ["pause", *typed], PEERS)
    sent = matchmaker.heard[-1]
    assert isinstance(sent, Submitted)
    assert sent.values == {"until": until}
    assert "\nUntil [1 December 2026]\n  A day, such as 24 December 2026.\n" in printed
    assert printed.count(HOW_TO_WRITE) == (len(typed) - 1 if "soon" in typed else 0)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        *((one, "2026-12-24") for one in ("2026-12-24", "24/12/2026", "24.12.2026", " 24 Dec ")),
        *((one, "2026-12-24") for one in ("24 December 2026", "24th december", "24 Dec, 2026")),
        ("25 November", "2026-11-25"),
        ("24 Nov", "2027-11-24"),
        ("29 February", "2028-02-29"),
        ("1 Sept 2025", "2025-09-01"),
        *((one, "") for one in ("", "soon", "24", "24 De", "30 February", "32/01/2027")),
        *((one, "") for one in ("12/24/2026", "2026-13-01", "0 Dec", "24 Dec 2026 or later")),
    ],
)
def test_a_day_is_read_as_people_here_write_it(written: str, day: str) -> None:
    found = day_written(written, TODAY)
    assert (found.isoformat() if found else "") == day


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        (["9:30 pm"], "21:30"),
        (["soon", "25:00", "9", "9.30"], "09:30"),
        ([""], "09:00"),
        (["-", "0930"], "09:30"),
    ],
)
async def test_a_time_is_typed_as_it_is_written(typed: list[str], at: str) -> None:
    matchmaker = Matchmaker()
    printed = await matchmaker.talks("ann", ["digest", *typed], PEERS)
    sent = matchmaker.heard[-1]
    assert isinstance(sent, Submitted)
    assert sent.values == {"at": at}
    assert "\nTime [09:00]\n  A time, such as 9:30 or 5 pm.\n" in printed
    fault = f"  That is not a time of day. {HOW_TO_WRITE_A_TIME}\n"
    assert printed.count(fault) == (len(typed) - 1 if "soon" in typed else 0)
    assert ("  Fill in: Time.\n" in printed) == ("-" in typed)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        *((one, "09:30") for one in ("9:30", "09:30", "9.30", "0930", "930", " 9:30 AM ")),
        *((one, "21:30") for one in ("21:30", "2130", "9:30 pm", "9.30pm", "930pm", "9:30 p.m.")),
        *((one, "09:00") for one in ("9am", "9 am", "9 a.m.", "09:00")),
        *((one, "00:00") for one in ("0:00", "12am", "12:00 am", "midnight")),
        *((one, "12:00") for one in ("12pm", "12.00", "noon", "Midday")),
        *((one, "") for one in ("", "9", "soon", "24:00", "9:60", "13pm", "0am", "9:3", "-1:30")),
        *((one, "") for one in ("9:30:00", "9:30 or so", "2026-12-24", "at 9:30", "12345")),
    ],
)
def test_a_time_is_read_as_people_here_write_it(written: str, at: str) -> None:
    found = time_written(written)
    assert (f"{found:%H:%M}" if found else "") == at
