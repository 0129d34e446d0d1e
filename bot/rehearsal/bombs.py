"""Documents made to break what reads them: small on disk, endless once they are opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

MAKES = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Bomb:
    """A document by its file name. `make` is given the megabytes that it should unpack to.

    `refused` where reading it anyhow would be wrong; of the others some text may be read.
    """

    name: str
    make: MAKES
    refused: bool = True
    task: Literal["read", "links"] = "read"


def bombs() -> list[Bomb]:
    """All of them."""
    from bot.rehearsal.bombs_marked import MARKED
    from bot.rehearsal.bombs_office import OFFICE
    from bot.rehearsal.bombs_pdf import PDFS

    return [*OFFICE, *PDFS, *MARKED]
