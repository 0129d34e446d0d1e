"""What is installed: locked by version and by hash, under licences that ask nothing of ours."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.licences import OWN_SOURCE, allowed, installed, needed, scoped, table
from tests.running import ROOT

MAKE_ANEW = "requirements.hashes differs from requirements.lock: run make hashes"
APART = {"torch"}  # its build differs from machine to machine: docs/decisions/0026
# Beside those, what a machine brings itself.
NOT_LOCKED = {"outcomes-assistant", "pip", "setuptools", "wheel"}
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


def locked(name: str = "requirements.lock") -> dict[str, str]:
    """Versions by name."""
    found: dict[str, str] = {}
    for line in (ROOT / name).read_text("utf-8").splitlines():
        if line[:1] not in ("", "#", " "):
            asked = Requirement(line.partition(" \\")[0].partition(" --")[0])
            found[canonicalize_name(asked.name)] = str(asked.specifier).removeprefix("==")
    return found


def test_every_locked_package_has_its_hashes() -> None:
    plain, hashed = locked(), locked("requirements.hashes")
    assert hashed == {name: it for name, it in plain.items() if name not in APART}, MAKE_ANEW


@pytest.mark.parametrize("name", ["requirements.hashes", "requirements.tools"])
def test_nothing_is_listed_without_a_hash_and_no_address_is_named(name: str) -> None:
    written = (ROOT / name).read_text("utf-8")
    packages = [one for one in re.split(r"\n(?=\S)", written) if one[:1] not in ("#", "")]
    assert [one[:40] for one in packages if not _HASH.search(one)] == []
    assert not re.search(r"(?:https?|file)://|--(?:extra-)?index|--find-links", written)


def test_what_is_installed_is_what_is_locked() -> None:
    plain = locked()
    here = {name: it for name, it in installed().items() if name in plain and name not in APART}
    assert here == {name: it for name, it in plain.items() if name in here}, "run make setup"


def test_what_runs_is_locked() -> None:
    plain = locked()
    assert sorted(set(needed()) - set(plain) - NOT_LOCKED - cuda()) == []


def cuda() -> set[str]:
    """What another build of torch brings, where somebody installed that."""
    return {name for name in needed() if name.startswith(("nvidia-", "cuda-")) or name == "triton"}


def test_every_licence_of_what_runs_asks_nothing_of_ours() -> None:
    listed = [one for one in table() if one[0] not in cuda()]
    assert [one for one in listed if not one[2]] == [], "a licence that nobody knows: look it up"
    assert [one for one in listed if not allowed(one[2])] == []
    assert len(listed) > 80


def test_licences_that_ask_for_their_own_source_are_known() -> None:
    """Each is named in docs/decisions/dependencies.md; none is changed or copied here."""
    asking = {name for name, _, it in table() if any(one in it for one in OWN_SOURCE)}
    assert asking <= {"certifi", "psycopg", "psycopg-binary", "psycopg-pool", "tld", "tqdm"}, asking


@pytest.mark.parametrize(
    "expression",
    ["", "GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0-only", "Proprietary", "SSPL-1.0"],
)
def test_what_would_ask_for_ours_is_refused(expression: str) -> None:
    assert not allowed(expression)


@pytest.mark.parametrize(
    "expression",
    ["MIT", "MIT OR GPL-2.0-only", "(MIT AND Zlib) OR X", "Apache-2.0 WITH LLVM-exception"],
)
def test_what_asks_nothing_is_allowed(expression: str) -> None:
    assert allowed(expression)


def test_a_bill_says_what_runs(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    file.write_text(json.dumps({"components": [{"name": "aiohttp"}, {"name": "pytest"}]}))
    assert scoped(file) == (1, 1)
    told = {one["name"]: one["scope"] for one in json.loads(file.read_text())["components"]}
    assert told == {"aiohttp": "required", "pytest": "excluded"}
