"""When something weekly is due: a weekday and a time of day where its readers are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """`weekday` is 0 for Monday; `at` is on the clocks of `zone`, an IANA name."""

    weekday: int
    at: time
    zone: str


def due_on(schedule: Schedule, day: date) -> datetime:
    """When it is due on a day, in UTC. A time that a clock change skips moves forward by what is
    skipped; of one that comes twice the first is meant. Both are what `fold=0` does."""
    local = datetime.combine(day, schedule.at, tzinfo=ZoneInfo(schedule.zone))
    return local.astimezone(UTC)


def dues(schedule: Schedule, first: date) -> Iterator[tuple[str, datetime]]:
    """Every period, an ISO week, with when it is due; from the first day on, that day included."""
    day = first + timedelta(days=(schedule.weekday - first.weekday()) % 7)
    while True:
        yield period_of(day), due_on(schedule, day)
        try:
            day += WEEK
        except OverflowError:
            return


def dues_after(schedule: Schedule, moment: datetime) -> Iterator[tuple[str, datetime]]:
    """Those due later than a moment."""
    first = moment.astimezone(ZoneInfo(schedule.zone)).date() - timedelta(days=1)
    return ((period, due) for period, due in dues(schedule, first) if due > moment)


def period_at(schedule: Schedule, moment: datetime) -> str:
    """The ISO week of a moment, where the readers are."""
    return period_of(moment.astimezone(ZoneInfo(schedule.zone)).date())


def period_of(day: date) -> str:
    """The ISO week of a day: 2026-W10."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def zone_named(text: str) -> str:
    """The IANA name of a time zone as people write it, "London" too; "" where there is none."""
    said = "_".join(text.strip().lower().split())
    return _zones().get(said, "")


@cache
def _zones() -> dict[str, str]:
    """Names in lower case, and the cities of those where only one is called so."""
    names = sorted(available_timezones())
    cities: dict[str, list[str]] = {}
    for name in names:
        cities.setdefault(name.rpartition("/")[2].lower(), []).append(name)
    alone = {city: found[0] for city, found in cities.items() if len(found) == 1}
    return {**alone, **{name.lower(): name for name in names}}
