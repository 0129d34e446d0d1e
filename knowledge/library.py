"""The texts as values: outcomes, frameworks, case studies. No YAML, so that serving stays light."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, Literal, Self

Kind = Literal["outcome", "framework", "case-study"]


@dataclass(frozen=True, slots=True)
class Section:
    """One `##` part of a text: `body` is Markdown, `line` where the heading stands in the file."""

    heading: str
    body: str
    line: int


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
    """What councils did. `publisher_label` is the publisher's heading, empty where it gave none."""

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


@dataclass(frozen=True)
class Library:
    """All texts, each kind in a settled order; what the bot answers from."""

    outcomes: tuple[Outcome, ...]
    frameworks: tuple[Framework, ...]
    case_studies: tuple[CaseStudy, ...]

    @property
    def texts(self) -> tuple[Text, ...]:
        return (*self.outcomes, *self.frameworks, *self.case_studies)

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
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, source: str) -> Self:
        data = json.loads(source)
        return cls(
            outcomes=tuple(Outcome(**_values(row)) for row in data["outcomes"]),
            frameworks=tuple(Framework(**_values(row)) for row in data["frameworks"]),
            case_studies=tuple(CaseStudy(**_values(row)) for row in data["case_studies"]),
        )


def _values(row: dict[str, Any]) -> dict[str, Any]:
    """JSON knows lists and objects only: back to tuples and sections."""
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    names = [field.name for field in fields(Section)]
    values["sections"] = tuple(
        Section(*(section[name] for name in names)) for section in row["sections"]
    )
    return values
