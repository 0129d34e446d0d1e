"""Forms filled in, and shown again for what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation import Form


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
