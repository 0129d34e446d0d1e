"""Names of people in a text: known by what stands before or behind them, or by a first name.

Another name stays: nothing tells it from a place or a product.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bot.answers.councils import councils
from bot.answers.language import words
from bot.digest.details import STREET
from bot.digest.first_names import COMMON

_FIRST = "|".join(COMMON)
_FIRST_LOUD = _FIRST.upper()
_WORD = r"[A-Z][\w'-]+"
_INITIALS = r"(?:[A-Z]\.? ){0,2}"
_LAST = rf"(?:(?:de|van|bin|al|ap) )?{_WORD}"
_NAME = rf"{_INITIALS}{_WORD}(?: {_INITIALS}{_LAST}){{0,2}}"
_FULL = rf"{_WORD} {_INITIALS}{_LAST}"
_TITLES = r"(?i:mr|mrs|mx|cllr)|[Mm]s|Miss|Dr|Prof|Rev|Sir|Dame"
# Products, posts and verbs that a title seems to stand before.
_NO_SURNAME = (
    r"(?!(?i:teams|office|word|excel|365|forms|outlook|planner|sharepoint|azure|copilot|dynamics"
    r"|access|project|power|portals?|it|ict|development|allowances|casework|training|induction"
    r"|said|spoke|and|or|is|are|was|has|can|should|who|that|from|with|for|to|in|on|at)\b)"
)
_PLACES = (
    f"{STREET}|Institute|House|Hall|Centre|Park|Palace|Valley|Line|Hood|Hospital|College|School"
    "|University|Library|Council|Borough|Quarter|Dock|Bridge|Trust|Foundation|Ltd"
)
_PEOPLE = (
    "resident|tenant|applicant|citizen|child|client|patient|colleague|officer|manager|boss|woman"
    "|neighbou?r|man|lady|gentleman|person|pupil|student|claimant|friend|mother|father|son|mum|dad"
    "|daughter|wife|husband|partner|carer|social worker|line manager|sister|brother"
)
_ASKED = (
    "ask|asked|email|emailed|contact|ring|rang|phone|call|message|tell|told|met|cc"
    "|(?:speak|spoke|spoken|talk|talked|write|wrote) (?:to|with)"
)
_I_AM, _IT_IS = r"\b(?i:i'm|i am|im) ", r"\b(?i:it's|this is) "
_HELLO = r"(?i:^\s*(?:hi|hello|hey|dear|morning|good morning|good afternoon)) "
_THANKS = (
    r"(?:many )?thanks|thank you|cheers|ta|(?:kind |best |warm )?regards|best wishes|all the best"
    r"|yours \w+|signed"
)

# What follows a first name in a sentence, and is no surname; in capitals or in none, nothing but
# the word itself tells.
_NO_SURNAMES = (
    "a|about|after|ai|all|also|an|and|any|anything|are|as|asked|asks|at|before|but|by|can|crm|could"
    "|did|do|does|first|for|from|gdpr|had|has|have|he|her|his|how|hr|i|ict|if|in|is|it|its|may|me"
    "|might|must|my|next|nicely|no|not|now|of|on|or|our|please|pls|said|says|she|should|so|some"
    "|something|thanks|that|the|their|them|then|they|this|to|today|told|tomorrow|too|use|uses|using"
    "|want|wanted|wants|was|we|were|what|when|where|whether|which|who|whose|why|will|with|would"
    "|you|your"
)
_NO_LOUD = rf"(?!(?i:{_NO_SURNAMES}|{_PLACES})\b)"
_NO_QUIET = rf"(?!(?:{_NO_SURNAMES})\b)"

# What is somebody's name, whatever it is.
_SURELY = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?P<gone>(?:{_TITLES})\.?,? {_NO_SURNAME}{_NAME})",
        rf"\b(?P<gone>(?:[Cc]ouncillor|[Pp]rofessor|[Rr]everend|[Aa]lderman) {_NO_SURNAME}{_NAME})",
        rf"\b(?P<gone>(?:(?i:cllrs|messrs)|[Cc]ouncillors) {_NAME}(?:(?:,| and| &) {_NAME})*)",
        rf"(?<!St )\b(?P<gone>(?:{_FIRST})'s)\b(?! (?:{_PLACES}|Day)\b)",
        rf"(?i:\b(?P<gone>(?:mr|mrs|ms|miss|dr|cllr|councillor)\.? (?:{_FIRST}) [a-z'-]{{2,}}))",
        rf"\b(?P<gone>(?:mr|mrs|cllr)\.? {_NO_SURNAME}[a-z'-]{{2,}})",
        rf"(?i:\bmy (?:full )?name(?:'s| is| was|:) )(?P<gone>\w[\w'-]*(?: {_LAST}){{0,2}})",
        rf"\b(?P<gone>(?!Alan Turing)(?:{_FIRST}) (?:(?:{_FIRST}) )?{_INITIALS}"
        rf"(?!(?:{_PLACES})\b){_LAST})",
        rf"\b(?P<gone>(?!ALAN TURING)(?:{_FIRST_LOUD}) (?:(?:{_FIRST_LOUD}) )?{_INITIALS}"
        rf"(?:(?:DE|VAN|BIN|AL|AP) )?{_NO_LOUD}[A-Z][A-Z'-]+)\b",
        rf"\b(?i:{_ASKED}) (?P<gone>(?i:{_FIRST})\b(?: {_NO_QUIET}[a-z][a-z'-]+)?)",
        rf"\b(?i:named|called) (?P<gone>{_FULL})(?= (?:who|whose|wants|of|at|from)\b)",
    )
)
# What could as well be a council or a post.
_MAYBE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_I_AM}|{_IT_IS})(?P<gone>{_FULL})",
        rf"{_I_AM}(?P<gone>{_WORD})(?=[,.!]|\s*$| (?:and|at|from|in|here)\b)",
        rf"{_IT_IS}(?P<gone>{_WORD})(?= (?:at|from|here)\b)",
        rf"(?:^|[.!?,\n] ?)(?P<gone>{_FULL}|(?:{_FIRST}))(?= here\b)",
        rf"\b(?i:(?:{_PEOPLE})(?: is| was)?,? (?:called|named)) (?P<gone>{_NAME})",
        rf"\b(?i:my (?:{_PEOPLE}),?) (?P<gone>{_NAME})",
        rf"{_HELLO}(?P<gone>{_NAME}(?=\s*[,!\n])|(?:{_FIRST})\b)",
        rf"{_HELLO}(?P<gone>[a-z'-]{{2,}})(?=,)",
        rf"\b(?i:{_THANKS})[\s,.!-]{{1,4}}(?P<gone>{_NAME})(?=\s*(?:[,.!(\n]|$))",
        rf"\b(?i:{_THANKS})[\s,.!-]{{1,4}}(?P<gone>[a-z'-]{{2,}})(?: x+)?[\s.!]*$",
        rf"(?:^|[.?!,\n])\s{{0,3}}(?i:best|kr|br|x{{1,3}})[\s,.!-]{{1,4}}(?P<gone>{_NAME})\s*$",
        rf"[\s.?!][-–—~]+ ?(?P<gone>{_NAME})\s*$",
        rf"[.?!,] ?\n\s{{0,3}}(?P<gone>{_NAME})\s*$",
    )
)
_OTHERS = (
    "all everyone everybody anyone folks team teams guys colleagues both bot you there again lots"
    " loads much advance anyway then so tho though mate pal very kindly outcomes people friends"
    " morning afternoon any not a an the for digital data head director lead leader manager officer"
    " chief senior project programme service services business customer deputy assistant principal"
    " product technical interim corporate policy executive council councils councillor local"
    " government ict it lga socitm housing planning finance hr gdpr ai nhs please pls"
)
_NOBODY = frozenset(_OTHERS.split())


def named(text: str) -> Iterator[tuple[int, int]]:
    """Where names stand in a text whose apostrophes are straight."""
    for pattern in _SURELY:
        yield from (match.span("gone") for match in pattern.finditer(text))
    for pattern in _MAYBE:
        found = (match for match in pattern.finditer(text) if not _nobody(match["gone"]))
        yield from (match.span("gone") for match in found)


def _nobody(name: str) -> bool:
    """Whether what looks like a name is a council's, or no name at all."""
    said = [one.lower() for one in re.findall(r"[\w'-]+", name)]
    return not said or said[0] in _NOBODY or all(one in _council_words() for one in said)


@cache
def _council_words() -> frozenset[str]:
    every = (name for one in councils() for name in (one.name, *one.shorts))
    return frozenset(word for name in every for word in words(name))
