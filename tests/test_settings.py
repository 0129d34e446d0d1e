"""What a deployment sets: read from the environment and `.env`, refused where it cannot work."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot import platform_settings
from bot import settings as module
from bot.settings import LanguageModel, Settings, SettingsError


def test_without_any_setting_it_is_a_local_page(tmp_path: Path) -> None:
    settings = Settings.read({}, tmp_path)
    assert settings == Settings(
        home=Path("var"),
        database_url="",
        knowledge=None,
        model="",
        host="127.0.0.1",
        port=3978,
        dev=False,
        missing=(
            "Slack: not served, no SLACK_BOT_TOKEN",
            "Teams: not served, no MICROSOFT_APP_ID",
        ),
    )


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('OUTCOMES_PORT=4000\nOUTCOMES_HOME="a place"\n', "utf-8")
    settings = Settings.read({"OUTCOMES_PORT": "5000"}, tmp_path)
    assert (settings.port, settings.home) == (5000, Path("a place"))


def test_an_empty_value_counts_as_not_set(tmp_path: Path) -> None:
    names = ("OUTCOMES_PORT", "OUTCOMES_HOST", "OUTCOMES_HOME", "OUTCOMES_KNOWLEDGE")
    empty = dict.fromkeys(names, "")
    assert Settings.read(empty, tmp_path) == Settings.read({}, tmp_path)


@pytest.mark.parametrize("port", ["80a", "-1", "65536", "9" * 50, "²", "٣", "1.5"])
def test_a_port_that_is_none_is_refused_by_name(port: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="OUTCOMES_PORT is"):
        Settings.read({"OUTCOMES_PORT": port}, tmp_path)


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    values = {
        "OUTCOMES_PORT": "x",
        "OUTCOMES_KNOWLEDGE": str(tmp_path / "none"),
        "OUTCOMES_DEV": "1",
        "OUTCOMES_HOST": "0.0.0.0",
    }
    with pytest.raises(SettingsError) as refused:
        Settings.read(values, tmp_path)
    for name in ("OUTCOMES_PORT", "OUTCOMES_KNOWLEDGE", "OUTCOMES_DEV"):
        assert name in str(refused.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "outcomes.example.org", "::"])
def test_development_is_refused_on_any_address_but_loopback(host: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="OUTCOMES_DEV=1 is refused"):
        Settings.read({"OUTCOMES_DEV": "1", "OUTCOMES_HOST": host}, tmp_path)
    assert not Settings.read({"OUTCOMES_DEV": "0", "OUTCOMES_HOST": host}, tmp_path).dev


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_development_is_allowed_on_this_computer(host: str, tmp_path: Path) -> None:
    assert Settings.read({"OUTCOMES_DEV": "1", "OUTCOMES_HOST": host}, tmp_path).dev


TOKENS = {
    "SLACK_BOT_TOKEN": "xoxb-not-to-be-shown",
    "SLACK_APP_TOKEN": "xapp-not-to-be-shown",
    "SLACK_SIGNING_SECRET": "not-to-be-shown",
}
AZURE = {
    "MICROSOFT_APP_ID": "00000000-0000-4000-8000-000000000001",
    "MICROSOFT_APP_PASSWORD": "not-to-be-shown",
    "MICROSOFT_APP_TENANT_ID": "00000000-0000-4000-8000-000000000002",
}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN is missing"),
        ({**AZURE, "MICROSOFT_APP_PASSWORD": " "}, "MICROSOFT_APP_PASSWORD missing"),
        ({"MICROSOFT_APP_ID": "x"}, "MICROSOFT_APP_PASSWORD and MICROSOFT_APP_TENANT_ID"),
    ],
)
def test_what_is_missing_for_a_platform_is_said(
    given: dict[str, str], said: str, tmp_path: Path
) -> None:
    settings = Settings.read(given, tmp_path)
    assert (settings.slack, settings.teams) == (None, None)
    assert said in " ".join(settings.missing)


def test_whatever_has_its_credentials_is_served(tmp_path: Path) -> None:
    both = Settings.read({**TOKENS, **AZURE, "OUTCOMES_ADMINS": "U1, U2"}, tmp_path)
    assert both.slack
    assert both.teams
    assert (both.missing, both.admins) == ((), ("U1", "U2"))
    assert both.slack.api_base == "https://slack.com/api/"
    assert "not-to-be-shown" not in repr(both)


@pytest.mark.parametrize(("name", "outside"), [("APP_TOKEN", False), ("SIGNING_SECRET", True)])
def test_only_http_is_reached_from_outside(name: str, outside: bool, tmp_path: Path) -> None:
    given = {"SLACK_BOT_TOKEN": "xoxb-1", f"SLACK_{name}": "x"}
    assert Settings.read(given, tmp_path).reached_from_outside is outside


def test_teams_without_authentication_is_for_development_only(tmp_path: Path) -> None:
    assert Settings.read({}, tmp_path).teams is None
    development = Settings.read({"OUTCOMES_DEV": "1"}, tmp_path)
    assert development.teams
    assert development.teams.app_id == ""


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://anytown.example", "https"),
        ("https://anytown.example/bot", "more than a host"),
        ("https://sam:not-to-be-shown@anytown.example", "more than a host"),
        ("https://anytown.example?", "more than a host"),
        ("https://anytown.example/#", "more than a host"),
        ("https://anytown.exa\nmple", "more than a host"),
        ("https://127.0.0.1", "cannot be reached from outside"),
        ("https://127.1", "cannot be reached from outside"),
        ("https://1.1", "cannot be reached from outside"),
        ("https://127.0x1", "cannot be reached from outside"),
        ("anytown.example", "no address"),
    ],
)
def test_an_address_that_nobody_could_reach_is_refused(
    address: str, why: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="OUTCOMES_ADDRESS") as refused:
        Settings.read({"OUTCOMES_ADDRESS": address}, tmp_path)
    assert why in str(refused.value)
    assert "not-to-be-shown" not in str(refused.value)


def test_the_address_is_a_host_or_in_development_this_computer(tmp_path: Path) -> None:
    taken = Settings.read({"OUTCOMES_ADDRESS": " https://anytown.example:8443/ "}, tmp_path)
    assert (taken.address, taken.reached_from_outside) == ("https://anytown.example:8443", False)
    here = {"OUTCOMES_ADDRESS": "http://127.0.0.1:4000", "OUTCOMES_DEV": "1"}
    assert Settings.read(here, tmp_path).address == "http://127.0.0.1:4000"


def test_every_setting_is_among_the_names_that_are_known() -> None:
    files = (str(one.__file__) for one in (module, platform_settings))
    source = "".join(Path(one).read_text("utf-8") for one in files)
    read = re.findall(r'"((?:OUTCOMES|SLACK|MICROSOFT|DATABASE)_[A-Z_]+)"', source)
    assert set(read) == set(module.NAMES)


def test_what_is_for_local_peers_takes_no_other_address(tmp_path: Path) -> None:
    outside = {"OUTCOMES_DEV": "1", "SLACK_API_BASE": "https://slack.example/api/"}
    with pytest.raises(SettingsError, match="SLACK_API_BASE is for tests on this computer"):
        Settings.read(outside, tmp_path)


def test_a_file_that_is_not_text_is_explained(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"OUTCOMES_HOME=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        Settings.read({}, tmp_path)


def test_how_long_things_are_kept_is_set_in_days(tmp_path: Path) -> None:
    usual = Settings.read({}, tmp_path)
    assert (usual.questions_kept.days, usual.introductions_kept.days) == (90, 365)
    kept = {"OUTCOMES_QUESTIONS_KEPT": "30", "OUTCOMES_INTRODUCTIONS_KEPT": "90"}
    chosen = Settings.read(kept, tmp_path)
    assert (chosen.questions_kept.days, chosen.introductions_kept.days) == (30, 90)


@pytest.mark.parametrize("days", ["0", "-1", "ten", "1.5", "99999", "²"])
def test_a_time_that_is_none_is_refused_by_name(days: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="OUTCOMES_QUESTIONS_KEPT is"):
        Settings.read({"OUTCOMES_QUESTIONS_KEPT": days}, tmp_path)


def test_introductions_are_kept_as_long_as_they_keep_two_people_apart(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="from 90 to 9999"):
        Settings.read({"OUTCOMES_INTRODUCTIONS_KEPT": "89"}, tmp_path)


def test_internal_hosts_are_named_one_by_one(tmp_path: Path) -> None:
    assert Settings.read({}, tmp_path).internal_hosts == frozenset()
    values = {"OUTCOMES_INTERNAL_HOSTS": "Wiki.council.example, wiki:8080,10.0.0.5 [fd00::5]:443,"}
    assert Settings.read(values, tmp_path).internal_hosts == {
        "wiki.council.example",
        "wiki:8080",
        "10.0.0.5",
        "[fd00::5]:443",
    }


@pytest.mark.parametrize(
    "host",
    [
        *("https://wiki", "wiki/a", "*.council.example", "10.0.0.0/8", "wiki:0", "wiki:65536"),
        *(
            "wiki:",
            "wiki:http",
            "10.1",
            "0x7f000001",
            "167772165",
            "[10.0.0.5]",
            "[0:0::1]",
            "fd00::5",
        ),
        *("user@wiki", "wïki", "-wiki", "wiki..example", "[fe80::1%eth0]", "wiki:٨٠"),
    ],
)
def test_an_internal_host_that_is_none_is_refused_by_name(host: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="OUTCOMES_INTERNAL_HOSTS holds") as refused:
        Settings.read({"OUTCOMES_INTERNAL_HOSTS": f"good.example,{host}"}, tmp_path)
    assert "good.example" not in str(refused.value)


MODEL = {"OUTCOMES_LLM_URL": "https://models.example/v1", "OUTCOMES_LLM_MODEL": "small"}


def test_a_language_model_is_off_unless_its_address_is_set(tmp_path: Path) -> None:
    assert Settings.read({}, tmp_path).language_model is None
    assert Settings.read({"OUTCOMES_LLM_URL": " "}, tmp_path).language_model is None
    found = Settings.read({**MODEL, "OUTCOMES_LLM_KEY": "secret"}, tmp_path).language_model
    assert found == LanguageModel("https://models.example/v1", "small", "secret")
    assert found.host == "models.example"
    assert "secret" not in repr(found)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080/v1", "http://localhost/v1"])
def test_on_this_computer_it_needs_no_https(address: str, tmp_path: Path) -> None:
    assert Settings.read({**MODEL, "OUTCOMES_LLM_URL": address}, tmp_path).language_model


def test_azure_is_told_by_its_version(tmp_path: Path) -> None:
    values = {**MODEL, "OUTCOMES_LLM_AZURE_VERSION": "2024-10-21"}
    found = Settings.read(values, tmp_path).language_model
    assert found
    assert found.azure_version == "2024-10-21"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"OUTCOMES_LLM_URL": "http://models.example/v1"}, "must begin with https"),
        ({"OUTCOMES_LLM_URL": "http://127.0.0.1.models.example/v1"}, "must begin with https"),
        ({"OUTCOMES_LLM_URL": "models.example"}, "is no address"),
        ({"OUTCOMES_LLM_URL": "ftp://models.example"}, "is no address"),
        ({"OUTCOMES_LLM_URL": "https://[models.example"}, "is no address"),
        ({"OUTCOMES_LLM_URL": "https://models.example:port/v1"}, "is no address"),
        ({"OUTCOMES_LLM_URL": "https://me:secret@models.example"}, "holds more than an address"),
        ({"OUTCOMES_LLM_URL": "https://models.example/?key=secret"}, "holds more than"),
        ({"OUTCOMES_LLM_URL": ""}, "OUTCOMES_LLM_MODEL set without OUTCOMES_LLM_URL"),
        ({"OUTCOMES_LLM_MODEL": ""}, "OUTCOMES_LLM_MODEL is missing"),
        ({"OUTCOMES_LLM_AZURE_VERSION": "newest"}, "give a date like 2024-10-21"),
    ],
)
def test_a_language_model_that_cannot_be_used_is_refused(
    changed: dict[str, str], fault: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=fault) as refused:
        Settings.read({**MODEL, **changed}, tmp_path)
    assert "secret" not in str(refused.value)


def test_an_environment_without_pip_is_made_anew_or_said_to_need_something(tmp_path: Path) -> None:
    """As Debian leaves one where python3-venv is missing, at every try until that is there."""
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements.hashes"):
        shutil.copy(Path(module.__file__).parents[1] / name, tmp_path)
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$@" >> "$0.log"\nexit 1\n', "utf-8")
    python.chmod(0o755)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(python, tmp_path / ".venv" / "bin" / "python")
    made = subprocess.run(
        [make, ".venv/.ready", f"PYTHON={python}"], cwd=tmp_path, capture_output=True, text=True
    )
    assert made.returncode != 0
    assert "install python3-venv" in made.stderr
    assert (tmp_path / "python.log").read_text("utf-8") == "-m venv --clear .venv\n"
