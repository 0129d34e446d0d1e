"""Forms opened, filled and answered: Slack lets a form open for three seconds only, and wants to
be told within three what becomes of one that is sent."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import replace

from slack_bolt.response import BoltResponse

from bot.conversation import Reply, Submitted
from bot.delivery import Heard, Reception
from bot.slack.events import carried
from bot.slack.files import Upload
from bot.slack.modals import (
    INSTEAD,
    above,
    faults,
    loading,
    modal,
    notice,
    shows_all,
    without_files,
)
from bot.slack.posting import Post, Refused
from bot.slack.workspaces import Workspaces
from bot.tasks import Tasks

FORMS_WITHIN = 3.0  # seconds that a form about to open has when we stop
REMEMBERED_FOR = 60.0  # seconds that an answer is, for a form that Slack sends again
_USED = "exchanged_trigger_id"
_CLOSED = "not_found"

_log = logging.getLogger(__name__)
Acknowledge = Callable[..., Awaitable[BoltResponse]]


class Forms:
    """Every form that is opened and every one that is sent."""

    def __init__(self, reception: Reception, workspaces: Workspaces) -> None:
        self._reception, self._workspaces = reception, workspaces
        self._opening = Tasks()
        self._answers: dict[Hashable, asyncio.Task[Reply]] = {}

    def open(self, heard: Heard, trigger: str) -> None:
        """Open the form that is asked for, in the background."""
        self._opening.begin(self._open(heard, trigger))

    async def finish(self) -> None:
        """Wait for forms that are about to open."""
        await self._opening.finish(FORMS_WITHIN)

    async def submit(self, heard: Heard, inputs: Sequence[str], ack: Acknowledge) -> None:
        """The form stays open while it wants something, or gives way to the next; else its reply
        goes where it came from. What an officer typed outlasts a failure."""
        request = heard.request
        assert isinstance(request, Submitted)
        reply = await self._answer(heard, request)
        if wrong := faults(reply, request.key, inputs):
            await ack(response_action="errors", errors=wrong)
        elif reply.form:
            said = above(reply, request.form)
            view = modal(reply.form, carried(heard, reply.form.key), said)
            await ack(response_action="update", view=view)
        elif reply.status == "failed" and inputs:
            await ack(response_action="errors", errors={inputs[0]: reply.body})
        else:
            await ack()
            self._reception.post(heard, reply)

    async def submit_with(
        self, heard: Heard, view: str, uploads: Sequence[Upload], ack: Acknowledge
    ) -> None:
        """The same with files, which may take longer to fetch than Slack waits: the form gives way
        to a notice, and that to what becomes of it."""
        await ack(response_action="update", view=loading())
        self._opening.begin(self._with_files(heard, view, uploads))

    async def _with_files(self, heard: Heard, view: str, uploads: Sequence[Upload]) -> None:
        request = heard.request
        assert isinstance(request, Submitted)
        files = await (await self._workspaces.of(request.origin.community)).files.fetch(uploads)
        reply = await self._answer(heard, replace(request, files=files))
        if not await self._filled(view, heard, reply, wanted=True):
            self._reception.post(heard, replace(reply, private=True))

    async def _answer(self, heard: Heard, request: Submitted) -> Reply:
        """The same to the same, however often it comes: to a form that is right already, a second
        answer would be another one."""
        name = (request.origin.community, heard.key, *sorted(request.values.items()))
        if name not in self._answers:
            self._answers[name] = asyncio.create_task(self._reception.now(request))
            forget = self._answers.pop
            asyncio.get_running_loop().call_later(REMEMBERED_FOR, forget, name, None)
        reply = await asyncio.shield(self._answers[name])
        if reply.status == "failed" or (reply.form and reply.form.faulty):
            self._answers.pop(name, None)  # what was wrong may be right the next time
        return reply

    async def _open(self, heard: Heard, trigger: str) -> None:
        opening, making = self._loading(heard, trigger), self._reception.now(heard.request)
        opened, reply = await asyncio.gather(opening, making)
        if opened is None or (opened and await self._filled(opened, heard, reply)):
            return
        # Whatever it is, it concerns nobody but the one who wanted the form.
        self._reception.post(heard, replace(reply, private=True))

    async def _loading(self, heard: Heard, trigger: str) -> str | None:
        """The modal that is open now; "" where it could not be opened, None where what asked for
        it was heard before and has its form."""
        try:
            return await (await self._post(heard)).open(trigger, loading())
        except Exception as error:
            if isinstance(error, Refused) and str(error) == _USED:
                return None
            _log.warning("A form could not be opened: %s", type(error).__name__)
            return ""

    async def _filled(
        self, opened: str, heard: Heard, reply: Reply, *, wanted: bool = False
    ) -> bool:
        """Whether all of the reply is shown there, or is no longer wanted: one that was closed
        asks for nothing, unless something was sent by it."""
        form = reply.form
        try:
            await self._show(opened, heard, reply)
        except Exception as error:
            if isinstance(error, Refused) and str(error) == _CLOSED:
                return form is not None and not wanted
            _log.warning("A form could not be shown: %s", type(error).__name__)
            with contextlib.suppress(Exception):
                await (await self._post(heard)).update(opened, notice(Reply("failed", INSTEAD)))
            return False
        return form is not None or shows_all(reply)

    async def _show(self, opened: str, heard: Heard, reply: Reply) -> None:
        """Where the workspace does not let us read files, a form that takes some is refused: then
        it is shown without."""
        form, post = reply.form, await self._post(heard)
        if form is None:
            return await post.update(opened, notice(reply))
        carries, said = carried(heard, form.key), above(reply)
        try:
            await post.update(opened, modal(form, carries, said))
        except Refused as error:
            if str(error) == _CLOSED or without_files(form) == form:
                raise
            wrong = [one.fault for one in form.fields if one.kind == "file" and one.fault]
            said = "\n".join(filter(None, (said, *wrong)))
            await post.update(opened, modal(form, carries, said, files=False))

    async def _post(self, heard: Heard) -> Post:
        """By which forms are shown where this was heard."""
        return (await self._workspaces.of(heard.request.origin.community)).post
