"""`outcomes slack-manifest` as an administrator runs it, and Slack's schema on what it prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.slack import manifest as made
from tests import schemas
from tests.running import ROOT, Outcomes
from tests.test_command import explained
from tests.test_manifests import Manifest, texts

ADDRESS = "https://outcomes.anytown.example"
POSTED_TO = f"{ADDRESS}/slack/events"


@pytest.fixture
def outcomes(tmp_path: Path) -> Outcomes:
    """The command needs no index and no database."""
    return Outcomes(tmp_path, {})


@pytest.fixture(scope="module")
def shipped() -> Manifest:
    found: Manifest = json.loads((ROOT / "manifest.json").read_text("utf-8"))
    return found


def faults(manifest: Manifest) -> list[str]:
    name = f"manifest.schema.{manifest['_metadata']['major_version']}.0.0.json"
    return schemas.faults(manifest, f"slack/{name}", f"schemas/{name}", name)


def test_without_an_address_it_is_the_shipped_one(outcomes: Outcomes) -> None:
    finished = outcomes.run("slack-manifest")
    assert (finished.code, finished.err) == (0, "")
    assert finished.out.strip() == (ROOT / "manifest.json").read_text("utf-8").strip()


def test_with_an_address_slack_posts_to_it(outcomes: Outcomes, shipped: Manifest) -> None:
    """Given as an option, with a slash at its end, or as the setting: and nothing else changes."""
    finished = outcomes.run("slack-manifest", "--address", f"{ADDRESS}:8443/")
    assert f"{ADDRESS}:8443/slack/events" in texts(json.loads(finished.out))
    finished = outcomes.run("slack-manifest", OUTCOMES_ADDRESS=ADDRESS)
    assert (finished.code, "SLACK_SIGNING_SECRET" in finished.err) == (0, True)
    changed = json.loads(finished.out)
    settings = changed["settings"]
    assert settings["socket_mode_enabled"] is False
    assert settings["event_subscriptions"].pop("request_url") == POSTED_TO
    assert settings["interactivity"].pop("request_url") == POSTED_TO
    commands = changed["features"]["slash_commands"]
    assert [command.pop("url") for command in commands] == [POSTED_TO] * len(commands)
    settings["socket_mode_enabled"] = True
    assert changed == shipped


def test_the_agent_view_can_be_left_out(outcomes: Outcomes, shipped: Manifest) -> None:
    changed = json.loads(outcomes.run("slack-manifest", "--no-agent-view").out)
    assert shipped["features"].keys() - changed["features"].keys() == {"agent_view"}
    scopes = [one["oauth_config"]["scopes"]["bot"] for one in (shipped, changed)]
    assert set(scopes[0]) - set(scopes[1]) == {"assistant:write"}
    heard = [one["settings"]["event_subscriptions"]["bot_events"] for one in (shipped, changed)]
    kept = [
        event for event in heard[0] if event.startswith(("message.", "app_mention", "app_home"))
    ]
    assert heard[1] == kept
    assert changed["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize("address", ["", ADDRESS])
@pytest.mark.parametrize("agent_view", [True, False])
def test_slacks_schema_accepts_each(address: str, agent_view: bool) -> None:
    assert faults(json.loads(made.manifest(address, agent_view=agent_view))) == []


def test_it_can_be_written_to_a_file_and_asked_for_without_the_setting(outcomes: Outcomes) -> None:
    given = ("slack-manifest", "--socket-mode", "--out", "new/app.json")
    finished = outcomes.run(*given, OUTCOMES_ADDRESS=ADDRESS)
    assert (finished.code, finished.out, finished.err) == (0, f"{Path('new/app.json')}\n", "")
    written = (outcomes.folder / "new" / "app.json").read_text("utf-8")
    assert written == (ROOT / "manifest.json").read_text("utf-8")
    both = outcomes.run(*given, "--address", ADDRESS)
    assert (both.code, both.out) == (2, "")
    explained(outcomes.run("slack-manifest", "--out", "."), "cannot be written")


@pytest.mark.parametrize("command", ["slack-manifest", "teams-package"])
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://outcomes.anytown.example", "https"),
        ("outcomes.anytown.example", "no address"),
        (f"{ADDRESS}/bot", "more than a host"),
        (f"{ADDRESS}?a=b", "more than a host"),
        ("https://sam:not-to-be-shown@anytown.example", "more than a host"),
        ("https://localhost:3978", "cannot be reached from outside"),
        ("https://127.0.0.1", "cannot be reached from outside"),
        ("https://[::1]", "cannot be reached from outside"),
        ("https://192.168.1.7", "cannot be reached from outside"),
        ("https://intranet", "cannot be reached from outside"),
        ("https://outcomes.local", "cannot be reached from outside"),
        ("https://any town.example", "host that is none"),
        ("https://a.example:99999", "no address"),
    ],
)
def test_an_address_that_nobody_could_post_to_is_refused(
    command: str, address: str, why: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from bot.__main__ import main

    out = str(tmp_path / "file")
    assert main([command, "--address", address, "--out", out]) == 1
    told = capsys.readouterr()
    assert (told.out, why in told.err) == ("", True), told.err
    assert "not-to-be-shown" not in told.err
    assert not (tmp_path / "file").exists()


def test_where_it_is_not_shipped_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "FILE", tmp_path / "manifest.json")
    with pytest.raises(made.CannotDescribe, match="part of the project's folder"):
        made.manifest()
    assert made.permissions() is None
    (tmp_path / "manifest.json").write_text("{}", "utf-8")
    with pytest.raises(made.CannotDescribe, match="no manifest of an app"):
        made.manifest(ADDRESS)
