"""Which of a source's locations are wanted: patterns like `*.pdf` and `/news/*`."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase


def is_wanted(path: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Whether a path matches a pattern of `include`, where there is any, and none of `exclude`.
    In a pattern `*` stands for any signs, slashes too, and `?` for one."""
    return (not include or _matches(path, include)) and not _matches(path, exclude)


def _matches(path: str, patterns: Sequence[str]) -> bool:
    # A page's path begins with a slash and a file's does not; nobody need know which.
    plain = path.removeprefix("/").lower()
    return any(fnmatchcase(plain, one.removeprefix("/").lower()) for one in patterns)
