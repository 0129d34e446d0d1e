"""What texts must agree on: no two with one id, title, body or alias, and no key at odds."""

from collections.abc import Iterable, Iterator, Sequence

from knowledge.draft import Draft
from knowledge.fault import Fault
from knowledge.markdown import plain
from knowledge.shapes import REGIONS

# What must be met once only: the value, and the file and line where it stands.
Place = tuple[str, str, int]


def find_clashes(drafts: Sequence[Draft]) -> list[Fault]:
    return [
        *_clashes(_ids(drafts), "the id", "rename one of the files"),
        *_clashes(_titles(drafts), "the title", "give each text its own title"),
        *_clashes(_bodies(drafts), "the body", "remove one of the two texts"),
    ]


def find_alias_clashes(outcomes: Sequence[Draft]) -> list[Fault]:
    """A word may lead to one outcome only, whether it is a name or an alias."""
    faults: list[Fault] = []
    owners = {
        name.casefold(): draft
        for draft in outcomes
        for name in (draft.id, draft.text("name_2022"), draft.text("name_2023"))
        if name
    }
    for draft in outcomes:
        entry = draft.entries.get("aliases")
        for value in entry.values if entry else ():
            owner = owners.setdefault(value.text.casefold(), draft)
            if owner is not draft:
                problem = f"alias '{value.text}' belongs to '{owner.id}' too"
                cure = "keep it where it is clearer and take it out of the other"
                faults.append(Fault(draft.file, value.line, problem, cure))
    return faults


def find_odd_case_study(draft: Draft) -> list[Fault]:
    """Keys of one case study that do not fit each other."""
    faults = []
    nation, region = draft.text("nation"), draft.text("region")
    if nation in REGIONS and region in sum(REGIONS.values(), ()) and region not in REGIONS[nation]:
        cure = f"write one of: {', '.join(REGIONS[nation])}, or another nation"
        problem = f"region '{region}' is not in {nation}"
        faults.append(Fault(draft.file, draft.line("region"), problem, cure))
    for name in draft.texts("publisher_outcomes"):
        if name not in draft.texts("outcomes"):
            problem = f"publisher_outcomes: '{name}' is not among the outcomes"
            cure = "add it to outcomes or take it out here"
            faults.append(Fault(draft.file, draft.line("publisher_outcomes"), problem, cure))
    if draft.text("publisher_label") and not draft.texts("publisher_outcomes"):
        problem = "publisher_label stands without publisher_outcomes"
        cure = "add publisher_outcomes or take the label out"
        faults.append(Fault(draft.file, draft.line("publisher_label"), problem, cure))
    return faults


def _clashes(places: Iterable[Place], what: str, cure: str) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for value, file, line in places:
        if value in first:
            yield Fault(file, line, f"{what} is that of {first[value]} too", cure)
        else:
            first[value] = file


def _ids(drafts: Sequence[Draft]) -> Iterator[Place]:
    for draft in drafts:
        yield draft.id, draft.file, 1


def _titles(drafts: Sequence[Draft]) -> Iterator[Place]:
    for draft in drafts:
        if title := draft.text("title").casefold():
            yield title, draft.file, draft.line("title")


def _bodies(drafts: Sequence[Draft]) -> Iterator[Place]:
    for draft in drafts:
        body = "\n".join(plain(section.body) for section in draft.sections).casefold()
        if body.strip():
            yield body, draft.file, draft.sections[0].line
