"""What the deployment chose, read once from the environment and an `.env` file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot.hosts import LOOPBACK, address_fault, internal_hosts
from bot.platform_settings import (
    COMMUNITIES,
    KEYS,
    OAUTH_NAMES,
    SLACK_NAMES,
    TEAMS_NAMES,
    Slack,
    Teams,
    administrators,
    both,
    communities,
    keys,
    slack,
    teams,
)

MODEL_NAMES = (
    "OUTCOMES_LLM_URL",
    "OUTCOMES_LLM_KEY",
    "OUTCOMES_LLM_MODEL",
    "OUTCOMES_LLM_AZURE_VERSION",
)
FOR_TESTS = ("SLACK_API_BASE", "MICROSOFT_OPENID_METADATA")
# Every name that is read, so that one that is misspelt can be told.
NAMES = (
    *SLACK_NAMES,
    *OAUTH_NAMES,
    *TEAMS_NAMES,
    *MODEL_NAMES,
    *FOR_TESTS,
    *("DATABASE_URL", "OUTCOMES_ADDRESS", "OUTCOMES_ADMINS", "OUTCOMES_DEV", "OUTCOMES_HOME"),
    *("OUTCOMES_DIGEST_GRACE", "OUTCOMES_DIGEST_MANAGERS", "OUTCOMES_HOST", "OUTCOMES_PORT"),
    *(
        "OUTCOMES_INTERNAL_HOSTS",
        "OUTCOMES_INTRODUCTIONS_KEPT",
        "OUTCOMES_KNOWLEDGE",
        "OUTCOMES_MODEL",
    ),
    *("OUTCOMES_LOG", "OUTCOMES_QUESTIONS_KEPT"),
    *(KEYS, COMMUNITIES),
)
# Days that they are kept where nothing is set, and the least that may be. Requests count against
# what their peers allow, and keep two people apart, for up to 90 days.
_KEPT = {"OUTCOMES_QUESTIONS_KEPT": ("90", 1), "OUTCOMES_INTRODUCTIONS_KEPT": ("365", 90)}
_MANAGERS = {"anyone": True, "administrators": False}
_LOGS: dict[str, Literal["text", "json"]] = {"text": "text", "json": "json"}


class SettingsError(Exception):
    """What of the settings cannot be used; each argument names one and what would be right."""

    def __str__(self) -> str:
        return "; ".join(map(str, self.args))


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A model that words answers, at a `url` that speaks OpenAI's chat completions; on Azure
    where there is an `azure_version`, `model` then being the deployment."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    azure_version: str = ""

    @property
    def host(self) -> str:
        """Where questions and passages are sent."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True)
