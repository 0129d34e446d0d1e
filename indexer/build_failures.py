"""Why an index could not be built, in one line for a person to read."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.ledger_place import Unembedded
from indexer.query import EncoderDamaged


class BuildFailed(Exception):
    """The index could not be built; the message says why and what to do."""


@contextmanager
def failures_explained(home: Path) -> Iterator[None]:
    try:
        yield
    except (Unembedded, EncoderDamaged) as error:
        raise BuildFailed(str(error)) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            full = f"The disk of {home} is full. Free some space and run: outcomes index"
            raise BuildFailed(full) from error
        raise BuildFailed(
            f"{home} cannot be written ({error.strerror}). "
            "Set OUTCOMES_HOME to a folder you may write to."
        ) from error


def not_removed(folder: Path) -> BuildFailed:
    return BuildFailed(
        f"{folder} cannot be removed, and holds texts that were removed or changed. Check that "
        "folder's permissions, then run: outcomes sources refresh"
    )
