"""Replies as Slack shows them: blocks and a complete plain text.

The blocks repeat foreign text only where Slack parses nothing: in rich text and plain text.
The `text` beside them is parsed, so it is escaped, and its @ marks are broken; it is to be sent
with Slack's defaults for `parse` (none) and `link_names` (off), under which a bare @name or
#channel stays a word in any case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.conversation import Action, Citation, Form, Reply, Spread
from bot.showing import (
    ALSO,
    Part,
    about,
    address,
    also,
    buttons,
    clean,
    fitted,
    label,
    names_address,
    paragraphs,
    part,
    shortened,
    title,
)
from bot.slack import feedback
from bot.slack.links import Links, Piece

PRIVATE = "Only you can see this."
FOLLOWING = "I read replies in this thread. Say quiet to stop me."
LONGEST_BODY = 2_900
_LONGEST_PLAIN = 30_000  # Slack cuts a text at 40,000 characters
ROOM = 13_000  # characters of all the blocks; Slack refuses a message from about 13,200 on
_MOST_BUTTONS = 25
_MOST_BARS, _LONGEST_BAR = 20, 200
LONGEST_LABEL = 75
_CALLS = re.compile(r"(?<!\w)@(?=\w)|@(?=(?:here|channel|everyone)\b)", re.IGNORECASE)

Json = dict[str, object]


def unlinked(line: str) -> list[Piece]:
    """A line of a text that has no links."""
    return [(line, "")]


def message(reply: Reply, *, private: bool = False) -> Json:
    """A reply as the arguments of a posted message."""

    notes = _notes(reply, private=private)
    bars = _bars(reply.spread)
    told = [line.lstrip("█ ") for line in bars]  # for screen readers: bars are there to be seen

    def write(longest: int) -> Json:
        shown = part(reply, longest)
        links = Links(shown.citations) if reply.linked else None
        said = _blocks(shown, links, bars, notes)
        return {
            "text": _text(shown, notes, told),
            "blocks": [*said, *_asking(reply, shown, private=private)],
            "unfurl_links": False,
            "unfurl_media": False,
        }

    return fitted(write, lambda said: written(said["blocks"]), ROOM, LONGEST_BODY)


def below(reply: Reply, above: str) -> list[Json] | None:
    """What is still to be shown of a reply for everyone below the beginning of its body that
    stands there already, in whatever lines; None where the body does not begin so."""
    words = [re.escape(word) for word in above.split()]
    begun = re.compile(r"\s+".join(words) + (r"(?!\S)" if words else ""))
    notes, bars = _notes(reply, private=False), _bars(reply.spread)

    def write(longest: int) -> list[Json] | None:
        shown = part(reply, longest)
        found = begun.match(shown.body)
        if not found or shown.heading or reply.linked:
            return None
        left = replace(shown, body=shown.body[found.end() :].strip())
        return [*_blocks(left, None, bars, notes), *_asking(reply, shown, private=False)]

    return fitted(write, written, ROOM, LONGEST_BODY)


def whole(reply: Reply, *, private: bool = False) -> str:
    """A reply as text alone, for where its blocks are refused. No button can show the rest, so
    nothing is left for one."""
    notes = _notes(reply, private=private)
    return _text(part(reply, _LONGEST_PLAIN, _size), notes, _bars(reply.spread))


def escape(text: str) -> str:
    """A text for where Slack parses: no mention, no link, and no one called by an @."""
    seen = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CALLS.sub("@\u2060", seen)


def body(text: str, parted: Callable[[str], list[Piece]] = unlinked) -> list[Json]:
    """A text's paragraphs and lists, as elements of rich text. `parted` finds a line's links."""
    elements: list[Json] = []
    for items, lines in paragraphs(text):
        pieces = [parted(line) for line in lines]
        if items:
            elements.append(_list(pieces))
            continue
        whole = [("\n" if elements else "", "")]
        for line in pieces:
            whole += [*line, ("\n", "")]
        elements.append(_section(_written(whole)))
    return elements


def sources(citations: Iterable[Citation]) -> list[Json]:
    """One line a source. They carry the numbers of the text, which Slack's own list would not."""
    heading: Json = {"type": "text", "text": "Sources\n", "style": {"bold": True}}
    return [_section([heading]), *(_section(_source(one)) for one in citations)]


def rich(elements: list[Json]) -> Json:
    """The block that such elements stand in."""
    return {"type": "rich_text", "elements": elements}


def plain(text: str) -> Json:
    """A text in which Slack reads no marks."""
    return {"type": "plain_text", "text": text, "emoji": False}


def written(blocks: object) -> int:
    """How long blocks are as Slack counts them."""
    return len(json.dumps(blocks, ensure_ascii=False))


def _notes(reply: Reply, *, private: bool) -> tuple[str, ...]:
    return (PRIVATE,) * private + (FOLLOWING,) * reply.following


def _size(text: str) -> int:
    return len(escape(text))


