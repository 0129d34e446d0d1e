"""What councils' documents say, made up from a seed: no two sentences alike, all test data."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

COUNCILS = ("Anytown Borough Council", "Otherham City Council", "Somewhere District Council")
_WHO = (
    "The housing team",
    "The contact centre",
    "Revenues and benefits",
    "Adult social care",
    "The digital team",
    "The planning service",
    "Anytown's libraries",
    "Otherham's waste crews",
    "The new front-line team",
    "A small project group",
    "The audit and standards committee",
    "Officers in licensing",
    "The council's finance officers",
    "Our partners at the county",
    "The school admissions service",
    "Trading standards (with Otherham)",
)
_DID = (
    "replaced a paper form with an online service",
    "moved {n} records out of an old case management system",
    "spent £{k},{hundred} on licences and training",
    "answered {n} calls a month that had nothing to do with its work",
    "tested the new page with {few} residents, e.g. people who rent from the council",
    "cut the time from application to decision from {few} to {less} working days",
    "asked {n} households what they wanted to be told, and when",
    "saved £{decimal} million, approx. {percent}% of the year’s budget",
    "found that {percent}% of letters were never opened",
    "agreed a plan with Cllrs and the unions before any change was made",
    "shared what it had learnt with {few} other councils",
    "wrote down who is responsible for which data",
    "trained {n} colleagues in plain English",
    "opened a “digital first” desk at the town hall",
    "published its standard at www.example.org/standard-{few}",
    "kept the phone line open for those who need it",
)
_WHEN = (
    "between {year} and {later}",
    "in the first {few} weeks of {year}",
    "after a pilot in {less} wards (see section {few})",
    "without a change to the {year} budget",
    "while demand rose by {decimal}%",
    "as the {year}/{short} implementation programme had promised",
    "at a cost of £{n} a household",
    "which {percent}% of residents called better than before",
    "under the responsibilities that cabinet set out in {year}",
    "so that nobody has to tell their story twice",
    "and will report again by {few} March {later}",
    "with help from St. Anytown’s volunteers",
)
_TOPICS = (
    "Repairs reported online",
    "Council tax by direct debit",
    "A single view of debt",
    "Missed bins",
    "Blue badges",
    "Parking permits",
    "Planning notices",
    "Assisted digital support",
    "Social care referrals",
    "Telecare in the home",
    "Open data",
    "Library bookings",
    "School places",
    "Licensing",
    "Public Wi-Fi",
    "Staff directory",
)
_ASPECTS = ("what we did", "what it cost", "what changed", "what comes next", "lessons")
_NOUNS = ("Calls", "Letters", "Visits", "Forms", "Repairs", "Permits", "Refunds", "Complaints")


class Prose:
    """Sentences, headings and rows of tables, each given out once."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)
        self._told: set[str] = set()
        aspects = [f"{topic}: {aspect}" for aspect in _ASPECTS for topic in _TOPICS]
        self._headings = aspects
        self._random.shuffle(self._headings)

    def sentence(self) -> str:
        draw = self._random.choice
        return self._once(lambda: f"{draw(_WHO)} {draw(_DID)} {draw(_WHEN)}.")

    def sentences(self, count: int) -> list[str]:
        return [self.sentence() for _ in range(count)]

    def item(self) -> str:
        """An item of a list, which has no full stop."""
        draw = self._random.choice
        told = self._once(lambda: f"{draw(_DID)} {draw(_WHEN)}")
        return told[0].upper() + told[1:]

    def heading(self) -> str:
        return self._headings.pop()

    def row(self, columns: int) -> tuple[str, ...]:
        """A label, then figures."""
        cells = [f"{self._random.choice(_NOUNS)} in {self._random.randint(2001, 2025)}"]
        figures = (f"{self._random.randint(10, 99)},{self._random.randint(100, 999)}", "£{n}k")
        cells += [self._filled(self._random.choice(figures)) for _ in range(columns - 1)]
        return tuple(cells)

    def number(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def _once(self, make: Callable[[], str]) -> str:
        while True:
            told = self._filled(make())
            if told not in self._told:
                self._told.add(told)
                return told

    def _filled(self, pattern: str) -> str:
        year, number = self._random.randint(2012, 2024), self._random.randint
        return pattern.format(
            n=number(120, 980),
            k=number(11, 96),
            hundred=number(100, 999),
            few=number(3, 28),
            less=2,
            decimal=f"{number(1, 9)}.{number(1, 9)}",
            percent=number(11, 88),
            year=year,
            later=year + 1,
            short=(year + 1) % 100,
        )
