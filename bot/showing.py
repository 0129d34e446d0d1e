"""What of a reply a platform shows at once, and what of any text may be shown at all.

The renderers share this: how much of an answer fits, which sources and buttons go with it,
which characters are left out, and which addresses may become links.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, urlsplit

from bot.conversation import Action, Citation, Reply
from bot.cutting import cut

NOTHING = "There is nothing to show here."
NOT_ALL = "This is not all of it. Ask about one part to read more."
LONGEST_HEADING = 300
LONGEST_CLOSING = 1_000
LONGEST_TITLE = 150
LONGEST_VALUE = 2_000
LONGEST_ADDRESS = 800
LONGEST_PLACE = 80
MOST_ALSO = 2
NOT_CONFIRMED = "not yet confirmed"
ALSO = "also:"
_BUTTONS_TOGETHER = 4_000

_ITEM = re.compile(r"^\s*[-•]\s+(?=\S)")
_MARK = re.compile(r"\[(\d+)\]")
# What nobody sees, and what turns the reading direction round so that a text shows as another.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f"
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_BREAK = re.compile("\r\n|[\r\x85\u2028\u2029]")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?(?::\d+)?")
_ADDRESS = re.compile(r"://|\bwww\.|[\w-]\.[^\W\d_]{2,}", re.IGNORECASE)
_UNKEPT = re.compile(r"[^\w!#$&'*+,\-./:;=?@\[\]~%\x80-\U0010ffff]", re.ASCII)

_Message = TypeVar("_Message")


@dataclass(frozen=True, slots=True)
class Part:
    """What is shown of a reply: the beginning of its body, and what goes with that."""

    body: str
    heading: str
    citations: tuple[Citation, ...]
    closing: tuple[str, ...]
    actions: tuple[Action, ...]


def part(reply: Reply, longest: int, size: Callable[[str], int] = len) -> Part:
    """The beginning of a reply; its rest behind a button where the reply is kept."""
    body, rest = cut(reply.body, longest, size)
    citations = reply.citations
    more: tuple[Action, ...] = ()
    if rest:
        shown = {int(number) for number in _MARK.findall(body)}
        citations = tuple(one for one in citations if one.number in shown)
    if rest and reply.id:
        more = (Action("more", "More", f"{reply.id}:{len(reply.body) - len(rest)}"),)
    lines = (*((NOT_ALL,) if rest and not more else ()), *reply.closing)
    closing = tuple(shortened(line, LONGEST_CLOSING) for line in lines)
    heading = shortened(" ".join(reply.heading.split()), LONGEST_HEADING)
    shown_body = clean(body).strip() or ("" if heading or closing else NOTHING)
    return Part(shown_body, heading, citations, closing, more)


def fitted(
    write: Callable[[int], _Message], size: Callable[[_Message], int], room: int, longest: int
) -> _Message:
    """The message with as much of a body, `longest` at most, as leaves it within `room`."""
    message = write(longest)
    while size(message) > room and longest > 50:
        longest = longest * 2 // 3
        message = write(longest)
    return message


def buttons(offered: Iterable[Action], own: tuple[Action, ...], most: int) -> tuple[Action, ...]:
    """The buttons there is room for; `own`, which come last, always have theirs.

    One whose value cannot come back whole is left out: half a value means another thing.
    """
    kept: list[Action] = []
    room = _BUTTONS_TOGETHER
    for action in offered:
        room -= len(action.label) + len(action.value) + 100
        whole = len(action.value) <= LONGEST_VALUE and clean(action.value) == action.value
        if whole and room >= 0 and len(kept) < most - len(own):
            kept.append(action)
    return (*kept, *own)


def clean(text: str) -> str:
    """The text without what cannot be seen or written, its line breaks all of one kind."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNSEEN.sub("", _BREAK.sub("\n", whole))


def shortened(text: str, longest: int) -> str:
    """The text cleaned, and cut with an ellipsis where it is over `longest` characters."""
    seen = clean(text).strip()
    return seen if len(seen) <= longest else f"{seen[: longest - 1].rstrip()}…"


def label(action: Action, longest: int) -> str:
    """A button's words, never empty."""
    return shortened(" ".join(action.label.split()), longest) or action.id.capitalize()


def title(citation: Citation) -> str:
    """A source's title on one line, never empty."""
    seen = shortened(" ".join(citation.title.split()), LONGEST_TITLE)
    return seen or f"Source {citation.number}"


def about(citation: Citation) -> str:
    """The councils and the year behind a title, in brackets; where in it the quote stands, and
    whether a person has still to confirm what it is said to be."""
    councils = (shortened(" ".join(one.split()), 80) for one in citation.councils[:3])
    told = ", ".join(str(one) for one in (*councils, citation.year, *stands(citation)) if one)
    return f" ({told})" if told else ""


def stands(citation: Citation) -> tuple[str, ...]:
    """Where in its text a quote stands, its page or else the heading above it; and that the text
    is not yet confirmed. Nothing for a shipped text."""
    heading = shortened(" ".join(citation.heading.split()), LONGEST_PLACE)
    place = f"page {citation.page}" if citation.page else f"under “{heading}”" if heading else ""
    return tuple(one for one in (place, "" if citation.confirmed else NOT_CONFIRMED) if one)


def also(citation: Citation) -> tuple[tuple[str, str], ...]:
    """Where else the text is found: words and an address each, "" for one that must not become a
    link. A title that names an address leaves the link to show its own."""
    found = []
    for named, url in citation.also[:MOST_ALSO]:
        words, link = shortened(" ".join(named.split()), LONGEST_PLACE), address(url)
        found.append((link if link and (not words or names_address(named)) else words, link))
    return tuple(one for one in found if one[0])


def address(url: str) -> str:
    """The address as a link may carry it, or "" for what must not become a link.

    Only web addresses with a plain host: a name and password before the host, or a backslash,
    make an address look as if it led elsewhere.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    plain = clean(url) == url and "\\" not in url and _HOST.fullmatch(parts.netloc)
    if parts.scheme not in ("http", "https") or not plain:
        return ""
    found = _UNKEPT.sub(lambda sign: quote(sign[0]), url.strip())
    return found if len(found) <= LONGEST_ADDRESS else ""


def names_address(text: str) -> bool:
    """Whether a text could be taken for an address, and so must not be a link to another one."""
    return bool(_ADDRESS.search(unicodedata.normalize("NFKC", clean(text)).replace("。", ".")))


def paragraphs(body: str) -> list[tuple[bool, list[str]]]:
    """The body in runs of lines: whether they are items of a list, and the lines.

    Blank lines part paragraphs; those between the items of one list do not. A quote in an item
    stays in it, however many lines it has.
    """
    runs: list[tuple[bool, list[str]]] = []
    parted = False
    for line in _with_whole_quotes(body.split("\n")):
        item = bool(_ITEM.match(line))
        if not line.strip():
            parted = True
            continue
        if not runs or runs[-1][0] != item or (parted and not item):
            runs.append((item, []))
        runs[-1][1].append(_ITEM.sub("", line).strip())
        parted = False
    return runs


def _with_whole_quotes(lines: Iterable[str]) -> list[str]:
    """The lines; those of a quote that began in an item of a list are joined to that item."""
    kept: list[str] = []
    opened = 0
    for line in lines:
        if opened > 0 and _ITEM.match(kept[-1]):
            kept[-1] = f"{kept[-1].rstrip()} {line.strip()}".rstrip()
        else:
            kept.append(line)
            opened = 0
        opened += line.count("“") - line.count("”")
    return kept
