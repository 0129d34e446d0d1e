"""Every test that docs/threats.md names is there, and every row of it names one."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.running import ROOT

PAGE = (ROOT / "docs" / "threats.md").read_text("utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)


@cache
def functions(file: str) -> frozenset[str]:
    """The tests in a file."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, kinds))


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_what_is_named_is_there(file: str, name: str) -> None:
    assert (ROOT / file).is_file(), file
    assert not name or name in functions(file), f"{file} has no {name}"


def test_every_threat_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and line.count("|") == 5]
    threats = [line for line in rows if not line.startswith(("| threat", "| ---"))]
    assert [line for line in threats if not re.search("`tests/|the same, and", line)] == []
    assert len(threats) >= 25


def test_the_project_says_where_to_report() -> None:
    written = (ROOT / "SECURITY.md").read_text("utf-8")
    assert "privately" in written
    assert "docs/threats.md" in written
    assert not re.search(r"@\w|mailto:|https?://", written), "no address that nobody answers"
