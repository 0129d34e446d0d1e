"""What a deployment sets: read from the environment and `.env`, refused where it cannot work."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError


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
        credentials=(),
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


def test_credentials_are_known_by_name_only(tmp_path: Path) -> None:
    values = {"SLACK_BOT_TOKEN": "xoxb-not-to-be-shown", "MICROSOFT_APP_ID": ""}
    settings = Settings.read(values, tmp_path)
    assert settings.credentials == ("SLACK_BOT_TOKEN",)
    assert "not-to-be-shown" not in repr(settings)


def test_a_file_that_is_not_text_is_explained(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"OUTCOMES_HOME=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        Settings.read({}, tmp_path)
