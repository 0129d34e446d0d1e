"""Pieces of JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def parts(value: object) -> Iterator[Json]:
    """Every object in a piece of JSON, however deep."""
    if isinstance(value, dict):
        yield value
    inside = value.values() if isinstance(value, dict) else value
    if isinstance(inside, str) or not hasattr(inside, "__iter__"):
        return
    for one in inside:
        yield from parts(one)


def strings(value: object) -> Iterator[str]:
    """Every text in it."""
    for part in parts(value):
        yield from (one for one in part.values() if isinstance(one, str))
