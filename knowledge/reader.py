"""The one reader of the texts: a folder becomes a Library, or an error that names every fault."""

from collections.abc import Sequence
from datetime import date
from importlib import resources
from pathlib import Path

from knowledge.agreement import find_alias_clashes, find_clashes, find_odd_case_study
from knowledge.draft import Draft, read_draft
from knowledge.fault import Fault
from knowledge.library import CaseStudy, Framework, Library, Outcome
from knowledge.shapes import Shape, case_study_shape, framework_shape, outcome_shape

_SUFFIX = ".md"


class KnowledgeError(Exception):
    """The texts cannot be used; one line a fault: `file:line: what is wrong; what is right`."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def load(path: Path | None = None, today: date | None = None) -> Library:
    """The texts in `path`, or the shipped ones; raises KnowledgeError with every fault."""
    root = path or Path(str(resources.files("knowledge")))
    if not root.is_dir():
        cure = "name the folder that holds outcomes, frameworks and case_studies"
        raise KnowledgeError([Fault(str(root), 1, "no such folder", cure)])
    return _load(_Folder(root), today or date.today())


def _load(folder: "_Folder", today: date) -> Library:
    names = tuple(file.stem for file in folder.files("outcomes"))
    outcomes = folder.drafts("outcomes", outcome_shape())
    frameworks = folder.drafts("frameworks", framework_shape(today))
    case_studies = folder.drafts("case_studies", case_study_shape(today, names))
    faults = [*folder.faults, *find_clashes([*outcomes, *frameworks, *case_studies])]
    faults += find_alias_clashes(outcomes)
    faults += [fault for draft in case_studies for fault in find_odd_case_study(draft)]
    if faults:
        raise KnowledgeError(faults)
    return Library(
        outcomes=tuple(_outcome(draft) for draft in outcomes),
        frameworks=_by_date([_framework(draft) for draft in frameworks]),
        case_studies=tuple(_case_study(draft) for draft in case_studies),
    )


class _Folder:
    """The folder of the texts; gathers the faults of what is read in it."""

    def __init__(self, root: Path) -> None:
        self.faults: list[Fault] = []
        self._root = root
        self._files: dict[str, list[Path]] = {}

    def files(self, kind: str) -> list[Path]:
        """The texts of one kind, by name; what else lies there is a fault."""
        if kind not in self._files:
            found = self._list(self._root / kind)
            self._files[kind] = [path for path in found if self._is_text(path)]
        return self._files[kind]

    def drafts(self, kind: str, shape: Shape) -> list[Draft]:
        drafts = [read_draft(path, shape) for path in self.files(kind)]
        self.faults += [fault for draft in drafts for fault in draft.faults]
        return drafts

    def _list(self, folder: Path) -> list[Path]:
        try:
            found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        except OSError as error:
            cure = "make the folder, readable, with the texts in it, or name the right place"
            self.faults.append(Fault(str(folder), 1, f"not readable: {error.strerror}", cure))
            return []
        if not found:
            self.faults.append(Fault(str(folder), 1, "no text in the folder", "add one as NAME.md"))
        return found

    def _is_text(self, path: Path) -> bool:
        if path.suffix == _SUFFIX and not path.is_dir():
            return True
        cure = "name it NAME.md if it is a text, or move it away"
        self.faults.append(Fault(str(path), 1, "not a text", cure))
        return False


def _by_date(frameworks: list[Framework]) -> tuple[Framework, ...]:
    return tuple(sorted(frameworks, key=lambda framework: (framework.date, framework.id)))


def _outcome(draft: Draft) -> Outcome:
    return Outcome(
        id=draft.id,
        title=draft.text("title"),
        url=draft.text("url"),
        other_urls=draft.texts("other_urls"),
        sections=draft.sections,
        digest=draft.digest,
        name_2022=draft.text("name_2022"),
        name_2023=draft.text("name_2023"),
        aliases=draft.texts("aliases"),
        covers=draft.texts("covers"),
    )


def _framework(draft: Draft) -> Framework:
    return Framework(
        id=draft.id,
        title=draft.text("title"),
        url=draft.text("url"),
        other_urls=draft.texts("other_urls"),
        sections=draft.sections,
        digest=draft.digest,
        name=draft.text("name"),
        date=draft.text("date"),
    )


def _case_study(draft: Draft) -> CaseStudy:
    return CaseStudy(
        id=draft.id,
        title=draft.text("title"),
        url=draft.text("url"),
        other_urls=draft.texts("other_urls"),
        sections=draft.sections,
        digest=draft.digest,
        councils=draft.texts("councils"),
        region=draft.text("region"),
        nation=draft.text("nation"),
        council_type=draft.text("council_type"),
        year=int(draft.text("year")),
        publisher=draft.text("publisher"),
        outcomes=draft.texts("outcomes"),
        publisher_outcomes=draft.texts("publisher_outcomes"),
        publisher_label=draft.text("publisher_label"),
    )
