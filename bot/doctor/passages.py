"""Whether passages are searched in PostgreSQL, where DATABASE_URL names one."""

from __future__ import annotations

from bot.checks import Finding, ok, unsure
from bot.settings import Settings

PASSAGES = "passages"
_FILES = "passages are searched in files on each computer"


def of_passages(settings: Settings) -> list[Finding]:
    """Nothing where no server is named: they are searched in files then, as they should be."""
    from indexer.addresses import is_shared
    from indexer.generation import IndexUnusable

    if not is_shared(settings.database_url):
        return []
    try:
        return [_of(settings)]
    except ModuleNotFoundError as error:
        what = f"{_FILES}, the package {error.name} being missing"
        do = "Run: .venv/bin/pip install --editable '.[postgresql]'"
        return [unsure(PASSAGES, what, do)]
    except IndexUnusable:  # said of the database itself
        return [unsure(PASSAGES, "the database cannot be asked", "Look at what is said of it")]


def published(settings: Settings) -> bool:
    """Whether a start fetches the index."""
    return [one.state for one in of_passages(settings)] == ["ok"]


def _of(settings: Settings) -> Finding:
    from indexer.model import model_name
    from indexer.postgres.looking import condition

    found = condition(settings.database_url, model_name(settings.model))
    if found.hindrance:
        return unsure(PASSAGES, f"{_FILES}: the database has no pgvector", found.hindrance)
    if found.passages is None:
        what = f"{_FILES}: nothing is published in the database yet"
        return unsure(PASSAGES, what, "Run: outcomes index")
    return ok(PASSAGES, f"{found.passages} are searched in the database, by every computer")
