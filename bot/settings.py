"""What the deployment chose, read once from the environment and an `.env` file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

LOOPBACK = ("127.0.0.1", "localhost", "::1")
FOR_TESTS = ("SLACK_API_BASE", "MICROSOFT_OPENID_METADATA")
CREDENTIALS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "MICROSOFT_APP_ID",
    "MICROSOFT_APP_PASSWORD",
    "MICROSOFT_APP_TENANT_ID",
)


class SettingsError(Exception):
    """A setting that cannot be used; the message names each and what would be right."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`model` is "" for the shipped model, `knowledge` is None for the shipped texts.

    `database_url` is "" for SQLite below `home`; `credentials` names the platform
    credentials present, never their values.
    """

    home: Path
    database_url: str
    knowledge: Path | None
    model: str
    host: str
    port: int
    dev: bool
    credentials: tuple[str, ...] = ()

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
        if dev and host not in LOOPBACK:
            faults.append(
                f"OUTCOMES_DEV=1 is refused on {host}: serve on 127.0.0.1 or drop OUTCOMES_DEV"
            )
        for name in FOR_TESTS:
            if values.get(name) and not dev:
                faults.append(f"{name} is for tests: it is refused unless OUTCOMES_DEV=1")
        if faults:
            raise SettingsError("; ".join(faults))
        return cls(
            home=Path(values.get("OUTCOMES_HOME") or "var"),
            database_url=values.get("DATABASE_URL", ""),
            knowledge=knowledge,
            model=values.get("OUTCOMES_MODEL", ""),
            host=host,
            port=port,
            dev=dev,
            credentials=tuple(name for name in CREDENTIALS if values.get(name)),
        )


def _written(file: Path) -> dict[str, str]:
    """What the file sets; nothing where there is none."""
    try:
        found = dotenv_values(file)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read as UTF-8 text ({error})") from error
    return {key: value for key, value in found.items() if value is not None}


def _port(value: str, faults: list[str]) -> int:
    if re.fullmatch("[0-9]{1,5}", value) and int(value) < 65536:
        return int(value)
    faults.append(f"OUTCOMES_PORT is {value!r}: give a number from 0 to 65535")
    return 0


def _folder(value: str, faults: list[str]) -> Path | None:
    if not value:
        return None
    if not Path(value).is_dir():
        faults.append(f"OUTCOMES_KNOWLEDGE is {value!r}: give a folder of texts, or leave it out")
    return Path(value)
