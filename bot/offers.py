"""Help offered and asked for: what peers agreed to, and the introductions that come of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

KINDS: Mapping[str, str] = {
    "district": "district council",
    "county": "county council",
    "unitary": "unitary council",
    "metropolitan": "metropolitan borough",
    "london-borough": "London borough",
    "combined-authority": "combined authority",
}
NATIONS = ("England", "Scotland", "Wales", "Northern Ireland")
REGIONS = (
    *("East Midlands", "East of England", "London", "North East", "North West"),
    *("South East", "South West", "West Midlands", "Yorkshire and The Humber"),
)


# What leads to somebody: addresses of mail and of pages, numbers to call. A search begins only
# where a word does, or a long text would take seconds.
MAIL = r"(?<!\S)[^\s@]*@\S+|(?<!\S)\S+ ?[(\[]at[)\]] ?\S+"
HOST = r"(?<![\w-])(?<!\w\.)(?!gov\.uk\b)(?:[\w-]+\.)+"
PAGE = rf"\bhttps?://\S+|{HOST}(?:uk|com|org|net|wales|scot|london|eu|io)\b(?:/\S*)?"
PHONE = r"(?<!\w)[+0]\d[\d ()-]{7,}\d"
_LEADS = re.compile(f"{MAIL}|{PAGE}|{PHONE}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offer:
    """What an officer fills in. `kind`, `nation` and `region` are of `KINDS`, `NATIONS` and
    `REGIONS`, or "". `reach` is how to reach them, "" for in chat only. `beyond` where officers
    of other communities may find them too; `monthly` is how often they may be asked in 30 days.
    `named` where the weekly digests of their community may name them."""

    name: str
    help: str
    outcomes: tuple[str, ...]
    council: str = ""
    kind: str = ""
    nation: str = ""
    region: str = ""
    reach: str = ""
    beyond: bool = False
    monthly: int = 2
    named: bool = False


def concealed(text: str, offer: Offer) -> str:
    """What an officer wrote, as somebody may see it who was not introduced to them: without
    their name and what leads to them."""
    plain = text.replace("’", "'").replace("‘", "'")
    name, reach = (one.replace("’", "'").replace("‘", "'") for one in (offer.name, offer.reach))
    whole = "|".join(re.escape(one) for one in (name, reach) if one)
    parts = "|".join(re.escape(one) for one in name.split() if len(one) > 2)
    spans = [match.span() for match in _LEADS.finditer(plain)]
    if whole:
        found = re.finditer(rf"(?<!\w)(?:{whole})(?!\w)", plain, re.IGNORECASE)
        spans += [match.span() for match in found]
    if parts:  # alone only where it is written as a name: "Will" is hidden, "will" is not
        found = re.finditer(rf"(?<!\w)(?:{parts})(?!\w)", plain, re.IGNORECASE)
        spans += [match.span() for match in found if match[0][:1].isupper()]
    return without(text, spans)


def withheld(text: str) -> str:
    """What an officer wrote, as it is shown beside their name: without what leads to them."""
    return without(text, [match.span() for match in _LEADS.finditer(text)])


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with an ellipsis in the place of each span, one for those that follow another."""
    kept, after = [], 0
    for start, end in sorted(spans):  # which may overlap
        kept += [text[after:start], "…"] if start >= after else []
        after = max(after, end)
    return re.sub(r"…(?:[ ,]*…)+", "…", "".join((*kept, text[after:])))


@dataclass(frozen=True, slots=True)
class Profile:
    """An officer who opted in: a peer. `id` is random and names the offer, `key` is the random
    key of the person in `community`. `wording` is what they agreed to, at `agreed_at`. `asked`
    is how often they were asked in the last 90 days."""

    id: str
    community: str
    key: str
    offer: Offer
    wording: str
    agreed_at: datetime
    paused_until: datetime | None = None
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Seeker:
    """Who looks for peers, as far as it is known: the council, the outcomes of what they do, and
    the random key, by which they are not shown to themselves."""

    community: str = ""
    key: str = ""
    council: str = ""
    outcomes: tuple[str, ...] = ()


State = Literal["asked", "accepted", "declined", "expired", "closed"]
"""`closed` where either of them left before it was answered."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer writes who wants to be introduced; the peer reads all of it."""

    line: str
    name: str
    council: str = ""
    reach: str = ""


@dataclass(frozen=True, slots=True)
class Introduction:
    """A wish put to a peer. People are random keys, each in their own community; `offer` is the
    id of what the peer offered, `council` the peer's. `helped` is what the asker said of it
    later, if anything."""

    id: str
    community: str
    asker: str
    peer_community: str
    peer: str
    offer: str
    council: str
    wish: Wish
    state: State
    asked_at: datetime
    helped: bool | None = None
