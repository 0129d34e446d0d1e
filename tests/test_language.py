"""Words put right: nothing cut that was meant, places called as people call them."""

from __future__ import annotations

import pytest

from bot.answers.language import without_greeting
from bot.answers.places import short_name


@pytest.mark.parametrize("text", ["open data", "metadata", "the beta", "quota", "service pleas"])
def test_no_word_is_cut_for_thanks(text: str) -> None:
    assert without_greeting(text) == text


@pytest.mark.parametrize(
    ("council", "short"),
    [
        ("Peterborough City Council", "Peterborough"),
        ("London Borough of Sutton", "Sutton"),
        ("Royal Borough of Kingston upon Thames", "Kingston upon Thames"),
        ("Comhairle nan Eilean Siar", "Comhairle nan Eilean Siar"),
        ("Rhondda Cynon Taf County Borough Council", "Rhondda Cynon Taf"),
    ],
)
def test_a_council_is_called_as_people_call_it(council: str, short: str) -> None:
    assert short_name(council) == short
