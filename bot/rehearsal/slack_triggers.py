"""Slack's triggers: each lets one form be opened, within seconds."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.rehearsal.slack_payloads import Json

TRIGGER_FOR = 3.0  # seconds in which a form may be opened


@dataclass
class Triggers:
    """Those that were given, and when; one that was used was given at no time."""

    given: dict[str, float] = field(default_factory=dict)

    def give(self, body: Mapping[str, Any]) -> None:
        """Take note of the one in what is sent to the bot, if there is one."""
        if trigger := body.get("trigger_id"):
            self.given.setdefault(trigger, time.monotonic())

    def refused(self, arguments: Json) -> str:
        """Use one; Slack's word for why it opens nothing, "" where it does."""
        trigger = str(arguments.get("trigger_id", ""))
        if trigger not in self.given:
            return "invalid_trigger_id"
        given, self.given[trigger] = self.given[trigger], math.inf
        if given == math.inf:
            return "exchanged_trigger_id"
        return "expired_trigger_id" if time.monotonic() - given > TRIGGER_FOR else ""
