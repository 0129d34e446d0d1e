"""The forms by which case studies are suggested and decided on, and texts confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath

from bot.attached import Attached
from bot.cases import wording
from bot.conversation import Choice, Field, Form, Submitted
from bot.forms import filled, over
from bot.projects import LONGEST_COUNCIL, LONGEST_LINK, LONGEST_TITLE, plain
from bot.showing import address
from bot.texts import About, OwnText, Suggested, TextKind
from indexer.parsing.kinds import SUFFIXES

SUGGEST, ASK, DECLINE, TEXT = "suggest-case", "case-ask", "case-decline", "text"
FILE = "file"
LONGEST_TOLD, LONGEST_QUESTION = 4000, 1000
FIRST_YEAR = 1990
_FILE = Field(FILE, wording.FILE_FIELD, "file", required=False, hint=wording.FILE_HINT)
_SUGGESTED = (
    Field("title", wording.TITLE_FIELD, hint=wording.TITLE_HINT, longest=LONGEST_TITLE),
    Field(
        "told",
        wording.TOLD_FIELD,
        "paragraph",
        hint=wording.TOLD_HINT,
        longest=LONGEST_TOLD,
    ),
    Field("council", wording.COUNCIL_FIELD, required=False, longest=LONGEST_COUNCIL),
    Field(
        "link",
        wording.LINK_FIELD,
        required=False,
        hint=wording.LINK_HINT,
        longest=LONGEST_LINK,
    ),
    _FILE,
)


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form of a suggestion says, and what is wrong with it, by field."""

    values: Mapping[str, str]
    file: Attached | None
    faults: dict[str, str]


def suggesting(key: str, values: Mapping[str, str], lead: str = "") -> Form:
    """The form; of a file that is kept already the value is its name."""
    lead = lead or wording.SUGGEST_LEAD
    title, submit = wording.SUGGEST_TITLE, wording.SUGGEST_SUBMIT
    form = filled(Form(SUGGEST, title, _SUGGESTED, submit, key, lead), values)
    kept = values.get("file", "")
    hint = wording.file_kept(kept) if kept else wording.FILE_HINT
    return replace(form, fields=(*form.fields[:-1], replace(form.fields[-1], hint=hint)))


def known(one: Suggested) -> dict[str, str]:
    """What an officer wrote before."""
    return {
        "title": one.title,
        "told": one.told,
        "council": one.council,
        "link": one.link,
        "file": one.file_name,
    }


def offered(request: Submitted) -> Offered:
    """What was filled in, and the file that came with it."""
    said = request.values
    values = {name: " ".join(plain(said.get(name, "")).split()) for name in ("title", "council")}
    values["told"] = plain(said.get("told", ""))
    values["link"] = "".join(said.get("link", "").split())
    files = [one for one in request.files if one.field == _FILE.id]
    file = files[0] if files else None
    faults = {
        "title": over(values["title"], LONGEST_TITLE)
        or ("" if _says(values["title"]) else wording.NO_TITLE),
        "told": over(values["told"], LONGEST_TOLD)
        or ("" if _says(values["told"]) else wording.NO_TOLD),
        "council": over(values["council"], LONGEST_COUNCIL),
        "link": over(values["link"], LONGEST_LINK)
        or ("" if not values["link"] or address(values["link"]) else wording.NOT_A_LINK),
        "file": wording.ONE_FILE if len(files) > 1 else unreadable(file),
    }
    wrong = {field: fault for field, fault in faults.items() if fault}
    return Offered(values, None if "file" in wrong else file, wrong)


def unreadable(file: Attached | None) -> str:
    """Why a file cannot be taken, or ""."""
    if file is None or file.fault:
        return file.fault if file else ""
    if PurePath(file.name.lower()).suffix not in SUFFIXES:
        return wording.not_a_file(file.name, sorted(SUFFIXES))
    return "" if file.content else wording.EMPTY_FILE


def asking(key: str, title: str) -> Form:
    """A question to whoever suggested it; `key` is the suggestion's id."""
    lead = wording.ASK_LEAD.format(title) if title else ""
    field = Field("question", wording.ASK_FIELD, "paragraph", longest=LONGEST_QUESTION)
    return Form(ASK, wording.ASK_TITLE, (field,), wording.ASK_SUBMIT, key, lead)


