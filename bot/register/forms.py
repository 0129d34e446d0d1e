"""The forms by which projects are registered and changed, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from bot.conversation import Choice, Citation, Field, Form
from bot.forms import filled as filled_in
from bot.forms import over
from bot.projects import (
    LONGEST_COUNCIL,
    LONGEST_DESCRIPTION,
    LONGEST_LINK,
    LONGEST_TITLE,
    STAGES,
    Details,
    details,
)

LONGEST_REPORT = 1000
_DETAILS = (
    Field("title", "Title", longest=LONGEST_TITLE, hint="A few words, for example: Damp sensors"),
    Field(
        "description",
        "What it does",
        "paragraph",
        longest=LONGEST_DESCRIPTION,
        hint="A sentence or two: what it does, for whom, what came of it. Name no residents.",
    ),
    Field("council", "Council", required=False, longest=LONGEST_COUNCIL),
    Field(
        "link",
        "Link",
        required=False,
        longest=LONGEST_LINK,
        hint="A page about it, beginning with https://",
    ),
    Field(
        "stage",
        "Stage",
        "choice",
        required=False,
        choices=tuple(Choice(one, words.capitalize()) for one, words in STAGES.items()),
    ),
)
_SHARED = Field(
    "shared",
    "Who may see it",
    "choice",
    choices=(
        Choice("no", "This community only"),
        Choice("yes", "Other communities too"),
    ),
    value="no",
)
_REPORT = Field(
    "words",
    "What is wrong or outdated",
    "paragraph",
    longest=LONGEST_REPORT,
    hint="Administrators of this community read it.",
)
NONE_CHOSEN = "Choose at least one outcome."
NOT_AN_OUTCOME = "Choose from the twelve outcomes."
NOT_A_CHOICE = "Choose who may see it."


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form says of a project, and what is wrong with it, by field."""

    details: Details
    outcomes: tuple[str, ...]
    shared: bool
    faults: dict[str, str]


def describing(known: Details | None = None) -> Form:
    """The first step: what the project is. The outcomes come after it."""
    return filled_in(Form("project", "Tag a project", _DETAILS, submit="Next"), _values(known))


def choosing(key: str, outcomes: Sequence[Choice], likely: Collection[str]) -> Form:
    """The second step: which outcomes, the likely ones chosen already, and who may see it."""
    fields = (_chosen(outcomes, likely), _SHARED)
    return Form("outcomes", "Its outcomes", fields, submit="Register", key=key)


def registering(
    key: str, known: Details, outcomes: Sequence[Choice], likely: Collection[str]
) -> Form:
    """Both steps in one, for a text that is there already."""
    fields = (*_DETAILS, _chosen(outcomes, likely), _SHARED)
    form = Form("register", "Register a project", fields, submit="Register", key=key)
    return filled_in(form, _values(known))


def editing(
    key: str,
    known: Details,
    outcomes: Sequence[Choice],
    chosen: Collection[str],
    *,
    shared: bool,
) -> Form:
    """A registered project, to be changed."""
    fields = (*_DETAILS, _chosen(outcomes, chosen), _SHARED)
    form = Form("edit", "Edit a project", fields, submit="Save", key=key)
    return filled_in(form, {**_values(known), "shared": "yes" if shared else "no"})


def reporting(document: str, title: str) -> Form:
    """What is wrong with a case study or a project."""
    return Form("report", "Report", (_REPORT,), key=document, lead=title)


def blank(form: str, key: str, outcomes: Sequence[Choice]) -> Form:
    """One of the forms above, by its id."""
    nothing = Details("", "")
    match form:
        case "project":
            return describing()
        case "outcomes":
            return choosing(key, outcomes, ())
        case "edit":
            return editing(key, nothing, outcomes, (), shared=False)
        case "report":
            return reporting(key, "")
        case _:
            return registering(key, nothing, outcomes, ())


def report_fault(words: str) -> str:
    """What is wrong with a report, or ""."""
    if not any(sign.isalnum() for sign in words):
        return "Say in a sentence what is wrong."
    return over(words, LONGEST_REPORT)


def filled(form: str, values: Mapping[str, str], outcomes: Sequence[Choice]) -> Filled:
    """What a form says. What it should have and lacks counts as left empty."""
    describes, chooses = form != "outcomes", form != "project"
    known, faults = details(values) if describes else (Details("", ""), {})
    chosen = tuple(dict.fromkeys(filter(None, values.get("outcomes", "").split(","))))
    if chooses and not chosen:
        faults["outcomes"] = NONE_CHOSEN
    if not set(chosen) <= {one.value for one in outcomes}:
        faults["outcomes"] = NOT_AN_OUTCOME
    if chooses and values.get("shared") not in ("no", "yes"):
        faults["shared"] = NOT_A_CHOICE
    return Filled(known, chosen, values.get("shared") == "yes", faults)


def explained(form: Form, lead: str, citations: Sequence[Citation]) -> Form:
    """The form with words above its fields, and their sources."""
    return replace(form, lead=lead, citations=tuple(citations))


def _chosen(outcomes: Sequence[Choice], likely: Collection[str]) -> Field:
    value = ",".join(one.value for one in outcomes if one.value in likely)
    return Field("outcomes", "Outcomes", "choices", choices=tuple(outcomes), value=value)


def _values(known: Details | None) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(known).items()} if known else {}