class Settings:
    """`model` is "" for the shipped model, `knowledge` is None for the shipped texts.

    `database_url` is "" for SQLite below `home`. `slack` and `teams` are None where they cannot
    be served; `missing` says why, a sentence each, and `unfinished` those of them that are said
    of a platform with a part of its settings. `address` is where the world reaches us, without a
    slash at its end, "" where that is not said. Texts may also be fetched from `internal_hosts`,
    each `host` or `host:port`. Where there are `communities`, no others are served by Teams or by
    an app that is installed in many workspaces. Tokens are sealed with the first of the
    `token_keys`, and opened with any.
    """

    home: Path
    database_url: str = field(repr=False)
    knowledge: Path | None
    model: str
    host: str
    port: int
    dev: bool
    slack: Slack | None = None
    teams: Teams | None = None
    missing: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    address: str = ""
    admins: tuple[str, ...] = ()
    questions_kept: timedelta = timedelta(days=90)
    introductions_kept: timedelta = timedelta(days=365)
    anyone_manages_digests: bool = True
    digest_grace: timedelta = timedelta(hours=24)
    language_model: LanguageModel | None = None
    internal_hosts: frozenset[str] = frozenset()
    communities: frozenset[str] = frozenset()
    token_keys: tuple[str, ...] = field(default=(), repr=False)
    log: Literal["text", "json"] = "text"

    @classmethod
    def read(
        cls, environment: Mapping[str, str] | None = None, folder: Path | None = None
    ) -> Settings:
        """Read `.env` in `folder` (default: here), then the environment, which wins.

        Raises `SettingsError` naming every setting that cannot be used.
        """
        written = _written((folder or Path.cwd()) / ".env")
        values = {**written, **(os.environ if environment is None else environment)}
        faults: list[str] = []
        host = values.get("OUTCOMES_HOST") or "127.0.0.1"
        dev = values.get("OUTCOMES_DEV", "") == "1"
        port = _port(values.get("OUTCOMES_PORT") or "3978", faults)
        knowledge = _folder(values.get("OUTCOMES_KNOWLEDGE", ""), faults)
        kept = {name: _days(name, values, faults) for name in _KEPT}
        managers, grace = _managers(values, faults), _grace(values, faults)
        log = _log(values, faults)
        language_model = _language_model(values, faults)
        internal = internal_hosts(values.get("OUTCOMES_INTERNAL_HOSTS", ""), faults)
        if dev and host not in LOOPBACK:
            faults.append(
                f"OUTCOMES_DEV=1 is refused on {host}: serve on 127.0.0.1 or drop OUTCOMES_DEV"
            )
        faults += [*_tests_only(values, dev=dev), *both(values)]
        address = values.get("OUTCOMES_ADDRESS", "").strip().rstrip("/")
        if address and (fault := address_fault(address, dev=dev)):
            faults.append(f"OUTCOMES_ADDRESS {fault}")
        named, token_keys = communities(values, faults, dev=dev), keys(values, faults)
        admins = administrators(values, faults)
        if faults:
            raise SettingsError(*faults)
        missing: list[str] = []
        unfinished: list[str] = []
        return cls(
            home=Path(values.get("OUTCOMES_HOME") or "var"),
            database_url=values.get("DATABASE_URL", ""),
            knowledge=knowledge,
            model=values.get("OUTCOMES_MODEL", ""),
            host=host,
            port=port,
            dev=dev,
            slack=slack(values, missing, unfinished),
            teams=teams(values, missing, unfinished, dev=dev),
            missing=(*unfinished, *missing),
            unfinished=tuple(unfinished),
            address=address,
            admins=admins,
            questions_kept=kept["OUTCOMES_QUESTIONS_KEPT"],
            introductions_kept=kept["OUTCOMES_INTRODUCTIONS_KEPT"],
            anyone_manages_digests=managers,
            digest_grace=grace,
            language_model=language_model,
            internal_hosts=internal,
            communities=named,
            token_keys=token_keys,
            log=log,
        )

    @property
    def reached_from_outside(self) -> bool:
        """Whether a platform posts here, so that a proxy stands before it."""
        return bool(self.teams or (self.slack and self.slack.signing_secret))


def _written(file: Path) -> dict[str, str]:
    """What the file sets; nothing where there is none."""
    try:
        if file.is_dir():
            raise SettingsError(f"{file} is a folder: make it a file, or move it away")
        found = dotenv_values(file)
    except OSError as error:
        why = error.strerror
        raise SettingsError(f"{file} cannot be read ({why}): make it readable") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file} cannot be read, not being text: save it as UTF-8") from error
    return {key: value for key, value in found.items() if value is not None}


def _tests_only(values: Mapping[str, str], *, dev: bool) -> list[str]:
    """What is wrong with the settings that are for tests against local peers."""
    faults = []
    for name in FOR_TESTS:
        address = values.get(name, "")
        if address and not dev:
            faults.append(f"{name} is for tests: it is refused unless OUTCOMES_DEV=1")
        elif address and urlsplit(address).hostname not in LOOPBACK:
            faults.append(f"{name} is for tests on this computer: give an address on 127.0.0.1")
    return faults


