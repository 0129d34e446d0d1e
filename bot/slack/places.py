"""Where in Slack something was said: how it is posted there, and what leads people there."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass

from bot.conversation import Origin, RoomKind

_CHANNEL = re.compile(r"[A-Z0-9]{2,40}")
_TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a reply goes: to a thread of a channel, or by `url`, which Slack gives for half an
    hour, to the `person` who asked. `shared` by that url shows it to the whole channel. A channel
    that is the person's own id is the bot's chat with them. `team` is the person's own workspace,
    "" where Slack did not say it.

    `sign` where a sign of working may be shown. `home` is the community in whose Home tab it was
    asked, which is shown anew after the reply; "" anywhere else. `community` is where it was heard,
    whose token alone may be used to reply.
    """

    channel: str
    thread: str = ""
    person: str = ""
    url: str = ""
    shared: bool = False
    sign: bool = False
    team: str = ""
    home: str = ""
    community: str = ""

    @property
    def direct(self) -> bool:
        """Whether nobody is there but the person and the bot."""
        return self.channel.startswith("D") or self.channel == self.person

    @property
    def alone(self) -> bool:
        """Whether what goes there is seen by the person alone."""
        return self.direct or bool(self.url and not self.shared)

    def to_json(self, **more: str) -> str:
        return json.dumps({**asdict(self), **more}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, source: str) -> Address:
        """Raises ValueError or TypeError for what `to_json` did not write."""
        return cls(**json.loads(source))


def room(address: Address, name: str = "") -> RoomKind:
    """The kind of place. Slack calls a chat of two and a group message by names of its own, and
    does not tell it by an id; where it gives no name, what is no chat of two is a channel."""
    if address.direct or name == "directmessage":
        return ""
    return "group" if name.startswith("mpdm-") else "channel"


def closed(name: str) -> bool:
    """Whether not everybody of the workspace may read a channel: Slack tells no more of its name
    then. Where it gives none, that is not known."""
    return name in ("", "privategroup")


def link(site: str, channel: str, ts: str = "", thread: str = "") -> str:
    """The address of a message, or of the channel without one; as Slack itself makes them. `site`
    is the workspace's own address, "" where it is not known."""
    if not (site and _CHANNEL.fullmatch(channel)):
        return ""
    leads = f"{site}archives/{channel}"
    if not _TS.fullmatch(ts):
        return leads
    inside = thread != ts and _TS.fullmatch(thread)
    return f"{leads}/p{ts.replace('.', '')}" + (
        f"?thread_ts={thread}&cid={channel}" if inside else ""
    )


def origin(
    community: str,
    address: Address,
    talk: str,
    *,
    alone: bool,
    room: RoomKind,
    link: str,
    closed: bool,
) -> Origin:
    """Whose request it is, and from where; `talk` names the conversation. Written to alone, a
    person has the bot's chat. A chat of two is nobody else's to be led to or posted in."""
    person = address.person
    alone_with = Address(person, person=person, community=community)
    directly = alone_with.to_json() if person else ""
    everyone = Address(address.channel, address.thread, community=community)
    place = everyone.to_json() if room else ""
    leads = link if room else ""
    return Origin(
        community,
        address.channel,
        talk,
        person,
        "slack",
        directly,
        alone,
        room,
        place,
        leads,
        closed and bool(room),
    )


def home(community: str, person: str) -> Origin:
    """Somebody in the bot's Home tab, which nobody else sees. What is answered there goes to
    their chat with the bot."""
    address = Address(person, person=person, community=community)
    return origin(community, address, "", alone=True, room="", link="", closed=False)
