"""What the list of a site says of a page's last change: what it calls unchanged is not asked for.

Such a validator is what the page's host told (two lines), and below it what the list says of the
page's last change, and the day on which it was asked for.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_AT_LEAST = timedelta(days=7)  # lists are not always true: a page is asked for so often
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def stamped(validator: str, listed: str, day: date) -> str:
    """The validator of a page that was asked for on this day; `listed` is "" where its list does
    not say when it was changed."""
    if not _DAY.match(listed):
        return told(validator)
    etag, changed = [*told(validator).split("\n"), "", ""][:2]
    return "\n".join((etag, changed, listed, day.isoformat()))


def told(validator: str) -> str:
    """What its host told: ETag and Last-Modified, "" for neither."""
    lines = "\n".join(validator.split("\n")[:2])
    return lines if lines.strip() else ""


def is_listed_unchanged(validator: str, listed: str, day: date) -> bool:
    """Whether its list says what it said when the page was asked for, which was within a week and
    later than the day of that change: on that day it may have changed once more."""
    parts = validator.split("\n")
    if len(parts) != 4 or not _DAY.match(listed) or parts[2] != listed:
        return False
    return listed[:10] < parts[3] and day - date.fromisoformat(parts[3]) < _AT_LEAST
