"""What stands above an answer that is shown to those who did not see it asked."""

from __future__ import annotations

from bot.answers import wording
from bot.conversation import Asked, Command, Pressed, Request


def question(request: Request) -> str:
    """What an answer answers, or a list is of, for those who did not see it asked."""
    match request:
        case Asked(text, _) | Command("ask", text, _) | Pressed("ask", text, _):
            return text
        case Command("find", text, _):
            return wording.TEXTS_ON.format(text) if text.strip() else wording.NEWEST_TEXTS
        case Command(name, text, _):
            return f"{name} {text}".strip()
        case _:
            return ""