def _language_model(values: Mapping[str, str], faults: list[str]) -> LanguageModel | None:
    url, key, model, version = (values.get(name, "").strip() for name in MODEL_NAMES)
    if not url:
        alone = [name for name in MODEL_NAMES if values.get(name, "").strip()]
        if alone:
            faults.append(f"{' and '.join(alone)} set without {MODEL_NAMES[0]}: give that too")
        return None
    faults += [fault for fault in (_address_fault(url), _model_fault(model, version)) if fault]
    return LanguageModel(url, model, key, version)


def _address_fault(url: str) -> str:
    """What is wrong with where a language model should be."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return f"{MODEL_NAMES[0]} is no address: give one like https://models.example/v1"
    if not host or parts.scheme not in ("http", "https"):
        return f"{MODEL_NAMES[0]} is no address: give one like https://models.example/v1"
    if parts.username or parts.password or parts.query or parts.fragment:
        return f"{MODEL_NAMES[0]} holds more than an address: put the key in {MODEL_NAMES[1]}"
    if parts.scheme == "http" and host not in LOOPBACK:
        return f"{MODEL_NAMES[0]} must begin with https: questions are sent to {host}"
    return ""


def _model_fault(model: str, version: str) -> str:
    if not model:
        return (
            f"{MODEL_NAMES[2]} is missing: name the model (on Azure the deployment), "
            f"or leave {MODEL_NAMES[0]} out"
        )
    if version and not re.fullmatch(r"\d{4}-\d\d-\d\d(?:-preview)?", version):
        return f"{MODEL_NAMES[3]} is {version!r}: give a date like 2024-10-21, as Azure names it"
    return ""


def _port(value: str, faults: list[str]) -> int:
    if re.fullmatch("[0-9]{1,5}", value) and int(value) < 65536:
        return int(value)
    faults.append(f"OUTCOMES_PORT is {value!r}: give a number from 0 to 65535")
    return 0


def _days(name: str, values: Mapping[str, str], faults: list[str]) -> timedelta:
    usual, least = _KEPT[name]
    value = values.get(name) or usual
    if re.fullmatch("[0-9]{1,4}", value) and int(value) >= least:
        return timedelta(days=int(value))
    faults.append(f"{name} is {value!r}: give a number of days from {least} to 9999")
    return timedelta(days=least)


def _managers(values: Mapping[str, str], faults: list[str]) -> bool:
    """Whether anyone in a channel looks after its digest."""
    value = values.get("OUTCOMES_DIGEST_MANAGERS") or "anyone"
    if value not in _MANAGERS:
        faults.append(f"OUTCOMES_DIGEST_MANAGERS is {value!r}: give anyone or administrators")
    return _MANAGERS.get(value, False)


def _grace(values: Mapping[str, str], faults: list[str]) -> timedelta:
    """How late a digest may come; less than a week, or two would come at once."""
    value = values.get("OUTCOMES_DIGEST_GRACE") or "24"
    if re.fullmatch("[0-9]{1,3}", value) and 1 <= int(value) <= 144:
        return timedelta(hours=int(value))
    faults.append(f"OUTCOMES_DIGEST_GRACE is {value!r}: give a number of hours from 1 to 144")
    return timedelta(hours=24)


def _log(values: Mapping[str, str], faults: list[str]) -> Literal["text", "json"]:
    value = values.get("OUTCOMES_LOG") or "text"
    if value not in _LOGS:
        faults.append(f"OUTCOMES_LOG is {value!r}: give text or json")
    return _LOGS.get(value, "text")


def _folder(value: str, faults: list[str]) -> Path | None:
    if not value:
        return None
    if not os.path.isdir(value):  # also one whose name is too long to be looked up
        faults.append(f"OUTCOMES_KNOWLEDGE is {value!r}: give a folder of texts, or leave it out")
    return Path(value)
