"""Passages embedded elsewhere: written, embedded by the lines of docs/scale.md, taken back."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from bot.sources.indexing import Indexing
from bot.store import Store
from indexer import making
from indexer.build import build, unembedded
from indexer.embedded import Array, Embedder
from indexer.encoder import Encoder
from indexer.exchange import NotTaken, take, write
from indexer.generation import index_folder, open_current, own_home
from indexer.ledger_place import Place
from indexer.progress import silent
from indexer.vectors import Vectors
from indexer.waiting import passage_of
from tests.conftest import TEXTS, Built
from tests.holdings import own_text, source
from tests.running import ROOT, Outcomes
from tests.small_encoder import SmallEncoder

SCRIPT = re.compile(r"```python\n(# embed\.py.*?)```", re.DOTALL)


def never(*_: object) -> Embedder:
    raise AssertionError("nothing needed to be embedded")


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(told) for told in file.read_text("utf-8").splitlines()]


def save(folder: Path, encoder: Embedder, order: slice = slice(None)) -> None:
    """What somebody does who embeds what was written, here in another order or a part of it."""
    told = (folder / "passages.jsonl").read_text("utf-8").splitlines()[order]
    cut = [passage_of(one) for one in told]
    rows, statements = encoder.encode_passages(cut)
    np.save(folder / "passages.npy", rows)
    np.save(folder / "statements.npy", statements)
    (folder / "rows.jsonl").write_text(
        "".join(
            json.dumps({"digest": json.loads(one)["digest"], "statements": len(cut_.statements)})
            + "\n"
            for one, cut_ in zip(told, cut, strict=True)
        )
    )


@pytest.fixture
def exported(small_index: Built, tmp_path: Path) -> Path:
    """All passages of the small library, none of them embedded."""
    folder = tmp_path / "exported"
    cut = unembedded(small_index.library, tmp_path / "home", small_index.model)
    assert write(folder, small_index.model, [("", cut)]).passages == len(cut)
    return folder


def test_what_the_lines_in_the_docs_embed_gives_the_same_bytes(
    small_index: Built, exported: Path, tmp_path: Path, encoder: Encoder
) -> None:
    (script,) = SCRIPT.findall((ROOT / "docs" / "scale.md").read_text("utf-8"))
    (tmp_path / "embed.py").write_text(script)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(tmp_path / "embed.py"), str(exported)]
    subprocess.run(command, env=environment, check=True, cwd=tmp_path)
    model, home = small_index.model, tmp_path / "home"
    found = take(exported, model, home)
    assert found.statements == small_index.report.statements
    saved = [np.load(exported / f"{name}.npy") for name in ("passages", "statements")]
    report = build(small_index.library, home, model, lambda: Exporting(encoder))
    assert (report.embedded, report.passages) == (0, found.passages)
    made = open_current(home)
    assert made.statements.read_bytes() == (exported / "statements.npy").read_bytes()
    assert Vectors.read(made.vectors).matrix.tobytes() == saved[0].tobytes()
    here = open_current(small_index.home)
    assert np.allclose(np.load(made.statements), np.load(here.statements), atol=1e-5)
    assert not Place(home, "").there()


class Exporting(SmallEncoder):
    """Writes the encoder that serves, and embeds nothing."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(most=0)
        self._encoder = encoder

    def export(self, folder: Path) -> None:
        self._encoder.export(folder)


def test_a_part_in_another_order_is_taken_and_the_rest_embedded_here(
    small_index: Built, tmp_path: Path
) -> None:
    model, home, base = (
        small_index.model,
        own_home(tmp_path, "leeds"),
        open_current(small_index.home),
    )
    case = small_index.library.case_studies[0]
    sections = tuple(replace(case.sections[0], heading=f"Part {one}") for one in range(6))
    more = replace(case, id="more", sections=sections, digest="more")
    library = replace(small_index.library, case_studies=(*small_index.library.case_studies, more))
    cut = unembedded(library, home, model, base=base)
    folder = tmp_path / "exported"
    write(folder, model, [(home.name, cut), (home.name, cut)])
    assert len(lines(folder / "passages.jsonl")) == len(cut) == 6
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "passages.jsonl").stat().st_mode & 0o077 == 0
    save(folder, SmallEncoder(), slice(4, 0, -1))
    assert take(folder, model, tmp_path).passages == 4
    assert take(folder, model, tmp_path).passages == 4, "again: nothing changes"
    assert b"Part" not in Place(home, home.name).file.read_bytes()
    encoder = SmallEncoder()
    report = build(library, home, model, lambda: encoder, base=base)
    assert (report.embedded, encoder.embedded) == (2, 2)
    assert not unembedded(library, home, model, base=base)
    assert len(unembedded(library, home, model, base=base, every=True)) == report.passages


Fault = Callable[[Path], object]


def changed(name: str, change: Callable[[Array], npt.NDArray[Any]]) -> Fault:
    def fault(folder: Path) -> None:
        np.save(folder / name, change(np.load(folder / name)))

    return fault


def replaced(name: str, old: str, new: str) -> Fault:
    def fault(folder: Path) -> None:
        told = (folder / name).read_text("utf-8")
        assert old in told
        (folder / name).write_text(told.replace(old, new, 1), "utf-8")

    return fault


def not_a_number(rows: Array) -> Array:
    rows[3, 7] = np.nan
    return rows


