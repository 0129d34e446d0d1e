"""Files that officers attach to a form, as their channel hands them on."""

from __future__ import annotations

from dataclasses import dataclass

MOST_BYTES = 10 * 1024 * 1024  # of one file
TOO_LARGE = "That file is larger than 10 MB. Attach a smaller one, or give a link to it."


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a form, in one of its fields. `fault` says in a sentence why its
    content could not be had."""

    field: str
    name: str
    content: bytes = b""
    fault: str = ""
