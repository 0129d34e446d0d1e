"""Up from what was kept before an app could be in many workspaces, and down again: from then on
Slack's addresses say of which workspace they are, and an older version reads none that do."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, insert, inspect, select, update

from bot.conversation import Asked, Origin
from bot.delivery import Heard
from bot.records import heard_from_json, heard_to_json
from bot.store import Store, migrations
from bot.store.digest_models import subscription_table
from bot.store.models import heard_table, letter_table, person_table, room_table
from tests.clock import START, Clock
from tests.digesting import Channel
from tests.tables import opened

OLD = '{"channel":"U1","thread":"","person":"U1","url":"","shared":false,"sign":false,"team":""}'
NEW = OLD[:-1] + ',"community":"T1"}'
OTHERS = '{"channelId": "msteams", "conversation": {"id": "19:a"}}'
ORIGIN = Origin("T1", "C1", "1.1", "U1", "slack", OLD, place=OLD)
HEARD = Heard("slack", "C1:1.1", Asked("who?", ORIGIN), OLD, "Ev1", "called")


@pytest.fixture
def tables_made() -> bool:
    return False


def filled(connection: Connection) -> None:
    """Rows as they were: of Slack, of Teams, answered, and with nobody to write to."""
    people = (("U1", "slack", OLD), ("U2", "slack", ""), ("29:a", "teams", OTHERS))
    for person, platform, address in people:
        who = {"community": "T1", "person": person, "key": f"k-{person}", "seen_at": START}
        connection.execute(insert(person_table).values(**who, platform=platform, address=address))
    room = {"community": "T1", "channel": "C1", "kind": "channel", "person": ""}
    connection.execute(insert(room_table).values(**room, platform="slack", address=OLD))
    waiting = {"community": "T1", "platform": "slack", "attempts": 0, "heard_at": START}
    for key, delivery, state in (("a", heard_to_json(HEARD), "waiting"), ("b", "", "done")):
        row = {"key": key, "event": key, "delivery": delivery, "state": state, "due_at": START}
        connection.execute(insert(heard_table).values(**waiting, **row))
    letter = {"community": "T1", "person_key": "k-U1", "introduction": "", "reply": "{}"}
    when = {"attempts": 0, "due_at": START, "written_at": START}
    instead = {**letter, "id": "n-2", "platform": "slack", "addresses": [OLD], "instead": []}
    row = {**letter, "id": "n-1", "platform": "slack", "addresses": [OLD, OLD]}
    connection.execute(insert(letter_table).values(**row, **when, instead=[instead]))


def addresses(url: str) -> list[Any]:
    """All of them, wherever they stand."""
    with opened(url) as connection:
        people = select(person_table.c.address).order_by(person_table.c.person)
        found: list[Any] = [row.address for row in connection.execute(people)]
        found += [row.address for row in connection.execute(select(room_table.c.address))]
        found += [row.place for row in connection.execute(select(subscription_table.c.place))]
        heard = select(heard_table.c.delivery).where(heard_table.c.delivery != "")
        for row in connection.execute(heard):
            one = heard_from_json(row.delivery)
            found += [one.address, one.request.origin.address, one.request.origin.place]
        for letter in connection.execute(select(letter_table)):
            found += [*letter.addresses, *letter.instead[0]["addresses"]]
    return found


async def test_addresses_of_slack_say_of_which_workspace_they_are(
    database_url: str, clock: Clock
) -> None:
    store = await Store.open(database_url, clock)
    await Channel(store, community="T1").follows()
    await store.close()
    with opened(database_url) as connection:
        connection.execute(update(subscription_table).values(platform="slack", place=OLD))
        migrations.downgrade(connection, "0007")
        assert "installation" not in inspect(connection).get_table_names()
        filled(connection)
    before = addresses(database_url)
    assert before.count(OLD) == 9
    for _ in range(2):
        with opened(database_url) as connection:
            migrations.upgrade(connection)
            migrations.upgrade(connection)  # a second process finds it done
        assert addresses(database_url) == [NEW if one == OLD else one for one in before]
        with opened(database_url) as connection:
            migrations.downgrade(connection, "0007")
        assert addresses(database_url) == before
    with opened(database_url) as connection:
        migrations.upgrade(connection)
    store = await Store.open(database_url, clock)
    (entry,) = await store.ledger.take(["slack"])
    there = replace(ORIGIN, address=NEW, place=NEW)
    assert entry.heard == replace(HEARD, address=NEW, request=Asked("who?", there))
    assert json.loads(NEW)["community"] == "T1"
    await store.close()
