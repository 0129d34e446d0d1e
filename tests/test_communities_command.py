"""`outcomes communities` and `outcomes tokens`, as whoever runs the program uses them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot import __main__ as command
from bot.store import Store
from indexer.generation import own_home
from tests import databases
from tests.installing import KEY, OTHER_KEY, installation
from tests.registrations import registered


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = databases.new(tmp_path)
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OUTCOMES_TOKEN_KEYS", f"{OTHER_KEY}, {KEY}")
    monkeypatch.chdir(tmp_path)
    return address


def filled(url: str) -> None:
    async def fill() -> None:
        store = await Store.open(url)
        for name in ("T0ANYTOWN", "T0OTHERHAM"):
            await store.installations([KEY]).keep(installation(name, name))
            await registered(store, name)
        await store.people("T0ANYTOWN").key("U0ROBIN")
        await store.close()

    asyncio.run(fill())


def test_communities_are_listed_with_counts_and_nobody(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["communities"]) == 0
    assert capsys.readouterr().out == "no community is known yet\n"
    filled(url)
    assert command.main(["communities"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("T0ANYTOWN  slack  installed 20")
    assert first.endswith("  1 projects")
    assert second.startswith("T0OTHERHAM")
    assert command.main(["communities", "--json"]) == 0
    told = capsys.readouterr()
    lines = [json.loads(line) for line in told.out.splitlines()]
    assert [one["community"] for one in lines] == ["T0ANYTOWN", "T0OTHERHAM"]
    assert lines[0]["counts"]["projects"] == 1
    assert "U0ROBIN" not in told.out
    assert "canary" not in told.out + told.err


def test_one_is_erased_when_whoever_asks_is_sure(
    url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    filled(url)
    theirs, others = (own_home(tmp_path / "home", one) for one in ("T0ANYTOWN", "T0OTHERHAM"))
    for home in (theirs, others):
        (home / "index" / "g1").mkdir(parents=True)
        (home / "index" / "g1" / "library.json").write_text("[]")
    assert command.main(["communities", "erase", "T0ANYTOWN"]) == 1
    told = capsys.readouterr()
    assert "1 projects" in told.out
    assert "nothing is erased yet" in told.err
    assert "--yes. Take the app out there first" in told.err
    assert command.main(["communities", "erase", "T0NOBODY", "--yes"]) == 1
    assert "nothing is known of T0NOBODY" in capsys.readouterr().err
    assert theirs.exists()
    assert command.main(["communities", "erase", "T0ANYTOWN", "--yes"]) == 0
    told = capsys.readouterr()
    assert "Everything of T0ANYTOWN is erased" in told.out
    assert "`outcomes communities` must not list it any more" in told.err
    assert "still names" not in told.err
    assert (theirs.exists(), others.exists()) == (False, True)
    assert command.main(["communities", "--json"]) == 0
    (left,) = capsys.readouterr().out.splitlines()
    assert json.loads(left)["community"] == "T0OTHERHAM"
    assert command.main(["communities", "erase", "--index-only", "T0OTHERHAM"]) == 0
    assert not others.exists()
    assert command.main(["communities", "--json"]) == 0
    assert "T0OTHERHAM" in capsys.readouterr().out
    monkeypatch.setenv("OUTCOMES_COMMUNITIES", "T0OTHERHAM")
    assert command.main(["communities", "erase", "T0OTHERHAM", "--yes"]) == 0
    assert "OUTCOMES_COMMUNITIES still names T0OTHERHAM" in capsys.readouterr().err


def test_a_new_key_stands_alone_and_what_to_do_with_it_beside(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    made = set()
    for _ in range(2):
        assert command.main(["tokens", "new-key"]) == 0
        told = capsys.readouterr()
        made.add(told.out.strip())
        assert "outcomes tokens rotate" in told.err
    assert {len(one) for one in made} == {44}
    assert len(made) == 2


def test_tokens_are_sealed_anew_with_the_first_key(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(url)
    assert command.main(["tokens", "rotate"]) == 0
    assert capsys.readouterr().out == "2 sealed anew, 0 with the first key already\n"
    assert command.main(["tokens", "rotate", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"sealed_anew": 0, "already": 2, "unopened": 0}
    monkeypatch.setenv("OUTCOMES_TOKEN_KEYS", KEY)
    assert command.main(["tokens", "rotate"]) == 1
    said = capsys.readouterr()
    assert "2 that no key opens" in said.err
    assert KEY not in said.out + said.err
    monkeypatch.setenv("OUTCOMES_TOKEN_KEYS", "")
    assert command.main(["tokens", "rotate"]) == 1
    assert "set OUTCOMES_TOKEN_KEYS first" in capsys.readouterr().err
