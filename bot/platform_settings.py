"""What is set of Slack, of Teams and of the communities that are served; a part of `settings`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

SLACK_NAMES = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
OAUTH_NAMES = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
KEYS, COMMUNITIES = "OUTCOMES_TOKEN_KEYS", "OUTCOMES_COMMUNITIES"
ADMINS = "OUTCOMES_ADMINS"
TEAMS_NAMES = ("MICROSOFT_APP_ID", "MICROSOFT_APP_PASSWORD", "MICROSOFT_APP_TENANT_ID")
SLACK_API = "https://slack.com/api/"
_COMMUNITY = re.compile("[TE][A-Z0-9]{2,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Unique everywhere: an object id in Teams, or a member of one workspace.
_ADMIN = re.compile(
    "[TE][A-Z0-9]{2,}/[UW][A-Z0-9]{2,}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)


@dataclass(frozen=True, slots=True)
class Slack:
    """What Slack gave the administrator: by Socket Mode with `app_token`, by HTTP with
    `signing_secret`. Where there is a `client_id`, the app is installed in many workspaces, and
    there is no `bot_token`: each has its own."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    api_base: str = SLACK_API
    client_id: str = ""
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Teams:
    """What Azure gave the administrator. Without an `app_id` nothing is authenticated, which
    only `OUTCOMES_DEV=1` allows."""

    app_id: str = ""
    password: str = field(default="", repr=False)
    tenant_id: str = ""
    openid_metadata: str = ""


def communities(values: Mapping[str, str], faults: list[str], *, dev: bool) -> frozenset[str]:
    """The list of those that are served; needed wherever strangers could install the app."""
    named = frozenset(values.get(COMMUNITIES, "").replace(",", " ").split())
    if wrong := [] if dev else sorted(one for one in named if not _COMMUNITY.fullmatch(one)):
        faults.append(
            f"{COMMUNITIES} holds {wrong[0]!r}: give ids as T0123ABCD (a Slack workspace),"
            " E0123ABCD (a Slack organisation) or a Teams tenant's, in small letters"
        )
    if any(values.get(name, "").strip() for name in OAUTH_NAMES) and not named:
        faults.append(
            f"{COMMUNITIES} is missing: anybody could install the app. Name the Slack workspaces"
            " that may, by the id that begins with T in https://app.slack.com/client/T…"
        )
    if values.get(TEAMS_NAMES[0], "").strip() and named and all(map(_of_slack, named)):
        faults.append(
            f"{COMMUNITIES} names no Teams tenant, so nobody would be served there: add the"
            f" tenant's id, as in {TEAMS_NAMES[2]}"
        )
    return named


def administrators(values: Mapping[str, str], faults: list[str]) -> tuple[str, ...]:
    """People who administer; in many workspaces each with the one that they are of, since Slack
    promises no more than that two members of one have two ids."""
    named = tuple(values.get(ADMINS, "").replace(",", " ").split())
    many = any(values.get(name, "").strip() for name in OAUTH_NAMES)
    if many and (alone := sum(not _ADMIN.fullmatch(one) for one in named)):
        faults.append(
            f"{ADMINS} names {alone} of {len(named)} without their workspace: give a Slack member"
            " as T0123ABCD/U0456EFGH, workspace and member, and a Teams user by the object id"
        )
    return named


def _of_slack(name: str) -> bool:
    return bool(re.fullmatch("[TE][A-Z0-9]+", name))


def keys(values: Mapping[str, str], faults: list[str]) -> tuple[str, ...]:
    """Of Fernet: 32 bytes each."""
    keys = tuple(values.get(KEYS, "").replace(",", " ").split())
    if not all(re.fullmatch("[A-Za-z0-9_-]{43}=", one) for one in keys):
        faults.append(f"{KEYS} holds what is no key: make one with `outcomes tokens new-key`")
    return keys


def slack(values: Mapping[str, str], missing: list[str], unfinished: list[str]) -> Slack | None:
    if any(values.get(name, "").strip() for name in OAUTH_NAMES):
        return _slack_for_many(values, unfinished)
    token, app, secret = (values.get(name, "").strip() for name in SLACK_NAMES)
    if token and (app or secret):
        return Slack(token, app, secret, _api_base(values))
    if token:
        unfinished.append(
            "Slack: not served, set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)"
        )
    elif app or secret:
        unfinished.append("Slack: not served, SLACK_BOT_TOKEN is missing")
    else:
        missing.append(f"Slack: not served, no {SLACK_NAMES[0]}")
    return None


def _slack_for_many(values: Mapping[str, str], unfinished: list[str]) -> Slack | None:
    """The app that workspaces install by themselves."""
    wanted = (*OAUTH_NAMES, SLACK_NAMES[2], KEYS, "OUTCOMES_ADDRESS")
    if lacking := [name for name in wanted if not values.get(name, "").strip()]:
        unfinished.append(f"Slack: not served, {' and '.join(lacking)} missing")
        return None
    name, secret, signing = (values[one].strip() for one in wanted[:3])
    return Slack("", "", signing, _api_base(values), name, secret)


def _api_base(values: Mapping[str, str]) -> str:
    return (values.get("SLACK_API_BASE") or SLACK_API).rstrip("/") + "/"


def both(values: Mapping[str, str]) -> list[str]:
    """Slack's two ways exclude each other."""
    one = [name for name in SLACK_NAMES[:2] if values.get(name, "").strip()]
    many = [name for name in OAUTH_NAMES if values.get(name, "").strip()]
    if not (one and many):
        return []
    return [
        f"{one[0]} and {many[0]} are both set: leave {' and '.join(one)} out to serve many"
        f" workspaces, or {' and '.join(many)} to serve one"
    ]


def teams(
    values: Mapping[str, str], missing: list[str], unfinished: list[str], *, dev: bool
) -> Teams | None:
    app, password, tenant = (values.get(name, "").strip() for name in TEAMS_NAMES)
    metadata = values.get("MICROSOFT_OPENID_METADATA", "")
    lacking = [name for name in TEAMS_NAMES if not values.get(name, "").strip()]
    if not lacking or (dev and (metadata or not app)):
        return Teams(app, password, tenant, metadata)
    if len(lacking) == len(TEAMS_NAMES):
        missing.append(f"Teams: not served, no {TEAMS_NAMES[0]}")
    else:
        unfinished.append(f"Teams: not served, {' and '.join(lacking)} missing")
    return None
