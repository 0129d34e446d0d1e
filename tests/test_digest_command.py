"""`outcomes digest` as whoever runs the program uses it. The channel is invented (test data)."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.__main__ import main
from bot.digests import Subscription
from bot.store import Store
from tests.digesting import CHOICES, Channel
from tests.running import Outcomes

Told = pytest.CaptureFixture[str]
LONDON = ZoneInfo("Europe/London")


def times(told: Told, *given: str) -> list[Any]:
    """What the command prints."""
    assert main(("digest", "times", *given, "--json")) == 0
    return [json.loads(line) for line in told.readouterr().out.splitlines()]


@pytest.fixture
def here(outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch) -> Outcomes:
    """The settings of a process of its own, without starting one for every line that is read."""
    for name, value in outcomes.settings.items():
        monkeypatch.setenv(name, value)
    return outcomes


def test_due_times_are_the_contracts_through_both_clock_changes(capsys: Told) -> None:
    given = ("--weekday", "mon", "--time", "09:00", "--zone", "Europe/London")
    rows = times(capsys, *given, "--from", "2026-03-01", "--weeks", "60")
    assert rows[0] == {"period": "2026-W10", "due_utc": "2026-03-02T09:00:00Z"}
    assert [list(row) for row in rows] == [["period", "due_utc"]] * 60
    days = [date(2026, 3, 2) + timedelta(weeks=week) for week in range(60)]
    local = [datetime.combine(day, time(9), LONDON).astimezone(UTC) for day in days]
    assert [row["due_utc"] for row in rows] == [f"{due:%Y-%m-%dT%H:%M:%SZ}" for due in local]
    assert {row["due_utc"][11:] for row in rows} == {"09:00:00Z", "08:00:00Z"}
    assert [row["period"] for row in rows] == [f"{day:%G-W%V}" for day in days]


@pytest.mark.parametrize(
    ("day", "at", "due"),
    [
        ("2026-03-29", "01:30", "2026-03-29T01:30:00Z"),  # skipped: 02:30, which is in summer
        ("2026-10-25", "01:30", "2026-10-25T00:30:00Z"),  # comes twice: the first, in summer
        ("2026-10-25", "02:00", "2026-10-25T02:00:00Z"),
    ],
)
def test_that_day_is_included_and_what_clocks_skip_is_moved(
    capsys: Told, day: str, at: str, due: str
) -> None:
    (row,) = times(capsys, "--weekday", "sun", "--time", at, "--from", day, "--weeks", "1")
    assert row["due_utc"] == due


def test_left_out_it_is_mondays_at_nine_in_london_from_today(capsys: Told) -> None:
    rows = times(capsys)
    assert len(rows) == 8
    first = datetime.fromisoformat(rows[0]["due_utc"]).astimezone(LONDON)
    assert (first.weekday(), first.hour) == (0, 9)
    assert timedelta(days=-1) < first - datetime.now(UTC) < timedelta(days=8)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("times --weekday someday", "write a day of the week, such as mon"),
        ("times --weekday t", "write a day of the week, such as mon"),
        ("times --time 25:00", "write a time such as 09:00"),
        ("times --time 09:00+02:00", "write a time such as 09:00"),
        ("times --zone Atlantis", "write a time zone such as Europe/London"),
        ("times --from yesterday", "write a day such as 2026-03-01"),
        ("times --from 9999-12-30", "write a day from 1970 to 2999"),
        ("times --weeks 0", "write a number from 1 to 1200"),
        ("times --weeks many", "write a number from 1 to 1200"),
        ("preview --days -1", "write a number from 1 to 1200"),
        ("", "JOB"),
        ("post", "invalid choice: 'post'"),
    ],
)
def test_what_is_not_understood_is_bad_usage(capsys: Told, given: str, sentence: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(("digest", *given.split()))
    assert left.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert sentence in told.err.splitlines()[-1]


def kept(outcomes: Outcomes, name: str, community: str) -> Subscription:
    """A digest in a channel of its own."""

    async def keeping() -> Subscription:
        store = await Store.open(outcomes.settings["DATABASE_URL"])
        found = await Channel(store, name, community).follows(CHOICES)
        await store.close()
        return found

    return asyncio.run(keeping())


def test_a_preview_needs_no_channel(here: Outcomes, capsys: Told) -> None:
    assert main(("digest", "preview", "--json")) == 0
    row = json.loads(capsys.readouterr().out)
    assert list(row) == ["sections", "text", "empty"]
    assert row["empty"] is True
    assert [one["kind"] for one in row["sections"]] == ["explained"]
    for line in row["sections"][0]["lines"]:
        assert line["text"] in row["text"]
        assert line["url"].startswith("https://")


def test_it_says_what_would_be_posted_where(here: Outcomes, capsys: Told) -> None:
    digests = [kept(here, "C-1", "leeds"), kept(here, "C-2", "york")]
    dry = here.run("digest", "send", "--dry-run", "--json")
    assert (dry.code, dry.err) == (0, "")
    rows = [json.loads(line) for line in dry.out.splitlines()]
    assert [row["channel"] for row in rows] == ["C-1", "C-2"]
    for row, digest in zip(rows, digests, strict=True):
        assert row["would"] == "nothing new, not posted"
        assert row["next_utc"] == f"{digest.next_due:%Y-%m-%dT%H:%M:%SZ}"
        assert row["empty"] is True
        assert row["text"].startswith("A quiet week")
    assert main(("digest", "send", "--dry-run", "--community", "nowhere")) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "outcomes: no digest is set up: say digest in a channel\n")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("send --dry-run --channel C-9", "no digest comes in C-9"),
        ("preview --channel C-9", "no digest comes in C-9"),
        ("send", "give --channel ID to post one, or --dry-run to see all"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    here: Outcomes, capsys: Told, given: str, sentence: str
) -> None:
    assert main(("digest", *given.split())) == 1
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert told.err.startswith(f"outcomes: {sentence}")
