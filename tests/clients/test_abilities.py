"""The table in the README holds what passed and nothing else."""

from __future__ import annotations

import pytest

from tests.clients.abilities import ABILITIES, BEGIN, END, PAGE, PLACES, SLACK, can, table, written

ASK, HELP = ABILITIES[0], ABILITIES[2]


def test_the_table_has_every_ability_and_says_yes_where_it_was_seen() -> None:
    made = table([(ASK, SLACK), (HELP, PAGE)]).splitlines()
    assert made[0] == f"| | {' | '.join(PLACES)} |"
    assert [line.split(" | ")[0].strip("| ") for line in made[2:]] == list(ABILITIES)
    assert made[2] == f"| {ASK} | yes | – | – | – |"
    assert made[4] == f"| {HELP} | – | – | yes | – |"


def test_nothing_is_marked_that_is_no_line_of_the_table() -> None:
    with pytest.raises(AssertionError, match="no line of the table"):
        can("Make tea", SLACK)


def test_only_what_stands_between_the_marks_is_written() -> None:
    before, after = "# Title\n\n", "\n\nThe rest.\n"
    assert written(f"{before}{BEGIN}\nold\n{END}{after}", "new") == (
        f"{before}{BEGIN}\nnew\n{END}{after}"
    )
    with pytest.raises(ValueError, match="no place"):
        written("# Title", "new")
