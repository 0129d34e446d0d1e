"""A small library with an index of it, the index of the shipped texts, and what answers from it."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Connection

from bot.administrators import Administrators
from bot.answers.answerer import Answerer
from bot.app import App, wired
from bot.calibration import late
from bot.current import CurrentAnswerer
from bot.evaluation import SPLITS, Marked, Split, mark, questions
from bot.fitting import Shipped
from bot.store import Store, default_url
from indexer.build import BuildReport, build
from indexer.encoder import Encoder
from indexer.generation import index_folder
from indexer.making import run
from indexer.model import Model, find_model
from indexer.parsing import Sandbox
from indexer.postgres.shared import Shared
from indexer.progress import silent
from indexer.query import WEIGHTS
from knowledge.library import CaseStudy, Library, Section
from knowledge.reader import load
from tests import databases
from tests.bringing import Bringing
from tests.clock import Clock
from tests.digest_place import Place, opened
from tests.offering import Person
from tests.postgres import Postgres, running
from tests.running import ROOT, Outcomes
from tests.tables import opened as seen

TEXTS = Path(__file__).parent / "data" / "knowledge"
_MORE = (
    (
        "otherham-wifi",
        "Free wi-fi for estates in Otherham",
        "Otherham Borough Council",
        "A mesh network on lamp posts brings free wi-fi to 600 flats. It costs 27 pence a "
        "household each month. Residents asked for it in the first lockdown.",
    ),
    (
        "somewhere-care-robots",
        "Companion robots in Somewhere's care homes",
        "Somewhere County Council",
        "Twelve care homes tried robots that remind people to drink. Falls went down by a fifth.",
    ),
)


# Begun first, so that no worker is left with one of them at the end.
_LONGEST = ("test_fitting", "test_quotes", "test_tagging", "test_platforms")
_EMBEDDING = {"encoder", "small_index", "built"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests run in one worker; those that share what takes long all run in the same."""
    for item in items:
        fixtures: set[str] = set(getattr(item, "fixturenames", ()))
        group = "embedding" if _EMBEDDING & fixtures else item.path.stem
        group = "learning" if "shipped" in fixtures else group
        group = "asking" if "marked" in fixtures else group  # so that all is asked once
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: item.path.stem not in _LONGEST)


@dataclass(frozen=True)
class Built:
    """A built index and what it was built from."""

    home: Path
    library: Library
    model: Model
    report: BuildReport


@pytest.fixture(scope="session")
def model() -> Model:
    return find_model(None)


@pytest.fixture(scope="session")
def encoder(model: Model) -> Encoder:
    return Encoder(model)


@pytest.fixture(scope="session")
def small_library() -> Library:
    library = load(TEXTS)
    return replace(library, case_studies=(*library.case_studies, *_more(library.case_studies[0])))


