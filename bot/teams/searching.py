"""The search beside the box that messages are written in: sources found, each a card to insert."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from botbuilder.schema import Activity

from bot.conversation import Citation, Command, Reply
from bot.showing import NOTHING, address, shortened, stands, title
from bot.teams.activities import Malformed, origin
from bot.teams.addresses import part
from bot.teams.cards import FIND, KINDS, WORDS, attachment, card
from bot.teams.fields import LONGEST_LABEL
from bot.teams.runs import plain, run

MOST = 10  # results at once; the command finds no more
LONGEST_QUOTE = 600
_INITIAL = "initialRun"  # the parameter that Teams sends instead before anything is written
_THUMBNAIL = "application/vnd.microsoft.card.thumbnail"
_LONGEST_TITLE, _LONGEST_LINE, _LONGEST_TEXT = 100, 120, 1_000
_MOST_COUNCILS = 3
_MARK = re.compile(r"\s*\[\d+\]")
_LINK = re.compile(r"\](?=[(\[:])")

_Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, and which of the results are wanted."""

    request: Command
    skip: int
    count: int


def searched(activity: Activity) -> Search | None:
    """A search of ours, None for one that is not. Raises Malformed."""
    value = part(activity.value)
    if value.get("commandId") != FIND:
        return None
    options = part(value.get("queryOptions"))
    skip, count = _whole(options, "skip", 0), _whole(options, "count", MOST)
    request = Command(FIND, _words(value.get("parameters")), origin(activity))
    return Search(request, skip, min(count, MOST))


def results(reply: Reply, search: Search) -> _Json:
    """The sources of a reply, each as a card; where there are none, its words."""
    if reply.citations or search.skip:
        shown = reply.citations[search.skip :][: search.count]
        found: _Json = {"type": "result", "attachmentLayout": "list"}
        return {"composeExtension": {**found, "attachments": [_result(one) for one in shown]}}
    text = _words_alone(_MARK.sub("", reply.body), _LONGEST_TEXT) or NOTHING
    return {"composeExtension": {"type": "message", "text": text}}


def _words(parameters: object) -> str:
    """What was written; "" where nothing was yet."""
    if not isinstance(parameters, list) or not parameters:
        raise Malformed("a search has parameters")
    given = {name: one.get("value") for one in map(part, parameters) if (name := one.get("name"))}
    if WORDS not in given and _INITIAL not in given:
        raise Malformed(f'a search has the parameter "{WORDS}"')
    words = given.get(WORDS) or ""
    if not isinstance(words, str):
        raise Malformed("what is looked for is not text")
    return words.strip()


def _whole(options: dict[str, object], name: str, usual: int) -> int:
    value = options.get(name)
    if value is None:
        return usual
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Malformed(f'"{name}" is no whole number')
    return value


def _result(citation: Citation) -> _Json:
    """The card that is inserted, and what the list shows of it. No tap: that would ask us again."""
    preview = {
        "title": _words_alone(title(citation), _LONGEST_TITLE),
        "text": _words_alone(_line(citation), _LONGEST_LINE),
    }
    shown = {"contentType": _THUMBNAIL, "content": preview}
    return {**attachment(source_card(citation)), "preview": shown}


def source_card(citation: Citation) -> _Json:
    """A source: its title, whose and when it is, a sentence of it, and the way there."""
    quote = " ".join(citation.quote.split())
    body = [run(title(citation), weight="Bolder", size="Medium"), run(_line(citation))]
    body += [run(f"“{shortened(quote, LONGEST_QUOTE)}”")] if quote else []
    url = address(citation.url)
    return card(body, f"{title(citation)}. {_line(citation)}.", [_open(url)] if url else [])


def _line(citation: Citation) -> str:
    """What it is, with councils and year."""
    kind = KINDS[citation.kind]
    told = "Registered by an officer, not published" if citation.kind == "project" else kind
    councils = [" ".join(one.split()) for one in citation.councils[:_MOST_COUNCILS]]
    more = len(citation.councils) - len(councils)
    named = ", ".join(councils) + (f" and {more} more" if more else "")
    parts = (named, citation.year, told, *stands(citation))
    return " · ".join(str(one) for one in parts if one)


def _open(url: str) -> _Json:
    """The way to a source; it names the site, whatever the title says."""
    site = (urlsplit(url).hostname or "").removeprefix("www.")
    label = shortened(f"Open the source at {site}", LONGEST_LABEL)
    return {"type": "Action.OpenUrl", "title": label, "url": url}


def _words_alone(text: str, longest: int) -> str:
    """For where Teams may read tags, or marks that make links."""
    return plain(_LINK.sub("] ", shortened(text, longest)))