FAULTS: dict[str, tuple[Fault, str]] = {
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "manifest.json is missing"),
    "no rows": (lambda folder: (folder / "rows.jsonl").unlink(), "rows.jsonl is missing"),
    "no vectors": (lambda folder: (folder / "passages.npy").unlink(), "passages.npy is missing"),
    "another format": (replaced("manifest.json", '"format": 1', '"format": 2'), "of format 2"),
    "another model": (
        replaced("manifest.json", '"weights_sha256": "5', '"weights_sha256": "6'),
        "was written for the model",
    ),
    "another window": (replaced("manifest.json", '"window": 2', '"window": 3'), "for the model"),
    "a nested manifest": (
        lambda folder: (folder / "manifest.json").write_text("[" * 60_000), "cannot be read as",
    ),
    "a list for a manifest": (
        lambda folder: (folder / "manifest.json").write_text("[1]"), "cannot be read as",
    ),
    "a changed text": (replaced("passages.jsonl", "sensors", "censors"), "has been changed"),
    "an unknown row": (replaced("rows.jsonl", '"digest": "', '"digest": "x'), "not exported"),
    "another count": (replaced("rows.jsonl", '"statements": ', '"statements": 1'), "instead of"),
    "rows left out": (changed("passages.npy", lambda rows: rows[:-1]), "instead of float32 of"),
    "statements too many": (
        changed("statements.npy", lambda rows: np.concatenate([rows, rows])), "instead of float32",
    ),
    "too narrow": (changed("passages.npy", lambda rows: rows[:, :-1]), "instead of float32"),
    "halved numbers": (changed("passages.npy", lambda rows: rows.astype("f2")), "float16 of shape"),
    "not a number": (changed("statements.npy", not_a_number), "row 3, is not of length 1"),
    "not of unit length": (changed("passages.npy", lambda rows: rows * 2), "is not of length 1"),
    "objects": (changed("passages.npy", lambda rows: rows.astype(object)), "cannot be read as"),
    "no table": (lambda folder: (folder / "passages.npy").write_bytes(b"PK"), "cannot be read as"),
    "another's folder": (
        replaced("units.jsonl", '"unit": ""', '"unit": "../../elsewhere"'), "names no index",
    ),
    "not UTF-8": (lambda folder: (folder / "rows.jsonl").write_bytes(b"\xff\n"), "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_fit_is_refused_and_nothing_of_it_taken(
    small_index: Built, exported: Path, tmp_path: Path, fault: str
) -> None:
    save(exported, SmallEncoder())
    spoil, told = FAULTS[fault]
    spoil(exported)
    with pytest.raises(NotTaken, match=re.escape(told)) as refused:
        take(exported, small_index.model, tmp_path / "home")
    assert "\n" not in str(refused.value)
    assert not Place(tmp_path / "home", "").there()


def test_a_row_twice_is_refused(small_index: Built, exported: Path, tmp_path: Path) -> None:
    save(exported, SmallEncoder())
    rows = exported / "rows.jsonl"
    first = rows.read_text().splitlines()[0]
    rows.write_text(f"{first}\n{rows.read_text()}")
    with pytest.raises(NotTaken, match="line 2: this passage is there twice"):
        take(exported, small_index.model, tmp_path / "home")


def test_a_folder_that_is_not_empty_is_left_as_it_is(small_index: Built, exported: Path) -> None:
    before = sorted(file.name for file in exported.iterdir())
    with pytest.raises(NotTaken, match="is not empty"):
        write(exported, small_index.model, [])
    assert sorted(file.name for file in exported.iterdir()) == before


async def test_what_communities_brought_in_is_exported_and_taken_for_each(
    store: Store, small_index: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, model = tmp_path / "home", small_index.model
    home.mkdir()
    index_folder(home).symlink_to(index_folder(small_index.home))
    for community, name in (("leeds", "own-1"), ("york", "own-2")):
        await store.sources(community).add(source(community))
        assert await store.texts(community).put(own_text(name, community), "1:1")
    indexing = Indexing(store, home, None, silent)
    wanted = [(one.name, cut) async for one, cut in indexing.unembedded(every=False)]
    assert {unit for unit, _ in wanted} == {own_home(home, one).name for one in ("leeds", "york")}
    written = write(tmp_path / "exported", model, wanted)
    assert written.passages == len(own_text().sections), "the same in both, so once"
    save(tmp_path / "exported", SmallEncoder())
    take(tmp_path / "exported", model, home)
    monkeypatch.setattr(making, "_loaded", never)
    reports = await indexing.all()
    assert [(one.changed, one.embedded) for one in reports] == [(True, 0), (True, 0)]
    assert [one async for one in indexing.unembedded(every=False)] == []
    every = [len(cut) async for _, cut in indexing.unembedded(every=True)]
    assert every == [one.passages for one in reports]


def test_the_commands_write_and_take_and_refuse_in_one_line(tmp_path: Path) -> None:
    settings = {"OUTCOMES_KNOWLEDGE": str(TEXTS), "OUTCOMES_HOME": str(tmp_path / "home")}
    outcomes, folder = Outcomes(tmp_path, settings), tmp_path / "there"
    told = outcomes.run("index", "export", str(folder), "--json")
    assert told.code == 0, told.err
    count = json.loads(told.out)
    refused = outcomes.run("index", "import", str(folder))
    assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert "rows.jsonl is missing. See docs/scale.md" in refused.err
    save(folder, SmallEncoder())
    taken = outcomes.run("index", "import", str(folder), "--json")
    assert json.loads(taken.out) == count
    again = outcomes.run("index", "export", str(tmp_path / "again"), "--json")
    assert json.loads(again.out) == {"passages": 0, "statements": 0}
    every = outcomes.run("index", "export", str(tmp_path / "every"), "--json", "--all")
    assert json.loads(every.out) == count
    assert outcomes.run("index", "--workers", "0").code == 2
