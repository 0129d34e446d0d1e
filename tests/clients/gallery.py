"""The replies of the gallery: what officers are shown, and what somebody might try to have shown.

Everything in it is test data: there is no Anytown, Otherham or Somewhere, and no Robin or Sam.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation import (
    Action,
    Choice,
    Citation,
    Field,
    Form,
    Outcome,
    Peer,
    Reply,
    Share,
    Spread,
)

NAMES = (
    "Connectivity", "Data", "Democracy", "Ethics", "Inclusion", "Leadership",
    "Local productivity", "Organisational capability", "Partnership", "Security & resilience",
    "Services", "Value",
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A reply, the line that says what it is, and whether one person alone sees it. A form is
    drawn where it is filled in, not as the button that opens it. Of what is taller than `high`
    pixels only that much is on its picture."""

    about: str
    reply: Reply
    private: bool = False
    form: bool = False
    high: int = 1_000


def _study(number: int, title: str, council: str, quote: str) -> Citation:
    name = title.lower().replace(" ", "-")
    url = f"https://council.example/{name}"
    return Citation(number, name, "case-study", title, url, quote, (council,), 2024)


def _outcomes(*names: str, judged: bool = True) -> tuple[Outcome, ...]:
    return tuple(Outcome(name.lower().replace(" ", "-"), name, judged) for name in names)


def _lines(cited: tuple[Citation, ...]) -> str:
    """Each quote in a line of its own, as answers have them."""
    return "\n".join(
        f"- {one.councils[0].removesuffix(' Council')} ({one.year}): “{one.quote}” [{one.number}]"
        for one in cited
    )


