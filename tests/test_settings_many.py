"""What many workspaces in one deployment take, and what of it is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError

MANY = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "secret-of-the-app",
    "SLACK_SIGNING_SECRET": "signing",
    "OUTCOMES_TOKEN_KEYS": "bW9zdC1zZWNyZXQta2V5LW9mLW91cnMtMzItYnl0ZSE=",
    "OUTCOMES_ADDRESS": "https://anytown.example",
    "OUTCOMES_COMMUNITIES": "T0ANYTOWN, E0COUNTY 00000000-0000-4000-8000-00000000c0c1",
}


def test_many_workspaces_take_five_settings_and_a_list(tmp_path: Path) -> None:
    settings = Settings.read(MANY, tmp_path)
    assert settings.slack
    assert (settings.slack.client_id, settings.slack.bot_token) == ("1.2", "")
    assert len(settings.communities) == 3
    assert settings.reached_from_outside
    for secret in ("secret-of-the-app", MANY["OUTCOMES_TOKEN_KEYS"]):
        assert secret not in repr(settings)


def test_administrators_are_named_with_their_workspace_where_there_are_many(tmp_path: Path) -> None:
    named = ("T0ANYTOWN/U0ROBIN", "00000000-0000-4000-8000-00000000c0c1")
    many = Settings.read({**MANY, "OUTCOMES_ADMINS": ", ".join(named)}, tmp_path)
    assert many.admins == named
    one = Settings.read({"OUTCOMES_ADMINS": "U0ROBIN T0ANYTOWN/U0SAM"}, tmp_path)
    assert one.admins == ("U0ROBIN", "T0ANYTOWN/U0SAM")


@pytest.mark.parametrize("name", [*list(MANY)[:5]])
def test_what_many_workspaces_lack_is_named(name: str, tmp_path: Path) -> None:
    settings = Settings.read({**MANY, name: ""}, tmp_path)
    assert settings.slack is None
    assert settings.unfinished == (f"Slack: not served, {name} missing",)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_APP_TOKEN and SLACK_CLIENT_ID are both set"),
        ({"OUTCOMES_COMMUNITIES": ""}, "OUTCOMES_COMMUNITIES is missing: anybody could install"),
        ({"OUTCOMES_COMMUNITIES": "Anytown"}, "OUTCOMES_COMMUNITIES holds 'Anytown'"),
        ({"OUTCOMES_TOKEN_KEYS": "secret-key"}, "OUTCOMES_TOKEN_KEYS holds what is no key"),
        (
            {"OUTCOMES_COMMUNITIES": "T0ANYTOWN", "MICROSOFT_APP_ID": "1"},
            "OUTCOMES_COMMUNITIES names no Teams tenant",
        ),
        (
            {"OUTCOMES_ADMINS": "T0ANYTOWN/U0ROBIN, U0SAM"},
            "OUTCOMES_ADMINS names 1 of 2 without their workspace: give",
        ),
    ],
)
def test_what_cannot_be_used_of_many_workspaces_is_refused(
    changes: dict[str, str], says: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=re.escape(says)) as refused:
        Settings.read({**MANY, **changes}, tmp_path)
    assert "secret" not in str(refused.value)
    assert len(refused.value.args) == 1
