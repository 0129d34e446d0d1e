"""Why a place that texts come from is not read: said to whoever named it."""

from __future__ import annotations


class Refused(Exception):
    """Why an address or a folder is not read, or could not be. The message follows its name and a
    colon, and is no whole sentence: "it may not be reached from here"."""


class Gone(Refused):
    """There is nothing at this address any more: its server says so."""


class Inside(Refused):
    """Its host is inside a network. An administrator may name it in OUTCOMES_INTERNAL_HOSTS, for
    sources that they add; officers are not told so, since that changes nothing for them."""

    def __init__(self) -> None:
        super().__init__("its host is not on the public web")


def for_administrators(error: Exception) -> str:
    """What is said to them, with what they can do."""
    cure = "; if it is yours, name it in OUTCOMES_INTERNAL_HOSTS" if type(error) is Inside else ""
    return f"{error}{cure}"


class Later(Refused):
    """Not now: this says nothing of what is at the address, which may be asked for again at the
    next look. What was read there before is kept."""