SENSORS = _study(
    1,
    "Damp sensors in temporary homes",
    "Anytown Council",
    "Small sensors for temperature and humidity were fitted, with tenants' consent.",
)
TABLETS = _study(
    2,
    "Tablets lent in sheltered housing",
    "Otherham Council",
    "Volunteers taught 340 residents to book appointments online.",
)
SOURCES = (SENSORS, TABLETS)
ANSWERED = Reply(
    "answered",
    _lines(SOURCES),
    SOURCES,
    _outcomes("Services", "Data"),
    ("Anytown Council", "Otherham Council"),
    (Action("about", "More on Anytown", "a"), Action("ask", "Questions to ask", "b")),
    id="kept",
    feedback="f-1",
)
_SENTENCES = (
    "The council moved its records to one place and saved time.",
    "Staff who had never used the old system learnt the new one in an afternoon.",
    "It kept the paper form for those who wanted it.",
    "Half of the calls about damp now come with a reading from the home itself.",
)
LONG = Reply(
    "answered",
    "\n\n".join(" ".join(_SENTENCES[at % 4 :]) + f" [{1 + at % 2}]" for at in range(40)),
    SOURCES,
    _outcomes("Services", "Value"),
    id="kept",
    feedback="f-2",
)
NONE = Reply(
    "unsure",
    f"I don't have a case study on that. The nearest I have:\n\n{_lines((SENSORS,))}",
    (SENSORS,),
    _outcomes("Services"),
    ("Anytown Council",),
    id="kept",
    feedback="f-3",
)
TAGS = Reply(
    "help",
    "Likely outcomes, best first, with how sure I am:\n\n"
    "- Inclusion, 67%: “Deal with devices, data and skills together.” [1]\n"
    "- Services, 66%: “Volunteers taught 340 residents to book appointments online.” [2]\n\n"
    "Less likely: Organisational capability 15%, Democracy 6%, Value 4%.\n\n"
    "Nothing is registered yet. Confirm does that, for this community only.",
    (
        Citation(
            1,
            "inclusion",
            "outcome",
            "Inclusion",
            "https://council.example/outcomes",
            "Deal with devices, data and skills together.",
        ),
        TABLETS,
    ),
    actions=(
        Action("confirm", "Confirm", "d"),
        Action("open", "Change", "c"),
        Action("open", "Choose outcomes", "o"),
    ),
    private=True,
)
PEERS = Reply(
    "answered",
    f"Councils that did this:\n\n{_lines((SENSORS,))}\n\n"
    "Officers who agreed to be asked, without their names until they accept:\n\n"
    "- Otherham Council: offers help with tablets for older residents.\n"
    "- Somewhere Council: offers help with damp sensors.",
    (SENSORS,),
    _outcomes("Inclusion"),
    ("Anytown Council",),
    (
        Action("open", "Ask Otherham", "introduce:1"),
        Action("open", "Ask Somewhere", "introduce:2"),
        Action("open", "Offer help", "offer:"),
    ),
    peers=(
        Peer("1", "Otherham Council", "Offers help with tablets."),
        Peer("2", "Somewhere Council", "Offers help with damp sensors."),
    ),
)
_ASKED = Citation(
    3,
    "q1",
    "question",
    "Who has tried robots that remind people to drink?",
    "https://council.example/chat/1",
    "Who has tried robots that remind people to drink?",
)
DIGEST = Reply(
    "answered",
    "This week: 2 new projects, 1 question and 1 officer who newly offers help.\n\n"
    "Inclusion\n\n"
    "- Damp sensors in temporary homes, Anytown Council [1]\n"
    "- Tablets lent in sheltered housing, Otherham Council [2]\n\n"
    "Questions nobody could answer yet\n\n"
    "- “Who has tried robots that remind people to drink?” [3]\n\n"
    "Officers who newly offer help\n\n"
    "- Robin (test data), Somewhere Council: “I can help with tablets for older residents.”\n\n"
    "To change or stop this digest, say to me: digest.",
    (*SOURCES, _ASKED),
    actions=(
        Action("open", "I can help: Who has tried robots that…", "answer:1"),
        Action("open", "Ask Robin (test data)", "introduce:1"),
    ),
    linked=True,
    spread=Spread(
        "Our projects by outcome",
        tuple(
            Share(Outcome(name.lower(), name), count)
            for name, count in (("Inclusion", 7), ("Services", 5), ("Data", 2), ("Ethics", 0))
        ),
    ),
)
VERIFIED = Reply(
    "answered",
    "Verified by Sam (test data) until 1 March 2027: Anytown shares its sensor contract with any "
    "council that asks; write to the digital team.\n\n"
    f"- Damp sensors in temporary homes (2024): “{SENSORS.quote}” [1]\n\n"
    f"What the texts say:\n\n- Otherham (2024): “{TABLETS.quote}” [2]",
    SOURCES,
    _outcomes("Partnership"),
    ("Anytown Council", "Otherham Council"),
    id="kept",
    feedback="f-4",
)
_WARM = "The heat pumps cut the yearly heating bill of three libraries by £18,400."
_ROOMS = "Half of the rooms were warm by November."
_PAPERS = "https://council.example/papers"
BROUGHT = Reply(
    "answered",
    f"- Otherham (2024, not yet confirmed): “{_WARM}” [1]\n- Somewhere (2023): “{_ROOMS}” [2]",
    (
        Citation(
            *(1, "pumps", "report", "Heat pumps in libraries", f"{_PAPERS}/pumps.pdf", _WARM),
            *(("Otherham Council",), 2024),
            page=2,
            confirmed=False,
            also=(("Almanac of warm places", f"{_PAPERS}/almanac"), (f"{_PAPERS}/7", _PAPERS)),
        ),
        Citation(
            *(2, "rooms", "case-study", "Warm rooms", "", _ROOMS, ("Somewhere Council",), 2023),
            heading="What we saw in the first year",
        ),
    ),
    _outcomes("Services", "Value"),
    id="kept",
    feedback="f-5",
)
NOTE = Reply(
    "help",
    "This is what I hold of you here. Only you see this message; Export gives all of it.\n\n"
    "- 1 project: “Tablets lent in sheltered housing”\n"
    "- 1 offer of help",
    actions=(
        Action("export", "Export", "e"),
        Action("erase", "Delete my data", "d"),
    ),
    private=True,
)
FORM = Reply(
    "invalid",
    "Look at one field again.",
    form=Form(
        "project",
        "Tag a project",
        (
            Field(
                "title",
                "Title",
                hint="A few words, for example: Damp sensors",
                longest=120,
                value="Tablets lent in sheltered housing",
            ),
            Field(
                "description",
                "What it does",
                "paragraph",
                hint="A sentence or two: what it does, for whom, what came of it. "
                "Name no residents.",
                value="We lend tablets to residents of sheltered housing in Otherham.",
            ),
            Field(
                "link",
                "Link",
                required=False,
                hint="A page about it, beginning with https://",
                value="otherham",
                fault="This is no address of a page: it begins with https://",
            ),
            Field(
                "stage",
                "Stage",
                "choice",
                required=False,
                choices=(Choice("idea", "An idea"), Choice("doing", "Under way")),
                value="doing",
            ),
            Field(
                "outcomes",
                "Outcomes",
                "choices",
                choices=tuple(Choice(name.lower(), name) for name in NAMES[:6]),
                value="inclusion,data",
            ),
            Field("until", "Shown until", "date", required=False, value="2026-12-24"),
        ),
        "Next",
    ),
    private=True,
)


