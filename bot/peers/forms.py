"""The forms by which help is offered and asked for, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta

from bot.conversation import Choice, Field, Form
from bot.forms import filled, over
from bot.offers import KINDS, NATIONS, REGIONS, Offer, Wish
from bot.peers import wording
from bot.projects import plain

LONGEST_NAME, LONGEST_HELP, LONGEST_LINE, LONGEST_REACH = 100, 1000, 1000, 200
LONGEST_PAUSE = timedelta(days=730)
OFTEN = (1, 2, 4, 8)
_NAME = Field("name", "Your name", longest=LONGEST_NAME)
_COUNCIL = Field("council", "Council", longest=LONGEST_NAME)
_REACH = Field(
    "reach",
    "How to reach you",
    required=False,
    longest=LONGEST_REACH,
    hint="Leave it empty to be reached in chat only. For example a work email address.",
)
_OFFER = (
    Field(
        "help",
        "What you can help with",
        "paragraph",
        longest=LONGEST_HELP,
        hint="A sentence or two: what you did, and what you would do again. Name no residents.",
    ),
    Field(
        "outcomes",
        "Outcomes",
        "choices",
        required=False,
        hint="Leave this out, and I choose the likely ones.",
    ),
    _COUNCIL,
    Field(
        "kind",
        "Kind of council",
        "choice",
        required=False,
        choices=tuple(Choice(one, f"{name[0].upper()}{name[1:]}") for one, name in KINDS.items()),
        hint="This and the next two can be left out where your council's name says it.",
    ),
    Field(
        "nation",
        "Nation",
        "choice",
        required=False,
        choices=tuple(Choice(one, one) for one in NATIONS),
    ),
    Field(
        "region",
        "Region of England",
        "choice",
        required=False,
        choices=tuple(Choice(one, one) for one in REGIONS),
    ),
    Field(
        "name",
        "Your name",
        longest=LONGEST_NAME,
        hint="Shown only to those whom you accept, unless the weekly digest may name you.",
    ),
    _REACH,
    Field(
        "beyond",
        "Who may find it",
        "choice",
        choices=(Choice("no", "This community only"), Choice("yes", "Other communities too")),
        value="no",
    ),
    Field(
        "monthly",
        "How often you may be asked",
        "choice",
        choices=tuple(Choice(str(one), wording.times(one).capitalize()) for one in OFTEN),
        value="2",
    ),
    Field(
        "named",
        "In the weekly digest",
        "choice",
        choices=(
            Choice("no", "Do not name me"),
            Choice("yes", "Name me, with my council and what I can help with"),
        ),
        value="no",
    ),
)
_WISH = (
    Field(
        "line",
        "Your line to them",
        "paragraph",
        longest=LONGEST_LINE,
        hint="What you are doing, and what you would like to know. Name no residents.",
    ),
    _NAME,
    _COUNCIL,
    _REACH,
)
_NO_REACH = "Say how officers of other communities can reach you, for example by a work email."


def offering(outcomes: Sequence[Choice], known: Offer | None, council: str = "") -> Form:
    """What a peer offers, below what they agree to."""
    fields = tuple(
        Field(one.id, one.label, "choices", one.required, one.hint, tuple(outcomes))
        if one.id == "outcomes"
        else one
        for one in _OFFER
    )
    form = Form("offer", wording.JOIN, fields, "Agree and save", lead=wording.CONSENT)
    return filled(form, _values(known) if known else {"council": council})


def pausing() -> Form:
    """Until when somebody is not to be asked."""
    until = Field("until", "Until", "date", hint="From that day on you can be asked again.")
    return Form("pause", "Pause requests", (until,), wording.PAUSE)


def wishing(offer: str, lead: str, known: Offer | None = None) -> Form:
    """What is asked of a peer, and by whom."""
    form = Form("introduce", "Ask an officer", _WISH, "Send", offer, lead)
    if known is None:
        return form
    return filled(form, {"name": known.name, "council": known.council, "reach": known.reach})


def erasing() -> Form:
    """What becomes of registered projects when all else is erased."""
    choices = (Choice("withdraw", wording.WITHDRAW), Choice("hand-over", wording.HAND_OVER))
    projects = Field(
        "projects", "Your projects", "choice", hint=wording.HAND_OVER_HINT, choices=choices
    )
    return Form("erase", "Delete my data", (projects,), "Delete", lead=wording.ERASE_ASKED)


def offered(values: Mapping[str, str], outcomes: Sequence[Choice]) -> tuple[Offer, dict[str, str]]:
    """What the form says, and what is wrong with it, a sentence a field."""
    said = {name: plain(values.get(name, "")) for name in ("name", "help", "council", "reach")}
    for name in ("name", "council", "reach"):
        said[name] = " ".join(said[name].split())
    chosen = tuple(dict.fromkeys(filter(None, values.get("outcomes", "").split(","))))
    picked = {name: values.get(name, "") for name in ("kind", "nation", "region")}
    beyond, monthly = values.get("beyond", ""), values.get("monthly", "")
    named = values.get("named", "no")  # who was not asked has not agreed
    faults = {
        **_lengths(said, {"name": LONGEST_NAME, "help": LONGEST_HELP, "council": LONGEST_NAME}),
        **_lengths(said, {"reach": LONGEST_REACH}),
        **_missing(said, {"help": "Say in a sentence what you can help with."}),
        **_missing(said, {"name": "Give your name.", "council": "Give your council."}),
    }
    if not set(chosen) <= {one.value for one in outcomes}:
        faults["outcomes"] = "Choose from the twelve outcomes."
    known = {"kind": ("", *KINDS), "nation": ("", *NATIONS), "region": ("", *REGIONS)}
    known |= {"beyond": ("no", "yes"), "monthly": tuple(map(str, OFTEN)), "named": ("no", "yes")}
    for name, value in {**picked, "beyond": beyond, "monthly": monthly, "named": named}.items():
        if value not in known[name]:
            faults[name] = "Choose one of those offered."
    if beyond == "yes" and not said["reach"]:
        faults["reach"] = _NO_REACH
    often = int(monthly) if "monthly" not in faults else 1
    offer = Offer(
        outcomes=chosen,
        **said,
        **picked,
        beyond=beyond == "yes",
        monthly=often,
        named=named == "yes",
    )
    return offer, faults


def wished(values: Mapping[str, str], *, beyond: bool) -> tuple[Wish, dict[str, str]]:
    """The same of what is asked; `beyond` where the peer is in another community."""
    said = {name: plain(values.get(name, "")) for name in ("line", "name", "council", "reach")}
    said = {name: " ".join(value.split()) for name, value in said.items()}
    faults = {
        **_lengths(said, {"line": LONGEST_LINE, "name": LONGEST_NAME, "council": LONGEST_NAME}),
        **_lengths(said, {"reach": LONGEST_REACH}),
        **_missing(said, {"line": "Write a line to them.", "name": "Give your name."}),
        **_missing(said, {"council": "Give your council."}),
    }
    if beyond and not said["reach"]:
        faults["reach"] = _NO_REACH
    return Wish(**said), faults


def paused(until: str, today: date) -> date | None:
    """The day that was given, where it is one to pause until."""
    try:
        day = date.fromisoformat(until)
    except ValueError:
        return None
    return day if today < day <= today + LONGEST_PAUSE else None


def _lengths(said: Mapping[str, str], most: Mapping[str, int]) -> dict[str, str]:
    found = {name: over(said[name], longest) for name, longest in most.items()}
    return {name: fault for name, fault in found.items() if fault}


def _missing(said: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    return {
        name: fault
        for name, fault in wanted.items()
        if not any(sign.isalnum() for sign in said[name])
    }


def _values(known: Offer) -> dict[str, str]:
    kept = {**asdict(known), "outcomes": ",".join(known.outcomes)}
    kept |= {"beyond": "yes" if known.beyond else "no", "named": "yes" if known.named else "no"}
    return {name: str(value) for name, value in kept.items()}
