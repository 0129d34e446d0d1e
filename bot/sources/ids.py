"""The names of sources and of texts: the same for the same place, whenever it is looked at."""

from __future__ import annotations

import hashlib


def source_id(community: str, location: str) -> str:
    """`location` is a path, an address, or "" for what a community's officers suggested."""
    return f"source-{_digest(community, location)[:8]}"


def text_id(community: str, source: str, location: str) -> str:
    """Of a text at a `location` of the source at `source`, as `OwnText` and `Source` hold them."""
    return f"own-{_digest(community, source, location)[:12]}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
