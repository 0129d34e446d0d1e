"""The texts as values: outcomes, frameworks, case studies. No YAML, so that serving stays light."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, Literal, Self

from knowledge.markdown import plain, sentences, statements

Kind = Literal["outcome", "framework", "case-study", "guidance", "report"]
_MARK = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Section:
    """One `##` part of a text: `body` is Markdown, `line` where the heading stands in the file.

    A part of a text that somebody brought in is `literal`: each line of its body is a paragraph,
    an item of a list or a row of a table, and no sign in it is a mark. `page` is the page it
    begins on, 0 where its text has none; `anchor` is what leads to it behind a `#`.
    """

    heading: str
    body: str
    line: int = 0
    page: int = 0
    anchor: str = ""
    literal: bool = False

    @property
    def plain(self) -> str:
        """The text as a reader sees it; each heading, paragraph and list item is one line."""
        return unmarked(self.body) if self.literal else plain(self.body)

    @property
    def statements(self) -> tuple[str, ...]:
        """The sentences in reading order; each is an unbroken run of `plain`."""
        if not self.literal:
            return statements(self.body)
        return tuple(one for line in self.plain.split("\n") for one in sentences(line) if one)


def unmarked(text: str) -> str:
    """Somebody's text without what would count as a mark of ours: "(9)" for "[9]"."""
    return _MARK.sub(r"(\1)", text)


@dataclass(frozen=True, slots=True)
class Brought:
    """What is said of a text that a community brought in, and not of the shipped ones.

    `confirmed` where a person has looked at what it is said to be. `published` is the day or year
    that it gives itself, "" for none. `doubles` are the same text elsewhere: titles, addresses,
    ids.
    """

    confirmed: bool
    published: str = ""
    doubles: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What every text has; the id is the file's stem, the digest the sha256 of its bytes."""

    kind: ClassVar[Kind]

    id: str
    title: str
    url: str
    other_urls: tuple[str, ...]
    sections: tuple[Section, ...]
    digest: str
    brought: Brought | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Text):
    kind: ClassVar[Kind] = "outcome"

    name_2022: str
    name_2023: str
    aliases: tuple[str, ...]
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework(Text):
    """`date` is `YYYY-MM-DD`, or `YYYY-MM` where the day is not known."""

    kind: ClassVar[Kind] = "framework"

    name: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStudy(Text):
    """What councils did. `publisher_label` is the publisher's heading, empty where it gave none.

    One that was brought in may name no council, and have the year 0: nobody knows.
    """

    kind: ClassVar[Kind] = "case-study"

    councils: tuple[str, ...]
    region: str
    nation: str
    council_type: str
    year: int
    publisher: str
    outcomes: tuple[str, ...]
    publisher_outcomes: tuple[str, ...]
    publisher_label: str

    @property
    def judged_outcomes(self) -> tuple[str, ...]:
        """The outcomes that are our reading of the case, not the publisher's."""
        return tuple(name for name in self.outcomes if name not in self.publisher_outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance(CaseStudy):
    """How something is done: brought in, never shipped. Its councils are who gives it."""

    kind: ClassVar[Kind] = "guidance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(CaseStudy):
    """What somebody found: brought in, never shipped."""

    kind: ClassVar[Kind] = "report"


@dataclass(frozen=True)
class Library:
    """All texts, each kind in a settled order; what the bot answers from. `documents` are
    guidance and reports, which councils read, not what they did."""

    outcomes: tuple[Outcome, ...]
    frameworks: tuple[Framework, ...]
    case_studies: tuple[CaseStudy, ...]
    documents: tuple[Guidance | Report, ...] = ()

    @property
    def texts(self) -> tuple[Text, ...]:
        return (*self.outcomes, *self.frameworks, *self.case_studies, *self.documents)

    @property
    def tellings(self) -> tuple[CaseStudy, ...]:
        """The case studies and the documents: what facts and examples are taken from."""
        return (*self.case_studies, *self.documents)

    def get(self, text_id: str) -> Text | None:
        return self._by_id.get(text_id)

    @cached_property
    def digest(self) -> str:
        """One sha256 over every text; it changes when any file is changed, added or removed."""
        lines = sorted(f"{text.kind}/{text.id} {text.digest}\n" for text in self.texts)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @cached_property
    def _by_id(self) -> dict[str, Text]:
        return {text.id: text for text in self.texts}

    def to_json(self) -> str:
        rows = asdict(self)
        for row, document in zip(rows["documents"], self.documents, strict=True):
            row["kind"] = document.kind
        return json.dumps(rows, ensure_ascii=False)

    @classmethod
    def from_json(cls, source: str) -> Self:
        data = json.loads(source)
        return cls(
            outcomes=tuple(Outcome(**_values(row)) for row in data["outcomes"]),
            frameworks=tuple(Framework(**_values(row)) for row in data["frameworks"]),
            case_studies=tuple(CaseStudy(**_values(row)) for row in data["case_studies"]),
            documents=tuple(map(_document, data["documents"])),
        )


def _document(row: dict[str, Any]) -> Guidance | Report:
    kind = row.pop("kind")
    return Guidance(**_values(row)) if kind == Guidance.kind else Report(**_values(row))


def _values(row: dict[str, Any]) -> dict[str, Any]:
    """JSON knows lists and objects only: back to tuples and sections."""
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    names = [field.name for field in fields(Section)]
    values["sections"] = tuple(
        Section(*(section[name] for name in names)) for section in row["sections"]
    )
    if brought := row["brought"]:
        doubles = tuple((title, url, name) for title, url, name in brought["doubles"])
        values["brought"] = Brought(brought["confirmed"], brought["published"], doubles)
    return values
