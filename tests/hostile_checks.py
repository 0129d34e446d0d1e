"""Whether what is sent calls anybody, or shows one address and leads to another: read as Slack, as
Teams and as a browser read it, by none of the bot's own rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from tld import get_tld

_CALLING = {"user", "usergroup", "channel", "broadcast", "team"}  # elements of Slack's rich text
_SLACK = {
    *("rich_text", "rich_text_section", "rich_text_list", "rich_text_quote", "text", "link"),
    *("actions", "button", "context", "context_actions", "feedback_buttons", "plain_text", "input"),
    *("plain_text_input", "static_select", "multi_static_select", "radio_buttons", "checkboxes"),
    *("datepicker", "timepicker", "file_input", "modal", "divider", "header"),
}
_TEAMS = {
    *(
        "message",
        "https://schema.org/Message",
        "Message",
        "AdaptiveCard",
        "RichTextBlock",
        "TextRun",
    ),
    *(
        "Action.Submit",
        "Action.Execute",
        "Input.Text",
        "Input.ChoiceSet",
        "Input.Date",
        "Input.Time",
    ),
    *("Claim", "DigitalDocument", "Container", "default", "TextBlock", "Action.OpenUrl"),
}
_SPECIAL = re.compile("<([^<>]*)>")
_Json = Mapping[str, Any]


def in_slack(sent: _Json) -> list[str]:
    """What of a message, a form or a Home tab Slack would make live, a line each."""
    found = [f"{name} is set" for name in ("parse", "link_names", "mrkdwn") if sent.get(name)]
    found += list(_marked(str(sent.get("text") or ""))) if isinstance(sent.get("text"), str) else []
    for one in _parts(sent):
        kind = one.get("type")
        if kind in _CALLING or "user_id" in one or "usergroup_id" in one:
            found.append(f"mention: {kind}")
        elif kind == "mrkdwn" or one.get("verbatim") is False:
            found += list(_marked(str(one["text"])))
        elif isinstance(kind, str) and kind not in _SLACK:
            found.append(f"mention: an element of ours is no {kind!r}")
        if isinstance(one.get("url"), str):
            label = one.get("text", one["url"])
            found += _linked(label["text"] if isinstance(label, dict) else str(label), one["url"])
    return found


def _marked(text: str) -> Iterator[str]:
    """What stands in angle brackets where Slack parses."""
    for said in _SPECIAL.findall(text):
        url, _, label = said.partition("|")
        if said[:1] in "@#!":
            yield f"mention: <{said}>"
        else:
            yield from _linked(label or url, url)


def in_teams(sent: _Json) -> list[str]:
    """The same of an activity or a card in Teams."""
    found: list[str] = []
    if isinstance(sent.get("text"), str) and sent.get("type", "message") == "message":
        found += _markdown(sent["text"])
    for one in _parts(sent):
        kind = one.get("type", one.get("@type"))
        if kind == "mention" or "mentioned" in one or "msteams" in one:
            found.append("mention: an entity")
        elif isinstance(kind, str) and kind not in _TEAMS:
            found.append(f"mention: an element of ours is no {kind!r}")
        if kind == "TextBlock":
            found += _markdown(str(one.get("text", "")))
        if isinstance(one.get("url"), str):
            label = one.get("title") or one.get("name") or one["url"]
            found += _linked(str(label), one["url"])
    return found


def _markdown(text: str) -> list[str]:
    """What Markdown makes of it."""
    found, waiting = [], MarkdownIt("commonmark", {"html": True}).parse(text)
    while waiting:
        token = waiting.pop(0)
        if token.type in ("html_inline", "html_block"):
            found.append(f"mention: {token.content[:60]}")
        elif token.type == "image":
            found.append("a picture")
        found += list(_links(token.children or []))
        waiting = [*(token.children or ()), *waiting]
    return found


def _links(tokens: list[Token]) -> Iterator[str]:
    url, label = "", ""
    for token in tokens:
        if token.type == "link_open":
            url, label = str(token.attrs["href"]), ""
        elif token.type == "link_close":
            yield from _linked(label, url)
            url = ""
        elif url:
            label += token.content


def on_page(links: list[tuple[str, str]]) -> list[str]:
    """Words and addresses of the links in a page."""
    return [told for label, url in links for told in _linked(label, url)]


def _linked(label: str, url: str) -> list[str]:
    """A line where a link runs something, or shows another address than the one it leads to."""
    try:
        parts = urlsplit(url)
        host, hidden = parts.hostname or "", parts.username or parts.password or "\\" in url
    except ValueError:
        return [f"disguised link: {url[:60]!r} is no address"]
    if parts.scheme not in ("http", "https") or hidden or not host:
        return [f"disguised link: {url[:60]!r}"]
    others = [one for one in _hosts(label) if one != _plain(host)]
    return [f"disguised link: {label[:60]!r} leads to {url[:60]!r}"] if others else []


def _hosts(label: str) -> list[str]:
    """The hosts that somebody who reads this would believe are named."""
    return [host for word in _seen(label).split() if (host := _host(word))]


def _host(word: str) -> str:
    bare = re.sub(r"^[^\w]+|[^\w/]+$", "", word)
    address = bare if "://" in bare else f"https://{bare}"
    named = "://" in bare or "." in bare
    if not named or not get_tld(address, fail_silently=True):
        return ""
    try:
        return _plain(urlsplit(address).hostname or "")
    except ValueError:
        return word


def _seen(text: str) -> str:
    """What is seen of it: in its plain letters, without what is drawn as nothing."""
    plain = unicodedata.normalize("NFKC", text).replace("。", ".")
    return "".join(
        one for one in plain if unicodedata.category(one) not in ("Cc", "Cf") or one in "\n "
    )


def _plain(host: str) -> str:
    return unquote(unicodedata.normalize("NFKC", host)).rstrip(".").lower()


def unseen(value: object) -> list[str]:
    """Characters that turn the direction or hide, anywhere in what is sent."""
    return [
        repr(one)
        for one in re.findall(
            "[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08\x1b\ud800-\udfff]", _text(value)
        )
    ]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return " ".join(map(_text, value.values()))
    return " ".join(map(_text, value)) if isinstance(value, list | tuple) else ""


def _parts(value: object) -> Iterator[dict[str, Any]]:
    """Every object in a piece of JSON, however deep; what a button carries back is data."""
    if isinstance(value, dict):
        yield value
        for name, one in value.items():
            if name not in ("data", "channelData", "private_metadata"):
                yield from _parts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _parts(one)
