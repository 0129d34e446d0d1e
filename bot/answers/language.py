"""Officers' hurried English put into words the texts use; greetings and orders taken off."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.answers.meanings import SAME
from bot.answers.patterns import CREATE, any_of
from bot.answers.vocabulary import ABBREVIATIONS, MODERN, PAIRS

LONGEST = 4000

_WORD = re.compile(r"[^\W_]+(?:['’&][^\W_]+)*")
_GREETING = any_of(
    r"^\s*(?:(?:bore da|prynhawn da|noswaith dda|shwmae|helo|hi|hiya|hello|hey|heya"
    r"|morning|afternoon|evening|good (?:morning|afternoon|evening)|greetings|dear)(?:"
    r" (?:all|there|everyone|team|folks|colleagues|both|again|bot|guys))*|(?:ok(?:ay)?"
    r"|right|great|cool|thanks?(?: you)?|cheers|lovely|brilliant|perfect)(?: (?:then|so"
    r"|now|all|again|for that))*(?=\s*[,.!;:–—-])|quick (?:one|question|q)|sorry to"
    r" bother(?: you)?|just wondering|hope (?:you|everyone)[^,.!?-]*|happy (?:monday"
    r"|friday)|(?:can|could) (?:any|some)(?:one|body) (?:here )?(?:please )?(?:help|tell"
    r" me|advise)(?: me)?(?: please)?)\s*(?:[,.!:;–—-]+\s*|\s+|$)",
    ignore_case=True,
)
_THANKS = any_of(
    r"(?:^|[\s,.!-]+)(?:(?:many|much|kind|with) )?(?:thanks?(?: you)?|regards"
    r"|thx|ta|tia|cheers|please|pls|diolch)(?![\w-])(?:[ ,]+(?:that'?s|that is|you'?re|all|so"
    r"|really|very) ?(?:brill|brilliant|great|perfect|lovely|helpful|ace|good|useful|fab"
    r"|kind|sorted))?(?: (?:in advance|so much|very much|all|a lot))*[\s.!]*$",
    ignore_case=True,
)
_THANKED = re.compile(r"\b(?:thanks?|thank you|thx|ta|cheers|diolch)\b", re.IGNORECASE)
_ASSENT = re.compile(
    r"(?:ok(?:ay)?|yes|yep|yeah|yup|no|nope|sure|fine|right|great|cool|good|perfect|lovely"
    r"|brilliant|nice|got it|i see|understood|will do|done|agreed)"
    r"(?:[ ,]+(?:please|thanks?|thank you|one|then))?[\s.!]*",
    re.IGNORECASE,
)
_TAG = re.compile(r"[\[<]/?(?:system|inst|admin|instructions?)\b[^\]>]*[\]>]", re.IGNORECASE)
_ORDER = any_of(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|rule|prompt"
    r"|previous|above|guideline|source|text|everything)s?",
    r"\b(?:you|u) (?:are|r) (?:now|no longer)\b|\bstay in character\b",
    r"(?:^|[.!?;,] |\band |\bnow |\bplease |\bjust )pretend\b",
    r"(?:^|[.!?;,] |\band |\bnow |\bplease )act as\b",
    r"\brole ?play\b",
    r"\bfrom now on\b",
    r"\b(?:system|developer|admin|assistant)(?: (?:prompt|message|override|note|mode))?\s*:",
    r"\b(?:reveal|print|show|repeat|output|leak)\b.{0,25}\b(?:system )?(?:prompt"
    r"|instructions|configuration|password|api key|token)s?",
    r"\banswer (?:only|just|everything|always)\b|\banswer \w+ (?:only|always)\b",
    r"\b(?:reply|respond)\b.{0,20}\b(?:only|just|always|with the word|in capitals)\b",
    r"\bmust not be (?:shown|used|cited)\b",
    r"\bmade[- ]up (?:\w+ )?(?:cases?|examples?|answers?|councils?|figures?|sources?|facts?)\b",
    r"\b(?:invent|fabricate)\b|(?:^|[.!?;,] |\band |\bplease )make up\b",
    r"\btag (?:everything|all|it all|every)\b",
    r"\b(?:you|u) (?:must|should|have to|will) (?:now |only |always )?"
    r"(?:choose|tag|select|pick|say|answer|rank|mark|label|set)\b",
    r"\bmark (?:everything|all)\b",
    r"(?:^|[.!?;,:] |\bplease |\balways )(?:tag|label|classify|mark|rank)"
    r" (?:this|it|these|that|our|the)\b.{0,30}\bas\b",
    r"\b(?:post|send|share|announce|publish|forward|dm|message|email)\b.{0,30}"
    r"(?:#\w|@\w|\ball[- ]staff\b)",
    r"(?:^|[.!?;,] |\band )(?:post|send|announce|forward|dm|message|email)\b.{0,30}"
    r"\b(?:channel|everyone|here)\b",
    r"\bjailbreak",
    r"\bdan mode",
    r"\bdeveloper mode",
    r"\b(?:without|no) (?:citations|sources)\b",
    r"\bdo not cite\b",
    r"\bdon'?t cite\b",
    r"\bdelete\b.{0,20}\b(?:all|every|your|the)\b",
    r"\bsay (?:that )?(?:you|i|we) (?:are|have|won)\b",
    r"\bchange your\b",
    r"\bnew instructions?\b",
    ignore_case=True,
)
# Where an order ends and an honest question may begin.
_CLAUSE = any_of(
    r"(?<=[.!?;])\s+",
    r"(?<=:)\s+(?=(?:what|which|who|how|when|where|why|is|are|did|does|do|can|any)\b)",
    r"\n+",
    r"\s+[-–—]+\s+",
    r"(?:,\s*)?\b(?:and then|then|but|also|and)\b(?=\s+(?:tell|what|which|who|how|when"
    r"|where|why|list|explain|answer|show|give))",
    r"\s*[\[\](){}<>]+\s*",
    r",\s+(?=(?:what|which|who|how|when|where|why|anyway)\b)",
    ignore_case=True,
)


def visible(text: str) -> str:
    """The text without control and format characters, right-to-left overrides among them."""
    kept = (
        " " if character in "\n\r\t\u2028\u2029" else character
        for character in unicodedata.normalize("NFKC", text)
        if character in "\n\r\t\u2028\u2029" or unicodedata.category(character)[0] != "C"
    )
    return " ".join("".join(kept).split())


def has_words(text: str) -> bool:
    """Whether there is anything to read: a letter or a digit, not only emoji and marks."""
    return any(character.isalnum() for character in text)


def words(text: str) -> list[str]:
    """The lower-case words of a text; an apostrophe or `&` inside a word stays in it."""
    lowered = text.lower().replace("wi-fi", "wifi")
    return [word.replace("’", "'") for word in _WORD.findall(lowered)]


def without_greeting(text: str) -> str:
    """The text less the greetings before it and the thanks behind it."""
    before = None
    while before != text:
        before, text = text, _GREETING.sub("", text, count=1)
    return _THANKS.sub("", text).strip()


def only_thanks(text: str) -> bool:
    """Whether a message is thanks and nothing else."""
    return bool(_THANKED.search(text)) and not has_words(without_greeting(text))


def only_assent(text: str) -> bool:
    """Whether a message is a bare yes, no or the like, which asks nothing by itself."""
    return bool(_ASSENT.fullmatch(text.strip()))


def without_orders(text: str) -> tuple[str, bool]:
    """The text less the clauses that order the bot about, and whether there were any."""
    if not _ORDER.search(text) and not _TAG.search(text):
        return text, False
    text = _TAG.sub(". ", text)
    clauses = [clause.strip() for clause in _CLAUSE.split(text) if clause and clause.strip()]
    return " ".join(
        clause for clause in clauses if not _ORDER.search(clause) and not CREATE.search(clause)
    ), True


# A sentence of a text that tells its reader, or a program that reads it, what to do and say.
_BID = any_of(
    r"(?:^|[.!?;:,] |\b(?:and|please|now|must) )(?:ignore|disregard|forget|override|bypass)\b"
    r".{0,40}\b(?:instruction|prompt|previous|above|guideline|rule)s?\b",
    r"^\W*(?:system|developer|assistant|admin)(?: (?:prompt|message|override|note|mode))?\s*:",
    r"\byou (?:are now|must now|are no longer)\b|\bfrom now on,? you\b",
    r"\b(?:reveal|print|repeat|output|leak)\b.{0,25}\b(?:system prompt|prompt|instructions"
    r"|password|api key|token)s?\b",
    r"\b(?:reply|respond|answer)(?: \w+)? (?:only |just |always )?with\b"
    r"|\b(?:reply|respond) (?:only|just|always)\b",
    ignore_case=True,
)


def bids(text: str) -> bool:
    """Whether a sentence that stands in a text gives orders to whoever answers from it."""
    return bool(_BID.search(text) or _TAG.search(text))


_SHORT = "|".join(re.escape(short) for short in sorted(PAIRS, key=len, reverse=True))
_PAIR = re.compile(rf"(?<!\w)(?:{_SHORT})(?!\w)")
_COMMON = 9000
_FORMS = (
    ("s", ""),
    ("es", ""),
    ("ing", ""),
    ("ing", "e"),
    ("ed", ""),
    ("ed", "e"),
    ("er", ""),
    ("er", "e"),
    ("ly", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("d", ""),
)


class Speller:
    """Puts right words that nobody knows, towards words of the texts first, then common English.

    `names` are words of place names; `common` lists English words, the most usual first.
    """

    def __init__(self, library: Iterable[str], names: Iterable[str], common: Iterable[str]) -> None:
        self._library = {word for word in library if len(word) > 2 and word.isalpha()}
        usual = [word for word in common if len(word) > 2 and word.isalpha() and word.isascii()]
        places = {word for word in names if len(word) > 2 and word.isalpha()}
        self._rank = {word: place for place, word in enumerate(usual)}
        meant = {word for line in SAME for word in line.split()}
        self._known = self._library | places | self._rank.keys() | MODERN | meant
        # Towards rare English or a short place name a typo is put "right" too easily.
        targets = self._library.union(usual[:_COMMON], (word for word in places if len(word) > 6))
        self._choices = sorted(targets)

    def correct(self, text: str) -> str:
        """The text in lower case, abbreviations written out and typos put right."""
        lowered = text.lower().replace("’", "'")
        lowered = _PAIR.sub(lambda match: PAIRS[match.group()], lowered)
        return _WORD.sub(lambda match: self._word(match.group()), lowered)

    def _word(self, word: str) -> str:
        if word in ABBREVIATIONS:
            return ABBREVIATIONS[word]
        if len(word) < 4 or not word.isalpha() or not word.isascii() or self._known_form(word):
            return word
        longer = [known for known in self._library if known.startswith(word)]
        if len(longer) == 1:
            return longer[0]
        furthest = 1 if len(word) < 9 else 2
        near = process.extract(
            word, self._choices, scorer=OSA.distance, score_cutoff=furthest, limit=None
        )
        likely = [found for found in near if found[0][0] == word[0] or found[0] in self._library]
        if not likely:
            return word
        return min(
            likely, key=lambda found: (found[1], found[0][0] != word[0], self._usual(found[0]))
        )[0]

    def usual(self, word: str) -> bool:
        """Whether a word is everyday English."""
        return self._rank.get(word, _COMMON) < _COMMON

    def _known_form(self, word: str) -> bool:
        """Whether a word is known, or an everyday form of a known one ("refurbed" is not)."""
        if word in self._known:
            return True
        if any(word[:-cut] in self._known for cut in (1, 2, 3) if len(word) - cut >= 5):
            return True
        return any(
            word.endswith(ending) and (word.removesuffix(ending) + back) in self._known
            for ending, back in _FORMS
        )

    def _usual(self, word: str) -> int:
        return -1 if word in self._library else self._rank.get(word, len(self._rank))
