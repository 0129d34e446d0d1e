"""What officers say to the bot, as requests; and whether what is only overheard is meant for it."""

from __future__ import annotations

import re

from bot.conversation import Asked, Command, Origin

COMMANDS = (
    *("ask", "cases", "digest", "experts", "find", "follow", "help", "hidden", "list", "my-data"),
    *("open", "peers", "projects", "quiet", "report", "reports", "suggest-case", "tag", "texts"),
    *("usage", "verified"),
)
_WITH_TEXT = ("ask", "tag")
# Words that also begin questions: commands only with a few words behind them.
_WITH_WORDS = ("digest", "projects", "report")
_MOST_WORDS = 5
# What a sentence that begins with "find" means where it is surely for the bot.
_SURELY_MEANT = ("find", "peers", "projects")
_OF_QUESTIONS = re.compile(
    r"^(?:on|about|for|that|which|from|in|of|to|with)\b|\?\s*$", re.IGNORECASE
)
# Whom or what "find" is not the command for: people, answers, examples, what is theirs. Their
# nouns alone, or with what says which; in "council tax" and "project management" they are others'.
_WHICH = (
    r"(?=\W*(?:$|(?:who|that|which|with|without|where|on|about|in|at|for|of|from|near|like|to|and"
    r"|or|we|i|has|have|having|did|do|doing|use|using|try|trying|working|running|fitting)\b))"
)
_THEM = (
    rf"(?:people|persons?|others?|peers?|officers?|colleagues?|experts?|councils?|teams?|ways?"
    rf"|time|projects?){_WHICH}"
)
_EXAMPLES = r"(?:examples?|case stud(?:y|ies))"
_OTHERWISE_FOUND = re.compile(
    r"^(?:out|me|us|you|him|her|them|(?-i:[Ii]t)|this|that|these|those|my|our|your|their|someone"
    r"|somebody|anyone|anybody|who|what|which|when|where|why|how|whether|if"
    rf"|{_EXAMPLES}|(?:(?:an?|the|another|other|some|any|more) (?:other )?)?{_THEM}"
    rf"|(?:an?|the|another|other|some|any|more) (?:other )?{_EXAMPLES})(?:\b|$)",
    re.IGNORECASE,
)
# "Search" is the same command, where it is none for something else.
_SEARCHED = re.compile(
    r"^search(?: for)?\b[:,]?(?! (?:engines?|box|bar|function|results?|tools?|terms?|and|or)\b)\s+"
    r"(?=\S)",
    re.IGNORECASE,
)
# Commands in the words officers use for them; fillers are taken off first.
_SAID = {
    "quiet": "quiet|be quiet|stay quiet|keep quiet|silence|hush|shush|shut up|mute|go away|enough"
    "|stop|stop it|stop that|stop listening|stop reading|stop replying|stop answering|stop talking"
    "|stop following|unfollow|leave us|do not reply|don't reply",
    "follow": "follow|follow again|follow us|listen|listen again|keep listening|keep following"
    "|unmute|start again|come back",
    "help": "help|help me|can you help|can you help me|could you help|commands|what can you do"
    "|what can i do|what can i ask|what do you do|what do you know|what are you|who are you"
    "|how do i use this|how do i use you|how does this work|how do you work|how to use this"
    "|what is this|find help",
    "list": "list|list them|list all|list outcomes|list the outcomes|list all outcomes"
    "|list the twelve|list all twelve|find list|find the list|find outcomes|find the outcomes"
    "|find the twelve outcomes",
    "tag": "tag|tag a project|tag project|tag-project|register|register a project",
    "projects": "projects|list projects|show projects|all projects|registered projects|the projects"
    "|list the projects|list all projects|list registered projects|show all projects",
    "projects mine": "my projects|show my projects|list my projects|projects mine",
    "report": "report|report this|report it|report a source|report a project|report a case study",
    "reports": "reports|list reports|show reports|open reports",
    "hidden": "hidden|list hidden|show hidden|what is hidden",
    "ask": "ask|form|the form|open form|open the form",
    "peers": "peers",
    "find": "find|search|find texts|find sources|find a text|find a source|search the texts",
    "digest": "digest|digests|weekly digest|the digest|the weekly digest|my digest|our digest",
    "digest list": "list digests|show digests|list the digests|digest settings|digest status",
    "peers join": "offer help|offer my help|offer to help others|i can help others",
    "open": "open|open questions|show open questions|list open questions|the open questions"
    "|show the open questions|list the open questions|unanswered questions|questions open"
    "|questions without an answer|what is open|what questions are waiting"
    "|which questions are waiting|what questions wait|which questions wait|questions waiting"
    "|waiting questions|what questions wait for an answer|which questions wait for an answer"
    "|what questions are waiting for an answer|which questions are waiting for an answer",
    "verified": "verified|verified answers|show verified answers|list verified answers"
    "|the verified answers|show the verified answers|list the verified answers",
    "experts": "experts|list experts|show experts|the experts|list the experts|show the experts"
    "|experts list|who are the experts|who are your experts|who are our experts",
    "experts join": "experts join|experts edit|experts change|join experts|join the experts"
    "|become an expert|look after answers|help look after answers",
    "experts leave": "experts leave|experts stop|leave experts|leave the experts"
    "|stop looking after answers",
    "usage": "usage|show usage|usage counts|show the usage|usage figures|show usage figures",
    "suggest-case": "suggest-case|suggest case|suggest a case|suggest case study|submit-case"
    "|suggest case studies|submit case|we did something worth sharing|i did something worth sharing"
    "|we have something worth sharing|we have done something worth sharing"
    "|we have a case study|we've got a case study|i have a case study|i've got a case study"
    "|we have a case study to share|i have a case study to share",
    "cases": "cases|list cases|show cases|suggested cases|suggested case studies"
    "|show suggested case studies|list suggested case studies|the suggested case studies"
    "|show the suggested case studies|list the suggested case studies|case suggestions"
    "|which case studies were suggested|what case studies were suggested"
    "|which case studies are suggested|what case studies are suggested",
    "texts": "texts|list texts|show texts|unconfirmed texts|show unconfirmed texts"
    "|list unconfirmed texts|the unconfirmed texts|show the unconfirmed texts|texts to confirm"
    "|confirm texts|confirm the texts|which texts wait to be confirmed"
    "|what texts wait to be confirmed|which texts are unconfirmed|what texts are unconfirmed",
    "my-data": "my-data|my data",
    "my-data delete": "my-data delete|my data delete",
    "my-data export": "my-data export|my data export",
}
_MEANT = {words: name for name, said in _SAID.items() for words in said.split("|")}
_FILLER = re.compile(
    r"\b(?:please|pls|plz|now|then|thanks|thank you|ta|cheers|(?:in |on )?(?:this|the) thread"
    r"|everyone|bot|outcomes bot)\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[^\w' /-]+|(?<!\w)[/-]|[/-](?!\w)")  # all but those inside words and dates
