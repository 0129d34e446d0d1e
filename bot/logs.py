"""Lines of the log: as people read them, or one JSON object each.

What we log holds no message, no name, no id of a person and no token; of an error it has the place
and the kind. Libraries promise nothing of the sort, and some quote what they were given, so of
their lines only that is written: who said something, where, and the kind of error.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal

from bot.failures import being_handled

Form = Literal["text", "json"]

OURS = ("bot", "indexer", "knowledge")
"""Whose lines are written with their words."""

ANSWERED = ("platform", "kind", "status", "milliseconds")
"""What the line of an answered request says besides, each by its own name in JSON."""

_Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def write_as(form: Form) -> None:
    """Have every line on standard error written so from now on, Python's warnings among them."""
    logging.captureWarnings(capture=form == "json")
    for handler in _written():
        handler.setFormatter(_FORMS[form]())


def in_json() -> bool:
    """Whether lines are JSON, so that what is said beside them should be too."""
    return any(isinstance(one.formatter, JsonLine) for one in _written())


def _written() -> list[logging.Handler]:
    """What writes to standard error; whoever else listens to the log has a form of their own."""
    return [
        one
        for one in logging.getLogger().handlers
        if isinstance(one, logging.StreamHandler) and one.stream in (sys.stderr, sys.__stderr__)
    ]


class TextLine(logging.Formatter):
    """As people read it, with the reference of the request where there is one."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s%(reference)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        reference = being_handled()
        own = logging.makeLogRecord({**record.__dict__, "msg": _words(record), "args": None})
        own.reference = f" [{reference}]" if reference else ""
        own.exc_text = own.stack_info = None  # which another handler may have written with words
        return super().format(own)

    def formatException(self, ei: _Caught) -> str:
        return _frames(ei)


class JsonLine(logging.Formatter):
    """One JSON object on one line, its time in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _words(record),
        }
        if reference := being_handled():
            line["reference"] = reference
        line |= {one: getattr(record, one) for one in ANSWERED if hasattr(record, one)}
        if record.exc_info:
            line["where"] = _frames(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


_FORMS: dict[Form, type[logging.Formatter]] = {"text": TextLine, "json": JsonLine}


def _words(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()
    kind = record.exc_info[0] if record.exc_info else None
    of = f" ({kind.__name__})" if kind else ""
    return f"a library reports something at {record.filename}, line {record.lineno}{of}"


def _frames(caught: _Caught) -> str:
    """Where it failed and with what kind of error, but not with what words."""
    kind = caught[0].__name__ if caught[0] else "None"
    return "".join(traceback.format_tb(caught[2])) + kind