def _bars(spread: Spread | None) -> list[str]:
    """A spread in lines; each begins with its bar, so that bars can be compared in any font and
    a line that wraps on a phone still reads."""
    lines = spread.lines if spread else ()
    return [shortened(line, _LONGEST_BAR) for line in lines[:_MOST_BARS]]


def _text(shown: Part, notes: tuple[str, ...], bars: Iterable[str]) -> str:
    sources = [
        f"[{one.number}] {title(one)}{about(one)} {address(one.url)}".rstrip() + _elsewhere(one)
        for one in shown.citations
    ]
    listed = "\n".join(("Sources", *sources)) if sources else ""
    parts = (shown.heading, shown.body, "\n".join(bars), listed, *shown.closing, *notes)
    return escape("\n\n".join(one for one in parts if one))


def _blocks(
    shown: Part, links: Links | None, bars: list[str], notes: tuple[str, ...]
) -> list[Json]:
    said = [*_heading(shown.heading), *body(shown.body, links.pieces if links else unlinked)]
    blocks = [rich(said)] if said else []
    if bars:
        blocks.append(rich([_drawn(bars)]))
    if listed := links.left if links else shown.citations:
        blocks.append(rich(sources(listed)))
    lines = (*shown.closing, *notes)
    if lines:
        blocks.append({"type": "context", "elements": [plain(line) for line in lines]})
    return blocks


def _asking(reply: Reply, shown: Part, *, private: bool) -> list[Json]:
    """The buttons, and below the end of an answer whether it helped."""
    blocks: list[Json] = []
    if offered := _buttons(reply, shown, private=private):
        elements = [_button(action, number) for number, action in enumerate(offered)]
        blocks.append({"type": "actions", "elements": elements})
    goes_on = any(action.id == "more" for action in shown.actions)
    if reply.feedback and not goes_on:
        asked = feedback.ordinary if private else feedback.element
        blocks.append(asked(reply.feedback))
    return blocks


def _heading(heading: str) -> list[Json]:
    return [{"type": "rich_text_quote", "elements": [_said(heading)]}] if heading else []


def _drawn(bars: list[str]) -> Json:
    heading, *lines = bars
    bold: Json = {"type": "text", "text": heading or "-", "style": {"bold": True}}
    return _section([bold, *(_said(f"\n{line}") for line in lines)])


def _list(lines: Iterable[list[Piece]]) -> Json:
    sections = [_section(_written(line)) for line in lines]
    return {"type": "rich_text_list", "style": "bullet", "elements": sections}


def _elsewhere(citation: Citation) -> str:
    """Where else a source is found, as plain text."""
    told = [" ".join(dict.fromkeys(one)).strip() for one in also(citation)]
    return f", {ALSO} {'; '.join(told)}" if told else ""


def _source(citation: Citation) -> list[Json]:
    """A title is the link's words; one that names an address leaves the link to show its own."""
    return _written([*_named(citation), *_also(citation), ("\n", "")])


def _named(citation: Citation) -> list[Piece]:
    number, url = f"[{citation.number}] ", address(citation.url)
    if not url:
        return [(f"{number}{title(citation)}{about(citation)}", "")]
    if names_address(citation.title):
        return [(f"{number}{title(citation)}{about(citation)} ", ""), (url, url)]
    return [(number, ""), (title(citation), url), (about(citation), "")]


def _also(citation: Citation) -> list[Piece]:
    """Where else it is found, each a link."""
    pieces: list[Piece] = []
    for words, url in also(citation):
        pieces += [("; " if pieces else f", {ALSO} ", ""), (words, url)]
    return pieces


def _buttons(reply: Reply, shown: Part, *, private: bool) -> tuple[Action, ...]:
    own = shown.actions
    if reply.form:
        own = (_opening(reply.form), *own)
    shareable = private and not reply.private and reply.status in ("answered", "unsure")
    if shareable and reply.id and (reply.citations or reply.status == "unsure"):
        own = (*own, Action("share", "Share to channel", reply.id))
    return buttons(reply.actions, own, _MOST_BUTTONS)


def _opening(form: Form) -> Action:
    """The button that opens this very form again."""
    return Action("open", "Open the form", f"{form.id}:{form.key}" if form.key else form.id)


def _button(action: Action, number: int) -> Json:
    words = label(action, LONGEST_LABEL)
    button: Json = {
        "type": "button",
        "action_id": f"press:{action.id}:{number}",
        "text": plain(words),
    }
    if action.value:
        button["value"] = action.value
    if words.endswith("…"):
        button["accessibility_label"] = words
    return button


def _section(elements: list[Json]) -> Json:
    return {"type": "rich_text_section", "elements": elements}


def _written(pieces: Iterable[Piece]) -> list[Json]:
    """Words and links; what stands beside each other without a link is one."""
    elements: list[Json] = []
    words = ""
    for said, url in pieces:
        if not url:
            words += said
            continue
        if words:
            elements.append(_said(words))
        elements.append({"type": "link", "url": url, "text": said})
        words = ""
    return [*elements, _said(words)] if words else elements


def _said(text: str) -> Json:
    return {"type": "text", "text": text}
