"""Forms filled in, and shown again for what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversation import Form, Reply, Request, Submitted

FILL_IN = "Fill in the form to go on."
FAULTY = "Something in the form needs another look."
NOT_SAVED = "I could not save this just now. Your words are still here: try again in a minute."


def filled(form: Form, values: Mapping[str, str]) -> Form:
    """The form with these values; what is not among them stays as it was."""
    fields = tuple(replace(one, value=values.get(one.id, one.value)) for one in form.fields)
    return replace(form, fields=fields)


def again(form: Form, values: Mapping[str, str], faults: Mapping[str, str]) -> Form:
    """The form as it was filled in, with what is wrong at each field."""
    kept = filled(form, values)
    fields = tuple(replace(one, fault=faults.get(one.id, "")) for one in kept.fields)
    return replace(kept, fields=fields)


def over(text: str, longest: int) -> str:
    """What is wrong with the length of a text, or ""."""
    most = len(text) - longest
    return f"Shorten this by {most} characters; the most is {longest}." if most > 0 else ""


def away(request: Request, told: str, blank: Callable[[Submitted], Form]) -> Reply:
    """What is said while the database is away: `told`, or of a form that it stays, with what was
    written in it. `blank` gives that form as it was opened."""
    if not isinstance(request, Submitted):
        return Reply("failed", told, private=True)
    form = again(blank(request), request.values, {})
    return Reply("failed", NOT_SAVED, form=form, private=True)
