"""An assistant that tags and registers as told, for the channels that show its forms.

Its projects and councils are invented; the sentences it quotes are from the shipped texts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.conversation import (
    Action,
    Choice,
    Citation,
    Command,
    Field,
    Form,
    Marked,
    Outcome,
    Pressed,
    Reply,
    Request,
    Submitted,
)

TWELVE = (
    ("connectivity", "Connectivity"),
    ("data", "Data"),
    ("democracy", "Democracy"),
    ("ethics", "Ethics"),
    ("inclusion", "Inclusion"),
    ("leadership", "Leadership"),
    ("local-productivity", "Local productivity"),
    ("organisational-capability", "Organisational capability"),
    ("partnership", "Partnership"),
    ("security-resilience", "Security and resilience"),
    ("services", "Services"),
    ("value", "Value"),
)
MEANT = Citation(
    1,
    "inclusion",
    "outcome",
    "Inclusion",
    "https://www.local.gov.uk/our-support/cyber-digital-and-technology",
    "Deal with devices, data and skills together.",
)
ALIKE = Citation(
    2,
    "birmingham-device-bank",
    "case-study",
    "Birmingham Device Bank",
    "https://www.ukauthority.com/articles/device-bank/",
    "Council laptops and desktops that are taken out of use are refurbished for community groups.",
    ("Birmingham City Council",),
    2023,
)
REASONS = f"- Inclusion, 98%: “{MEANT.quote}” [1] Alike: Birmingham (2023): “{ALIKE.quote}” [2]"
TAGGED = Reply(
    "answered",
    f"Likely outcomes, best first, with how sure I am:\n\n{REASONS}\n\n"
    "Less likely: Ethics 17%, Services 13%, Organisational capability 8%.",
    (MEANT, ALIKE),
    (Outcome("inclusion", "Inclusion"),),
    actions=(Action("confirm", "Confirm", "d-1"), Action("open", "Change", "draft:d-1")),
    private=True,
)
PROJECT = Form(
    "project",
    "Register a project",
    (
        Field("title", "Title", hint="A few words that others would look for.", longest=120),
        Field("description", "What it does", "paragraph", hint="A sentence or two is enough."),
        Field("council", "Council", required=False),
        Field("link", "Link", required=False, hint="Where there is more to read."),
        Field(
            "stage",
            "Stage",
            "choice",
            choices=(Choice("idea", "Idea"), Choice("doing", "Under way"), Choice("done", "Done")),
            value="idea",
        ),
    ),
    submit="Next",
    key="k-1",
)
OUTCOMES = Form(
    "outcomes",
    "Which outcomes does it serve?",
    (
        Field(
            "outcomes",
            "Outcomes",
            "choices",
            hint="The likely ones are ticked.",
            choices=tuple(Choice(value, label) for value, label in TWELVE),
            value="inclusion,services",
        ),
        Field(
            "shared",
            "Who may find it",
            "choice",
            choices=(Choice("no", "This community only"), Choice("yes", "Other communities too")),
            value="no",
        ),
    ),
    submit="Register",
    key="k-2",
    lead=f"These speak for the outcomes that are ticked:\n\n{REASONS}\n- Services, 61%",
    citations=(MEANT, ALIKE),
)
DRAFT = {
    "title": "Laptops for care leavers",
    "description": "We lend refurbished laptops to care leavers\nand teach them to use them.",
    "stage": "doing",
}
NO_ADDRESS = "That is not a web address; it begins with https."
REGISTERED = Reply("answered", "“Laptops for care leavers” is registered in this community.")
FOUND = Reply(
    "answered",
    "2 projects are registered here.",
    actions=(
        Action("project", "Laptops for care leavers (test data)", "p-1"),
        Action("project", "Damp sensors in Anytown’s council homes (test data)", "p-2"),
    ),
)
SHOWN = Reply("answered", "Laptops for care leavers serves Inclusion.")


def holding(form: Form, values: dict[str, str], faults: dict[str, str], key: str = "") -> Form:
    """The form with what was filled in, and with what is wrong."""
    fields = tuple(
        replace(one, value=values.get(one.id, one.value), fault=faults.get(one.id, ""))
        for one in form.fields
    )
    return replace(form, fields=fields, key=key or form.key)


def form_reply(form: Form, body: str = "Tell me about the project.") -> Reply:
    return Reply("help", body, form=form, private=True)


@dataclass
class Registrar:
    """Answers as the core does, and remembers what it was asked. It forgets a draft, once, where
    it is told to: the form then comes back with another key."""

    heard: list[Request] = field(default_factory=list)
    forgetful: bool = False

    async def handle(self, request: Request) -> Reply:
        self.heard.append(request)
        match request:
            case Command("tag", "", _):
                return form_reply(PROJECT)
            case Command("tag", _, _):
                return TAGGED
            case Command("projects", _, _):
                return FOUND
            case Marked(text, _, _):
                return form_reply(holding(PROJECT, {"description": text}, {}))
            case Pressed("open", _, _):
                return form_reply(holding(PROJECT, DRAFT, {}))
            case Pressed("project", _, _):
                return SHOWN
            case Submitted("project", values, _, _):
                return self._described(values)
            case _:
                return REGISTERED

    def _described(self, values: dict[str, str]) -> Reply:
        if self.forgetful:
            self.forgetful = False
            empty = holding(PROJECT, dict.fromkeys(values, ""), {}, "k-1b")
            return form_reply(empty, "That form was open too long. Send it again.")
        if values["link"] and not values["link"].startswith("https://"):
            faulty = holding(PROJECT, values, {"link": NO_ADDRESS})
            return form_reply(faulty, "One thing is to be put right.")
        return form_reply(OUTCOMES, "Now say which outcomes it serves.")
