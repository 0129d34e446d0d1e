"""How much the long tests do: a part by themselves, all of it with `make test-long WHOLE=1`."""

import os

WHOLE = os.environ.get("WHOLE") == "1"


def much(whole: int, part: int) -> int:
    """The number that a figure promises, or enough of it to notice a fault."""
    return whole if WHOLE else part
