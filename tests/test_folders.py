"""The files of a folder that can be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.sources.folders import files
from bot.sources.refusals import Refused

SUFFIXES = frozenset({".pdf", ".md", ".txt"})
NAMES = ("b.md", "a.PDF", "news/c.txt", "news/old/d.md", "photo.jpg", ".hidden.md", ".git/e.md")

_OTHER = "1 file is left out, being of a kind that holds no text"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "texts"
    for name in (*NAMES, "~$b.md"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(name, "utf-8")
    return made


def _found(
    folder: Path, include: tuple[str, ...] = (), exclude: tuple[str, ...] = (), most: int = 100
) -> tuple[list[str], tuple[str, ...]]:
    found, notes = files(folder, include, exclude, most, SUFFIXES)
    assert all((folder / file.location).samefile(file.path) for file in found)
    return [file.location for file in found], tuple(one for one in notes if one != _OTHER)


def test_what_can_be_read_is_found_in_order(folder: Path) -> None:
    assert _found(folder) == (["a.PDF", "b.md", "news/c.txt", "news/old/d.md"], ())


def test_what_holds_no_text_is_counted(folder: Path) -> None:
    assert _OTHER in files(folder, (), (), 9, SUFFIXES)[1]
    assert files(folder, ("*.md",), (), 9, SUFFIXES)[1] == ()


def test_patterns_say_what_is_wanted(folder: Path) -> None:
    assert _found(folder, ("*.MD",))[0] == ["b.md", "news/old/d.md"]
    assert _found(folder, ("/news/*",), ("news/old/*",))[0] == ["news/c.txt"]


def test_more_than_may_be_is_left_out_and_said(folder: Path) -> None:
    found, notes = _found(folder, most=3)
    assert found == ["a.PDF", "b.md", "news/c.txt"]
    assert notes == ("1 file is left out, since at most 3 are read of this folder",)


def test_the_validator_tells_when_a_file_was_written(folder: Path) -> None:
    file = folder / "b.md"

    def validator() -> str:
        (found,) = files(folder, ("b.md",), (), 9, SUFFIXES)[0]
        return found.validator

    before = validator()
    assert validator() == before
    os.utime(file, ns=(1, 1))  # as late as may be, and of the same size
    assert validator() == "1:4" != before
    file.write_text("longer", "utf-8")
    os.utime(file, ns=(1, 1))
    assert validator() == "1:6"


def test_links_that_lead_out_are_left_out_and_said(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("secret", "utf-8")
    (tmp_path / "texts2").mkdir()
    (tmp_path / "texts2" / "f.md").write_text("secret", "utf-8")
    (folder / "out.md").symlink_to(secret)
    (folder / "relative.md").symlink_to("../texts2/f.md")
    (folder / "twice.md").symlink_to("out.md")
    (folder / "nothing.md").symlink_to("none.md")
    (folder / "circle.md").symlink_to("circle.md")
    (folder / "folder").symlink_to(tmp_path / "texts2")
    (folder / "up").symlink_to("..")
    (folder / "inside.md").symlink_to("news/old/d.md")
    found, notes = _found(folder)
    assert found == ["a.PDF", "b.md", "inside.md", "news/c.txt", "news/old/d.md"]
    assert notes == ("5 files are left out, being links out of the folder or to nothing",)


def test_the_folder_itself_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert _found(tmp_path / "link") == _found(folder)


def test_only_files_are_read(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    (folder / "named.md").mkdir()
    assert _found(folder) == (["a.PDF", "b.md", "news/c.txt", "news/old/d.md"], ())


def test_a_name_that_is_no_text_is_left_out_and_said(folder: Path) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff.md"))).write_text("x", "utf-8")
    found, notes = _found(folder)
    assert len(found) == 4
    assert notes == ("1 file is left out, having names that cannot be read",)


def test_a_folder_that_is_none_is_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(Refused, match="there is no such folder"):
        _found(tmp_path / "none")
    with pytest.raises(Refused, match="this is no folder"):
        _found(folder / "b.md")


def test_a_folder_in_it_that_cannot_be_read_takes_no_file_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def guarded(path: Path) -> object:
        if Path(path).name == "old":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)  # root may read everything
    with pytest.raises(Refused) as refused:
        _found(folder)
    assert str(refused.value) == (
        "the folder news/old in it cannot be read (Permission denied): make it readable, or leave "
        "it out by the pattern news/old/*"
    )
    assert _found(folder, exclude=("news/old/*",)) == (["a.PDF", "b.md", "news/c.txt"], ())


def test_a_folder_nested_without_end_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = folder
    for _ in range(40):
        deep = deep / "x"
    deep.mkdir(parents=True)
    (deep / "z.md").write_text("x", "utf-8")
    assert _found(folder)[0][-1] == "x/" * 40 + "z.md"
    monkeypatch.setattr("bot.sources.folders._DEEPEST", 20)
    with pytest.raises(Refused, match="nested more than 20 deep"):
        _found(folder)


def test_a_folder_of_too_much_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sources.folders._MOST_SEEN", 3)
    with pytest.raises(Refused, match="more than 3 files"):
        _found(folder)
