"""What DATABASE_URL says of a PostgreSQL server: whether it is one, and how it is reached."""

from __future__ import annotations

from urllib.parse import urlsplit

SCHEMA = "outcomes_index"  # of all tables there that are not the store's
ALONE = 120213  # advisory lock: whoever makes tables in that schema holds it meanwhile


def is_shared(address: str) -> bool:
    """Whether a DATABASE_URL names such a server; one that is no address does not, and is told by
    whoever opens the database."""
    try:
        return urlsplit(address).scheme.partition("+")[0] == "postgresql"
    except ValueError:
        return False


def plain(address: str) -> str:
    """The same address as the server's own driver takes it; "" where it names none."""
    return "postgresql:" + address.partition(":")[2] if is_shared(address) else ""
