"""Which requests a part of the assistant answers."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation import Command, Pressed, Submitted


@dataclass(frozen=True, slots=True)
class Subject:
    """Names of commands, buttons and forms; `opens` is what the value of an "open" button begins
    with, before a colon."""

    commands: tuple[str, ...]
    buttons: tuple[str, ...]
    opens: tuple[str, ...]
    forms: tuple[str, ...]

    def holds(self, request: object) -> bool:
        """Whether a request is one of these."""
        match request:
            case Command(name, _, _):
                return name in self.commands
            case Pressed("open", value, _):
                return value.partition(":")[0] in self.opens
            case Pressed(action, _, _):
                return action in self.buttons
            case Submitted(form, _, _, _):
                return form in self.forms
            case _:
                return False
