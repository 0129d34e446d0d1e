"""`outcomes sources review` and `confirm`: what texts are, in tables and by ids."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path

import pytest

from bot.store import Store
from bot.texts import About
from tests import databases
from tests.sources_desk import Desk, desk

__all__ = ["desk"]  # a fixture

ANYTOWN = "Rochdale Borough Council"


def test_many_texts_are_reviewed_put_right_in_a_table_and_confirmed_in_one_step(
    desk: Desk,
) -> None:
    for number in range(3):
        desk.file(f"{number}.md", f"# =Plan {number}\n\nIt has sensors, number {number}.\n")
    desk.rows("add", str(desk.folder), "--community", "T1")
    table = desk.folder.with_name("table.csv")
    table.write_text("\n".join(desk.run("sources", "review", "--csv")[0]), "utf-8")
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")  # by which Excel knows UTF-8
    read = csv.DictReader(table.read_text("utf-8-sig").splitlines())
    rows = sorted(read, key=lambda row: row["title"])
    assert [row["title"] for row in rows] == [f"'=Plan {number}" for number in range(3)]
    wrong = [
        rows[0] | {"council": "Rochdale Boro Councl", "year": "1066"},
        rows[1] | {"outcomes": "data; magic"},
        rows[2] | {"id": "own-none"},
    ]
    _write(table, wrong)
    out, err = desk.run("sources", "confirm", "--from", str(table), code=1)
    assert out == []
    perhaps = f"; did you mean {ANYTOWN}? Leave it empty where it is none"
    assert f"line 2: no council of the UK is called Rochdale Boro Councl{perhaps}" in err[0]
    assert "line 3: magic is no outcome" in err[1]
    assert "line 4: there is no text own-none" in err[2]
    assert "nothing was confirmed" in err[3]
    assert len(desk.rows("sources", "review")) == 3
    right = [
        rows[0] | {"council": "rochdale", "year": "2023", "kind": "case-study"},
        rows[1] | {"outcomes": ""},
        rows[2] | {"title": "Another plan"},
    ]
    _write(table, right)
    assert desk.rows("sources", "confirm", "--from", str(table)) == [{"confirmed": 3}]
    assert desk.run("sources", "review")[0] == []
    abouts = asyncio.run(_abouts(desk.folder.parent, [row["id"] for row in rows]))
    assert abouts == [
        About(kind="case-study", title="=Plan 0", councils=(ANYTOWN,), year=2023,
              outcomes=("data", "value")),
        About(kind="report", title="=Plan 1", year=2024),
        About(kind="report", title="Another plan", year=2024, outcomes=("data", "value")),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_table_may_come_back_as_a_spreadsheet_saves_it(desk: Desk, encoding: str) -> None:
    """And what was confirmed is found again, and can be changed."""
    desk.rows("add", desk.file("bins.md"), "--community", "T1")
    table = desk.folder.with_name("table.csv")
    table.write_text("\n".join(desk.run("sources", "review", "--csv")[0]), "utf-8")
    (row,) = csv.DictReader(table.read_text("utf-8-sig").splitlines())
    assert desk.rows("sources", "review", "--confirmed") == []
    _write(table, [row | {"title": "Bins – a café’s"}], encoding, ";")
    assert desk.rows("sources", "confirm", "--from", str(table)) == [{"confirmed": 1}]
    (found,) = desk.rows("sources", "review", "--confirmed", "--source", _source(desk))
    assert (found["title"], found["kind_confidence"]) == ("Bins – a café’s", None)
    assert found["confirmed"]
    listed, _ = desk.run("sources", "review", "--confirmed")
    assert "report; no council; 2024; data, value; confirmed on 20" in listed[1]
    out, _ = desk.run("sources", "review", "--confirmed", "--csv")
    (row,) = csv.DictReader([out[0].removeprefix("\ufeff"), *out[1:]])
    _write(table, [row | {"kind": "guidance"}])
    assert desk.rows("sources", "confirm", "--from", str(table)) == [{"confirmed": 1}]
    assert desk.rows("sources", "review", "--confirmed")[0]["kind"] == "guidance"
    assert desk.rows("sources", "confirm", row["id"], "--year", "", "--outcome", "")
    (found,) = desk.rows("sources", "review", "--confirmed")
    assert (found["year"], found["outcomes"]) == (None, [])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 and more", "it is a workbook; save it as CSV UTF-8 first"),
        ("id;title\n1;x\n".encode("utf-16"), "it is no table; save it as CSV UTF-8"),
        (b"id,title\n\x81,x\n", "it is no table; save it as CSV UTF-8"),
    ],
)
def test_what_is_no_table_is_told_in_plain_words(desk: Desk, content: bytes, said: str) -> None:
    table = desk.folder / "table.csv"
    table.write_bytes(content)
    out, err = desk.run("sources", "confirm", "--from", str(table), code=1)
    assert (out, len(err), said in err[0]) == ([], 1, True), err
    assert "codec" not in err[0]


def test_a_source_or_community_that_is_not_there_is_an_error(desk: Desk) -> None:
    out, err = desk.run("add", desk.file("bins.md"), "--community", "T1")
    assert "No community T1 has met this bot yet: check the id" in err[0]
    assert "1 text" in out[0]
    _, err = desk.run("add", desk.file("more.md"), "--community", "local-test")
    assert err == []
    for job in ("review", "confirm"):
        every = ("--all",) if job == "confirm" else ()
        for given, said in (
            (("--source", "source-nope"), "there is no source source-nope"),
            ((*every, "--community", "T0NOPE"), "brought in for a community T0NOPE"),
            (("--source", _source(desk), "--community", "local-test"), "is not of the community"),
        ):
            out, err = desk.run("sources", job, *given, code=1)
            assert (out, said in err[0]) == ([], True), err
    assert len(desk.rows("sources", "review")) == 2


def test_where_a_year_stands_is_told(desk: Desk) -> None:
    desk.rows("add", desk.file("bins.md", "# Bins in 2024\n\nThey have sensors now.\n"))
    desk.rows("add", desk.file("more.md", "# More\n\nThey have sensors in 2024.\n"))
    said = [line for line in desk.run("sources", "review")[0] if "2024 (" in line]
    assert "2024 (in its title)" in said[0]
    assert "2024 (the year it names most)" in said[1]


def test_which_texts_are_meant_must_be_said_in_one_way(desk: Desk) -> None:
    _, err = desk.run("sources", "confirm", code=1)
    assert "say which texts" in err[0]
    _, err = desk.run("sources", "confirm", "own-1", "--all", code=1)
    assert "in one way" in err[0]
    _, err = desk.run("sources", "confirm", "--from", str(desk.folder / "none.csv"), code=1)
    assert "none.csv cannot be read" in err[0]
    bad = desk.file("bad.csv", "title\nx\n")
    _, err = desk.run("sources", "confirm", "--from", bad, code=1)
    assert "no column called id" in err[0]


async def _abouts(folder: Path, ids: list[str]) -> list[About]:
    store = await Store.open(databases.new(folder))
    try:
        found = [await store.texts("T1").get(one) for one in ids]
        return [one.about for one in found if one]
    finally:
        await store.close()


def _source(desk: Desk) -> str:
    """The id of the oldest."""
    return str(desk.rows("sources")[0]["id"])


def _write(
    table: Path, rows: list[dict[str, str]], encoding: str = "utf-8", between: str = ","
) -> None:
    with table.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=between)
        writer.writeheader()
        writer.writerows(rows)
