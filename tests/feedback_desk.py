"""Officers who say what they think of answers, and those who look after answers. Everybody is
invented (test data)."""

from __future__ import annotations

from bot.conversation import Reply, complaint, praise
from bot.questions import OpenQuestion, Verified
from tests.digest_place import Place
from tests.projects_desk import Officer

DRONES = "Which councils use drones to inspect bridges in Cornwall?"
SAME = "What councils inspect bridges with drones in Cornwall?"
KNOWN = "who has tried damp sensors in council homes?"
OUTSIDE = "What should I cook for dinner tonight?"
LINK = "https://www.example.org/drones"
LEE = "Lee (test data)"
ANSWER = {
    "answer": "Cornwall flew two drones over 40 bridges. Ask its bridges team.",
    "sources": LINK,
    "name": "Sam Testname, bridges team",
}


def alone(place: Place, name: str, community: str = "anytown") -> Officer:
    """Somebody in a chat with the bot, which nobody else reads."""
    return place.officer(name, f"D-{name}", alone=True, place="", room="", community=community)


async def likes(who: Officer, reply: Reply) -> Reply:
    """The thumb up."""
    return await who.handle(praise(reply.feedback, who.origin))


async def dislikes(who: Officer, reply: Reply) -> Reply:
    """The thumb down; the form for why comes with it."""
    return await who.handle(complaint(reply.feedback, who.origin))


async def letters(place: Place) -> dict[str, Reply]:
    """What is to be sent, by where to; it counts as sent."""
    found = await place.app.store.letters.take(["slack"])
    for one in found:
        await place.app.store.letters.sent(one)
    return {address: one.reply for one in found for address in one.addresses}


async def waiting(place: Place, community: str = "anytown") -> list[OpenQuestion]:
    """The open questions, the newest first."""
    await place.app.assistant.finish()
    return [one for one, _, _ in await place.app.store.open_questions(community).waiting()]


async def kept(place: Place, community: str = "anytown") -> list[Verified]:
    """The verified answers, the newest first."""
    return [one for one, _, _ in await place.app.store.verified(community).all()]


async def answers(admin: Officer, **changes: str) -> Reply:
    """Write a verified answer to the first open question."""
    form = (await admin.presses(await admin.writes("open"), "Answer 1")).form
    return await admin.sends(form, **{**ANSWER, **changes})


async def verified(place: Place, admin: Officer, question: str = DRONES, **changes: str) -> None:
    """A question asked openly and answered by somebody who stands for it; its letters are sent."""
    assert (await place.officer("asker").writes(question)).status == "unsure"
    saved = await answers(admin, **changes)
    assert saved.status == "answered", saved.body
    await letters(place)


async def counts(place: Place) -> dict[str, int]:
    """What was counted today."""
    await place.app.assistant.finish()
    return await place.app.store.usage("anytown").since(place.clock.now.date())


async def looks_after(place: Place, admin: Officer, name: str = "lee") -> Officer:
    """Somebody to whom an administrator agreed."""
    who = alone(place, name)
    await who.sends((await who.writes("experts join")).form, name=LEE)
    await admin.presses(await admin.writes("experts"), "Agree to 1")
    return who


async def closes(admin: Officer, number: int) -> None:
    asked = await admin.presses(await admin.writes("open"), f"Not for us {number}")
    await admin.presses(asked, "Close it now")
