"""The bot's Home tab: sections as Slack shows them there, published whenever they may have changed;
and what an officer could write, suggested where they write to the bot."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from bot.conversation import Action, Origin, Reply
from bot.delivery import MaybeSent, NotSent, Reception
from bot.failures import log_failure, new_reference
from bot.showing import shortened
from bot.slack.blocks import LONGEST_LABEL, Json, message, plain, written
from bot.slack.posting import Post, Refused
from bot.slack.visits import HOME, MESSAGES, Visit
from bot.slack.workspaces import NotServed, Workspaces
from bot.tasks import Tasks
from bot.turns import Turns

MOST_BLOCKS = 100  # of a Home tab, as Slack has it
ROOM = 200_000  # characters of all the blocks; Slack refuses a view of more than 250 kB
NOT_ALL = "There is more than there is room for here. Write help under Messages to see how to ask."
FAILED = "Sorry, I could not put this page together. Open it again in a minute. Reference: {}."
SUGGESTED = "You could ask:"
TRIES = 3  # of publishing, which may be done again whatever became of it
PUBLISHED_WITHIN = 5.0  # seconds that what is about to be published has when we stop
# Slack's words where no chat of ours can be offered anything: a scope or the agent view is missing.
_NOWHERE = ("missing_scope", "not_allowed_token_type", "feature_not_enabled", "not_enabled")
REFUSED_FOR = 3_600.0  # seconds that Slack is not asked again what it will not suggest
_LONGEST_HEADING = 150
_LONGEST_TITLE, _LONGEST_PROMPT = 75, 300

_log = logging.getLogger(__name__)


class Homes:
    """Everybody's Home, each shown to them alone. `clock` and `pause` count seconds."""

    def __init__(
        self,
        reception: Reception,
        workspaces: Workspaces,
        clock: Callable[[], float],
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._reception, self._workspaces = reception, workspaces
        self._clock, self._pause = clock, pause
        self._turns, self._waiting = Turns(), set[tuple[str, str]]()
        self._quiet_until: dict[str, float] = {}  # by community
        self._tasks = Tasks()

    def visited(self, visit: Visit) -> None:
        """What belongs into the tab that was opened, in the background."""
        if visit.tab == HOME:
            self.show(visit.origin)
        elif visit.tab == MESSAGES and visit.channel:
            self._tasks.begin(self._suggest(visit.channel, visit.origin))

    def show(self, origin: Origin) -> None:
        """Publish the Home of the person of an origin, in the background, as it is by then."""
        name = origin.community, origin.person
        if name not in self._waiting:  # else it is going to be made after this moment anyway
            self._waiting.add(name)
            self._tasks.begin(self._show(name, origin))

    async def finish(self) -> None:
        """Wait for what is about to be published."""
        await self._tasks.finish(PUBLISHED_WITHIN)

    async def _show(self, name: tuple[str, str], origin: Origin) -> None:
        async with self._turns.of(name):
            self._waiting.discard(name)
            for attempt in range(1, TRIES + 1):
                try:
                    await self._publish(origin)
                    return
                except NotServed:  # it was taken out meanwhile
                    return
                except (NotSent, MaybeSent) as error:
                    _log.warning("A Home tab could not be published (try %d): %s", attempt, error)
                    wait = error.seconds if isinstance(error, NotSent) else 0.0
                if attempt < TRIES:
                    await self._pause(max(wait, 2.0 ** (attempt - 1)))

    async def _publish(self, origin: Origin) -> None:
        """Raises NotSent or MaybeSent. Anything else is said in the place of the sections."""
        post = (await self._workspaces.of(origin.community)).post
        try:
            shown = view(await self._reception.home(origin))
            await post.publish(origin.person, shown)
        except (NotSent, MaybeSent):
            raise
        except Exception as error:
            reference = new_reference()
            log_failure(error, reference)
            failed = view([Reply("failed", FAILED.format(reference))])
            await self._instead(post, origin.person, failed)

    async def _instead(self, post: Post, person: str, shown: Json) -> None:
        try:
            await post.publish(person, shown)
        except Refused as error:
            _log.error("Nor could a Home tab say that it failed: %s", error)

    async def _suggest(self, channel: str, origin: Origin) -> None:
        """What fails here is of no consequence: the manifest has suggestions of its own."""
        if self._clock() < self._quiet_until.get(origin.community, 0.0):
            return
        try:
            post = (await self._workspaces.of(origin.community)).post
            prompts = [_prompt(one) for one in await self._reception.prompts(origin)]
            await post.suggest(channel, SUGGESTED, prompts)
        except Refused as refusal:  # anything else is of this one chat
            if str(refusal) in _NOWHERE:
                self._quiet_until[origin.community] = self._clock() + REFUSED_FOR
            _log.info("Slack suggests nothing: %s", refusal)
        except Exception as error:
            _log.warning("Nothing could be suggested: %s", type(error).__name__)


def view(sections: Sequence[Reply]) -> Json:
    """Sections as a Home tab; what there is no room for is told of."""
    blocks: list[Json] = []
    for section in sections:
        more = [*blocks, *_section(section)]
        if len(more) >= MOST_BLOCKS or written(more) > ROOM:
            blocks.append({"type": "context", "elements": [plain(NOT_ALL)]})
            break
        blocks = more
    return {"type": HOME, "blocks": blocks}


def _section(reply: Reply) -> list[Json]:
    """Its heading, and the rest as it would be posted. Nothing here is rated."""
    heading = shortened(" ".join(reply.heading.split()), _LONGEST_HEADING)
    header: list[Json] = [{"type": "header", "text": plain(heading)}] if heading else []
    posted: Any = message(replace(reply, heading="", feedback=""))["blocks"]
    return [*header, *(_read(block, heading) for block in posted)]


def _read(block: Json, heading: str) -> Json:
    """A block whose buttons are read aloud with their heading: several may say the same."""
    elements: Any = block.get("elements")
    if block["type"] != "actions" or not heading:
        return block
    named = [
        {
            **one,
            "accessibility_label": shortened(f"{one['text']['text']}: {heading}", LONGEST_LABEL),
        }
        for one in elements
    ]
    return {**block, "elements": named}


def _prompt(action: Action) -> Json:
    title = shortened(action.label, _LONGEST_TITLE)
    return {"title": title, "message": shortened(action.value, _LONGEST_PROMPT)}
