"""Texts as a store holds them, with their sources, and what officers suggest (test data)."""

from __future__ import annotations

from dataclasses import replace

from bot.store import Store
from bot.texts import About, OwnText, Source, Suggested
from knowledge.library import Section
from tests.clock import START

ABOUT = About(
    kind="case-study",
    title="Sensors in damp homes",
    councils=("Anytown Council",),
    year=2024,
    outcomes=("data", "services"),
)
_DONE = "Anytown put sensors in 40 homes.\nIt fell by a third."
SECTIONS = (
    Section("What was done", _DONE, 3, 12, "", True),
    Section("Costs", "It cost £9,000, or “less”.", 9, 13, "costs", True),
)


def source(community: str = "leeds", name: str = "s-1") -> Source:
    return Source(
        id=name,
        community=community,
        kind="folder",
        location=f"/srv/{name}",
        added_at=START,
        link="https://intranet.example/reports/",
        include=("*.pdf",),
        exclude=("drafts/*",),
        due_at=START,
    )


def own_text(
    name: str = "own-1", community: str = "leeds", of: str = "s-1", *, about: About = ABOUT
) -> OwnText:
    """One below a source, its location made of its id."""
    return OwnText(
        id=name,
        source=of,
        community=community,
        location=f"{name}.pdf",
        url=f"https://intranet.example/reports/{name}.pdf",
        about=about,
        sections=SECTIONS,
        digest=f"digest of {name}",
        pages=14,
        notes=("2 of 14 pages hold no text",),
        published="2024-05",
        sketch=b"\0\1",
        read_at=START,
    )


async def brought(store: Store, name: str, community: str = "leeds", of: str = "s-1") -> OwnText:
    """One that is in the store, with its source."""
    await store.sources(community).add(source(community, of))
    made = own_text(name, community, of)
    assert await store.texts(community).put(made, "1:1")
    return made


async def confirmed(store: Store, one: OwnText) -> OwnText:
    """The same, once a person has said that it is what it was taken for."""
    assert await store.texts(one.community).confirm({one.id: one.about}, "k-admin") == 1
    found = await store.texts(one.community).get(one.id)
    assert found is not None
    return replace(one, confirmed_at=found.confirmed_at)


def suggested(by: str, name: str = "c-1", community: str = "leeds") -> Suggested:
    return Suggested(
        id=name,
        community=community,
        title="Laptops lent",
        told="Otherham lends laptops.",
        council="Otherham Council",
        link="https://otherham.example/laptops",
        file_name="laptops.docx",
        by=by,
        suggested_at=START,
        outcomes=("inclusion",),
        doubles=("own-1",),
    )
