"""A project as officers register it: its parts, and what of a form can be taken for one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.cutting import cut
from bot.showing import address, clean

Stage = Literal["", "idea", "doing", "done"]
STAGES: Mapping[Stage, str] = {"idea": "an idea", "doing": "under way", "done": "done"}
SHORT_TITLE = 60  # characters of a title made of a text
# How officers begin to tell of a project, and what follows what it is.
_DOING = (
    r"(?:(?:are|am|is|have|has|want to|wants to|would like to|plan to|plans to|will|been|also|now"
    r"|currently|just|started|about to|looking at|working on|trying to|built|launched) )"
)
_OPENING = re.compile(
    r"^(?:(?:hi|hello)\b[^.!?]*?[,.!] *)?(?:(?:so|and) )?(?:"
    rf"(?:we|i)(?:'re|'ve|'m)? {_DOING}*|our [\w ]{{3,30}}? {_DOING}+"
    r"|(?:this|the|a|our) project (?:is |that |which |to |about |will )+)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.;!?](?:\s|$)|,? (?:so that|so as to|because|in order to)\b|, so\b")
LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_COUNCIL, LONGEST_LINK = 120, 4000, 100, 800


@dataclass(frozen=True, slots=True)
class Details:
    """What an officer writes about a project. All but title and description may be ""."""

    title: str
    description: str
    council: str = ""
    link: str = ""
    stage: Stage = ""

    @property
    def told(self) -> str:
        """Title and description as one text: what is embedded, tagged and learned from."""
        named = self.title.rstrip("…").casefold() in self.description.casefold()
        return self.description if named else f"{self.title}.\n{self.description}"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An outcome of a project; `by` is the random key of who confirmed it."""

    outcome: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Project:
    """A registered project. People are random keys: its owner, and who registered it. It is
    `shared` beyond its community only where its owner said so. `revision` grows with every
    change in its community; `changed_at` is when it was registered or last changed; `hidden` by
    an administrator of it."""

    id: str
    community: str
    details: Details
    outcomes: tuple[Confirmed, ...]
    owner: str
    registered_by: str
    registered_at: datetime
    changed_at: datetime
    revision: int
    shared: bool = False
    withdrawn: bool = False
    hidden: bool = False

    @property
    def outcome_ids(self) -> tuple[str, ...]:
        return tuple(one.outcome for one in self.outcomes)


@dataclass(frozen=True, slots=True)
class Draft:
    """A project described and not registered yet, by the random key of who is tagging it.
    `author` is the key of who wrote the text, if that was somebody else; `outcomes` are those
    suggested as likely."""

    id: str
    details: Details
    by: str
    author: str = ""
    outcomes: tuple[str, ...] = ()


def details(values: Mapping[str, str]) -> tuple[Details, dict[str, str]]:
    """What a form's values make, and what is wrong with them, a sentence a field."""
    written = {name: plain(values.get(name, "")) for name in _LONGEST}
    for name in ("title", "council", "link"):
        written[name] = " ".join(written[name].split())
    faults = {
        name: f"Shorten this by {len(written[name]) - longest} characters; the most is {longest}."
        for name, longest in _LONGEST.items()
        if len(written[name]) > longest
    }
    for name, fault in _MISSING.items():
        if not any(sign.isalnum() for sign in written[name]):
            faults[name] = fault
    stage: Stage = next((one for one in STAGES if one == values.get("stage")), "")
    if values.get("stage", "") != stage:
        faults["stage"] = "Choose one of the stages offered."
    if written["link"] and "link" not in faults and not address(written["link"]):
        faults["link"] = "Give a web address that begins with https:// or http://, or leave it out."
    return Details(**written, stage=stage), faults


def plain(text: str) -> str:
    """An officer's text as it is kept: it is shown between our quotation marks and beside our
    numbered sources, so it holds none of its own."""
    return _NUMBERED.sub(r"(\1)", clean(text).translate(_SINGLE)).strip()


def described(text: str, council: str = "") -> Details:
    """Details of a text that an officer sent without a form: its opening makes the title."""
    said = plain(text)
    opening = _OPENING.sub("", " ".join(said.split("\n")[0].split()), count=1)
    clause = _CLAUSE.split(opening, maxsplit=1)[0].strip(" ,;:.-")
    title, rest = cut(clause or opening, SHORT_TITLE)
    if rest:
        title = f"{title.rstrip(' ,;:')}…"
    return Details(f"{title[:1].upper()}{title[1:]}", said, council)


_SINGLE = str.maketrans("“”„‟", "‘’‚‛")
_NUMBERED = re.compile(r"\[(\d+)\]")
_LONGEST = {
    "title": LONGEST_TITLE,
    "description": LONGEST_DESCRIPTION,
    "council": LONGEST_COUNCIL,
    "link": LONGEST_LINK,
}
_MISSING = {
    "title": "Give the project a title, in a few words.",
    "description": "Describe the project in a sentence or two: what it does, and for whom.",
}
