"""What the README, the guides and `.env.example` say is what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import __main__ as command
from bot.peers.wording import CONSENT
from bot.store.models import metadata
from tests.running import ROOT

SETTING = re.compile(r'"((?:OUTCOMES|SLACK|MICROSOFT)_[A-Z_]+|DATABASE_URL)"')
COMMANDS = (
    *("ask", "tag", "projects", "peers", "person", "index", "add", "sources"),
    *("serve", "eval", "bench", "digest", "doctor", "teams-package", "slack-manifest"),
    *("backup", "restore", "communities", "tokens"),
)
LONGEST_README = 200


def settings() -> set[str]:
    files = (ROOT / "bot" / name for name in ("settings.py", "platform_settings.py"))
    return {name for file in files for name in SETTING.findall(file.read_text("utf-8"))}


def modules() -> Iterator[Path]:
    for folder in ("bot", "indexer", "knowledge"):
        yield from (ROOT / folder).rglob("*.py")


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text("utf-8")


def test_the_readme_names_every_setting(readme: str) -> None:
    assert {"OUTCOMES_HOME", "SLACK_BOT_TOKEN"} <= settings()
    assert {name for name in settings() if name not in readme} == set()


def test_the_example_file_names_every_setting_and_no_other() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    named = set(re.findall(r"^#?([A-Z_]{6,})=", example, re.MULTILINE))
    assert settings() - named == set()
    later = {"OUTCOMES_ADMINS"}  # part of the contract, read once there is something to administer
    assert named - settings() <= later


def test_the_readme_names_every_command(readme: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["--help"])
    offered = re.findall(r"^ {4}([a-z-]+)(?: |$)", capsys.readouterr().out, re.MULTILINE)
    assert tuple(offered) == COMMANDS
    for name in offered:
        assert f"outcomes {name}" in readme, name


def test_the_readme_names_both_commands_and_stays_short(readme: str) -> None:
    assert "make run" in readme
    assert "make test" in readme
    assert len(readme.splitlines()) < LONGEST_README


def test_what_the_readme_points_to_exists(readme: str) -> None:
    linked = re.findall(r"\]\((?!https?:|#)([^)\s#]+)", readme)
    assert [target for target in linked if not (ROOT / target).exists()] == []


def test_every_module_says_what_it_is_for() -> None:
    missing = [
        str(path.relative_to(ROOT))
        for path in modules()
        if not path.read_text("utf-8").lstrip().startswith('"""')
    ]
    assert missing == []


def guide(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def anchors(file: Path) -> set[str]:
    """The names that its headings are linked by."""
    headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


def test_what_the_guides_point_to_exists() -> None:
    missing = []
    for file in (ROOT / "docs").rglob("*.md"):
        linked = re.findall(r"\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)", file.read_text("utf-8"))
        for target, part in linked:
            there = (file.parent / target).resolve() if target else file
            if not there.exists() or (part and part not in anchors(there)):
                missing.append(f"{file.name}: {target}#{part}")
    assert missing == []


def test_the_privacy_page_quotes_what_is_agreed_to_and_names_every_table() -> None:
    page = guide("privacy.md")
    assert "\n".join(f"> {line}" for line in CONSENT.split("\n")) in page
    assert {name for name in metadata.tables if f"`{name}`" not in page} == set()
