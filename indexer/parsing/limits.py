"""How much of a document is read at most; what is over is refused, never cut."""

from __future__ import annotations

from dataclasses import dataclass

_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of the document (`size`), of memory, and of what it unpacks to; `seconds` of one
    processor, and `grace` more on the clock; pages or slides; parts of an Office file, how many
    times its size one unpacks to; characters of text; columns and cells of a sheet; links."""

    size: int = 50 * _MB
    memory: int = 1 << 30
    seconds: int = 30
    grace: int = 2
    pages: int = 2000
    unpacked: int = 200 * _MB
    members: int = 10_000
    ratio: int = 300
    characters: int = 5_000_000
    columns: int = 1000
    cells: int = 2_000_000
    links: int = 100_000

    @property
    def clock(self) -> int:
        """Seconds after which reading is ended, whatever it waits for."""
        return self.seconds + self.grace

    @property
    def answer(self) -> int:
        """Bytes of what the reading process may answer."""
        return 4 * self.characters + _MB


def amount(size: int) -> str:
    """Bytes as a person says them: "50 MB"."""
    if size >= 1 << 30:
        return f"{size / (1 << 30):.3g} GB"
    return f"{size / _MB:.3g} MB" if size >= _MB else f"{size / 1000:.3g} kB"
