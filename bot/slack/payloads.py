"""Parts of Slack's payloads, which are deep and not all alike: what is missing reads as ""."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

Payload = Mapping[str, Any]


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


def digest(body: object) -> str:
    """A name for what has none, and that names nobody: the same for the same, sent again."""
    written = json.dumps(body, sort_keys=True, default=str)
    return hashlib.blake2b(written.encode(), digest_size=12).hexdigest()
