"""`outcomes person` shows and erases what is held of an officer who does not ask in chat."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot import __main__ as command
from bot.store import Store
from tests.offering import OFFER, WISH, Person
from tests.registrations import actions

TOWN, ROBIN, SAM = "leeds", "U0ROBIN", "U0SAM"


async def offering(url: str) -> None:
    """Somebody offers help, and somebody waits for their answer."""
    store = await Store.open(url)
    robin, sam = await Person.new(store, ROBIN, TOWN), await Person.new(store, SAM, TOWN)
    await sam.asked(await robin.offers())
    await store.close()


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path / 'outcomes.db'}"
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.chdir(tmp_path)
    return address


def run(*arguments: str) -> int:
    return command.main(["person", *arguments])


def test_shown_then_erased_with_a_line_in_the_log(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(offering(url))
    assert run(TOWN, ROBIN) == 0
    held = json.loads(capsys.readouterr().out)
    assert held["offer"]["help"] == OFFER.help
    assert [one["line"] for one in held["introductions"]] == [WISH.line]

    assert run(TOWN, ROBIN, "--erase", "withdraw") == 0
    assert "erased" in capsys.readouterr().out

    async def left() -> tuple[list[str], list[str]]:
        store = await Store.open(url)
        letters = await store.letters.take(["slack"])
        done = await actions(store, TOWN)
        await store.close()
        return [one.reply.body for one in letters], done

    told, done = asyncio.run(left())
    assert [WISH.line in one for one in told] == [True]
    assert "does not offer help any more" in told[0]
    assert done[-1] == "erased"
    assert run(TOWN, ROBIN) == 1
    assert "nothing is held of U0ROBIN" in capsys.readouterr().err


def test_it_says_how_to_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(TOWN, ROBIN, "--erase", "everything")
    assert left.value.code == 2
    assert "hand-over" in capsys.readouterr().err