_CALLED = re.compile(r"^\s*(?:(?:hi|hey|hello|ok|oi)[\s,]+)?[@/]outcomes\b[\s,:]*", re.I)
# What officers do with projects, in a sentence rather than by a command's name.
_ASKS_TO = (
    r"^(?:(?:how|where) (?:do|can|could|would) (?:i|we)|(?:can|could|would) (?:i|we|you)"
    r"|(?:i|we) (?:want|need|would like) to|(?:i|we)'d like to|let me)? ?"
)
_ASK = (
    r"(?:ask|contact|call|(?:talk|speak) (?:to|with)|get in touch with)(?: for (?:help|advice))?"
    r" (?:about|on|with)"
)
_SOMEONE = (
    r"(?:(?:some|any)(?:one|body)|people|others"
    r"|(?:(?:an?|the|another|other|some) )?(?:officer|council|colleague|peer|team)s?)(?: else)?"
)
_WHO_DID = (
    r"(?: (?:who|that|which))?(?: (?:has|have|had|is|are|also))*(?: (?:did|done|do|does|doing"
    r"|tried|trying|used|using|knows?(?: about)?|work(?:s|ed|ing)? (?:on|with)"
    r"|with experience (?:of|in|with)|for|on|about|with|in|from|at))?(?: (?P<words>.+))?$"
)
_REQUESTS = r"(?:peers|peer requests|requests)"
_MY_DATA = r"my (?:own |personal )?data"
_DIGEST = r"(?:(?:a|an|the|our|this|this channel's) )?(?:weekly )?digest"
# Not "can you suggest a case study": who asks that wants to be told of one.
_OFFERS_TO = (
    r"^(?:(?:how|where) (?:do|can|could|would|should) (?:i|we)|(?:can|could|may) (?:i|we)"
    r"|(?:i|we) (?:want|need|would like|wish) to|(?:i|we)'d like to|let (?:me|us))? ?"
)
_IN_SENTENCES = (
    (
        rf"{_OFFERS_TO}(?:suggest|submit|share|offer|add|propose|send(?: in)?|contribute|publish)"
        r" (?:(?:a|an|our|my|the|this|new|own) )*case stud(?:y|ies)(?: here)?$",
        "suggest-case",
    ),
    (
        rf"{_ASKS_TO}(?:set up|start|create|add|get|have|want|change|edit|subscribe to) {_DIGEST}"
        r"(?: (?:here|in this channel))?$",
        "digest",
    ),
    (rf"^(?:we|i)(?:'d| would)? (?:want|like|need|love) {_DIGEST}(?: here)?$", "digest"),
    (
        rf"{_ASKS_TO}(?P<words>list|pause|resume|stop|preview|send) {_DIGEST}(?: now| here)?$",
        "digest",
    ),
    (rf"{_ASKS_TO}(?:turn off|switch off|end|cancel|unsubscribe from) {_DIGEST}$", "digest stop"),
    (
        rf"^when (?:is|does|will) {_DIGEST}(?: next)?(?: come| due| posted| be posted)*$",
        "digest list",
    ),
    (
        rf"{_ASKS_TO}(?:tag|register|add|enter|log|submit) (?:(?:a|my|our|the|this|new) )*project$",
        "tag",
    ),
    (
        rf"{_ASKS_TO}(?:edit|change|correct|update|delete|withdraw|remove|see|show|find)"
        r" (?:me )?(?:my|our) (?:own )?(?:registered )?projects?$",
        "projects mine",
    ),
    (
        r"^(?:(?:what|which|show|list|see|find|me|us|all|are|the|of) )*(?:registered projects"
        r"|projects (?:are |have been )?registered)(?: here| so far| yet)*"
        r"(?: (?:on|about|with|for|in) (?P<words>.+))?$",
        "projects",
    ),
    (
        rf"{_ASKS_TO}(?:find|show|list|look for|search for|search)(?: me| us)?"
        r"(?: (?:an?|some|any|the))? (?:texts?|sources?|something to (?:share|read|cite))"
        r" (?:on|about|for|that tells? of) (?P<words>.+)$",
        "find",
    ),
    (
        rf"{_ASKS_TO}report (?:something|a (?:mistake|fault|text|source)|an error)(?: wrong)?$",
        "report",
    ),
    (
        r"^(?:(?:what|which|show|list|see|me|us|all|are|the|any|there|is) )*(?:open|unanswered)"
        r" questions(?: (?:are )?(?:there|open|waiting))?(?: here| so far| yet)*$",
        "open",
    ),
    (
        rf"{_ASKS_TO}(?:look after|help look after|verify|write verified) answers(?: here)?$",
        "experts join",
    ),
    (
        rf"{_ASKS_TO}(?:become|be|join|register as|sign up as)(?: an| one of the| the)? experts?$",
        "experts join",
    ),
    (
        r"^who (?:looks after|verifies|answers) (?:the )?(?:open questions|answers)(?: here)?$",
        "experts",
    ),
    (rf"^who(?: else)? (?:can|could) (?:i|we) {_ASK}(?: (?P<words>.+))$", "peers"),
    (rf"{_ASKS_TO}(?:introduce|connect) (?:me|us) (?:to|with) {_SOMEONE}{_WHO_DID}", "peers"),
    (rf"{_ASKS_TO}put (?:me|us) in (?:touch|contact) with(?: {_SOMEONE})?{_WHO_DID}", "peers"),
    (
        rf"{_ASKS_TO}(?:find|show|see|list|meet|look for|search for)(?: me| us)?(?: some| the)?"
        rf" peers{_WHO_DID}",
        "peers",
    ),
    (
        rf"{_ASKS_TO}(?:join|become|be|register as|sign up (?:to|for|as)|opt in to)"
        r"(?: an?| the| one of the)? peers?$",
        "peers join",
    ),
    (rf"{_ASKS_TO}(?:leave|opt out of|stop being)(?: an?| the)? peers?$", "peers leave"),
    (
        rf"{_ASKS_TO}pause (?:the |my )?{_REQUESTS}(?: (?:until|till|to) (?P<words>.+))?$",
        "peers pause",
    ),
    (rf"{_ASKS_TO}(?:resume|unpause) (?:the |my )?{_REQUESTS}$", "peers resume"),
    (rf"{_ASKS_TO}(?:show|see|view)(?: me)?(?: all)?(?: of)? {_MY_DATA}$", "my-data"),
    (
        r"^what (?:(?:personal )?(?:data|information) )?(?:do you (?:know|hold|have|keep|store)"
        r"|is (?:known|held|kept|stored)) (?:about|on) me$",
        "my-data",
    ),
    (
        rf"{_ASKS_TO}(?:(?:delete|erase|remove|forget)(?: all)?(?: of)? {_MY_DATA}"
        r"|(?:delete|erase|forget)(?: (?:all|everything))?(?: about)? me)$",
        "my-data delete",
    ),
    (
        rf"{_ASKS_TO}(?:export|download|get|have)(?: me)?(?: all| a copy)?(?: of)? {_MY_DATA}$",
        "my-data export",
    ),
)
_SENTENCES = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in _IN_SENTENCES)
# What officers say of their peers to each other.
_OF_PEERS = re.compile(
    r"^peers,? (?:also|and|or|are|aren't|is|was|were|has|have|haven't|had|do|don't|did|didn't|can"
    r"|can't|could|may|might|must|will|won't|would|should|shall|often|usually|say|said|seem|tell"
    r"|told|think|thought|want|need)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"\?\s*(?:$|[A-Z\"'(])|\?\W*$")
# How follow-up questions begin that come without a question mark.
_FOLLOWS_UP = re.compile(
    r"^(?:and|but|also|so|ok|okay)?[\s,]*(?:(?:and|or) (?:in|for|the|what|who|how|when|where|why)\b"
    r"|what about\b|how about\b|who else\b|what else\b|where else\b|anyone else\b|any (?:in|from"
    r"|more|others?|other)\b|any more\b|tell me more\b|more (?:on|about|like|examples?|detail)"
    r"|more$|others$|another$|(?:in|for|just|only) [\w ]+$"
    r"|(?:who|what|when|where|why|how|which)\b)",
    re.IGNORECASE,
)
_TO_EACH_OTHER = re.compile(
    r"\b(?:you|your|yours|u|ur|we|we're|we've|us|our|i|i'm|i've|i'll|my|me|let's|lets|shall"
    r"|he|she|him|her|someone)\b",
    re.IGNORECASE,
)
_TO_THE_BOT = re.compile(r"^tell me more\b|\b(?:show|tell|give) (?:me|us)\b", re.IGNORECASE)
_LONGEST_FOLLOW_UP = 8  # words


def spoken(text: str, origin: Origin, *, overheard: bool = False) -> Asked | Command:
    """A message as a request: a command's name may come first, as it does after a slash. What
    officers also tell each other to do is no command where it is only `overheard`."""
    said = _CALLED.sub("", text, count=1).strip()
    asks = _OF_PEERS.match(said) or _asks_to_find(said)
    asks = asks or (overheard and _told_each_other(said))
    command = None if asks else commanded(said, origin)
    if command:
        return command
    return Asked(text if said == text.strip() else said, origin)


def commanded(text: str, origin: Origin) -> Command | None:
    """The command that a text is, in whichever words; None for a question. As it stands behind
    a slash: in talk, `spoken` is the one to ask."""
    bare = _bare(text)
    name, rest = _parted(text)
    meant, _, more = _meaning(bare).partition(" ")
    if meant and not (rest and bare.lower() == name in _WITH_TEXT):  # "tag" and no words: no wish
        return Command(meant, more, origin)
    if (name in (*_WITH_TEXT, "peers", "find", "suggest-case") and rest.strip()) or (
        name in _WITH_WORDS and _few(rest)
    ):
        return Command(name, rest.strip(), origin)
    return None


def _bare(text: str) -> str:
    """The words alone, without those that only fill."""
    return " ".join(_FILLER.sub(" ", _MARKS.sub(" ", text)).split())


def _parted(text: str) -> tuple[str, str]:
    """The first word, as a command's name, and what stands behind it."""
    name, _, rest = _SEARCHED.sub("find ", text.strip()).partition(" ")
    return name.lower().rstrip(":,"), rest


def _meaning(bare: str) -> str:
    """The command, and what goes with it, that these words are without its name; "" for none."""
    return _MEANT.get(bare.lower()) or _in_sentence(bare)


def _asks_to_find(said: str) -> bool:
    """Whether talk that begins with "find" is a question rather than the command."""
    name, rest = _parted(said)
    if name != "find" or not rest.strip() or _meaning(_bare(said)):
        return False
    return bool(_OTHERWISE_FOUND.match(_bare(rest))) or not _few(rest)


def _told_each_other(said: str) -> bool:
    """Whether it may be said to a colleague: "find the form", but not "find a text on damp"."""
    bare = _bare(said).lower()
    if _parted(said)[0] not in ("find", "search"):
        return False
    return " " not in bare or _meaning(bare).partition(" ")[0] not in _SURELY_MEANT


def _in_sentence(said: str) -> str:
    """The command that a whole sentence asks for, with what stands behind it; "" for none."""
    for pattern, name in _SENTENCES:
        if found := pattern.match(said):
            words = found.groupdict().get("words") or ""
            return f"{name} {words}".strip()
    return ""


def _few(rest: str) -> bool:
    """Whether what stands behind a word names something rather than asks."""
    said = rest.strip()
    return 0 < len(said.split()) <= _MOST_WORDS and not _OF_QUESTIONS.search(said)


def meant_for_us(text: str) -> bool:
    """Whether something said in a followed thread, without naming the bot, is for the bot:
    a question or a follow-up that is not put to a colleague."""
    to_us = bool(_TO_THE_BOT.search(text))
    if _TO_EACH_OTHER.search(text) and not to_us:
        return False
    short = len(text.split()) <= _LONGEST_FOLLOW_UP
    return bool(_QUESTION.search(text)) or to_us or (short and bool(_FOLLOWS_UP.search(text)))
