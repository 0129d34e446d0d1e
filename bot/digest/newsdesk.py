"""Every request about digests: set up, looked at, paused, stopped, asked for, and answered to."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.answers.answerer import Answerer
from bot.conversation import Action, Command, Form, Origin, Pressed, Reply, Submitted
from bot.digest import forms, wording
from bot.digest.editor import Editor
from bot.digests import Subscription
from bot.forms import FAULTY, FILL_IN, again, away
from bot.store import Letter, Store, StoreUnusable, Subscriptions
from bot.subjects import Subject

SUBJECT = Subject(
    commands=("digest",),
    buttons=(
        *("digest-pause", "digest-resume", "digest-stop", "digest-stop-now"),
        *("digest-preview", "digest-send", "digest-send-all-the-same"),
    ),
    opens=("digest", "answer"),
    forms=("digest", "answer"),
)
_SAID = {
    "": "|set up|setup|start|subscribe|new|add|create|change|edit|settings",
    "list": "list|show|status|all|digests|mine|when|next",
    "pause": "pause|hold|snooze",
    "resume": "resume|continue|go on|unpause|restart",
    "stop": "stop|end|delete|remove|cancel|unsubscribe|off|turn off",
    "preview": "preview|try|test|show me|draft",
    "send": "send|send now|send it|post|post now|post it|now",
}
_MEANT = {words: name for name, said in _SAID.items() for words in said.split("|")}
MOST_BUTTONS = 8  # of a list of digests, two each
Allowed = Callable[[Origin], Awaitable[bool]]
Hindrance = Callable[[str, str], Awaitable[str]]

_log = logging.getLogger(__name__)
_Request = Command | Pressed | Submitted


async def nothing_hinders(_platform: str, _place: str) -> str:
    """For where everything can be posted."""
    return ""


@dataclass(frozen=True, slots=True)
class Management:
    """Who may look after digests: administrators alone, where `anyone` in a channel may not.
    `hindrance` says why nothing can be posted, by platform and place; "" for nothing."""

    administers: Allowed
    hindrance: Hindrance = nothing_hinders
    anyone: bool = True


class Newsdesk:
    """Whoever sets a digest up is known here by a random key."""

    def __init__(
        self,
        answerer: Callable[[str], Answerer],
        store: Store,
        editor: Editor,
        management: Management,
        clock: Callable[[], datetime],
    ) -> None:
        self._answerer, self._store, self._editor = answerer, store, editor
        self._management, self._clock = management, clock

    def concerned(self, request: object) -> bool:
        """Whether a request is about digests."""
        return SUBJECT.holds(request)

    async def handle(self, request: _Request) -> Reply:
        """The reply."""
        try:
            return await self._handled(request)
        except StoreUnusable as error:
            _log.error("Digests cannot be reached: %s", error)
        return away(request, wording.AWAY, self._blank)

    async def _handled(self, request: _Request) -> Reply:
        match request:
            case Command(_, text, origin):
                said = " ".join(text.lower().rstrip(" .!?").split())
                return await self._said(_MEANT.get(said, "list"), origin)
            case Pressed("open", value, origin) if value.startswith("answer:"):
                return await self._open_answer(value.partition(":")[2], origin)
            case Pressed("open", _, origin):
                return await self._open(origin)
            case Pressed(action, name, origin):
                return await self._pressed(action.removeprefix("digest-"), name, origin)
            case Submitted("answer"):
                return await self._answered(request)
            case Submitted():
                return await self._submitted(request)

    async def _said(self, what: str, origin: Origin) -> Reply:
        if what == "":
            return await self._open(origin)
        if what == "list":
            return await self._listed(origin)
        here = await self._digests(origin).of(origin.channel) if origin.channel else None
        if here is None:
            return _refused(
                wording.NONE_HERE if origin.place else wording.NOT_HERE, private=not origin.place
            )
        return await self._pressed(what, here.id, origin)

    async def _open(self, origin: Origin) -> Reply:
        """The form, filled in with what is set up already; or why there can be no digest here."""
        if refused := await self._unfit(origin):
            return refused
        here = await self._digests(origin).of(origin.channel)
        lead = f"{await self._told(here)}\n\n{wording.how(here)}" if here else wording.ABOUT
        form = forms.setting_up(
            self._answerer("").directory.outcomes, here.choices if here else None, lead
        )
        return Reply("help", FILL_IN, form=form)

    async def _unfit(self, origin: Origin) -> Reply | None:
        """Why nobody, or not this person, may set a digest up here."""
        if not origin.person:
            return _refused(wording.NOBODY)
        if origin.room in ("private", "shared") or not (origin.place or origin.room):
            return _refused(wording.ELSEWHERE[origin.room], private=False)
        if not origin.place:
            return _refused(wording.NO_PLACE, private=False)
        if not await self._manages(origin):
            return _refused(wording.NOT_ALLOWED)
        if why := await self._management.hindrance(origin.platform, origin.place):
            return _refused(why, private=False)
        return None

    async def _submitted(self, request: Submitted) -> Reply:
        origin, outcomes = request.origin, self._answerer("").directory.outcomes
        if refused := await self._unfit(origin):
            return refused
        choices, faults = forms.chosen(request.values, outcomes)
        if faults:
            form = again(forms.setting_up(outcomes, None), request.values, faults)
            return Reply("invalid", FAULTY, form=form)
        by = await self._store.people(origin.community).reached(origin)
        kept = await self._digests(origin).keep(origin, choices, by)
        saved = wording.SAVED_PAUSED if kept.paused else wording.SAVED
        return await self._shown(kept, saved)

    async def _listed(self, origin: Origin) -> Reply:
        """This channel's digest; for an administrator those of others too, for an officer those
        that they set up."""
        digests = self._digests(origin)
        here = await digests.of(origin.channel) if origin.place else None
        if here:
            return await self._shown(here, "")
        openly = origin.place and not origin.alone
        theirs = [] if openly else await self._theirs(origin)
        if theirs:
            return await self._those(theirs)
        if origin.place:
            offer = (Action("open", wording.SET_UP, "digest:"),)
            return Reply("help", f"{wording.NONE_HERE} {wording.ABOUT}", actions=offer)
        return Reply("help", wording.NONE, private=True)

    async def _those(self, theirs: Sequence[Subscription]) -> Reply:
        """Several, to be paused and stopped from wherever that is said."""
        told, actions = [], list[Action]()
        for number, one in enumerate(theirs, start=1):
            mark = f" {number}" if theirs[1:] else ""
            lead = f"{number}. " if theirs[1:] else ""
            told.append(f"{lead}{wording.there(await self._told(one), one.link)}")
            other = ("resume", wording.RESUME) if one.paused else ("pause", wording.PAUSE)
            for name, label in (other, ("stop", wording.STOP)):
                actions.append(Action(f"digest-{name}", f"{label}{mark}", one.id))
        buttons = tuple(actions[:MOST_BUTTONS])
        return Reply("answered", "\n\n".join(told), actions=buttons, private=True)

    async def _theirs(self, origin: Origin) -> list[Subscription]:
        """Those that somebody looks after, wherever they come."""
        key = await self._store.people(origin.community).known_key(origin.person)
        whole = await self._management.administers(origin)
        found = await self._digests(origin).all()
        return [one for one in found if whole or (key and one.maker == key)]

    async def _pressed(self, action: str, name: str, origin: Origin) -> Reply:
        found = await self._digests(origin).named(name)
        if found is None:
            return _refused(wording.GONE)
        if not await self._manages(origin):
            return _refused(wording.NOT_ALLOWED)
        if not await self._at_home(found, origin):
            return _refused(wording.NOT_HERE)
        return await self._done(action, found, origin)

    async def _done(self, action: str, found: Subscription, origin: Origin) -> Reply:
        match action:
            case "pause" | "resume":
                return await self._paused(found, origin, paused=action == "pause")
            case "stop":
                stop = Action("digest-stop-now", wording.STOP_NOW, found.id)
                return Reply("help", wording.STOP_ASKED, actions=(stop,))
            case "stop-now":
                by = await self._store.people(origin.community).key(origin.person)
                await self._digests(origin).stop(found.id, by)
                return Reply("answered", wording.STOPPED)
            case "preview":
                return await self._previewed(found)
            case _:
                return await self._sent(found, origin, anyway=action != "send")

    async def _paused(self, found: Subscription, origin: Origin, *, paused: bool) -> Reply:
        by = await self._store.people(origin.community).key(origin.person)
        after = await self._digests(origin).pause(found.id, by, paused=paused)
        if after is None:
            return _refused(wording.GONE)
        return await self._shown(after, wording.PAUSED if paused else wording.RESUMED)

    async def _previewed(self, found: Subscription) -> Reply:
        """For the one who asked alone; its buttons come with the digest itself."""
        composed = await self._editor.issue(found, self._clock())
        posted = not composed.empty or found.choices.when_empty
        lead = wording.PREVIEWED if posted else wording.PREVIEWED_EMPTY
        body = f"{lead}\n\n{composed.reply.body}"
        return replace(composed.reply, body=body, actions=(), private=True)

    async def _sent(self, found: Subscription, origin: Origin, *, anyway: bool) -> Reply:
        """`anyway` though nothing is new, or it may have been posted already. What is said is
        said where it was asked: everybody there may press its button."""
        wanted, digests = anyway or found.choices.when_empty, self._digests(origin)
        press = Action("digest-send-all-the-same", wording.SEND_ALL_THE_SAME, found.id)
        free = await digests.standing(found.id) == "taken"
        if free and not wanted and (await self._editor.issue(found, self._clock())).empty:
            return Reply("answered", wording.NOTHING_NEW, actions=(press,))
        by = await self._store.people(origin.community).key(origin.person)
        asked = await digests.send_now(found.id, by, wanted=wanted, again=anyway)
        next_one = wording.next_one(found)
        words = {
            "taken": wording.SENDING,
            "under way": wording.UNDER_WAY,
            "sent": wording.SENT_ALREADY.format(next_one),
            "unsure": wording.MAYBE_SENT,
            None: wording.GONE,
        }
        return Reply("answered", words[asked], actions=(press,) if asked == "unsure" else ())

    async def _open_answer(self, name: str, origin: Origin) -> Reply:
        question = await self._store.open_questions(origin.community).named(name)
        if question is None:
            return _refused(wording.NO_QUESTION)
        form = forms.answering(name, question)
        return Reply("help", FILL_IN, form=form, private=True)

    async def _answered(self, request: Submitted) -> Reply:
        """An officer's answer goes to the thread in which it was asked."""
        origin, name = request.origin, request.key
        questions = self._store.open_questions(origin.community)
        question = await questions.named(name)
        if question is None or not origin.person:
            return _refused(wording.NO_QUESTION if origin.person else wording.NOBODY)
        words, by, faults = forms.answered(request.values)
        if faults:
            form = again(forms.answering(name, question), request.values, faults)
            return Reply("invalid", FAULTY, form=form, private=True)
        key = await self._store.people(origin.community).reached(origin)
        reply = Reply("answered", wording.answer(question.text, words, by))
        back = Letter(origin.community, key, Reply("failed", wording.not_posted(words)))
        there = {"platform": question.platform, "place": question.place}
        letter = Letter(origin.community, key, reply, instead=(back,), **there)
        if not await questions.answer(name, letter):
            return _refused(wording.NO_QUESTION)
        return Reply("answered", wording.ANSWERED, private=True)

    async def _manages(self, origin: Origin) -> bool:
        anyone = self._management.anyone and bool(origin.person)
        return anyone or await self._management.administers(origin)

    async def _at_home(self, found: Subscription, origin: Origin) -> bool:
        """Whether this is said where the digest comes, or by who may say it anywhere."""
        if found.channel == origin.channel:
            return True
        key = await self._store.people(origin.community).known_key(origin.person)
        return (bool(key) and key == found.maker) or await self._management.administers(origin)

    async def _shown(self, one: Subscription, lead: str) -> Reply:
        """How it stands, with what can be done with it."""
        other = ("resume", wording.RESUME) if one.paused else ("pause", wording.PAUSE)
        names = (
            other,
            ("preview", wording.PREVIEW),
            ("send", wording.SEND),
            ("stop", wording.STOP),
        )
        actions = tuple(Action(f"digest-{name}", label, one.id) for name, label in names)
        change = Action("open", wording.CHANGE, "digest:")
        body = f"{lead}\n\n{await self._told(one)}".strip()
        return Reply("answered", body, actions=(change, *actions))

    async def _told(self, one: Subscription) -> str:
        known = {choice.value: choice.label for choice in self._answerer("").directory.outcomes}
        names = ", ".join(known.get(name, name) for name in one.choices.outcomes)
        last = await self._store.subscriptions(one.community).last(one.channel)
        return wording.told(one, last, names)

    def _digests(self, origin: Origin) -> Subscriptions:
        return self._store.subscriptions(origin.community)

    def _blank(self, request: Submitted) -> Form:
        if request.form == "answer":
            return forms.answering(request.key, None)
        return forms.setting_up(self._answerer("").directory.outcomes, None)


def _refused(body: str, *, private: bool = True) -> Reply:
    """What is wrong with a place is said there: in Teams who asks may not be written to alone."""
    return Reply("invalid", body, private=private)
