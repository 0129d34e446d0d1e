"""The shapes of questions: which words ask for which kind of answer.

Every pattern reads corrected, lower-case text. A pattern is a list of alternatives, one a line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

Wants = Literal[
    "amount", "count", "share", "duration", "date", "figure",
    "who", "where", "why", "how", "whether", "",
]  # fmt: skip
NUMBERED: tuple[Wants, ...] = ("amount", "count", "share", "duration", "date", "figure")


def any_of(*alternatives: str, ignore_case: bool = False) -> re.Pattern[str]:
    """A pattern that any of these matches."""
    return re.compile("|".join(alternatives), re.IGNORECASE if ignore_case else 0)


COMPARE = any_of(
    r"\bdifferen(?:ce|ces|t|tiate)\b|\bvs?\b\.?|\bversus\b|\bcompar|\bdistinguish",
    r"\bdistinction\b|\bapart\b|\boverlap|\bmix(?:ed|ing)? up\b|\bconfus|\bsame (?:thing|as)\b",
    r"\bor is (?:it|that|this)\b",
)
LIST = any_of(
    r"\b(?:list|name|remind|recite|give|send|show|every|all|full|what are|which are|what"
    r" were|need|want|have)\b.{0,40}\b(?:12|twelve|dozen)\b(?! (?:is|was|does|did|has))",
    r"^(?:the )?(?:12|twelve|dozen) (?:digital )?(?:outcomes|pillars|headings|areas"
    r"|themes)\b",
    r"\blist\b.{0,20}\boutcomes\b",
    r"\b(?:what|which) are (?:all )?(?:the|our|your|these) (?:digital |strategic |lga "
    r"|socitm )*outcomes\b",
    r"\ball (?:of )?the outcomes\b|\bname the outcomes\b",
)
NAMES = any_of(
    r"\b(?:call|called|calling|names?|named|rename|renamed|renaming|naming|wording"
    r"|titles?|labels?|known as|line up|lines up|lined up|map|maps|mapped|mapping|mapping"
    r"|crosswalk|cross-?reference|equivalent|correspond|corresponds|match|matches"
    r"|matching|translate|translates|became|become|turned into|used to be|formerly|fit"
    r" with|fits with|where does|where did|carried over|dropped|missing|replaced|replace"
    r"|survive|relate|go into|sit in|sits in)\b",
)
QUESTIONS = any_of(
    r"\b(?:what|which|any|some|good|key|best|right|useful|tough|hard|suggest\w*|have|got"
    r"|need|give|things|how|list)\b.{0,70}\b(?:to ask|(?:should|could|would|can|might|do"
    r"|does|will|must|ought to) (?:\w+ ){0,4}(?:be )?(?:ask|asking|raise|raising|probe"
    r"|probing|challenge|challenging|check|push|look)|questions?|challenges|ask(?:ed)?"
    r"|raise|probe|grill|quiz)\b",
    r"^questions?\b|\bquestions? (?:to|for|on|about|that)\b|\bask(?:ing)? (?:about|on)\b",
)
STEPS = any_of(
    r"\bwhat (?:do|can|could|should|are|have) (?:other |most |good |some )?(?:councils?"
    r"|we|others|authorities|a council|our council|they|i|areas|places)\b.{0,20}\b(?:do"
    r"|doing|done|try|start|about|on|for|to)\b",
    r"\bhow (?:do|can|could|should|would|might|did) (?:other |most )?(?:councils?|we"
    r"|others|a council|i|you|one|authorities)\b.{0,25}\b(?:do|start|improve|go about|get"
    r"|make|begin|tackle|approach|deliver|work on|build|handle|progress|move|achieve"
    r"|strengthen|boost|better)\b",
    r"\b(?:get|getting|got) (?:us |me |it )?(?:started|going|off the ground)\b",
    r"\bwhere (?:do|should|would|could|can|to|might) (?:we |i |you |councils? )?(?:start"
    r"|begin)\b",
    r"\b(?:first|next|practical|typical|usual|sensible|concrete) (?:steps?|moves?"
    r"|actions?|things?)\b",
    r"\b(?:good|best) practice\b|\btips?\b|\badvice\b|\bideas? (?:for|on)\b|\bsteps\b",
    r"\bactions\b|\bwhat works\b|\bquick wins?\b|\btypically do\b|\busually do\b",
)
MEANING = any_of(
    r"\bmean(?:s|ing|t)?\b|\bdefin(?:e|ed|ition|itions)\b|\bexplain\b",
    r"\bwhat(?:'s| is| are| does| do)?\b.{0,40}\b(?:about|cover|covers|covered|include"
    r"|includes|involve|stand for|under|counts?|in)\b",
    r"\bcovers?\b|\bincluded?\b|\b(?:plain|simple) (?:english|terms|words)\b|\bin a nutshell\b",
    r"\bsum up\b|\bsummar|\bscope of\b|\btell me about\b|\bwhat(?:'s| is| are)\b|\bcounts? as\b",
    r"\bdescribe\b|\bwhat does\b",
)
CASES = any_of(
    r"\bcase stud|\bexamples?\b|\bwho else\b",
    r"\bwho(?:'s| has| have|'ve| is| are)?\b.{0,25}\b(?:done|doing|tried|trying|used"
    r"|using|running|built|building|working|got|set up|put|rolled|introduced|does|runs)\b",
    r"\b(?:which|what|any|other|some|are there|all|find|show me|list|know of|know any"
    r"|similar) (?:\w+ ){0,3}(?:councils?|authorit|boroughs?|districts?|counties|places"
    r"|areas|cities|towns|unitaries|mets|london|welsh|scottish|cases|stories|projects"
    r"|work|pilots?|trials?)",
    r"\banyone\b|\banybody\b|\banywhere\b|\bany (?:one|where)\b|\bsomeone\b",
    r"\bothers?\b.{0,20}\b(?:done|doing|tried|using)\b|\bpeers?\b|\bspeak to\b|\btalk to\b",
    r"\bwho\b.{0,14}\b(?:help|ring|advise)\b",
    r"\bcontact\b|\blearn from\b|\bgot any\b|\bhas any\b|\bhave any\b|\bstories\b",
    r"\bdone (?:this|that|it)\b|\belse(?:where)?\b",
    r"\bwhat(?:'s| is| do you have| have you(?: got)?) (?:there )?(?:on|about|from|for)\b",
    r"\banything (?:on|about|from)\b|\b(?:cases|stuff|something|things) (?:on|about|from)\b",
)
HISTORY = any_of(
    r"\bframeworks?\b|\balmanac\b|\bsocitm\b|\bsolace\b|\bst\.? george'?s?\b",
    r"\bwindsor (?:castle|consult|event|meeting|one|thing|do)|\bpathfinders?\b",
    r"\blocal digital (?:fund|declaration)\b|\bdeclaration\b|\bmissions?\b|\bprinciples?\b",
    r"\benablers?\b|\bblueprint\b|\blaunch(?:ed)? (?:of )?(?:the )?outcomes\b",
    r"\bwho (?:is|are|were) public\b",
    r"\b(?:old|older|new|newer|newest|original|2022|2023|2024) (?:\w+ )?outcomes?\b",
    r"\b(?:who|when|why)\b.{0,40}\boutcomes\b|\bconnectivity programme\b",
    r"\binclusion programme\b|\buse case bank\b|\bdigital experts\b|\bcommon language\b",
    r"\bpillars\b|\bpartners\b.{0,20}\b(?:outcomes|framework)\b",
)
PROJECT = any_of(
    r"\b(?:our|my|this|a|the) (?:\w+ ){0,3}(?:project|scheme|work|idea|programme|pilot"
    r"|bid|plan|proposal|initiative)\b",
    r"\bwe(?:'re| are|'ve| have| want| plan| will|'ll| would)\b",
    r"\bi(?:'m| am) (?:working|running|leading|building|doing|setting)\b",
)
SERVES = any_of(
    r"\b(?:which|what) (?:of the )?(?:\w+ ){0,3}(?:outcomes?|pillars?|tags?|ones"
    r"|headings?)\b",
    r"\btag (?:this|it|our|my)\b|\btags?\b",
    r"\boutcomes?\b.{0,30}\b(?:serve|serves|fit|fits|hit|hits|tick|ticks|count|apply"
    r"|relate|support|meet|does this|would|should|under|cover)\b",
    r"\b(?:serve|serves|fit|fits|hit|tick|falls?|sits?|under|map"
    r"|support)\b.{0,30}\boutcomes?\b",
)
LISTING = any_of(
    r"\b(?:all|every|list|full list|complete|which councils|what councils|which ones"
    r"|everyone|how many case)\b",
)
OUTCOME_WORD = any_of(
    r"\boutcomes?\b|\bpillars?\b|\b(?:12|twelve|dozen)\b|\btags?\b|\bheadings?\b|\bframework\b",
    r"\bserves?\b",
)
_MAKERS = (
    r"(?:company|firm|supplier|partner|organisation|team|tool|product|vendor|provider|university"
    r"|charity|agency|body|software|system|platform|app|model|operator|contractor|consultancy"
    r"|consultants?|sponsor|manufacturer|brand|bank|court|minister)"
)
# What a question wants to be told; the first that matches counts.
WANTS: Sequence[tuple[Wants, re.Pattern[str]]] = (
    ("whether", any_of(r"^(?:so |and )?(?:did|was|were|is|are|has|have|had) (?!.*\bhow\b)")),
    (
        "why",
        any_of(
            r"\bwhy\b|\bhow come\b|\breasons?\b",
            r"\bwhat (?:caused|prompted|went wrong|was the problem)\b|\bpurpose\b",
        ),
    ),
    (
        "who",
        any_of(
            r"\bwho(?:'s)?\b.{0,25}\b(?:pa(?:y|id|ys|ying)|fund(?:s|ed|ing)?|stump\w*|foot\w*"
            r"|bill|cover\w*|money|sponsor\w*)\b",
        ),
    ),
    (
        "how",
        any_of(
            r"\bhow (?:did|do|does|was|were|is|are) .{0,40}\b(?:pay|paid|fund|funded|afford"
            r"|finance|financed)\b",
        ),
    ),
    (
        "share",
        any_of(
            r"\b(?:what|which) (?:percentage|percent|per cent|share|proportion|fraction|%)",
            r"\bpercent|\bper cent\b|%|\bproportion\b|\bwhat rate\b",
        ),
    ),
    (
        "duration",
        any_of(
            r"\bhow (?:long|quick|quickly|fast|soon|old|often|frequent|frequently|regularly)\b(?!"
            r" ago)",
            r"\bturn-?around\b|\bhow much time\b|\bwhat length\b",
        ),
    ),
    (
        "amount",
        any_of(
            r"\bhow much\b(?! (?:time|did (?:councillors|members|they) know))",
            r"\bhow (?:big|large) (?:was|were|is) the (?:grant|budget|saving|savings|fund|award"
            r"|contract|deal|pot)",
            r"£",
        ),
    ),
    (
        "count",
        any_of(
            r"\bhow many\b|\bnumber of\b|\bwhat number\b|^number\b",
        ),
    ),
    (
        "figure",
        any_of(
            r"\b(?:score|rating|turnout|uptake|target|rate)\b",
            r"\b(?:what|whats|what's|by how much)\b.{0,30}\b(?:drop|rise|increase|decrease"
            r"|reduction|fall|figure|average|ratio|marks?)\b",
            r"\bhow (?:big|large)\b",
        ),
    ),
    (
        "date",
        any_of(
            r"(?:^|[,.?!;:-] |\b(?:and|so|know|wondering|remember|tell me|or|but|also|then"
            r"|exactly|see) )(?:when|when's)\b",
            r"\b(?:what|which) (?:year|date|dates|month|day)\b|\bhow long ago\b|\bsince when\b",
            r"\bwhat time\b|\bdate\b|\bdates\b",
        ),
    ),
    (
        "who",
        any_of(
            r"(?:^|[,.?!;:-] |\b(?:and|so|know|wondering|wonder|see|remember|tell me|out|about|or"
            r"|but|also|then|by) )(?:who|whose|whom|who's)\b",
            rf"\b(?:which|what) (?:\w+ ){{0,2}}{_MAKERS}\b|\b(?:name|names) of\b",
            r"\bwhat(?:'s| is| was| were|s)? .{0,40}\bcalled\b|\b(?:supplier|vendor|provider)\b",
        ),
    ),
    (
        "where",
        any_of(
            r"(?:^|[,.?!;:-] |\b(?:and|so|know|tell me|or|but) )where\b",
            r"\bwhich (?:place|area|estate|town|village|part|neighbourhood)s?\b",
        ),
    ),
    (
        "amount",
        any_of(
            r"\b(?:cost|costs|price|budget|worth|spend|spent|spending|funding|grant|fee|bill|pot"
            r"|salary|paid|pay|contributed)\b",
            r"\bsav(?:e|ed|ing|ings)\b|\bmoney\b|\bchip(?:ped)? in\b|\bput in\b",
        ),
    ),
    (
        "how",
        any_of(
            r"\bhow\b|\bwhat (?:did|do|does) .{0,40}\b(?:do|learn)\b",
        ),
    ),
    (
        "whether",
        any_of(
            r"^(?:so )?(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would|should)\b",
        ),
    ),
)

ALL_TWELVE = any_of(r"\b(?:all|list) (?:of )?(?:the )?(?:12|twelve|dozen)\b")
PARTS_OF_2024 = any_of(r"\bmissions?\b", r"\bprincip(?:le|al)s?\b", r"\benablers?\b")
WHO = any_of(
    r"(?:^|[,.?!;:-] |\b(?:and|so|but) )who(?:'s| has| have| is| are| can| could| should)?\b"
)
ASKING = any_of(
    r"\b(?:what|who|how|when|where|why|which|whose|can|could|should|would|do|does|did|is|are|was|were)\b",
    r"\b(?:i|my|me|we|our|us|you|your|tell|explain|list|show|give|find|need|want|thoughts)\b",
)
CHAT = any_of(r"\b(?:thanks?|hello|hi|hey|help|bye|goodbye|you|your|bot|yes|no|cheers|great)\b")
PAST_YEAR = any_of(r"\b20(?:1\d|2[01])\b")
FRAMEWORK_YEAR = any_of(r"\b202[234]\b")
SHAPES: Mapping[str, re.Pattern[str]] = {
    "list": LIST,
    "all twelve": ALL_TWELVE,
    "parts of 2024": PARTS_OF_2024,
    "compare": COMPARE,
    "names": NAMES,
    "questions": QUESTIONS,
    "steps": STEPS,
    "meaning": MEANING,
    "cases": CASES,
    "history": HISTORY,
    "project": PROJECT,
    "serves": SERVES,
    "who": WHO,
    "past year": PAST_YEAR,
    "framework year": FRAMEWORK_YEAR,
}
# No text puts one outcome before another.
RANKED = any_of(
    r"\b(?:least|most) (?:important|useful|valuable|urgent|popular)\b|\bpriorit(?:y|ies)\b",
    r"\b(?:easiest|hardest|worst|weighting)\b",
)
# What is asked to be made up, and what is nobody's business, whatever it is about.
CREATE = any_of(
    r"^(?:please |now |then |can you |could you |would you |will you |just )*"
    r"(?:write|draft|compose|invent|make up|design|generate|rewrite|proofread)\b"
    r"(?! (?:some |good |a few )?(?:questions?|principles?|thinking)\b)",
    r"^(?:pretend|roleplay|swear)\b|\b(?:poem|limerick|haiku|sonnet|rap|song lyrics|joke)\b",
)
PRIVATE = any_of(
    r"\b(?:home|private|personal) (?:address|phone|mobile|number|email)\b|\bmobile number\b",
    r"\bwhere (?:does|do) (?:\w+ ){1,4}live\b|\b(?:phone|mobile) number (?:of|for)\b",
)
# Where those asked for should be: like a place that is named, like the asker's own, near it, of
# a size. What follows ALIKE says like which; OWN opens a clause about the asker's place.
_SORT = (
    r"(?:councils?|authorit(?:y|ies)|boroughs?|districts?|count(?:y|ies)|unitar(?:y|ies)|mets?"
    r"|cit(?:y|ies)|towns?|places?|areas?)"
)
ALIKE = any_of(
    rf"\b(?:{_SORT}|some(?:where|one|body)|any(?:where|one|body)|elsewhere|ones?|others?|peers?"
    r"|neighbours?|colleagues?|officers?|people|else|those|who|that)(?P<cut>,? (?:(?:is|are|that's"
    r"|which|that|who|much|very|more|quite|just|a bit|of|about|around|roughly|broadly) )*"
    r"(?:like|similar to|comparable (?:to|with)|(?:the |a )?(?:same |similar )?(?:size|kind|type"
    r"|sort) (?:as|of|to)|as (?:big|small|large) as) )",
    r"(?P<bare>\b(?:like|similar to|comparable (?:to|with)) (?=us\b(?! to\b)))",
    r"(?P<sized>,? ?\b(?:of |about |around |roughly )*(?:the |a )?(?:same |similar )size"
    r"(?:d authority)? (?:as|to) )",
)
OURS = any_of(
    r"us\b(?! to\b)|ours\b|mine\b",
    rf"(?:our|my)(?: own)? (?:size|patch|own|{_SORT})\b",
)
ALIKE_OURS = any_of(
    r",? ?\b(?:(?:of|about|around|roughly) )*(?:our|my|(?:a |the )?(?:similar|same))"
    rf" (?:(?:kind|sort|type) of {_SORT}\b|size\b(?! of))",
    rf"\bsimilar(?:ly|-| )?(?:sized)?(?= (?:\w+ )?{_SORT}\b)|\bcomparable(?= (?:\w+ )?{_SORT}\b)",
)
NEAR_OURS = any_of(
    r"\b(?:near(?:er)?|close to|next to) (?:us|to us|home)\b|\bnearby\b|\bround here\b",
    rf"\bneighbouring(?= {_SORT})|\bneighbours\b",
    r"\bin (?:our|my|the same|this) (?:region|nation|area|part of the (?:world|country|uk)|neck of"
    r" the woods|corner)\b",
)
OWN = any_of(
    r"\b(?:we(?:'re| are)|i(?:'m| am)|i work (?:for|at|in)|(?:here|over)|speaking)"
    r"(?: (?:a|an|at|in|from|for|with|the|just|both|only|based|small|large|big|rural|tiny|little"
    r"|work|working|up|down|here|council|another|quite|very|fairly))* (?=\w)",
)
_GROUND = (
    r"(?:rural|urban|coastal|welsh|scottish|english|northern|southern|london|local|metropolitan)"
)
SMALL = any_of(rf"\b(?:small|smaller|tiny|little)(?= (?:{_GROUND} )*{_SORT}\b(?!-))")
LARGE = any_of(rf"\b(?:large|larger|big|bigger)(?= (?:{_GROUND} )*{_SORT}\b(?!-))")
COUNTY = any_of(r"\bcount(?:y|ies)\b(?! (?:durham|lines?|courts?|road|hall)\b)")
IN = any_of(r",? (?:in|from|down in|up in|over in) (?:the )?(?=\w)")
