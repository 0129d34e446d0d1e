"""A backup of hundreds of files takes no more memory than one of a few, there and back."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import insert

from bot.store.text_models import suggestion_table
from tests import databases
from tests.clock import START
from tests.running import Outcomes
from tests.tables import opened, rows

FILES, BYTES = 300, 1_000_000
MOST_MORE = 60.0  # megabytes, of 300 that are copied


def filled(url: str, number: int) -> None:
    words = (
        *("community", "person_key", "title", "told", "council", "link", "file_name"),
        *("state", "said", "text", "reading"),
    )
    row = {**dict.fromkeys(words, "data"), "outcomes": [], "doubles": [], "read": ()}
    times = {"suggested_at": START, "changed_at": START}
    with opened(url) as connection:
        for one in range(number):
            made = {**row, **times, "id": f"c-{one}", "file": os.urandom(BYTES)}
            connection.execute(insert(suggestion_table).values(**made))


def test_its_memory_is_flat(
    database_url: str, elsewhere: str, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    small, file = databases.new(tmp_path / "small"), str(tmp_path / "all.zip")
    filled(small, 2)
    filled(database_url, FILES)
    outcomes = Outcomes(tmp_path, {"OUTCOMES_HOME": str(tmp_path / "home")})
    few = outcomes.run("backup", str(tmp_path / "few.zip"), measured=True, DATABASE_URL=small)
    many = outcomes.run("backup", file, measured=True, DATABASE_URL=database_url)
    back = outcomes.run("restore", file, measured=True, DATABASE_URL=elsewhere)
    assert (few.code, many.code, back.code) == (0, 0, 0), (few.err, many.err, back.err)
    assert rows(elsewhere, "SELECT count(*) FROM suggestion") == [(FILES,)]
    kind = database_url.partition(":")[0].partition("+")[0]
    figure(
        f"backup of {FILES * BYTES / 1e6:.0f} MB ({kind}): {many.megabytes:.0f} MB of memory, "
        f"restore {back.megabytes:.0f} MB; of 2 MB {few.megabytes:.0f} MB"
    )
    assert many.megabytes - few.megabytes < MOST_MORE
    assert back.megabytes - few.megabytes < MOST_MORE