def _foreign(text: str) -> Reply:
    """A reply that has a text of others' everywhere where one can stand."""
    source = Citation(
        *(1, "x", "report", text, SENSORS.url, text, (text,), 2024),
        heading=text,
        also=((text, TABLETS.url),),
    )
    return Reply(
        "answered",
        f"{text}\n\n- {text} [1]",
        (source,),
        (Outcome("data", text),),
        (text,),
        (Action("about", text, "a"),),
        heading=text,
    )


MARKS = (
    "<!channel> <@U1> @everyone <at>All</at> *bold* _it_ ~no~ `code` ~~gone~~ **strong** &<> &amp; "
    "[x](javascript:alert(1)) <https://evil.example|Sign in> ![x](https://evil.example/x.png) "
    "<b>b</b> <img src=x onerror=alert(1)> # head > quote :tada: #general"
)
TURNED = "The form is at \u202egpj.mrof\u202c and \u2067turned\u2069 words stay in order"
STACKED = "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307" * 12 + " stays in its line"
UNBROKEN = Reply("answered", "a" * 4_000, id="kept")

GALLERY: dict[str, Shown] = {
    "answer": Shown("An answer in quotes, each with its source.", ANSWERED),
    "long": Shown("The beginning of a long answer; a button shows the rest.", LONG, high=460),
    "none": Shown("Nothing was found: it says so, and names the nearest.", NONE),
    "tags": Shown("Likely outcomes of a project, with reasons.", TAGS, private=True),
    "peers": Shown("Councils that did something, and officers who agreed to be asked.", PEERS),
    "digest": Shown("A channel's weekly digest, with how its projects spread.", DIGEST),
    "verified": Shown("An answer that an officer stands for, above what the texts say.", VERIFIED),
    "brought": Shown(
        "An answer from texts that a community brought in: with page or heading, where else the "
        "text is found, and whether somebody has confirmed what it is.",
        BROUGHT,
    ),
    "private": Shown("A note that one officer alone sees.", NOTE, private=True),
    "form": Shown(
        "A form, shown again for what is wrong in it. The renderer on the left draws each box "
        "large, and not what is chosen in a menu.",
        FORM,
        private=True,
        form=True,
    ),
    "marks": Shown(
        "Somebody's mentions, links and marks: all of it stays words.", _foreign(MARKS), high=420
    ),
    "turned": Shown("Characters that turn the reading direction are left out.", _foreign(TURNED)),
    "stacked": Shown("Stacked accents stay in their message.", _foreign(STACKED)),
    "unbroken": Shown(
        "4,000 characters without a space are broken at the edge.", UNBROKEN, high=220
    ),
}
