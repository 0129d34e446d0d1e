"""A day as people in the UK write it."""

from __future__ import annotations

import re
from datetime import date

HOW_TO_WRITE = "Write the day as 24 December 2026, 24/12/2026 or 2026-12-24."
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_WRITTEN = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)"),
    re.compile(r"(?P<day>\d\d?)[/.-](?P<month>\d\d?)[/.-](?P<year>\d{4})"),
    re.compile(r"(?P<day>\d\d?)(?:st|nd|rd|th)?\s*(?P<month>[a-z]{3,9})\.?,?\s*(?P<year>\d{4})?"),
)
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
