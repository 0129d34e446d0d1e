"""The whole evaluation by one command: every part measured, no guarded figure worse."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.evaluation.guards import guards
from tests.running import Outcomes

PROXY = "http://127.0.0.1:9"  # nobody answers there: what is asked of other computers is lost


def test_everything_is_measured_without_a_network_and_keeps_its_guards(outcomes: Outcomes) -> None:
    away = {"HTTP_PROXY": PROXY, "HTTPS_PROXY": PROXY, "NO_PROXY": "127.0.0.1"}
    finished = replace(outcomes, settings={**outcomes.settings, **away}).run(
        "eval", "--json", "--guard"
    )
    assert (finished.code, finished.err) == (0, "")
    rows = [json.loads(line) for line in finished.out.splitlines()]
    assert all(row.keys() == {"measure", "split", "value", "n"} for row in rows)
    told = [(row["measure"], row["split"]) for row in rows]
    assert len(told) == len(set(told))
    assert {(one.measure, one.split) for one in guards()} <= set(told)
    for name in ("an answer, median (ms)", "an officer's own strings found after deletion"):
        assert (name, "untouched") in told
