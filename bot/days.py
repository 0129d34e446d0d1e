"""A day, and a time of day, as people in the UK write them."""

from __future__ import annotations

import re
from datetime import date, time

HOW_TO_WRITE = "Write the day as 24 December 2026, 24/12/2026 or 2026-12-24."
HOW_TO_WRITE_A_TIME = "Write the time as 9:30, 17:00 or 5 pm."
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_WRITTEN = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)"),
    re.compile(r"(?P<day>\d\d?)[/.-](?P<month>\d\d?)[/.-](?P<year>\d{4})"),
    re.compile(r"(?P<day>\d\d?)(?:st|nd|rd|th)?\s*(?P<month>[a-z]{3,9})\.?,?\s*(?P<year>\d{4})?"),
)
_CLOCK = (
    re.compile(r"(?P<hour>\d\d?)[:.](?P<minute>\d\d) ?(?P<half>[ap]m)?"),
    re.compile(r"(?P<hour>\d\d?)(?P<minute>\d\d) ?(?P<half>[ap]m)?"),
    re.compile(r"(?P<hour>\d\d?)(?P<minute>) ?(?P<half>[ap]m)"),
)
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_LEAP = 8  # years in which each day of the calendar comes at least once


def day_written(text: str, today: date) -> date | None:
    """The day that a text names; without a year, the next such day from `today` on. None where
    it names none."""
    said = " ".join(text.lower().split())
    found = next((one for form in _WRITTEN if (one := form.fullmatch(said))), None)
    month = _month(found["month"]) if found else 0
    if not found or not month:
        return None
    years = [int(found["year"])] if found["year"] else range(today.year, today.year + _LEAP + 1)
    days = (_day(year, month, int(found["day"])) for year in years)
    return next((day for day in days if day and (found["year"] or day >= today)), None)


def time_written(text: str) -> time | None:
    """The time of day that a text names, on 24 hours or with am or pm. None where it names none."""
    said = " ".join(text.lower().split()).replace("a.m.", "am").replace("p.m.", "pm")
    found = next((one for form in _CLOCK if (one := form.fullmatch(said))), None)
    if not found:
        return _NAMED.get(said)
    hour = _hour(int(found["hour"]), found["half"] or "")
    try:
        return time(hour, int(found["minute"] or 0))
    except ValueError:
        return None


def _hour(written: int, half: str) -> int:
    """The hour on 24; one that there is not for one that its half of the day has not."""
    if not half:
        return written
    return written % 12 + (12 if half == "pm" else 0) if 1 <= written <= 12 else 24


def _month(written: str) -> int:
    """Its number, 0 for none."""
    if written.isdecimal():
        return int(written)
    names = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(written)]
    return names[0] if names else 0


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
