"""What the page's script posts, checked strictly and turned into a neutral request."""

from __future__ import annotations

import base64
import json

from bot.attached import MOST_BYTES, TOO_LARGE, Attached
from bot.conversation import Command, Marked, Origin, Pressed, Request, Submitted
from bot.speech import spoken

CHANNEL = "digital-practice"
"""The one channel that the page shows: its name, and the place and address that it goes by."""
PEOPLE = ("visitor", "colleague")
"""Whom the page can be used as: two test people, so that one can be asked for by the other. One
person sits at this computer, and nobody signs in."""
KEYS: dict[str, tuple[str, ...]] = {
    "asked": ("text",),
    "command": ("name", "text"),
    "pressed": ("action", "value"),
    "submitted": ("form", "values", "key", "files"),
    "marked": ("text", "author"),
}
LONGEST_ID = 200
MOST_FIELDS = 50
MOST_FILES = 5


class InvalidRequest(Exception):
    """A post the page's script would never send; the message is a sentence for the sender."""


def read_request(body: bytes, community: str) -> Request:
    """Turn one posted body into a request, or raise `InvalidRequest` saying what is wrong."""
    said = _read_object(body)
    kind = said.get("type")
    if not isinstance(kind, str) or kind not in KEYS:
        raise InvalidRequest(f'"type" must be one of {", ".join(KEYS)}.')
    unknown = sorted(set(said) - {"type", "as", "thread", *KEYS[kind]})
    if unknown:
        raise InvalidRequest(f'A request of type "{kind}" has no "{unknown[0][:40]}".')
    return _request(kind, said, _origin(said, community))


def read_collector(body: bytes, community: str) -> Origin:
    """Whose messages are asked for; raises `InvalidRequest` as `read_request` does."""
    said = _read_object(body)
    unknown = sorted(set(said) - {"as"})
    if unknown:
        raise InvalidRequest(f'Asking for messages takes "as" alone, and no "{unknown[0][:40]}".')
    return _origin(said, community)


def channel_origin(community: str) -> Origin:
    """What waits for the channel, and so for everyone there, is collected as this."""
    return _here(community, "", "", CHANNEL)


def _origin(said: dict[str, object], community: str) -> Origin:
    thread, person = _id(said, "thread", empty=True), _person(said, "as", PEOPLE[0])
    return _here(community, thread, person, person)


def _here(community: str, thread: str, person: str, address: str) -> Origin:
    """The page plays a public channel: what is said there is seen by both. Nothing leads there."""
    return Origin(
        community, CHANNEL, thread, person, "page", address, room="channel", place=CHANNEL
    )


def _person(said: dict[str, object], key: str, usual: str) -> str:
    person = said.get(key, usual)
    if person not in PEOPLE:
        raise InvalidRequest(f'"{key}" must be one of {", ".join(PEOPLE)}.')
    return str(person)


def _request(kind: str, said: dict[str, object], origin: Origin) -> Request:
    if kind == "asked":
        return spoken(_text(said, "text"), origin)
    if kind == "command":
        return Command(_name(said), _text(said, "text"), origin)
    if kind == "pressed":
        return Pressed(_id(said, "action"), _text(said, "value"), origin)
    if kind == "marked":
        return Marked(_text(said, "text"), _person(said, "author", origin.person), origin)
    key = _id(said, "key", empty=True)
    return Submitted(_id(said, "form"), _values(said), origin, key, _files(said))


def _read_object(body: bytes) -> dict[str, object]:
    try:
        said = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise InvalidRequest("The request is not readable as JSON in UTF-8.") from None
    if not isinstance(said, dict):
        raise InvalidRequest("The request must be a JSON object.")
    return said


def _text(said: dict[str, object], key: str) -> str:
    return _checked(said.get(key, ""), f'"{key}"')


def _checked(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise InvalidRequest(f"{what} must be text.")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidRequest(f"{what} holds half of a character; write that part again.")
    return value


def _id(said: dict[str, object], key: str, empty: bool = False) -> str:
    value = _text(said, key)
    if len(value) > LONGEST_ID or (not value and not empty) or not _plain(value):
        raise InvalidRequest(f'"{key}" must be a short id of at most {LONGEST_ID} characters.')
    return value


def _name(said: dict[str, object]) -> str:
    value = _text(said, "name")
    if len(value) > LONGEST_ID or not _plain(value):
        raise InvalidRequest('The name of a command is one short word, as in "/outcomes list".')
    return value.lower()


def _plain(value: str) -> bool:
    return value.isprintable() and " " not in value


def _values(said: dict[str, object]) -> dict[str, str]:
    values = said.get("values")
    if not isinstance(values, dict) or len(values) > MOST_FIELDS:
        raise InvalidRequest(f'"values" must be an object of at most {MOST_FIELDS} texts.')
    return {
        _checked(key, "A field's id"): _checked(value, "A field") for key, value in values.items()
    }


def _files(said: dict[str, object]) -> tuple[Attached, ...]:
    """The files that were attached, each in the base64 that browsers write."""
    files = said.get("files", [])
    if not isinstance(files, list) or len(files) > MOST_FILES:
        raise InvalidRequest(f'"files" must be a list of at most {MOST_FILES} files.')
    return tuple(map(_file, files))


def _file(one: object) -> Attached:
    if not isinstance(one, dict) or one.keys() != {"field", "name", "content"}:
        raise InvalidRequest('A file must have a "field", a "name" and a "content".')
    field, name = _id(one, "field"), _text(one, "name")[:LONGEST_ID]
    try:
        content = base64.b64decode(_text(one, "content"), validate=True)
    except ValueError:
        raise InvalidRequest("A file's content must be written in base64.") from None
    if len(content) > MOST_BYTES:
        return Attached(field, name, fault=TOO_LARGE)
    return Attached(field, name, content)
