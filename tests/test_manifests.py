"""What Slack and Teams are given to install: least permissions, honest texts, valid files."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.app import App
from bot.conversation import Asked, Command, Marked, Origin
from bot.slack import events
from bot.speech import COMMANDS, spoken
from bot.teams import cards
from bot.teams.package import Publisher, manifest, package
from tests import images, schemas
from tests.running import ROOT

APP_ID = "11111111-2222-3333-4444-555555555555"
# Test data: there is no such council, and the address leads nowhere.
EXAMPLE = Publisher(
    "Example Council", "https://example.org/outcomes", "https://example.org/privacy"
)
# What each event needs to be sent, and what each thing the bot does needs to be allowed.
HEARD = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
}
UNASKED = ("app_home_opened",)  # sent without any permission
# `agent_view` needs the second; officers are brought together by `mpim:write`, and `users:read`
# tells who administers the workspace.
DONE = {*("chat:write", "assistant:write", "commands", "files:read"), "mpim:write", "users:read"}
FULL_SIZE = {"color.png": 192, "outline.png": 32}
SMALL = 20_000
Manifest = dict[str, Any]


@pytest.fixture(scope="module")
def slack() -> Manifest:
    found: Manifest = json.loads((ROOT / "manifest.json").read_text("utf-8"))
    return found


@pytest.fixture(params=[False, True], ids=["mentions", "threads"])
def teams(request: pytest.FixtureRequest) -> Manifest:
    made = package(APP_ID, EXAMPLE, "1.0.0", hear_threads=request.param)
    found: Manifest = json.loads(unzipped(made)["manifest.json"])
    return found


def unzipped(made: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)


def commands(teams: Manifest) -> list[tuple[str, list[str]]]:
    lists = teams["bots"][0]["commandLists"]
    return [(each["title"], one["scopes"]) for one in lists for each in one["commands"]]


# Slack


def test_slacks_schema_accepts_the_manifest(slack: Manifest) -> None:
    name = f"manifest.schema.{slack['_metadata']['major_version']}.0.0.json"
    assert schemas.faults(slack, f"slack/{name}", f"schemas/{name}", name) == []


def test_slack_grants_what_is_used_and_no_more(slack: Manifest) -> None:
    subscribed = slack["settings"]["event_subscriptions"]["bot_events"]
    assert subscribed == sorted((*HEARD, *UNASKED))
    assert slack["oauth_config"] == {"scopes": {"bot": sorted({*HEARD.values(), *DONE})}}


def test_slack_reaches_the_bot_by_socket_alone(slack: Manifest) -> None:
    assert slack["settings"]["socket_mode_enabled"] is True
    assert slack["settings"]["interactivity"] == {"is_enabled": True}
    assert not [text for text in texts(slack) if "://" in text]


def test_slack_shows_the_new_agent_view_and_messages(slack: Manifest) -> None:
    features = slack["features"]
    assert "assistant_view" not in features
    assert "utomated" in features["agent_view"]["agent_description"]
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert len(features["agent_view"]["suggested_prompts"]) <= 4
    home = features["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]


def test_slacks_commands_are_what_the_listener_hears(slack: Manifest) -> None:
    asking, tagging = slack["features"]["slash_commands"]
    assert (asking["command"], tagging["command"]) == ("/outcomes", "/tag-project")
    sent = {"team_id": "T1", "channel_id": "C1", "user_id": "U1", "trigger_id": "1.2"}
    for command in (asking, tagging):
        for text in re.split(r" \| ", command["usage_hint"]):
            heard = events.commanded({**sent, "command": command["command"], "text": text})
            assert heard is not None
            assert isinstance(heard.request, Command)
            usual = "ask" if command is asking else "tag"
            assert heard.request.name == (text if text in COMMANDS else usual)


def test_slacks_shortcut_is_what_the_listener_hears(slack: Manifest) -> None:
    (shortcut,) = slack["features"]["shortcuts"]
    assert shortcut["type"] == "message"
    sent = {"type": "message_action", "callback_id": shortcut["callback_id"], "team": {"id": "T1"}}
    message = {"ts": "1.1", "user": "U1", "text": "We lend laptops"}
    heard = events.marked({**sent, "channel": {"id": "C1"}, "message": message}, own="UBOT")
    assert heard is not None
    assert isinstance(heard.request, Marked)


@pytest.mark.parametrize("name", HEARD)
def test_what_slack_sends_is_what_the_listener_hears(name: str) -> None:
    kind, _, place = name.partition(".")
    place = {"channels": "channel", "groups": "group"}.get(place, place)
    event = {"type": kind, "channel_type": place, "channel": "X1", "user": "U1", "text": "list"}
    said = {**event, "ts": "2.0", "thread_ts": "1.0"}
    heard = events.said({"team_id": "T1", "event_id": "E1", "event": said}, own="UBOT")
    expected = {"app_mention": "called", "message.im": "addressed"}.get(name, "overheard")
    assert heard is not None
    assert heard.hearing == expected


async def test_slacks_suggested_prompts_are_answered(slack: Manifest, app: App) -> None:
    for prompt in slack["features"]["agent_view"]["suggested_prompts"]:
        reply = await app.assistant.handle(Asked(prompt["message"], Origin("test")))
        assert (reply.status, bool(reply.citations)) == ("answered", True), prompt


def test_slacks_names_and_texts_fit(slack: Manifest) -> None:
    shown = slack["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 < len(shown["long_description"]) <= 4000
    assert len(slack["features"]["bot_user"]["display_name"]) <= 80
    assert not [text for text in texts(slack) if "!" in text]


# Teams


def test_teams_schema_accepts_the_manifest(teams: Manifest) -> None:
    version = teams["manifestVersion"]
    assert re.fullmatch(r"1\.\d+", version)  # generally available, no preview
    assert teams["$schema"].endswith(f"/v{version}/MicrosoftTeams.schema.json")
    places = (
        f"teams/MicrosoftTeams.v{version}.schema.json",
        f"teams/v{version}/MicrosoftTeams.schema.json",
    )
    assert schemas.faults(teams, *places) == []


def test_the_package_holds_the_manifest_and_the_icons_it_names(teams: Manifest) -> None:
    files = unzipped(package(APP_ID, EXAMPLE))
    assert (
        set(files) == {"manifest.json", *teams["icons"].values()} == {"manifest.json", *FULL_SIZE}
    )


def test_the_package_is_the_same_bytes_from_the_same_arguments() -> None:
    assert package(APP_ID, EXAMPLE) == package(APP_ID.upper(), EXAMPLE)
    with zipfile.ZipFile(io.BytesIO(package(APP_ID, EXAMPLE))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_bot_is_the_registered_app_everywhere_one_can_talk(teams: Manifest) -> None:
    (bot,) = teams["bots"]
    assert bot["botId"] == teams["id"] == APP_ID
    assert bot["scopes"] == ["personal", "team", "groupChat"]
    assert bot["supportsFiles"] is True
    assert not {"validDomains", "permissions", "devicePermissions"} & set(teams)


def test_teams_hears_mentions_alone_unless_asked_for_more() -> None:
    usual = manifest(APP_ID, EXAMPLE)
    assert not {"authorization", "webApplicationInfo"} & set(usual)
    more = manifest(APP_ID, EXAMPLE, hear_threads=True)
    assert more["authorization"] == {
        "permissions": {
            "resourceSpecific": [{"name": "ChannelMessage.Read.Group", "type": "Application"}]
        }
    }
    assert more["webApplicationInfo"] == {"id": APP_ID, "resource": f"api://botid-{APP_ID}"}


def test_teams_offers_what_an_officer_may_ask_of_peers(teams: Manifest) -> None:
    for scope in ("personal", "team", "groupChat"):
        offered = [title for title, scopes in commands(teams) if scope in scopes]
        assert {"find", "peers", "my-data"} <= set(offered)


async def test_teams_commands_work_where_they_are_offered(teams: Manifest, app: App) -> None:
    for title, scopes in commands(teams):
        there = Origin("test", "channel", f"thread of {title}", "U1")
        where = replace(there, room="channel", place="here")
        reply = await app.assistant.handle(spoken(title, where))
        asked_back = title == "report"  # outside a thread it asks which
        assert reply.status in ("answered", "help", *(("clarify",) if asked_back else ())), title
        if title in ("quiet", "follow"):  # only where there are threads that it follows
            assert (scopes, "authorization" in teams) == (["team"], True)


def test_teams_has_one_action_on_messages_and_the_listener_hears_it(teams: Manifest) -> None:
    (extension,) = teams["composeExtensions"]
    assert extension["botId"] == APP_ID
    (command,) = [one for one in extension["commands"] if one["type"] == "action"]
    assert (command["type"], command["context"]) == ("action", ["message"])
    assert command["id"] == cards.TAG
    assert command["fetchTask"] is True
    assert len(command["title"]) <= 32
    assert len(command["description"]) <= 128
    assert command["title"] in teams["description"]["full"]


def test_teams_has_one_search_and_says_what_it_receives(teams: Manifest) -> None:
    (extension,) = teams["composeExtensions"]
    (search,) = [one for one in extension["commands"] if one["type"] == "query"]
    assert (search["id"], search["context"]) == (cards.FIND, ["compose", "commandBox"])
    assert search["initialRun"] is True
    (given,) = search["parameters"]
    assert given["name"] == cards.WORDS
    for one in (search, given):
        assert len(one["title"]) <= 32
        assert 0 < len(one["description"]) <= 128
    assert search["title"] in teams["description"]["full"]
    assert "messageHandlers" not in extension, "no link is unfurled"


def test_teams_names_and_texts_fit(teams: Manifest) -> None:
    assert len(teams["name"]["short"]) <= 30
    assert len(teams["name"]["full"]) <= 100
    assert len(teams["description"]["short"]) <= 80
    assert len(teams["description"]["full"]) <= 4000
    assert "utomated" in teams["description"]["short"]
    for one in teams["bots"][0]["commandLists"]:
        assert len(one["commands"]) <= 10
        for command in one["commands"]:
            assert len(command["title"]) <= 32
            assert len(command["description"]) <= 128
    assert not [text for text in texts(teams) if "!" in text]


def test_a_page_that_is_not_given_is_the_website(teams: Manifest) -> None:
    assert teams["developer"] == {
        "name": "Example Council",
        "websiteUrl": "https://example.org/outcomes",
        "privacyUrl": "https://example.org/privacy",
        "termsOfUseUrl": "https://example.org/outcomes",
    }


@pytest.mark.parametrize("name", FULL_SIZE)
def test_icons_are_of_the_size_teams_wants(name: str) -> None:
    png = (ROOT / "bot" / "teams" / name).read_bytes()
    icon = images.read(png)
    assert icon.width == icon.height == FULL_SIZE[name]
    assert len(png) < SMALL


def test_the_outline_is_white_on_nothing_and_the_other_has_no_holes() -> None:
    outline = images.read((ROOT / "bot" / "teams" / "outline.png").read_bytes())
    assert {pixel[:3] for pixel in outline.pixels if pixel[3]} == {(255, 255, 255)}
    assert {outline.pixels[0][3], outline.pixels[-1][3]} == {0}
    assert any(pixel[3] == 255 for pixel in outline.pixels)
    colour = images.read((ROOT / "bot" / "teams" / "color.png").read_bytes())
    assert {pixel[3] for pixel in colour.pixels} == {255}
