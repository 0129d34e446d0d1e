"""What is said of sources, to whoever administers them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.texts import Known

LOOKING = "Reading"
EMPTY = (
    "nothing is there, though texts were read from it before; they are kept, since it may only be "
    "out of reach. Where it is empty indeed, run: outcomes sources remove {}"
)
AWAY = (
    "its folder is empty, and may only be out of reach; where it is empty indeed, run: outcomes "
    "sources refresh {}"
)
ALONE = (
    "its folder is empty, and may only be out of reach, so that what was read is kept; where the "
    "file is gone indeed, remove this source"
)
MANY = (
    "it is not there any more, like most of the texts beside it; it goes with the third look in a "
    "row that does not find it, or at once by: outcomes sources refresh {}"
)
TOO_LONG = "{} left out, since an address or path may have {:,} bytes at most: {}…"
BROKEN = (
    "it could not be looked at, by a fault of this program ({}); the log says more. What was read "
    "before is kept"
)


def counted(number: int, one: str, many: str = "") -> str:
    """`1 text`, `2 texts`, `no text`."""
    if number == 1:
        return f"1 {one}"
    return f"{number or 'no'} {many or one + 's' if number else one}"


def said(known: Iterable[Known], notes: Sequence[str], new: int, changed: int, gone: int) -> str:
    """What a look came to, as one line. `known` is what the source holds now, the numbers are of
    texts that became otherwise."""
    held = list(known)
    unread = sum(bool(one.reason and not one.text) for one in held)
    kept = sum(bool(one.reason and one.text) for one in held)
    moves = {"new": new, "changed": changed, "gone": gone}
    moved = ", ".join(f"{number} {name}" for name, number in moves.items() if number)
    texts = counted(sum(bool(one.text) for one in held), "text")
    parts = [f"{texts}: {moved}" if moved else texts]
    if unread:
        parts.append(f"{unread} could not be read")
    if kept:
        parts.append(f"{kept} could not be read this time and kept as before")
    return "; ".join((*parts, *notes))
