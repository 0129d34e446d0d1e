"""A browser, what the bot sent, and the table of what was seen to work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browsing import ARGUMENTS
from tests.clients import abilities
from tests.clients.abilities import README, Shown
from tests.clients.needs import MODULES, chromium
from tests.clients.payloads import Payloads

_SHOWN = pytest.StashKey[set[Shown]]()
_FAULT = pytest.StashKey[str]()
_PROPERTY = "can"
_LAST = "test_payloads"


def pytest_addoption(parser: pytest.Parser) -> None:
    about = "whether the README's table says what was seen (check), or is to (write, with pictures)"
    parser.addoption("--docs", choices=("check", "write"), help=about)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "can(ability, place): what it shows; see abilities.py")
    config.stash[_SHOWN] = set()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What was sent is checked when all of it was."""
    items.sort(key=lambda item: item.path.stem == _LAST)
    for item in items:
        item.user_properties.extend((_PROPERTY, "\t".join(one)) for one in abilities.marked(item))


class _Watching:
    """Notes what passed."""

    def __init__(self, shown: set[Shown]) -> None:
        self._shown = shown

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" or not report.passed:
            return
        for name, value in report.user_properties:
            if name == _PROPERTY:
                ability, _, place = str(value).partition("\t")
                self._shown.add((ability, place))


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.pluginmanager.register(_Watching(session.config.stash[_SHOWN]))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """The table is written, or a run whose table is another than the README's fails."""
    wanted = session.config.getoption("docs")
    if not wanted or session.exitstatus or not _all_of_it(session):
        return
    shown: set[Shown] = session.config.stash[_SHOWN]
    made = abilities.table(shown)
    if wanted == "write":
        README.write_text(abilities.written(README.read_text("utf-8"), made), "utf-8")
    elif abilities.differs(made):
        session.config.stash[_FAULT] = (
            f"README.md says something else than was seen to work. Seen:\n{made}\n"
            "make test-clients WRITE=1 writes it anew."
        )
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _all_of_it(session: pytest.Session) -> bool:
    """Whether every file was run: what some of them saw is no table."""
    here = Path(__file__).parent
    files = {path for path in here.rglob("test_*.py") if MODULES not in path.parents}
    return files == {item.path for item in session.items}


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if fault := config.stash.get(_FAULT, ""):
        terminalreporter.section("abilities")
        terminalreporter.write_line(fault)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield launched
        await launched.close()


@pytest.fixture(scope="session")
def all_payloads() -> Payloads:
    return Payloads()


@pytest.fixture(autouse=True)
def payloads(all_payloads: Payloads, request: pytest.FixtureRequest) -> Payloads:
    """Where a test's peers keep what the bot sends them."""
    all_payloads.test = request.node.nodeid
    return all_payloads
