"""Due times: at the right local time in every zone, through every clock change."""

from __future__ import annotations

import os
import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from itertools import islice
from pathlib import Path
from zoneinfo import TZPATH

import pytest

from bot.weeks import WEEKDAYS, Schedule, due_on, dues, dues_after, period_at, zone_named

# Halves of hours, a winter that is the exception, two hours at once, a fast in between, none.
ZONES = (
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "Asia/Kathmandu",
    "America/Santiago",
)
FIRST, WEEKS = date(2026, 1, 1), 10 * 52 + 3
HALF_DAY = 12 * 3600


@pytest.fixture
def by_the_system() -> Iterator[None]:
    """The C library tells the local time, which knows nothing of Python's zones."""
    before = os.environ.get("TZ")
    yield
    os.environ.pop("TZ", None)
    if before is not None:
        os.environ["TZ"] = before
    clock.tzset()


def told_by_the_system(wall: datetime) -> int:
    """Seconds since 1970 of a local time: the first at which its clocks show it; where none does,
    what it would have been by the clocks before."""
    as_if = int(wall.replace(tzinfo=UTC).timestamp())
    before, after = (
        clock.localtime(as_if + shift).tm_gmtoff for shift in (-2 * HALF_DAY, 2 * HALF_DAY)
    )
    found = [
        as_if - offset
        for offset in {before, after}
        if clock.localtime(as_if - offset)[:5] == wall.timetuple()[:5]
    ]
    return min(found, default=as_if - before)


def rules_of(zone: str) -> str:
    """The file that Python reads too: the computer's own, else that of the package."""
    folders = [Path(one) for one in TZPATH] + [Path(str(files("tzdata") / "zoneinfo"))]
    return next(str(one / zone) for one in folders if (one / zone).is_file())


@pytest.mark.usefixtures("by_the_system")
@pytest.mark.parametrize("zone", ZONES)
def test_ten_years_in_ten_zones_are_as_the_system_tells_them(zone: str) -> None:
    os.environ["TZ"] = f":{rules_of(zone)}"
    clock.tzset()
    shifted = 0
    # On Sundays at night most clocks change; the others are ordinary mornings.
    for weekday, at in ((6, "00:30"), (6, "01:30"), (6, "02:15"), (6, "02:50"), (0, "09:00")):
        schedule = Schedule(weekday, time.fromisoformat(at), zone)
        day = FIRST + timedelta(days=(weekday - FIRST.weekday()) % 7)
        for period, due in islice(dues(schedule, FIRST), WEEKS):
            wall = datetime.combine(day, schedule.at)
            assert due.timestamp() == told_by_the_system(wall), (zone, wall)
            assert period == f"{day:%G-W%V}"
            shifted += clock.localtime(due.timestamp())[:5] != wall.timetuple()[:5]
            day += timedelta(weeks=1)
    changes = zone not in ("Asia/Kathmandu",)
    assert bool(shifted) == changes, "no time that clocks skip was among them"


@pytest.mark.parametrize(
    ("day", "at", "due"),
    [
        (date(2026, 3, 29), "00:59", "2026-03-29T00:59"),
        (date(2026, 3, 29), "01:30", "2026-03-29T01:30"),  # skipped: it is 02:30 there
        (date(2026, 3, 29), "02:30", "2026-03-29T01:30"),
        (date(2026, 10, 25), "01:30", "2026-10-25T00:30"),  # twice: the first
        (date(2026, 10, 25), "02:30", "2026-10-25T02:30"),
    ],
)
def test_both_clock_changes_of_london(day: date, at: str, due: str) -> None:
    schedule = Schedule(6, time.fromisoformat(at), "Europe/London")
    assert due_on(schedule, day) == datetime.fromisoformat(f"{due}+00:00")


def test_weeks_are_those_of_iso_through_a_turn_of_the_year() -> None:
    schedule = Schedule(0, time(9), "Europe/London")
    periods = [period for period, _ in islice(dues(schedule, date(2026, 12, 21)), 4)]
    assert periods == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]


def test_the_first_day_counts_and_what_is_due_now_is_not_to_come() -> None:
    schedule = Schedule(0, time(9), "Europe/London")
    monday = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert next(dues(schedule, monday.date())) == ("2026-W10", monday)
    assert next(dues_after(schedule, monday)) == ("2026-W11", monday + timedelta(weeks=1))
    earlier = monday - timedelta(seconds=1)
    assert next(dues_after(schedule, earlier)) == ("2026-W10", monday)


def test_the_week_is_that_of_the_readers() -> None:
    sunday_night = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert period_at(Schedule(0, time(9), "Europe/London"), sunday_night) == "2026-W09"
    assert period_at(Schedule(0, time(9), "Europe/Paris"), sunday_night) == "2026-W10"


def test_the_calendar_has_an_end() -> None:
    schedule = Schedule(4, time(9), "Europe/London")
    assert [due.year for _, due in dues(schedule, date(9999, 12, 20))] == [9999] * 2


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Europe/London", "Europe/London"),
        (" europe/london ", "Europe/London"),
        ("London", "Europe/London"),
        ("new york", "America/New_York"),
        ("UTC", "UTC"),
        ("Atlantis", ""),
        ("", ""),
        ("../etc/passwd", ""),
    ],
)
def test_zones_are_taken_as_people_write_them(said: str, meant: str) -> None:
    assert zone_named(said) == meant


def test_days_begin_with_monday() -> None:
    assert WEEKDAYS[date(2026, 3, 2).weekday()] == "Monday"