@pytest.fixture(scope="session")
def small_index(
    small_library: Library,
    model: Model,
    encoder: Encoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Built:
    """Not to be written to: `built` is a copy that may be."""
    home = tmp_path_factory.mktemp("home")
    report = build(small_library, home, model, lambda: encoder)
    return Built(home, small_library, model, report)


@pytest.fixture
def built(small_index: Built, tmp_path: Path) -> Built:
    home = tmp_path / "home"
    shutil.copytree(small_index.home, home, copy_function=_copied)
    return replace(small_index, home=home)


def _copied(source: str, target: str) -> object:
    """The weights are linked: a test that changes them writes a new file."""
    return (os.link if source.endswith(WEIGHTS) else shutil.copy2)(source, target)


@pytest.fixture(scope="session")
def shipped_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the index of the shipped texts, not to be written to.

    What `make setup` built is copied and brought up to date, which embeds only what changed
    since; without it everything is embedded here, in a minute or two.
    """
    home = tmp_path_factory.mktemp("shipped")
    made = index_folder(ROOT / (os.environ.get("OUTCOMES_HOME") or "var"))
    if made.is_dir():
        shutil.copytree(made, index_folder(home))
    run(home, late=late(), progress=silent)
    return home


@pytest.fixture(scope="session")
def library() -> Library:
    """The shipped texts."""
    return load()


@pytest.fixture(scope="session")
def current(shipped_home: Path) -> CurrentAnswerer:
    return CurrentAnswerer(shipped_home, "")


@pytest.fixture(scope="session")
def answerer(current: CurrentAnswerer) -> Answerer:
    return current()


@pytest.fixture(scope="session")
def shipped(current: CurrentAnswerer) -> Shipped:
    """The shipped examples of tags; embedded once, tried by themselves once."""
    return Shipped(current.index)


@pytest.fixture
async def app(current: CurrentAnswerer, tmp_path: Path) -> AsyncIterator[App]:
    """What `bot.app` wires, on the shipped texts, with a database of its own."""
    store = await Store.open(databases.new(tmp_path))
    administrators = Administrators(("admin",))
    app = wired(current, store, administrators)
    yield app
    await app.assistant.finish()  # what is written behind a reply, before its database is gone
    await store.close()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A store of its own, empty."""
    opened = await Store.open(databases.new(tmp_path))
    yield opened
    await opened.close()


@pytest.fixture
async def place(current: CurrentAnswerer, tmp_path: Path) -> AsyncIterator[Place]:
    """A place where officers talk to the assistant, with a clock that can be moved."""
    async with opened(current, tmp_path) as there:
        yield there


@pytest.fixture
def looking(store: Store, database_url: str) -> Iterator[Connection]:
    """The same database as it is, by no query of ours."""
    with seen(database_url) as connection:
        yield connection


@pytest.fixture
async def another(store: Store, database_url: str, clock: Clock) -> AsyncIterator[Store]:
    """The same database, as another process has it open."""
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


@pytest.fixture
async def robin(store: Store) -> Person:
    """An officer, known to the store that the test uses (test data)."""
    return await Person.new(store, "U-robin")


@pytest.fixture
async def sam(store: Store) -> Person:
    return await Person.new(store, "U-sam")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Reads documents within the limits that are served."""
    with Sandbox() as opened:
        yield opened


@pytest.fixture
def bringing(store: Store, clock: Clock, sandbox: Sandbox) -> Bringing:
    return Bringing(store, clock, sandbox)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, started for the first test that wants one."""
    # Not below pytest's own folders: those are closed to the account that the server runs under.
    with TemporaryDirectory(prefix="pg-") as folder, running(Path(folder) / "data") as server:
        yield server


@pytest.fixture
def tables_made() -> bool:
    """Whether a new database has its tables already; not where a test is of how they are made."""
    return True


@pytest.fixture(params=("sqlite", "postgresql"))
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, tables_made: bool
) -> Iterator[str]:
    """The address of a new database: every test that takes it runs on both kinds."""
    if request.param == "sqlite":
        yield databases.new(tmp_path) if tables_made else default_url(tmp_path)
        return
    server: Postgres = request.getfixturevalue("postgres")
    address = server.database() if tables_made else server.empty()
    yield address
    server.drop(address)


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """An empty database of the other kind."""
    if database_url.startswith("postgresql"):
        yield default_url(tmp_path / "elsewhere")
        return
    server: Postgres = request.getfixturevalue("postgres")
    address = server.empty()
    yield address
    server.drop(address)


@pytest.fixture
def empty_database(postgres: Postgres) -> Iterator[str]:
    """A PostgreSQL database of the test's own, without a table."""
    made = postgres.empty()
    yield made
    postgres.drop(made)


@pytest.fixture
def shared(empty_database: str) -> Iterator[Shared]:
    """What keeps shared indexes there; none is published yet."""
    with Shared.open(empty_database) as opened:
        yield opened


@pytest.fixture
def outcomes(shipped_home: Path, tmp_path: Path) -> Outcomes:
    """The `outcomes` command on the shipped texts, with a database of its own."""
    settings = {"OUTCOMES_HOME": str(shipped_home), "DATABASE_URL": databases.new(tmp_path)}
    return Outcomes(tmp_path, settings)


@pytest.fixture(scope="session")
def marked(
    current: CurrentAnswerer, tmp_path_factory: pytest.TempPathFactory
) -> dict[Split, list[Marked]]:
    """Every shipped evaluation question with its answer, by half."""

    async def asked() -> dict[Split, list[Marked]]:
        store = await Store.open(default_url(tmp_path_factory.mktemp("marked")))
        assistant = wired(current, store, Administrators(())).assistant
        answered = {
            split: await mark(assistant.handle, questions(split), split) for split in SPLITS
        }
        await assistant.finish()
        await store.close()
        return answered

    return asyncio.run(asked())


def _more(like: CaseStudy) -> tuple[CaseStudy, ...]:
    return tuple(
        replace(
            like,
            id=name,
            title=title,
            councils=(council,),
            region="North West",
            nation="England",
            sections=(Section("What happened", body, 1),),
            digest=name,
        )
        for name, title, council, body in _MORE
    )
