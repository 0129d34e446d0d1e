"""What Slack sends, as what was heard. Reads payloads and calls nothing.

Slack's payloads are deep and not all alike, so what is missing reads as "", and what lacks
the parts that name a message is not heard at all. `own` is the bot's user id and `site` the
workspace's address, each "" where it is not known.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

from bot.conversation import Command, Marked, Origin, Pressed, RoomKind, Submitted
from bot.delivery import Heard, Hearing
from bot.slack import feedback, places
from bot.slack.files import Upload
from bot.slack.modals import values
from bot.slack.payloads import Payload, digest, installed_in, part, read, workspace
from bot.slack.places import Address
from bot.speech import commanded as in_words
from bot.speech import spoken

_SAID = ("", "file_share", "thread_broadcast")  # subtypes of what people say; others tell of it
_SLACKBOT = "USLACKBOT"
# Commands that are answered with a form, by what is typed behind them.
_FORMS = {
    "tag": ("",),
    "peers": ("join", "edit", "pause"),
    "my-data": ("delete",),
    "digest": ("", "set up", "change"),
    "experts": ("join",),
}
_ALWAYS_A_FORM = ("suggest-case",)  # whatever is typed behind it
TAG_COMMAND, TAG_SHORTCUT = "/tag-project", "tag_project"  # as in manifest.json
_LONGEST_METADATA = 3_000
_MARK = re.compile(r"<([^<>]*)>")
_EMOJI = re.compile(r"(?<![\w:]):(?:\+1|-1|100|[a-z][a-z0-9_+'-]*)(?:::skin-tone-\d)?:(?![\w:])")


def said(body: Payload, own: str, site: str = "", *, public: bool = False) -> Heard | None:
    """A message or a mention; None where it is not for us. `public` where the channel is known to
    be open to everybody of the workspace."""
    event, own = part(body, "event"), own or _authorised(body)
    channel, ts = read(event, "channel"), read(event, "ts")
    hearing = _hearing(event, own)
    community = read(body, "team_id") or read(body, "enterprise_id")
    if not (hearing and channel and ts and community):
        return None
    thread = read(event, "thread_ts") or ts
    # A chat with the bot alone is one conversation, whichever of its threads a line is in.
    talk = channel if hearing == "addressed" else thread
    team = read(event, "user_team") or read(event, "team")
    person, sign = read(event, "user"), hearing != "overheard"
    address = Address(channel, thread, person, sign=sign, team=team, community=community)
    origin = places.origin(
        community,
        address,
        talk,
        alone=_direct(event),
        room=_room(body),
        link=places.link(site, channel, ts, thread),
        closed=not public,
    )
    said = words(read(event, "text"), own)
    request = spoken(said, origin, overheard=hearing == "overheard")
    event_id = read(body, "event_id")
    return Heard("slack", f"{channel}:{ts}", request, address.to_json(), event_id, hearing)


def _hearing(event: Payload, own: str) -> Hearing | None:
    """How it was said to the bot. A mention comes as an event of its own, so a message that
    names the bot is left to that one."""
    if _by_machine(event, own) or read(event, "subtype") not in _SAID:
        return None
    match read(event, "type"):
        case "app_mention":
            return "called"
        case "message" if _direct(event):
            return "addressed"
        case "message" if _answering(event) and not (own and f"<@{own}" in read(event, "text")):
            return "overheard"
        case _:
            return None


def _by_machine(event: Payload, own: str) -> bool:
    made = any(read(event, name) for name in ("bot_id", "app_id"))
    return made or read(event, "user") in ("", own, _SLACKBOT)


def _direct(event: Payload) -> bool:
    kind = read(event, "channel_type")
    return kind == "im" or (not kind and read(event, "channel").startswith("D"))


def _room(body: Payload) -> RoomKind:
    """Of a mention Slack does not say the kind, but of every event whether people of other
    organisations are there. Commands, buttons and forms say nothing of that."""
    event = part(body, "event")
    if _direct(event):
        return ""
    if body.get("is_ext_shared_channel") is True:
        return "shared"
    return "group" if read(event, "channel_type") == "mpim" else "channel"


def told_public(body: Payload) -> tuple[str, bool | None]:
    """A channel that was spoken in, and whether it is open to everybody of the workspace: every
    message says so, but no mention; None where it does not."""
    event = part(body, "event")
    kind = read(event, "channel_type")
    return read(event, "channel"), kind == "channel" if kind else None


def _answering(event: Payload) -> bool:
    return read(event, "thread_ts") not in ("", read(event, "ts"))


def commanded(body: Payload, site: str = "") -> Heard | None:
    """`/outcomes …` or `/tag-project …`, to be answered to the asker alone."""
    community = read(body, "team_id") or read(body, "enterprise_id")
    channel, person = read(body, "channel_id"), read(body, "user_id")
    if not (community and channel):
        return None
    url = read(body, "response_url")
    address = Address(channel, person=person, url=url, community=community)
    origin = places.origin(
        community,
        address,
        "",
        alone=address.alone,
        room=places.room(address, read(body, "channel_name")),
        closed=places.closed(read(body, "channel_name")),
        link=places.link(site, channel),
    )
    text = words(read(body, "text"))
    tagging = read(body, "command") == TAG_COMMAND
    request = Command("tag", text, origin) if tagging else _command(text, origin)
    return Heard("slack", f"command:{digest(body)}", request, address.to_json(), private=True)


def _command(text: str, origin: Origin) -> Command:
    plain = Command("ask" if text else "", text, origin)
    return in_words(text, origin) or plain if text else plain


def pressed(body: Payload, site: str = "") -> Heard | None:
    """A button of one of our messages. What was private stays so, unless it is to be shared."""
    name, action = button(body)
    container, message = part(body, "container"), part(body, "message")
    channel = read(container, "channel_id") or read(part(body, "channel"), "id")
    ts = read(container, "message_ts") or read(message, "ts")
    community = workspace(body)
    if not (name and channel and ts and community):
        return None
    ephemeral = bool(container.get("is_ephemeral"))
    inside = read(container, "thread_ts") or read(message, "thread_ts")
    person, value = read(part(body, "user"), "id"), read(action, "value")
    thread = inside or ("" if ephemeral else ts)
    address = Address(channel, thread, person, community=community)
    rating = feedback.rates(name, value)
    # Thanks for a word on an answer are to leave no trace, in a chat of two either.
    private = ephemeral or (rating and address.direct)
    address = replace(
        address,
        url=read(body, "response_url") if private else "",
        shared=private and name == "share",
        sign=not (private or rating),
        team=read(part(body, "user"), "team_id"),
    )
    # Two presses are two questions, but a double click on "Share to channel" shares once.
    which = value if name == "share" else read(action, "action_ts")
    key = f"press:{digest([channel, ts, person, read(action, 'action_id'), which])}"
    # A message that only the asker sees has no address.
    said = inside if ephemeral else ts
    origin = _in_channel(body, address, places.link(site, channel, said, inside))
    request = feedback.pressed(name, value, origin)
    return Heard("slack", key, request, address.to_json(), private=private)


def button(body: Payload) -> tuple[str, Payload]:
    """Which of our buttons was pressed, "" for none, and what Slack tells of it."""
    actions = body.get("actions")
    action: Payload = actions[0] if isinstance(actions, list) and actions else {}
    kind, _, name = read(action, "action_id").partition(":")
    return (name.rpartition(":")[0] if kind == "press" else ""), action


def marked(body: Payload, own: str, site: str = "") -> Heard | None:
    """A message picked out by its shortcut, to be answered to whoever did that alone."""
    message, channel = part(body, "message"), read(part(body, "channel"), "id")
    ts, community = read(message, "ts"), workspace(body)
    ours = (read(body, "type"), read(body, "callback_id")) == ("message_action", TAG_SHORTCUT)
    if not (ours and channel and ts and community):
        return None
    person, inside = read(part(body, "user"), "id"), read(message, "thread_ts")
    thread = inside if inside != ts else ""
    author = "" if _by_machine(message, own) else read(message, "user")
    url = read(body, "response_url")
    address = Address(channel, thread, person, url, community=community)
    origin = _in_channel(body, address, places.link(site, channel, ts, inside))
    request = Marked(words(read(message, "text"), own), author, origin)
    key = f"mark:{digest([channel, ts, person, read(body, 'action_ts')])}"
    return Heard("slack", key, request, address.to_json(), private=True)


def _in_channel(body: Payload, address: Address, link: str) -> Origin:
    """Where a button was pressed or a message picked out."""
    name = read(part(body, "channel"), "name")
    return places.origin(
        workspace(body),
        address,
        address.thread,
        alone=address.alone,
        room=places.room(address, name),
        closed=places.closed(name),
        link=link,
    )


def carried(heard: Heard, key: str) -> str:
    """What a form carries unseen: where its reply goes, the kind of place that is, and the form's
    key. Raises ValueError for more than Slack carries."""
    there = heard.request.origin
    closed = "closed" if there.closed else ""
    metadata = Address.from_json(heard.address).to_json(key=key, room=there.room, closed=closed)
    if len(metadata) > _LONGEST_METADATA:
        raise ValueError("a form's key is too long")
    return metadata


def submitted(body: Payload, site: str = "") -> Heard | None:
    """A form filled in. Its reply goes to where the form was opened."""
    view = part(body, "view")
    kind, _, form = read(view, "callback_id").partition(":")
    person = read(part(body, "user"), "id")
    try:
        kept = json.loads(read(view, "private_metadata"))
        key, told = str(kept.pop("key", "")), kept.pop("room", "")
        closed = bool(kept.pop("closed", "closed"))
        # Of a guest's form Slack names the guest's workspace, and beside it the one we are in.
        community = installed_in(body)
        address = Address(**{**kept, "person": person, "community": community})
    except (AttributeError, TypeError, ValueError):
        return None
    if kind != "form" or not (form and community):
        return None
    origin = places.origin(
        community,
        address,
        address.thread,
        alone=address.alone,
        room="group" if told == "group" else places.room(address),
        closed=closed,
        link=places.link(site, address.channel, address.thread),
    )
    filled = values(part(part(view, "state"), "values"))
    name = f"form:{read(view, 'id')}:{read(view, 'hash')}"
    request = Submitted(form, filled, origin, key)
    return Heard("slack", name, request, address.to_json(), private=bool(address.url))


def inputs(body: Payload) -> list[str]:
    """The names of the inputs of a form filled in, in their order."""
    found = part(body, "view").get("blocks")
    blocks = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return [read(one, "block_id") for one in blocks if read(one, "type") == "input"]


def attached(body: Payload) -> list[Upload]:
    """The files that came with a form filled in."""
    state = part(part(part(body, "view"), "state"), "values")
    found = []
    for block, elements in state.items():
        kind, _, name = block.partition(":")
        entered = next(iter(elements.values()), None) if isinstance(elements, dict) else None
        files = entered.get("files") if isinstance(entered, dict) else None
        if kind == "field" and isinstance(files, list):
            found += [_upload(name, one) for one in files if isinstance(one, dict)]
    return found


def _upload(field: str, file: Payload) -> Upload:
    url = read(file, "url_private_download") or read(file, "url_private")
    size = file.get("size")
    return Upload(field, read(file, "name"), url, size if isinstance(size, int) else 0)


def asks_for_form(heard: Heard) -> bool:
    """Whether a form is to be opened, which Slack allows for three seconds only."""
    match heard.request:
        case Marked() | Pressed("open"):
            return True
        case Command(name, text):
            return name in _ALWAYS_A_FORM or text.strip().lower() in _FORMS.get(name, ())
        case _:
            return False


def words(text: str, own: str = "") -> str:
    """What an officer wrote, from how Slack writes it down; a mention of the bot is taken off."""
    if own:
        text = re.sub(rf"^\s*<@{re.escape(own)}(?:\|[^>]*)?>[\s,:]*", "", text)
    plain = _EMOJI.sub("", _MARK.sub(lambda match: _seen(match[1], own), text))
    for written, meant in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        plain = plain.replace(written, meant)
    return "\n".join(" ".join(line.split()) for line in plain.strip().split("\n"))


def _seen(mark: str, own: str) -> str:
    """What stands in the place of a mark in angle brackets when Slack shows it."""
    target, _, label = mark.partition("|")
    match target[:1]:
        case "@":
            return "" if target[1:] == own else (label or "someone")
        case "#":
            return f"#{label}" if label else "a channel"
        case "!":
            return label if target.startswith("!date") else ""
        case _:
            return label or target


def _authorised(body: Payload) -> str:
    """Our own user id as an event names it, for as long as Slack has not been asked."""
    found = body.get("authorizations")
    first: Payload = found[0] if isinstance(found, list) and found else {}
    return read(first, "user_id") if first.get("is_bot") else ""
