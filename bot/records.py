"""What is heard and what is answered, as JSON and back, for the store."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from bot.conversation import (
    Action,
    Alike,
    Asked,
    Citation,
    Command,
    Marked,
    Origin,
    Outcome,
    Peer,
    Pressed,
    Reason,
    Reply,
    Request,
    Share,
    Spread,
    Submitted,
    Suggestion,
)
from bot.delivery import Heard

_REQUESTS: dict[str, type[Request]] = {
    one.__name__: one for one in (Asked, Command, Pressed, Submitted, Marked)
}


def heard_to_json(heard: Heard) -> str:
    """Everything needed to answer it after a restart; what comes with files is answered at once,
    and never kept."""
    kept = asdict(heard)
    kept["request"].pop("files", None)
    return json.dumps({**kept, "type": type(heard.request).__name__})


def heard_from_json(source: str) -> Heard:
    """The inverse of `heard_to_json`; ValueError, LookupError or TypeError for anything else."""
    kept = _object(source)
    kind, request = _REQUESTS[kept.pop("type")], kept["request"]
    asked = kind(**{**request, "origin": Origin(**request["origin"])})
    return Heard(**{**kept, "request": asked})


def reply_to_json(reply: Reply) -> str:
    """A reply without its form: what is read on or shared is an answer. Nor with what was asked,
    which may be somebody's own words."""
    return json.dumps({**asdict(reply), "form": None, "asked": ""})


def reply_from_json(source: str) -> Reply:
    """The inverse of `reply_to_json`; raises as `heard_from_json`."""
    try:
        return _reply(_object(source))
    except AttributeError:
        raise ValueError("not a reply") from None


def _reply(kept: dict[str, Any]) -> Reply:
    return Reply(
        **{
            **kept,
            "citations": tuple(_citation(one) for one in kept["citations"]),
            "outcomes": tuple(Outcome(**one) for one in kept["outcomes"]),
            "councils": tuple(kept["councils"]),
            "actions": tuple(Action(**one) for one in kept["actions"]),
            "suggestions": tuple(_suggestion(one) for one in kept.get("suggestions", ())),
            "alike": tuple(_alike(one) for one in kept.get("alike", ())),
            "peers": tuple(Peer(**one) for one in kept.get("peers", ())),
            "spread": _spread(kept.get("spread")),
        }
    )


def _object(source: str) -> dict[str, Any]:
    try:
        kept = json.loads(source)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(kept, dict):
        raise ValueError("not an object")
    return kept


def _citation(kept: dict[str, Any]) -> Citation:
    also = tuple((title, url) for title, url in kept.get("also", ()))
    return Citation(**{**kept, "councils": tuple(kept["councils"]), "also": also})


def _spread(kept: dict[str, Any] | None) -> Spread | None:
    if kept is None:
        return None
    shares = (Share(Outcome(**one["outcome"]), one["projects"]) for one in kept["shares"])
    return Spread(kept["title"], tuple(shares))


def _alike(kept: dict[str, Any]) -> Alike:
    return Alike(**{**kept, "documents": tuple(kept["documents"])})


def _suggestion(kept: dict[str, Any]) -> Suggestion:
    because = tuple(Reason(**one) for one in kept["because"])
    return Suggestion(**{**kept, "outcome": Outcome(**kept["outcome"]), "because": because})
