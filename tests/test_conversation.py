"""A reply is complete in its text alone, whatever parts it has."""

from __future__ import annotations

import pytest

from bot.conversation import Outcome, Reply

CONNECTIVITY = Outcome("connectivity", "Connectivity")
INCLUSION = Outcome("inclusion", "Inclusion", judged=True)


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (Reply("help", "Hello."), "Hello."),
        (
            Reply("answered", "It is so.", outcomes=(CONNECTIVITY,)),
            "It is so.\n\nOutcomes: Connectivity.",
        ),
        (
            Reply("answered", "It is so.", outcomes=(CONNECTIVITY, INCLUSION)),
            "It is so.\n\nOutcomes: Connectivity, Inclusion (our reading).",
        ),
        (
            Reply("answered", "It is so.", councils=("Leeds City Council", "Fife Council")),
            "It is so.\n\nCouncils: Leeds City Council, Fife Council.",
        ),
        (
            Reply("answered", "It is so.", outcomes=(CONNECTIVITY,), councils=("Fife Council",)),
            "It is so.\n\nOutcomes: Connectivity.\n\nCouncils: Fife Council.",
        ),
    ],
)
def test_the_text_is_the_body_and_its_closing_lines(reply: Reply, text: str) -> None:
    assert reply.text == text


def test_only_a_judged_outcome_is_called_our_reading() -> None:
    assert Reply("answered", "x", outcomes=(CONNECTIVITY,)).closing == ("Outcomes: Connectivity.",)
    assert "our reading" in Reply("answered", "x", outcomes=(INCLUSION,)).closing[0]
