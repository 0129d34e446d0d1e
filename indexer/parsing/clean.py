"""Text as a reader sees it: nothing invisible, nothing that could be taken for our own marks."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
# Letters and marks that are drawn as nothing, though Unicode does not call them format characters.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\ufffd") | frozenset(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
_UNSEEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs"))
_BULLET = re.compile(r"^(?:[•◦▪▫●○■□‣⁃∙·➢➤✓✔*o-]|\u2013) +(?=\S)")
_OPEN, _CLOSE = "[［【〔〖⟦❲﹝", "]］】〕〗⟧❳﹞"
# "[12]" and "[1, 3]" are how our answers cite; no text may look as if it did.
_CITATION = re.compile(rf"[{re.escape(_OPEN)}]([\d\s,;.–-]*\d[\d\s,;.–-]*)[{re.escape(_CLOSE)}]")
_ACTIVE = re.compile(r"\b(?:(?:java|vb|live)script:(?=\S)|data:[\w.+/-]+[;,])\S*", re.I)
_PRIVATE_BULLETS = str.maketrans(dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf06e", "•"))


def clean(text: str) -> str:
    """One line of it."""
    if text.isascii() and text.isprintable():
        kept = text
    else:
        known = text.translate(_LIGATURES).translate(_PRIVATE_BULLETS)
        kept = unicodedata.normalize("NFC", "".join(map(_seen, known)))
    folded = " ".join(kept.split())
    if ":" in folded:
        folded = " ".join(_ACTIVE.sub("", folded).split())
    return _CITATION.sub(lambda found: f"({found[1].strip()})", folded)


def item(text: str) -> str:
    """An item of a list without its sign."""
    return _BULLET.sub("", text)


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    if character in _BLANK or unicodedata.category(character) in _UNSEEN:
        return ""
    return character
