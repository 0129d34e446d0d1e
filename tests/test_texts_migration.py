"""Up from what was kept before communities could bring texts in, and down and up again."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, inspect

from bot.store import Store, migrations
from bot.store.models import person_table
from tests.clock import START, Clock
from tests.holdings import brought, suggested
from tests.tables import opened


@pytest.fixture
def tables_made() -> bool:
    return False


def tables(url: str) -> set[str]:
    with opened(url) as connection:
        return set(inspect(connection).get_table_names())


async def test_up_to_texts_and_down_and_up_again(database_url: str, clock: Clock) -> None:
    with opened(database_url) as connection:
        migrations.upgrade(connection, "0006")
    before = tables(database_url)
    with opened(database_url) as connection:
        row = {"community": "leeds", "person": "U-robin", "key": "k-1", "seen_at": START}
        connection.execute(insert(person_table).values(**row, platform="", address=""))
    for _ in range(2):
        store = await Store.open(database_url, clock)
        assert await store.people("leeds").known_key("U-robin") == "k-1"
        assert (await store.community("leeds").revisions())[2] == 0
        made = await brought(store, "own-1")
        assert await store.texts("leeds").get("own-1") == made
        assert await store.suggestions("leeds").add(suggested("k-1"), b"file")
        await store.close()
        with opened(database_url) as connection:
            migrations.downgrade(connection, "0006")
        assert tables(database_url) == before
