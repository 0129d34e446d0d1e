"""Parts of Slack's payloads, which are deep and not all alike: what is missing reads as ""."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

Payload = Mapping[str, Any]

_WORD = re.compile("[a-z_]{1,60}")


def part(body: Payload, name: str) -> Payload:
    """What a name holds, where that is a part with names of its own."""
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def read(body: Payload, name: str) -> str:
    """The text of this name."""
    found = body.get(name)
    return found if isinstance(found, str) else ""


def workspace(body: Payload) -> str:
    """The workspace of an interaction; the organisation where Slack leaves the workspace out."""
    return read(part(body, "team"), "id") or read(part(body, "enterprise"), "id")


def installed_in(body: Payload) -> str:
    """The workspace that the app was heard in. Of a form and of a Home tab Slack names the guest's
    own, and beside it the one that the app is in."""
    home = read(part(body, "view"), "app_installed_team_id")
    return home or read(body, "team_id") or workspace(body) or read(body, "enterprise_id")


def digest(body: object) -> str:
    """A name for what has none, and that names nobody: the same for the same, sent again."""
    written = json.dumps(body, sort_keys=True, default=str)
    return hashlib.blake2b(written.encode(), digest_size=12).hexdigest()


def word(answer: object) -> str:
    """Slack's word for what is wrong; "" for none. Whatever else stands in its place is not
    repeated, since this is logged: it could be what we sent."""
    told = answer.get("error") if isinstance(answer, dict) else None
    if not told:
        return ""
    return told if isinstance(told, str) and _WORD.fullmatch(told) else "no word of its own"
