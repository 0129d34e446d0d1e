"""`outcomes teams-package` as an administrator runs it, and what it will not take."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.teams.package import CannotPackage, Publisher, package
from tests.running import Finished, Outcomes
from tests.test_command import explained
from tests.test_manifests import APP_ID, EXAMPLE, Manifest, unzipped


def made(outcomes: Outcomes, finished: Finished, file: str) -> Manifest:
    """The manifest in the file it says it wrote."""
    assert (finished.code, finished.out) == (0, f"{Path(file)}\n"), finished.err
    found: Manifest = json.loads(unzipped((outcomes.folder / file).read_bytes())["manifest.json"])
    return found


@pytest.fixture
def outcomes(tmp_path: Path) -> Outcomes:
    """The command needs no index and no database."""
    return Outcomes(tmp_path, {})


def test_the_package_needs_the_app_id_alone_and_warns_of_what_it_lacks(outcomes: Outcomes) -> None:
    (outcomes.folder / ".env").write_text(f"MICROSOFT_APP_ID={APP_ID}\n", "utf-8")
    finished = outcomes.run("teams-package")
    assert made(outcomes, finished, "dist/outcomes-teams.zip")["id"] == APP_ID
    assert re.fullmatch(r"outcomes: [^\n]*--council and --website[^\n]*\n", finished.err)


def test_where_it_is_reached_has_a_page_about_it(outcomes: Outcomes) -> None:
    """And what is to be entered in Azure is said at the end; what the council gives wins."""
    there = "https://outcomes.anytown.example:8443"
    own = {"OUTCOMES_ADDRESS": "https://other.example", "MICROSOFT_APP_ID": APP_ID}
    outcomes = replace(outcomes, settings=own)
    finished = outcomes.run("teams-package", "--address", f"{there}/")
    named = made(outcomes, finished, "dist/outcomes-teams.zip")["developer"]
    assert [named[f"{page}Url"] for page in ("website", "privacy", "termsOfUse")] == [
        *(f"{there}/about", f"{there}/about#privacy", f"{there}/about#terms")
    ]
    (told,) = finished.err.splitlines()
    assert f"{there}/api/messages" in told
    assert "Azure" in told
    page = ("--terms-url", "https://example.org/t")
    finished = outcomes.run("teams-package", *page)
    named = made(outcomes, finished, "dist/outcomes-teams.zip")["developer"]
    assert named["termsOfUseUrl"] == "https://example.org/t"
    assert named["privacyUrl"] == "https://other.example/about#privacy"


def test_the_administrator_says_who_offers_it(outcomes: Outcomes) -> None:
    finished = outcomes.run(
        *("teams-package", "--out", "new/here.zip", "--council", "Example Council"),
        *("--website", "https://example.org/w", "--privacy-url", "https://example.org/p"),
        *("--terms-url", "https://example.org/t", "--app-version", "2.10.0", "--hear-threads"),
        MICROSOFT_APP_ID=APP_ID,
        MICROSOFT_APP_PASSWORD="secret of a test",
        MICROSOFT_APP_TENANT_ID=APP_ID,
    )
    assert finished.err == ""
    written = made(outcomes, finished, "new/here.zip")
    assert list(written["developer"].values()) == ["Example Council"] + [
        f"https://example.org/{page}" for page in "wpt"
    ]
    assert written["version"] == "2.10.0"
    assert "authorization" in written
    assert b"secret of a test" not in (outcomes.folder / "new/here.zip").read_bytes()


def test_the_option_wins_over_the_setting(outcomes: Outcomes) -> None:
    other = "99999999-2222-3333-4444-555555555555"
    finished = outcomes.run("teams-package", "--app-id", other, MICROSOFT_APP_ID=APP_ID)
    assert made(outcomes, finished, "dist/outcomes-teams.zip")["bots"][0]["botId"] == other


def test_without_an_app_id_it_says_where_to_find_one(outcomes: Outcomes) -> None:
    explained(outcomes.run("teams-package"), "MICROSOFT_APP_ID", "--app-id", "Azure Bot")
    explained(outcomes.run("teams-package", "--app-id", "nonsense"), "'nonsense'", "Azure Bot")
    explained(outcomes.run("teams-package", MICROSOFT_APP_ID="12345"), "'12345'", "Azure Bot")
    assert not (outcomes.folder / "dist").exists()


def test_what_cannot_be_used_or_written_is_explained(outcomes: Outcomes) -> None:
    given = ("teams-package", "--app-id", APP_ID)
    explained(outcomes.run(*given, "--website", "example.org"), "example.org", "https://")
    explained(outcomes.run(*given, "--app-version", "one"), "'one'", "1.0.1")
    explained(outcomes.run(*given, "--out", "."), "cannot be written")
    (outcomes.folder / "file").touch()
    explained(outcomes.run(*given, "--out", "file/x.zip"), "file/x.zip", "cannot be written")


def test_what_only_packs_is_not_loaded_by_other_commands(outcomes: Outcomes) -> None:
    loaded = outcomes.run("serve", "--help", flags=("-X", "importtime")).err
    assert "bot.packaging" in loaded
    assert "bot.teams" not in loaded


def test_it_has_help_and_tells_bad_usage_apart(outcomes: Outcomes) -> None:
    helped = outcomes.run("teams-package", "--help")
    assert (helped.code, helped.err) == (0, "")
    assert "usage: outcomes teams-package" in helped.out
    wrong = outcomes.run("teams-package", "--nonsense")
    assert (wrong.code, wrong.out) == (2, "")


@pytest.mark.parametrize(
    ("council", "website", "named"),
    [
        ("x" * 33, "https://example.org/", "32 characters"),
        (" ", "https://example.org/", "32 characters"),
        ("Example\nCouncil", "https://example.org/", "cannot be shown"),
        ("Example Council", "http://example.org/", "https://"),
        ("Example Council", "https://", "https://"),
        ("Example Council", "https://[/", "https://"),
        ("Example Council", "https://example.org/a b", "https://"),
        ("Example Council", "https://example.org/" + "x" * 2048, "https://"),
    ],
)
def test_what_teams_would_refuse_is_refused_here(council: str, website: str, named: str) -> None:
    with pytest.raises(CannotPackage, match=named):
        Publisher(council, website)


@pytest.mark.parametrize("version", ["", "1", "1.0", "1.0.0.0", "01.0.0", "1.0.x", "1.0.0\n"])
def test_a_version_is_three_numbers(version: str) -> None:
    with pytest.raises(CannotPackage, match="three numbers"):
        package(APP_ID, EXAMPLE, version)
