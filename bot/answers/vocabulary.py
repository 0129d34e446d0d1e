"""Words officers use and the words the texts use for the same thing."""

from __future__ import annotations

from collections.abc import Mapping

ABBREVIATIONS: Mapping[str, str] = {
    "abt": "about",
    "any1": "anyone",
    "cld": "could",
    "cn": "can",
    "itll": "it'll",
    "shld": "should",
    "thinkin": "thinking",
    "wld": "would",
    "acct": "account",
    "asc": "adult social care",
    "b4": "before",
    "bc": "because",
    "biz": "business",
    "bldg": "building",
    "bldgs": "buildings",
    "bb": "broadband",
    "btw": "between",
    "btwn": "between",
    "childrens": "children's",
    "coz": "because",
    "cos": "because",
    "cttee": "committee",
    "cttees": "committees",
    "ctte": "committee",
    "cud": "could",
    "cd": "could",
    "doin": "doing",
    "dunno": "don't know",
    "gimme": "give me",
    "gonna": "going to",
    "gotta": "got to",
    "hav": "have",
    "hows": "how's",
    "incl": "including",
    "iot": "internet of things",
    "lemme": "let me",
    "lep": "local enterprise partnership",
    "lgr": "local government reorganisation",
    "mfa": "multi-factor sign-in",
    "n": "and",
    "prog": "programme",
    "progs": "programmes",
    "r": "are",
    "shd": "should",
    "shud": "should",
    "skint": "poor",
    "sum1": "someone",
    "teh": "the",
    "thats": "that's",
    "thier": "their",
    "thru": "through",
    "wanna": "want to",
    "wat": "what",
    "wats": "what's",
    "wd": "would",
    "wud": "would",
    "wen": "when",
    "whats": "what's",
    "wheres": "where's",
    "wk": "week",
    "whos": "who's",
    "wich": "which",
    "wot": "what",
    "wots": "what's",
    "caf": "cyber assessment framework",
    "ca": "combined authority",
    "cas": "combined authorities",
    "cdo": "chief digital officer",
    "ceo": "chief executive",
    "ceos": "chief executives",
    "cllr": "councillor",
    "cllrs": "councillors",
    "ct": "council tax",
    "cust": "customer",
    "def": "definition",
    "diff": "difference",
    "diffs": "differences",
    "eg": "example",
    "egs": "examples",
    "exec": "executive",
    "fttp": "full fibre",
    "genai": "generative ai",
    "gov": "government",
    "govt": "government",
    "hb": "housing benefit",
    "hv": "have",
    "info": "information",
    "infra": "infrastructure",
    "infosec": "cyber security",
    "la": "council",
    "las": "councils",
    "ldd": "local digital declaration",
    "ldf": "local digital fund",
    "mgmt": "management",
    "mtg": "meeting",
    "mtgs": "meetings",
    "ni": "northern ireland",
    "obj": "objective",
    "org": "organisational",
    "pb": "participatory budgeting",
    "pls": "please",
    "plz": "please",
    "ppl": "people",
    "proj": "project",
    "qs": "questions",
    "ques": "questions",
    "rpa": "robotic process automation",
    "sgh": "st george's house",
    "sme": "small firm",
    "smes": "small firms",
    "strat": "strategy",
    "svc": "service",
    "svcs": "services",
    "tech": "technology",
    "thx": "thanks",
    "u": "you",
    "ur": "your",
    "w": "with",
    "wfh": "working from home",
    "yr": "year",
    "yrs": "years",
    "aint": "isn't",
    "anyfing": "anything",
    "approx": "about",
    "arent": "aren't",
    "attn": "attention",
    "auth": "authority",
    "auths": "authorities",
    "avg": "average",
    "cant": "can't",
    "cncl": "council",
    "cncls": "councils",
    "chk": "check",
    "signl": "signal",
    "co2": "carbon",
    "ne1": "anyone",
    "licenses": "licences",
    "brill": "brilliant",
    "comms": "communications",
    "coms": "communications",
    "consult": "consultation",
    "corp": "corporate",
    "couldnt": "couldn't",
    "cov": "coventry",
    "cx": "chief executive",
    "dept": "department",
    "didnt": "didn't",
    "dig": "digital",
    "digi": "digital",
    "doesnt": "doesn't",
    "dont": "don't",
    "dpt": "department",
    "est": "established",
    "exp": "experience",
    "frm": "from",
    "fwk": "framework",
    "studys": "studies",
    "xample": "example",
    "xamples": "examples",
    "gm": "greater manchester",
    "h&f": "hammersmith and fulham",
    "hadnt": "hadn't",
    "hasnt": "hasn't",
    "havent": "haven't",
    "hsg": "housing",
    "hth": "how the",
    "hw": "how",
    "ict": "it",
    "im": "i'm",
    "impl": "implementation",
    "intro": "introduction",
    "isnt": "isn't",
    "ive": "i've",
    "kc": "kensington and chelsea",
    "ldr": "leader",
    "nda": "non-disclosure agreement",
    "nowt": "nothing",
    "ofc": "of course",
    "op": "operation",
    "opps": "opportunities",
    "orgs": "organisations",
    "owt": "anything",
    "prob": "problem",
    "probs": "problems",
    "q's": "questions",
    "qu": "question",
    "qu's": "questions",
    "qus": "questions",
    "refurbed": "refurbished",
    "reorg": "reorganisation",
    "rly": "really",
    "sch": "scheme",
    "shouldnt": "shouldn't",
    "smth": "something",
    "somethin": "something",
    "sth": "something",
    "summat": "something",
    "theyre": "they're",
    "tho": "though",
    "tmrw": "tomorrow",
    "univ": "university",
    "vol": "voluntary",
    "vs": "versus",
    "wasnt": "wasn't",
    "werent": "weren't",
    "whch": "which",
    "wht": "what",
    "wifi": "wi-fi",
    "wont": "won't",
    "wouldnt": "wouldn't",
    "wrt": "about",
    "y": "why",
    "yday": "yesterday",
    "youre": "you're",
}
# Two words that only together are an abbreviation.
PAIRS: Mapping[str, str] = {
    "org cap": "organisational capability",
    "sec & res": "security and resilience",
    "sec and res": "security and resilience",
    "local prod": "local productivity",
    "prod": "productivity",
    "o&s": "overview and scrutiny",
    "no.": "number",
    "norn iron": "northern ireland",
    "north of the border": "scotland",
    "west mids": "west midlands",
    "east mids": "east midlands",
    "w mids": "west midlands",
    "e mids": "east midlands",
    "north yorks": "north yorkshire",
    "st georges": "st george's",
    "the ne": "the north east",
    "the nw": "the north west",
    "the se": "the south east",
    "the sw": "the south west",
    "w/o": "without",
    "w/": "with ",
    "e.g.": "for example",
    "looked after children": "children in care",
    "looked after kids": "children in care",
    "start-up": "startup",
    "start-ups": "startups",
    "b/w": "between",
    "s/he": "they",
}

