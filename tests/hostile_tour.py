"""A hostile text in every field there is: in replies as they could be made, and through the front
door, by officers (test data) who write it into every form and read what comes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle

from bot.app import App
from bot.conversation import (
    Action,
    Asked,
    Choice,
    Citation,
    Command,
    Field,
    Form,
    Origin,
    Outcome,
    Peer,
    Pressed,
    Reply,
    Request,
    Share,
    Spread,
    Submitted,
    complaint_with,
)

WHOLE = "https://a.example/x"


def everything(text: str) -> list[Reply]:
    """Replies with the text wherever a text may stand."""
    choices = (Choice("a", text), Choice("b", "B"))
    fields = (
        Field("q", text, "paragraph", hint=text, value=text, fault=text),
        Field("c", text, "choice", choices=choices, hint=text),
        Field("d", text, "choices", choices=choices, value="a"),
    )
    brought = Citation(1, "own-1", "guidance", text, text, text, (text,), 2024)
    placed = replace(brought, number=2, url=WHOLE, heading=text, confirmed=False)
    placed = replace(placed, also=((text, WHOLE), (text, text), ("", text)))
    sources = brought, placed
    form = Form("ask", text, fields, text, lead=f"{text} [2]", citations=sources)
    outcome = Outcome("data", text)
    whole = Reply(
        "answered",
        f"{text} “{text}” [1] [2]\n\n- {text}\n- {text} [2]\n\n{text}",
        sources,
        (outcome,),
        (text,),
        (Action("about", text, text), Action("open", text)),
        form,
        heading=text,
        peers=(Peer("p-1", text, text),),
        feedback="f-1",
    )
    lines = Reply("answered", f"{text}\n\n- {text} [1]\n- {text} [2]", sources, linked=True)
    spread = Spread(text, (Share(outcome, 2), Share(replace(outcome, judged=True), 0)))
    return [whole, replace(lines, spread=spread), replace(whole, body=text, form=None, id="r-1")]


@dataclass
class Tour:
    """Officers of one town who write nothing else. `read` is what they read so far."""

    app: App
    read: list[Reply] = field(default_factory=list)
    written: int = 0

    async def says(self, request: Request) -> Reply:
        reply = await self.app.assistant.handle(request)
        self.read.append(reply)
        return reply

    async def fills(self, who: Origin, form: Form | None, text: str, **kept: str) -> Reply:
        """Every field where one writes filled in with it, the rest as it may be."""
        assert form is not None
        values = {one.id: _filled(one, text) for one in form.fields} | kept
        self.written += sum(value == text for value in values.values())
        return await self.says(Submitted(form.id, values, who, form.key))

    async def commands(self, who: Origin, name: str, text: str = "") -> Reply:
        return await self.says(Command(name, text, who))

    async def presses(self, who: Origin, action: str, value: str) -> Reply:
        return await self.says(Pressed(action, value, who))

    async def letters(self, who: Origin) -> Sequence[Reply]:
        """What the officer was written meanwhile."""
        found = await self.app.outbox.collect(who)
        self.read += found
        return found


def officer(name: str) -> Origin:
    return Origin("anytown", "C1", f"thread of {name}", name, "page", name)


ROBIN, SAM, ADMIN = officer("robin"), officer("sam"), officer("admin")


def _filled(one: Field, text: str) -> str:
    if one.kind in ("text", "paragraph"):
        return text[: one.longest]
    if one.kind == "choice":
        return one.value or one.choices[-1].value
    return one.value or (one.choices[0].value if one.choices else "")


async def asks(tour: Tour, text: str) -> None:
    """A question, wrong as it was answered, and why."""
    tour.written += 1
    answer = await tour.says(Asked(text, ROBIN))
    await tour.says(Asked(f"How much did {text} save?", ROBIN))
    if answer.feedback:
        await tour.says(complaint_with(answer.feedback, text[:500], ROBIN))
    await tour.commands(ADMIN, "open")


async def registers(tour: Tour, text: str) -> None:
    """A project, found again, shown, edited, reported and withdrawn."""
    described = await tour.commands(ROBIN, "tag")
    step = await tour.fills(ROBIN, described.form, text, link=WHOLE)
    await tour.fills(ROBIN, described.form, text)  # its link, too
    if step.form:
        await tour.fills(ROBIN, step.form, text, shared="no", outcomes="data")
    listed = await tour.commands(SAM, "projects")
    for action in listed.actions[:2]:
        shown = await tour.presses(SAM, action.id, action.value)
        for offered in shown.actions[:3]:
            await tour.presses(ROBIN, offered.id, offered.value)
    await tour.says(Asked(f"who has tried {text[:200]}?", SAM))


async def offers(tour: Tour, text: str) -> None:
    """Help offered, looked at, found, asked for and accepted."""
    await tour.fills(ROBIN, (await tour.commands(ROBIN, "peers", "join")).form, text, until="")
    await tour.commands(ROBIN, "peers", "me")
    found = await tour.commands(SAM, "peers", text[:200])
    for action in found.actions[:1]:
        asking = await tour.presses(SAM, action.id, action.value)
        if asking.form:
            await tour.fills(SAM, asking.form, text)
    for letter in await tour.letters(ROBIN):
        for action in letter.actions[:1]:
            await tour.presses(ROBIN, action.id, action.value)
    await tour.letters(SAM)
    await tour.commands(ROBIN, "my-data")


async def verifies(tour: Tour, text: str) -> None:
    """An expert asked for, an open question answered, and given to whoever asks it again."""
    joining = await tour.commands(SAM, "experts", "join")
    if joining.form:
        await tour.fills(SAM, joining.form, text)
    await tour.commands(ADMIN, "experts")
    waiting = await tour.commands(ADMIN, "open")
    for action in waiting.actions[:1]:
        answering = await tour.presses(ADMIN, action.id, action.value)
        if answering.form:
            await tour.fills(ADMIN, answering.form, text)
            kept = {"sources": "rochdale-mesh-network", "name": text[:60]}
            await tour.fills(ADMIN, answering.form, text, **kept)
    await tour.commands(ADMIN, "verified")
    await tour.letters(ROBIN)


async def suggests(tour: Tour, text: str) -> None:
    """A case study suggested, looked at and declined, with words of one's own."""
    form = (await tour.commands(ROBIN, "suggest-case")).form
    await tour.fills(ROBIN, form, text, link="", file="")
    await tour.fills(ROBIN, form, text, file="")
    listed = await tour.commands(ADMIN, "cases")
    for action in listed.actions[:3]:
        deciding = await tour.presses(ADMIN, action.id, action.value)
        if deciding.form:
            await tour.fills(ADMIN, deciding.form, text)
    await tour.letters(ROBIN)
    await tour.letters(ADMIN)


async def follows(tour: Tour, text: str) -> None:
    """A digest of a channel, looked at before it is sent; texts found by their words."""
    asked = await tour.commands(ROBIN, "digest")
    for action in asked.actions[:2]:
        await tour.presses(ROBIN, action.id, action.value)
    if asked.form:
        await tour.fills(ROBIN, asked.form, text)
    await tour.commands(ROBIN, "digest", "preview")
    await tour.commands(ROBIN, "find", text[:300])
    await tour.commands(ROBIN, text[:40], text)
    await tour.presses(ROBIN, text[:40], text)


LEGS: tuple[Callable[[Tour, str], Awaitable[None]], ...] = (
    *(asks, registers, offers, verifies, suggests, follows),
)


async def toured(app: App, texts: Sequence[str]) -> Tour:
    """Each text taken along one leg in turn."""
    tour = Tour(app)
    for leg, text in zip(cycle(LEGS), texts, strict=False):
        await leg(tour, text)
    return tour
