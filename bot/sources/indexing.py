"""What each community is answered from, built anew where its texts changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.answers.councils import Council
from bot.sources.doubles import Story, grouped
from bot.sources.elsewhere import Elsewhere
from bot.sources.locks import alone
from bot.sources.naming import Councils
from bot.sources.revisions import Revisions, stamp
from bot.store import Store
from bot.texts import FOR_ALL, OwnText
from indexer.build import BuildReport
from indexer.build_failures import BuildFailed
from indexer.generation import (
    Generation,
    IndexUnusable,
    current_id,
    index_folder,
    open_current,
    own_home,
)
from indexer.making import drop_own, run_own, wanted_own
from indexer.passages import Passage
from indexer.progress import Progress, bar
from indexer.sharing import complete, shared_at
from knowledge.library import Brought, CaseStudy, Guidance, Library, Report

if TYPE_CHECKING:
    from indexer.postgres.shared import Shared

_MULTIPLE = "multiple"
_CLASSES: dict[str, type[CaseStudy]] = {one.kind: one for one in (CaseStudy, Guidance, Report)}


class Indexing:
    """Builds communities' own generations beside the newest good one of the shipped texts."""

    def __init__(
        self,
        store: Store,
        home: Path,
        model: str | None,
        progress: Progress = bar,
        *,
        shared: str = "",
        workers: int = 1,
    ) -> None:
        self._store, self._home, self._model, self._progress = store, home, model, progress
        self._shared, self._workers = shared, workers
        self._councils = Councils()

    async def all(self) -> list[BuildReport]:
        """Build whatever is behind the store, and nothing else; what has no text left goes.

        Waits for another process that does the same. What was removed is erased also where the
        shipped index cannot be used, and one that fails keeps none of the others from being
        built. Where DATABASE_URL is PostgreSQL no two computers build at the same time, and what
        another built of the same is not built again. Raises IndexUnusable, BuildFailed or
        ModelUnusable.
        """
        with alone(self._home, "indexing", wait=True), shared_at(self._shared) as shared:
            if shared is None:
                return await self._all(None)
            with shared.indexing():
                reports = await self._all(shared)
            shared.sweep()
            return reports

    async def _all(self, shared: Shared | None) -> list[BuildReport]:
        reports, faults = [], list[BuildFailed]()
        revisions, made = await self._store.text_revisions(), Revisions(self._home)
        published = Elsewhere(shared, self._home, self._model)
        for folder in (*made.left(revisions), *published.left(revisions)):
            with _noted(faults):
                drop_own(folder, self._shared)
        newest, base = current_id(self._home) or "", None
        behind = made.behind(revisions, newest)
        for one in revisions:
            if one not in behind and (
                published.lacks(one, stamp(one, revisions, newest)) or await self._spoilt(one)
            ):
                behind.append(one)
        for community in behind:
            with _noted(faults):
                wanted = stamp(community, revisions, newest)
                if published.has(community, wanted):
                    drop_own(own_home(self._home, community))
                elif await self._any(community):
                    base = base or await self._opened(revisions)
                    reports.append(await self._built(community, base, wanted))
                else:
                    drop_own(own_home(self._home, community), self._shared)
                made.note(community, revisions, newest)
        if faults:
            raise faults[0]
        return reports

    async def _opened(self, communities: Iterable[str]) -> Generation:
        complete(self._home, self._model, self._shared)
        try:
            return open_current(self._home, model=self._model)
        except IndexUnusable:
            for community in communities:
                await self._erase(community)
            raise

    async def _erase(self, community: str) -> None:
        """Where what stands for it cannot be built anew, and holds a text that was removed."""
        home = own_home(self._home, community)
        if home.exists() and not brought_in(home) <= await self._store.texts(community).ids():
            drop_own(home, self._shared)

    async def _built(self, community: str, base: Generation, made_of: str) -> BuildReport:
        home = own_home(self._home, community)
        return run_own(
            await self._library(community, base), home, base, self._model,
            lender=self._lender(community), progress=self._progress, shared=self._shared,
            workers=self._workers, stamp=made_of,
        )  # fmt: skip

    async def unembedded(self, *, every: bool) -> AsyncIterator[tuple[Path, Sequence[Passage]]]:
        """For each community its home and what `all` would embed for it, or with `every` all that
        it is answered from. Raises as `all` does."""
        with alone(self._home, "indexing", wait=True):
            base = open_current(self._home, model=self._model)
            revisions = await self._store.text_revisions()
            for community in Revisions(self._home).behind(revisions, "" if every else base.id):
                if await self._any(community):
                    home = own_home(self._home, community)
                    yield home, wanted_own(
                        await self._library(community, base), home, base, self._model,
                        lender=self._lender(community), every=every, shared=self._shared,
                    )  # fmt: skip

    async def _library(self, community: str, base: Generation) -> Library:
        for_all = [] if community == FOR_ALL else await self._texts(FOR_ALL)
        return self._beside(base, [*for_all, *await self._texts(community)])

    def _lender(self, community: str) -> Path | None:
        return None if community == FOR_ALL else own_home(self._home, FOR_ALL)

    async def _spoilt(self, community: str) -> bool:
        """Whether what was built last is not there any more, or cannot be opened."""
        home = own_home(self._home, community)
        if not home.exists():
            return await self._any(community)
        try:
            return open_current(home, model=self._model).id != current_id(home)
        except IndexUnusable:
            return True

    async def _any(self, community: str) -> bool:
        async for _ in self._store.texts(community).all():
            return True
        return False

    async def _texts(self, community: str) -> list[OwnText]:
        return [text async for text in self._store.texts(community).all()]

    def _beside(self, base: Generation, texts: Sequence[OwnText]) -> Library:
        """The shipped texts and these; of those that are the same the best, the others named. A
        page that is shipped as a case study is answered from as it is there."""
        shipped = Library.from_json(base.library.read_text("utf-8"))
        there = {place(url) for one in shipped.case_studies for url in (one.url, *one.other_urls)}
        texts = [text for text in texts if place(text.url) not in there - {""}]
        kept = grouped(Story.of(text, self._councils) for text in texts)
        brought = [self._text(text, kept[text.id]) for text in texts if text.id in kept]
        brought.sort(key=lambda text: text.id)
        documents = tuple(one for one in brought if isinstance(one, Guidance | Report))
        studies = [one for one in brought if not isinstance(one, Guidance | Report)]
        case_studies = (*shipped.case_studies, *studies)
        return replace(shipped, case_studies=case_studies, documents=documents)

    def _text(self, text: OwnText, doubles: Sequence[Story]) -> CaseStudy:
        about = text.about
        council = self._council(about.councils)
        others = tuple((one.title, one.url, one.id) for one in doubles)
        return _CLASSES[about.kind](
            id=text.id,
            title=about.title,
            url=text.url,
            other_urls=(),
            sections=text.sections,
            digest=text.digest,
            brought=Brought(text.confirmed_at is not None, text.published, others),
            councils=about.councils,
            region=council.region,
            nation=council.nation,
            council_type=_MULTIPLE if len(about.councils) > 1 else council.kind,
            year=about.year,
            publisher=(urlsplit(text.url).hostname or "").removeprefix("www."),
            outcomes=about.outcomes,
            publisher_outcomes=(),
            publisher_label="",
        )

    def _council(self, names: Sequence[str]) -> Council:
        """What is known of the first of them."""
        found = (self._councils.by_name.get(name.lower()) for name in names)
        return next((one for one in found if one), Council(""))


@contextmanager
def _noted(faults: list[BuildFailed]) -> Iterator[None]:
    """Go on with what is next where this fails."""
    try:
        yield
    except BuildFailed as fault:
        faults.append(fault)


def place(url: str) -> str:
    """What two addresses of one page have in common; "" for none."""
    parts = urlsplit(url)
    host = (parts.netloc or "").lower().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}" if host else ""


def brought_in(home: Path) -> set[str]:
    """The ids of the texts that the generations of a home hold, as far as they can be read; of one
    that cannot be, one that no store has."""
    found: set[str] = set()
    for file in index_folder(home).glob("*/library.json"):
        try:
            library = Library.from_json(file.read_text("utf-8"))
        except (OSError, ValueError, LookupError, TypeError):
            found.add("")
        else:
            found |= {one.id for one in library.tellings if one.brought}
    return found
