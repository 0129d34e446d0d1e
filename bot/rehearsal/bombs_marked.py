"""Web pages, sitemaps, Markdown and plain text that are bombs."""

from __future__ import annotations

import gzip
from random import Random

from bot.rehearsal.bombs import Bomb

_MEGABYTE = 1_000_000
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _html(body: str) -> bytes:
    head = "<!DOCTYPE html><html><head><title>A page</title></head>"
    return f"{head}<body>{body}</body></html>".encode()


def _deep(_: int) -> bytes:
    return _html("<div>" * 100_000 + "<p>A line of text.</p>" + "</div>" * 100_000)


def _unclosed(_: int) -> bytes:
    return _html("<b><i><a href=x>" * 60_000 + "<p>A line of text.")


def _tables(_: int) -> bytes:
    return _html("<table><tr><td>" * 20_000 + "A line of text.")


def _attributes(_: int) -> bytes:
    many = " ".join(f'a{number}="x"' for number in range(300_000))
    return _html(f"<main><p {many}>A line of text.</p></main>")


def _one_line(_: int) -> bytes:
    return _html(f"<main><p>{'word ' * 1_800_000}</p></main>")


def _paragraphs(_: int) -> bytes:
    return _html(f"<main>{'<p>A line of text that is told again.</p>' * 200_000}</main>")


def _spans(_: int) -> bytes:
    return _html(f"<table><tr>{'<td colspan=99999999 rowspan=99999999>A line.</td>' * 500}</table>")


def _comments(_: int) -> bytes:
    return b"<!DOCTYPE html><html>" + b"<!--" * 500_000


def _brackets(_: int) -> bytes:
    return b"<!DOCTYPE html>" + b"<" * 2_000_000


def _before(_: int) -> bytes:
    """What a look at a page's beginning may stumble over."""
    return b"<?xml" + b" " * 4000 + b"<!-- -->" * 500_000 + b"<html>"


def _long_line(_: int) -> bytes:
    return b"word " * 1_800_000


def _no_blank(_: int) -> bytes:
    return b"A" * 9_000_000


def _stops(_: int) -> bytes:
    """Nothing but ends of sentences."""
    return b"A. B? (c) C! " * 200_000


def _zeros(_: int) -> bytes:
    return bytes(1_000_000) + b"A line of text."


def _zeros_within(_: int) -> bytes:
    return b"A line of text.\n" * 400 + b"\0\x01\x02" * 300_000


def _marks(_: int) -> bytes:
    return b"# A title\n\n" + b"[" * 100_000 + b"*" * 100_000 + b"![" * 100_000 + b"`" * 99_999


def _quotes(_: int) -> bytes:
    return b"> " * 100_000 + b"A line of text.\n" + b"- " * 100_000 + b"\n"


def _pipes(_: int) -> bytes:
    return b"|" * 500_000 + b"\n" + b"|-" * 250_000 + b"|\n" + b"|a" * 250_000 + b"|\n"


def _noise(_: int) -> bytes:
    return Random(9).randbytes(500_000)


def _packed_map(megabytes: int) -> bytes:
    head = f'<?xml version="1.0"?><urlset xmlns="{_MAP}">'.encode()
    entry = b"<url><loc>https://www.example.org/</loc></url>"
    blanks = b" " * (megabytes * _MEGABYTE)
    return gzip.compress(head + blanks + entry + b"</urlset>", 9, mtime=0)


def _twice_packed(megabytes: int) -> bytes:
    return gzip.compress(_packed_map(megabytes), 9, mtime=0)


def _laughing_map(_: int) -> bytes:
    head = f'<?xml version="1.0"?><!DOCTYPE u [<!ENTITY l0 "ha">{_LAUGHS}]>'
    return f'{head}<urlset xmlns="{_MAP}"><url><loc>&l9;</loc></url></urlset>'.encode()


def _outside_map(_: int) -> bytes:
    head = '<?xml version="1.0"?><!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return f'{head}<urlset xmlns="{_MAP}"><url><loc>&x;</loc></url></urlset>'.encode()


def _long_map(_: int) -> bytes:
    entry = "<url><loc>https://www.example.org/{}</loc></url>"
    entries = "".join(map(entry.format, range(150_000)))
    return f'<?xml version="1.0"?><urlset xmlns="{_MAP}">{entries}</urlset>'.encode()


def _deep_map(_: int) -> bytes:
    return f'<?xml version="1.0"?><urlset xmlns="{_MAP}">'.encode() + b"<url>" * 300_000


MARKED = (
    Bomb("deep.html", _deep, refused=False),
    Bomb("unclosed.html", _unclosed, refused=False),
    Bomb("tables.html", _tables, refused=False),
    Bomb("attributes.html", _attributes, refused=False),
    Bomb("one-line.html", _one_line),
    Bomb("paragraphs.html", _paragraphs),
    Bomb("spans.html", _spans, refused=False),
    Bomb("comments.html", _comments),
    Bomb("brackets.html", _brackets, refused=False),
    Bomb("before.html", _before),
    Bomb("long-line.txt", _long_line),
    Bomb("no-blank.txt", _no_blank),
    Bomb("stops.txt", _stops, refused=False),
    Bomb("zeros.txt", _zeros),
    Bomb("zeros-within.txt", _zeros_within, refused=False),
    Bomb("marks.md", _marks, refused=False),
    Bomb("quotes.md", _quotes, refused=False),
    Bomb("pipes.md", _pipes, refused=False),
    Bomb("noise.txt", _noise),
    Bomb("noise.html", _noise),
    Bomb("packed.xml.gz", _packed_map, task="links"),
    Bomb("twice-packed.xml.gz", _twice_packed, task="links"),
    Bomb("laughing.xml", _laughing_map, task="links"),
    Bomb("outside.xml", _outside_map, task="links"),
    Bomb("long.xml", _long_map, task="links"),
    Bomb("deep.xml", _deep_map, task="links"),
)