def declining(key: str, title: str) -> Form:
    """Why it is not accepted, which need not be said."""
    lead = wording.DECLINE_LEAD.format(title) if title else ""
    field = Field("reason", wording.DECLINE_FIELD, "paragraph", False, longest=LONGEST_QUESTION)
    return Form(DECLINE, wording.DECLINE_TITLE, (field,), wording.DECLINE_SUBMIT, key, lead)


def said(values: Mapping[str, str], field: str, *, needed: bool) -> tuple[str, dict[str, str]]:
    """A question or a reason, and what is wrong with it."""
    words = " ".join(plain(values.get(field, "")).split())
    missing = wording.NO_QUESTION if needed and not _says(words) else ""
    fault = over(words, LONGEST_QUESTION) or missing
    return words, {field: fault} if fault else {}


def correcting(one: OwnText, outcomes: Sequence[Choice]) -> Form:
    """What a text is, as it is proposed."""
    about = one.about
    form = Form(TEXT, wording.TEXT_TITLE, _about(outcomes), wording.TEXT_SUBMIT, one.id)
    values = {
        "title": about.title,
        "kind": about.kind,
        "councils": "\n".join(about.councils),
        "year": str(about.year or ""),
        "outcomes": ",".join(about.outcomes),
    }
    return filled(form, values)


def corrected(
    values: Mapping[str, str],
    outcomes: Sequence[Choice],
    council: Callable[[str], str],
    today: date,
) -> tuple[About, dict[str, str]]:
    """What somebody says that a text is. `council` is the full name of a council as a person
    wrote it, "" for none that is known."""
    title = " ".join(plain(values.get("title", "")).split())
    written = [" ".join(one.split()) for one in values.get("councils", "").splitlines()]
    named = {one: council(one) for one in written if one}
    unknown = next((one for one, name in named.items() if not name), "")
    year, kind = values.get("year", "").strip(), values.get("kind", "")
    chosen = tuple(dict.fromkeys(filter(None, values.get("outcomes", "").split(","))))
    dated = not year or (year.isdecimal() and FIRST_YEAR <= int(year[:5]) <= today.year)
    faults = {
        "title": over(title, LONGEST_TITLE * 2) or ("" if _says(title) else wording.NO_TITLE),
        "kind": "" if kind in wording.KINDS else wording.NOT_A_KIND,
        "councils": wording.not_a_council(unknown) if unknown else "",
        "year": "" if dated else wording.NOT_A_YEAR,
        "outcomes": ""
        if set(chosen) <= {one.value for one in outcomes}
        else wording.NOT_AN_OUTCOME,
    }
    right: TextKind = kind if kind in wording.KINDS else "report"  # type: ignore[assignment]
    councils = tuple(dict.fromkeys(filter(None, named.values())))
    about = About(
        kind=right,
        title=title,
        councils=councils,
        year=int(year) if dated and year else 0,
        outcomes=chosen,
    )
    return about, {field: fault for field, fault in faults.items() if fault}


def _about(outcomes: Sequence[Choice]) -> tuple[Field, ...]:
    kinds = tuple(Choice(one, name.capitalize()) for one, name in wording.KINDS.items())
    choices = tuple(outcomes)
    return (
        Field("title", wording.TITLE_FIELD, longest=LONGEST_TITLE * 2),
        Field("kind", wording.KIND_FIELD, "choice", choices=kinds),
        Field("councils", wording.COUNCILS_FIELD, "paragraph", False, longest=1000),
        Field("year", wording.YEAR_FIELD, required=False, longest=4),
        Field("outcomes", wording.OUTCOMES_FIELD, "choices", False, choices=choices),
    )


def blank(form: str, key: str, outcomes: Sequence[Choice]) -> Form:
    """One of the forms with nothing in it, to be filled in again."""
    match form:
        case "suggest-case":
            return suggesting(key, {})
        case "case-ask":
            return asking(key, "")
        case "case-decline":
            return declining(key, "")
        case _:
            return Form(TEXT, wording.TEXT_TITLE, _about(outcomes), wording.TEXT_SUBMIT, key)


def _says(text: str) -> bool:
    return any(sign.isalnum() for sign in text)
