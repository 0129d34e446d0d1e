"""Where somebody asked for should be: which places, like which council, of what size."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.answers.councils import Council, Size
from bot.answers.patterns import (
    ALIKE,
    ALIKE_OURS,
    COUNTY,
    IN,
    LARGE,
    NEAR_OURS,
    OURS,
    OWN,
    SMALL,
)
from bot.answers.places import Gazetteer, Places, short_name
from bot.offers import KINDS

NEAR_SIZE = 1.6  # how many times as many people a council of about the same size may have
NOWHERE, ANYWHERE = Council(""), Places()


@dataclass(frozen=True, slots=True)
class Wish:
    """Where somebody should be who is asked for. All of `places`, `size`, `like` and `near` are
    to be met: `like` that council, but another one, and in the region of the `near` one. `ours`
    is the asker's own council, as far as it is known; `lost` where it is not and should be."""

    places: Places = ANYWHERE
    size: Size = ""
    like: Council | None = None
    near: Council | None = None
    ours: Council = NOWHERE
    lost: bool = False

    def __bool__(self) -> bool:
        return bool(self.places or self.size or self.like or self.near)

    def met(self, one: Council, names: Collection[str]) -> bool:
        """Whether a council is where it is asked for; `names` are those that `places` may hold."""
        return (
            self.places.admits(names, one.region, one.nation, one.kind)
            and self.size in ("", one.size)
            and (self.like is None or _alike(one, self.like))
            and (
                self.near is None or (one.region == self.near.region and one.name != self.near.name)
            )
        )

    def likeness(self, one: Council) -> float:
        """How like a council is to the one it is to be like, or to the asker's own: 0 to 1."""
        other = self.like or self.ours
        return (
            0.5 * (bool(one.kind) and one.kind == other.kind)
            + 0.2 * _near_size(one, other)
            + 0.2 * (bool(one.region) and one.region == other.region)
            + 0.1 * (bool(one.nation) and one.nation == other.nation)
        )

    def why(self, one: Council) -> str:
        """What a council is like, in a few words; or ""."""
        other, ours = self.like or self.ours, self.like in (None, self.ours)
        if one.kind not in KINDS or one.kind != other.kind or one.name == other.name:
            return ""
        like = " too" if ours else f" like {short_name(other.name)}"
        size = f", of about {'your' if ours else 'its'} size" if _near_size(one, other) else ""
        return f"a {KINDS[one.kind]}{like}{size}"

    @property
    def label(self) -> str:
        """Where, in words that may follow a noun: "at a small district council in Wales"."""
        kinds = [KINDS.get(kind, kind) for kind in self.places.kinds] or (
            ["council"] if self.size or self.like else []
        )
        sized = f"{self.size} " if self.size else ""
        named = [short_name(one) for one in (*self.places.missing, *self.places.councils)]
        regions = (*self.places.regions, *self.places.nations)
        parts = [f"at a {sized}{' or '.join(kinds)}" if kinds else ""]
        if self.like:
            parts.append("like yours" if self.like is self.ours else _like(self.like))
        parts.append(f"at {' or '.join(named)}" if named else "")
        parts.append(f"in {' or '.join(map(_article, regions))}" if regions else "")
        if self.near:
            parts.append(f"in {_article(self.near.region)}")
        return " ".join(part for part in parts if part)


def _like(council: Council) -> str:
    return f"like {short_name(council.name)}"


def _article(place: str) -> str:
    plain = place in ("England", "Scotland", "Wales", "Northern Ireland", "London")
    return place if plain or place.startswith("Yorkshire") else f"the {place}"


def _alike(one: Council, other: Council) -> bool:
    sized = not (one.people and other.people) or _near_size(one, other)
    return one.kind == other.kind and one.name != other.name and sized


def _near_size(one: Council, other: Council) -> bool:
    fewer, more = sorted((one.people, other.people))
    return 0 < more <= fewer * NEAR_SIZE


class Likeness:
    """Takes out of a question what says like which council, and of what size."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def read(self, text: str, council: str) -> tuple[str, Wish]:
        """The text without those words, and what they wish. `council` is the asker's, or ""."""
        text, own = self._own(text)
        ours = self._gazetteer.known(council) if council else own
        text, like = self._like(text, ours)
        size: Size = "small" if SMALL.search(text) else "large" if LARGE.search(text) else ""
        text = LARGE.sub(" ", SMALL.sub(" ", text))
        asked = NEAR_OURS.search(text) is not None
        near = ours if ours.region and asked else None
        lost = like is NOWHERE or (asked and not near)
        text = NEAR_OURS.sub(" ", text)
        like = None if like is NOWHERE else like
        wish = Wish(size=size, like=like, near=near, ours=ours, lost=lost)
        return " ".join(text.split()), wish

    def wish(self, wish: Wish, places: Places, text: str) -> Wish:
        """With the places that the rest of the text names."""
        if COUNTY.search(text) and not places.kinds and "county" not in places.named:
            places = replace(places, kinds=("county",))
        fits = wish.like is None or not places.kinds or wish.like.kind in places.kinds
        lost = wish.lost and not places.kinds
        return replace(wish, places=places, like=wish.like if fits else None, lost=lost)

    def _own(self, text: str) -> tuple[str, Council]:
        """Where the asker says they are themselves, taken out."""
        for match in OWN.finditer(text):
            end = self._after_place(text, match.end())
            wider = IN.match(text, end) if end else None
            end = (wider and self._after_place(text, wider.end())) or end
            if end:
                found = self._gazetteer.find(text[match.end() : end])
                return f"{text[: match.start()]} {text[end:]}", self._council(found)
        return text, NOWHERE

    def _council(self, found: Places) -> Council:
        names = found.councils or found.missing
        one = self._gazetteer.known(names[0]) if names else NOWHERE
        if names and (not found.kinds or one.kind in found.kinds):
            return one  # "a district in Kent" is not the county council
        kind, region, nation = (*found.kinds, ""), (*found.regions, ""), (*found.nations, "")
        return Council("", kind[0], region[0] or one.region, nation[0] or one.nation)

    def _like(self, text: str, ours: Council) -> tuple[str, Council | None]:
        known = ours if ours.kind else NOWHERE
        for match in ALIKE.finditer(text):
            begun, rest = match.start(match.lastgroup or 0), text[match.end() :]
            own = OURS.match(rest)
            if own:
                return f"{text[:begun]} {rest[own.end() :]}", known
            end = self._after_place(text, match.end())
            found = self._gazetteer.find(text[match.end() : end]) if end else ANYWHERE
            like = self._council(found)
            if like.name:
                return f"{text[:begun]} {text[end:]}", like if like.kind else None
        if ALIKE_OURS.search(text):
            return ALIKE_OURS.sub(" ", text), known
        return text, None

    def _after_place(self, text: str, start: int) -> int:
        """Where the place ends that begins there; 0 where none does."""
        opening = self._gazetteer.opening(text[start:])
        pattern = r"\W+".join(map(re.escape, opening.split()))
        found = re.match(rf"\W*{pattern}\b", text[start:]) if opening else None
        return start + found.end() if found else 0
