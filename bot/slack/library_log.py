"""The libraries' own logger: what they log can hold what officers wrote, and our tokens."""

from __future__ import annotations

import logging

silent = logging.getLogger("bot.slack.libraries")
silent.setLevel(logging.CRITICAL + 1)
