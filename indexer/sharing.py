"""What is built here, published where DATABASE_URL is PostgreSQL, so that others serve from it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.addresses import is_shared
from indexer.build_failures import BuildFailed
from indexer.engine import EngineAway
from indexer.generation import Generation, IndexUnusable, open_current, opened
from indexer.ledger import forgotten
from indexer.ledger_place import Place, Unembedded

if TYPE_CHECKING:
    from indexer.postgres.shared import Shared

_log = logging.getLogger(__name__)


@contextmanager
def shared_at(address: str) -> Iterator[Shared | None]:
    """Where generations are published; None where that is nowhere, which is logged if the address
    is PostgreSQL's. Raises BuildFailed where the database fails while it is used."""
    if not is_shared(address):
        yield None
        return
    try:
        from indexer.postgres.places import NoVectors, SharedUnusable
        from indexer.postgres.shared import Shared
    except ModuleNotFoundError as error:
        _log.warning(
            "The index is not in the database, which needs the package %s: run pip install "
            "--editable '.[postgresql]'. It serves from files on this computer.", error.name,
        )  # fmt: skip
        yield None
        return
    shared = Shared(address)
    try:
        shared.begin()
    except NoVectors as error:
        _log.warning("%s. Until then the index serves from files here.", str(error).rstrip("."))
        yield None
        return
    except SharedUnusable as error:
        raise BuildFailed(str(error)) from error
    try:
        yield shared
    except (SharedUnusable, EngineAway) as error:
        raise BuildFailed(str(error)) from error
    finally:
        shared.close()


def publish(home: Path, generation_id: str, address: str) -> None:
    """The generation of the shipped texts that was built, and not what is current: where the one
    before is published, whoever asked meanwhile may have it current. Returns when none that it
    replaces is left."""
    with shared_at(address) as shared:
        if shared:
            shared.publish(opened(home, generation_id))
            shared.sweep()


def publish_own(home: Path, generation_id: str, address: str, stamp: str) -> None:
    """That in a community's home, with what is to be known of it elsewhere."""
    with shared_at(address) as shared:
        if shared:
            shared.publish(opened(home, generation_id), home.name, stamp)


def drop(home: Path, address: str) -> None:
    """Has a community nothing published any more."""
    if not _published(address, home.name):
        return
    with shared_at(address) as shared:
        if shared:
            shared.drop(home.name)


def drop_every_own(address: str) -> None:
    """Has no community anything published any more, nor noted to be embedded: the texts in the
    database are others now. Returns when nothing of it is left."""
    if is_shared(address):
        try:
            forgotten(Place(Path(), None, address))
        except Unembedded as error:
            raise BuildFailed(str(error)) from error
    if not _published(address, None):
        return
    with shared_at(address) as shared:
        if shared:
            shared.drop_every_own()
            shared.sweep()


def _published(address: str, community: str | None) -> bool:
    """Looked at first: most often there is nothing, and nothing need be made to see that."""
    if not is_shared(address):
        return False
    try:
        from indexer.postgres.looking import published
        from indexer.postgres.places import SharedUnusable
    except ModuleNotFoundError:
        return False
    try:
        return published(address, community)
    except SharedUnusable as error:
        raise BuildFailed(str(error)) from error


def sweep(address: str) -> None:
    """Returns when nothing is left in the database of what was dropped or replaced."""
    with shared_at(address) as shared:
        if shared:
            shared.sweep()


def complete(home: Path, model: str | None, address: str) -> None:
    """Has the vectors here of what was built elsewhere, so that a build can take them over. Where
    the database has them no more they are made anew."""
    try:
        here = open_current(home, model=model)
    except IndexUnusable:
        return
    if here.fetched:
        with shared_at(address) as shared:
            if shared:
                _complete(shared, here)


def _complete(shared: Shared, here: Generation) -> None:
    published = shared.current(here.manifest.model).get("")
    if published and published.name == here.id:
        shared.complete(here, published)