# Everyday words of digital work that older word lists lack.
MODERN = frozenset(
    """
    ai api apis app apps backlog blog chatgpt copilot crm csv cyber dashboard dashboards dpia
    drupal email emails erp esri etendering foi gdpr geospatial gis github gov hashtag
    intranet iot ipad iphone kpi kpis livestream login logins lorawan metadata microsite
    multifactor offline online onboarding opendata openreach phishing podcast powerbi pdf
    ransomware saas sharepoint signposting signup smartphone sms spreadsheet starlink startup
    startups telecare telehealth uprn url usability username usrn vlookup vpn wayleave
    wayleaves webchat webinar webinars whatsapp wifi workflow zoom dustcart dustcarts
    biodiversity carers invoicing neurodiverse rewilding safeguarding
    archivist archivists bollard bollards busking caddies caddy captioning captions cladding
    compostable composting coworking cremator cremators dialling eviction evictions hustings
    ingestion invoice invoices lakehouse makeover mowing nuisance redaction redactions roadmap rota
    rotas siem subtitle subtitles twinning underspend vape vaping viability weighbridge weighbridges
    """.split()
)
# Words that carry no subject: they ask, point or fill.
STOP = frozenset(
    """
    a about above actually after again ago all also am an and answer any anybody anyone
    anything anywhere are area aren't around as ask at authorities authority back be been
    before being best between bit both briefly but by called came can can't case cases cheers
    come compare could couldn't council councils did didn't do does doesn't doing don't done
    each else etc ever every everything example examples explain few find for from get getting
    give go going good got had happen happened happening has hasn't have haven't having he
    hello help her here hers hey hi him his hoping how i i'd i'll i'm i've if in into is isn't
    it it's its just kind know let like list local look looking lot made make many may me mean
    meant might mine more most much must my name names near need new no not now of off ok okay
    on one ones or other others our ours out outcome outcomes over overview own owt part
    people please project projects put question questions quick quickly really recently reckon
    remind roughly said same say says see she should show simply so some somebody someone
    something sort start still studies study stuff such summarise summary supposed ta take
    tell than thank thanks that that's the their them then there there's these they they're
    thing things think this those through time to too tried trying up us use used using very
    want was wasn't way we we're we've well went were what what's when where which while who
    who's whom whose why will with won't wondering word worded wording work worked works would
    year yes yet you you're your
    latest newest newer recent week together hosting studys
    """.split()
)

# The same where somebody is looked for who can help.
SEEKING = frozenset(
    """
    across another asked asking chat colleague colleagues contact cope coped cracked decent down
    everybody everyone gets gives goes happy hoping ideally keen keep lived lives long loads looks
    nobody none nothing officer officers once ourselves past peer peers properly proper rather
    real ring share shared sharing similar somewhere sorted speak spoke stuck talk talked talking
    tells theirs they'd tip tips told took truly whoever without worth yourselves
    """.split()
)
