"""Whether a text is a case study, guidance or a report, by the features that tell them apart."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.texts import TextKind
from knowledge.library import Section

_LEAD = 30_000  # characters of a text that are looked at
_TITLE, _HEADING, _TEXT = 3.0, 1.5, 0.5  # what a feature counts where it stands
_MOST_HEADINGS, _MOST_TEXT = 4, 8  # of them that count, so that length decides nothing
_MANY_PAGES = 12  # from which a text is rather a report
_A_COUNCIL, _PAGES = 1.5, 1.0

_IN_TITLE: Mapping[TextKind, re.Pattern[str]] = {
    "case-study": re.compile(r"\bcase stud(?:y|ies)\b|\bhow [A-Z]\w+ (?!to\b)\w+|\bpilot\b"),
    "guidance": re.compile(
        r"\bhow to\b|\bguid(?:e|ance|elines)\b|\btoolkit\b|\bchecklist\b|\bhandbook\b|\bplaybook\b"
        r"|\bprinciples\b|\bcode of practice\b|\btemplate\b|\btips\b|\bgetting started\b"
        r"|\bstandards?\b",
        re.IGNORECASE,
    ),
    "report": re.compile(
        r"\breport\b|\bresearch\b|\bsurvey\b|\breview\b|\bfindings\b|\bevaluation\b|\bstudy of\b"
        r"|\bstate of\b|\balmanac\b|\bwhite paper\b|\banalysis\b|\bstatistics\b|\binquiry\b",
        re.IGNORECASE,
    ),
}
_IN_HEADINGS: Mapping[TextKind, re.Pattern[str]] = {
    "case-study": re.compile(
        r"\b(?:the )?(?:challenge|problem|solution|approach|impact|results?|outcomes?|benefits)\b"
        r"|\bwhat (?:happened|we did|they did|was done|changed)\b|\blessons\b|\bnext steps\b"
        r"|\bhow is the new approach being sustained\b|\bcontact\b",
        re.IGNORECASE,
    ),
    "guidance": re.compile(
        r"\bhow to\b|\bstep \d|\byou\b|\byour\b|\bbefore you\b|\bwhat to\b|\bchecklist\b"
        r"|\bdo'?s and don'?ts\b|\bprinciple \d|\btop tips\b|\bwho (?:this|should)\b"
        r"|^(?:plan|choose|check|decide|write|ask|make|find|agree|keep|set|prepare|test)\b",
        re.IGNORECASE,
    ),
    "report": re.compile(
        r"\bexecutive summary\b|\bforeword\b|\bmethod(?:ology|s)?\b|\bfindings\b|\bconclusions?\b"
        r"|\brecommendations?\b|\bappendi(?:x|ces)\b|\bannex\b|\breferences\b|\bbibliography\b"
        r"|\backnowledge?ments\b|\bchapter\b|\btable of contents\b|\bliterature\b",
        re.IGNORECASE,
    ),
}
_IN_TEXT: Mapping[TextKind, re.Pattern[str]] = {
    "case-study": re.compile(
        r"\b(?:the council|we|staff|residents|officers|the team|councillors)\s+(?:\w+\s+)?"
        r"(?:built|launched|saved|trained|piloted|introduced|developed|worked|moved|cut|created"
        r"|set|found|ran|tested|replaced|brought|reduced|made|used|rolled|began|started|won)\b"
        r"|\bsav(?:ed|ings? of|es) £|£[\d.,]+\s?(?:m|k|million)?\b|\bas a result\b"
        r"|\b(?:fell|rose|cut|reduced|dropped|grew) (?:by|from|to)\b|\bproject\b",
        re.IGNORECASE,
    ),
    "guidance": re.compile(
        r"\byou (?:should|must|can|need|may|will|could)\b|\bcouncils (?:should|must|need to)\b"
        r"|\bmake sure\b|\bensure that\b|\bdo not\b|\bthis guid(?:e|ance)\b|\bfor example\b"
        r"|\bif you\b|\byour (?:council|team|organisation|project|service|users)\b"
        r"|(?:^|\n)(?:Plan|Choose|Check|Decide|Write|Ask|Make|Find|Agree|Keep|Set|Test|Use) ",
    ),
    "report": re.compile(
        r"\bthis report\b|\bwe (?:found|recommend|surveyed|interviewed)\b|\brespondents?\b"
        r"|\b(?:per cent|%) of (?:councils|respondents|authorities|households|people|those)\b"
        r"|\bthe survey\b|\bour research\b|\bthe evidence\b|\bfigure \d|\btable \d|\bthe study\b"
        r"|\binterview(?:s|ees)\b|\bthe review\b|\b(?:recommends|concludes)\b",
        re.IGNORECASE,
    ),
}
_KINDS: tuple[TextKind, ...] = ("case-study", "guidance", "report")


@dataclass(frozen=True, slots=True)
class Features:
    """What of a text says its kind. `council` is the one it tells of, "" for none."""

    title: str
    sections: Sequence[Section]
    council: str = ""
    pages: int = 0


def likelihoods(features: Features) -> dict[TextKind, float]:
    """How likely each kind is; they come to 1. The case study wins a draw."""
    scores = {kind: _score(kind, features) for kind in _KINDS}
    if features.council:
        scores["case-study"] += _A_COUNCIL
    if features.pages >= _MANY_PAGES:
        scores["report"] += _PAGES
    largest = max(scores.values())
    weights = {kind: math.exp(score - largest) for kind, score in scores.items()}
    return {kind: weight / sum(weights.values()) for kind, weight in weights.items()}


def _score(kind: TextKind, features: Features) -> float:
    headings = sum(bool(_IN_HEADINGS[kind].search(one.heading)) for one in features.sections)
    found = _IN_TEXT[kind].findall(_lead(features.sections))
    return (
        _TITLE * bool(_IN_TITLE[kind].search(features.title))
        + _HEADING * min(headings, _MOST_HEADINGS)
        + _TEXT * min(len(found), _MOST_TEXT)
    )


def _lead(sections: Sequence[Section]) -> str:
    kept, left = [], _LEAD
    for section in sections:
        if left <= 0:
            break
        kept.append(section.plain[:left])
        left -= len(kept[-1])
    return "\n".join(kept)
