"""What is wrong or outdated: reported by anyone, seen and hidden by administrators."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.language import LONGEST
from bot.conversation import Action, Origin, Reply, Submitted
from bot.register import forms, wording
from bot.register.office import Office

OFFERED = 5  # documents to choose from; Teams shows six buttons
_OTHER = ("project", "question")  # what is cited and is no text
SHOWN = 3  # reports at once, two buttons each


class Moderation(Office):
    """Reports, and what is hidden in a community."""

    async def which(self, text: str, origin: Origin, about: Sequence[str]) -> Reply:
        """Which text is meant: of those just shown, or named by the words."""
        if len(text) > LONGEST:
            return Reply("invalid", wording.TOO_LONG, private=True)
        found = {one: title for one in about if (title := await self._title(one, origin))}
        if text.strip():
            answerer, shelf = await self._at_hand(origin.community)
            found = dict(await self._apart(answerer.named, text, shelf))
        if not found:
            return Reply("clarify", wording.REPORT_WHAT, private=True)
        offered = tuple(
            Action("open", title, f"report:{one}") for one, title in list(found.items())[:OFFERED]
        )
        return Reply("clarify", wording.REPORT_WHICH, actions=offered, private=True)

    async def open_report(self, document: str, origin: Origin) -> Reply:
        """The form for what is wrong with it."""
        title = await self._title(document, origin)
        if not title:
            return Reply("invalid", wording.NO_PROJECT, private=True)
        return self._asked(forms.reporting(document, title))

    async def reported(self, request: Submitted) -> Reply:
        """Kept for the administrators."""
        document, origin = request.key, request.origin
        title = await self._title(document, origin)
        if not title:
            return self._still_here(request, wording.NO_PROJECT)
        words = request.values.get("words", "").strip()
        if fault := forms.report_fault(words):
            return self._faulty(forms.reporting(document, title), request, {"words": fault})
        await self._register(origin).report(document, words, await self._key(origin))
        return Reply("answered", wording.REPORTED.format(title), private=True)

    async def reports(self, origin: Origin) -> Reply:
        """The open reports, the oldest first, with what can be done about each."""
        if not await self._administers(origin):
            return Reply("invalid", wording.ADMINISTRATORS_ONLY, private=True)
        found, count = await self._register(origin).reports(SHOWN)
        if not found:
            return Reply("answered", wording.NO_REPORTS, private=True)
        lines, actions = [wording.reports(len(found), count)], []
        for one in found:
            title = await self._title(one.document, origin) or wording.GONE
            lines.append(f"- {title}: “{one.words}” ({wording.day(one.at)})")
            actions += [
                Action("hide", wording.HIDE.format(title), one.document),
                Action("keep", wording.KEEP.format(title), one.document),
            ]
        kept = tuple(dict.fromkeys(actions))
        return Reply("answered", "\n".join(lines), actions=kept, private=True)

    async def hidden(self, origin: Origin) -> Reply:
        """What is hidden here, to be shown again."""
        if not await self._administers(origin):
            return Reply("invalid", wording.ADMINISTRATORS_ONLY, private=True)
        documents = sorted(await self._register(origin).hidden())
        if not documents:
            return Reply("answered", wording.NOTHING_HIDDEN, private=True)
        titles = [(one, await self._title(one, origin) or wording.GONE) for one in documents]
        actions = tuple(Action("show", wording.SHOW.format(title), one) for one, title in titles)
        lines = "\n".join(f"- {title}" for _, title in titles)
        return Reply("answered", f"{wording.HIDDEN_HERE}\n{lines}", actions=actions, private=True)

    async def decided(self, action: str, document: str, origin: Origin) -> Reply:
        """An administrator's decision on a text, at once."""
        if not await self._administers(origin):
            return Reply("invalid", wording.ADMINISTRATORS_ONLY, private=True)
        register, by = self._register(origin), await self._key(origin)
        title = await self._title(document, origin)
        if not title and action != "show":
            return Reply("invalid", wording.NO_PROJECT, private=True)
        if action == "show":
            await register.show(document, by)
            return Reply("answered", wording.SHOWN.format(title or wording.GONE), private=True)
        if action == "hide":
            await register.hide(document, by)
        await register.close(document, by)
        if action == "keep":
            return Reply("answered", wording.KEPT.format(title), private=True)
        again = (Action("show", wording.SHOW.format(title), document),)
        return Reply("answered", wording.HIDDEN.format(title), actions=again, private=True)

    async def visible(self, reply: Reply, origin: Origin) -> bool:
        """Whether nothing it cites was hidden, withdrawn or removed since."""
        if not reply.citations:
            return True
        register = self._register(origin)
        cited = {one.document for one in reply.citations if one.kind not in _OTHER}
        if await register.hidden() & {one.document for one in reply.citations}:
            return False
        if cited and await self._removed(cited, origin):
            return False
        projects = [one.document for one in reply.citations if one.kind == "project"]
        return all([await register.project(one) is not None for one in projects])

    async def _removed(self, cited: set[str], origin: Origin) -> bool:
        """Whether one of these texts is no longer there: one that was brought in may have gone
        before the index was built without it."""
        answerer = await self._apart(self._answerer, origin.community)
        found = [answerer.library.get(one) for one in cited]
        brought = {one.id for one in found if one and one.brought}
        gone = brought - await self._store.texts(origin.community).ids() if brought else brought
        return None in found or bool(gone)

    async def _title(self, document: str, origin: Origin) -> str:
        """Of a case study or a project that can be seen from here; of a hidden project to
        administrators only. "" for anything else."""
        answerer = await self._apart(self._answerer, origin.community)
        if title := answerer.directory.title(document):
            return title
        project = await self._register(origin).project(document)
        if project is None or (project.hidden and not await self._administers(origin)):
            return ""
        return project.details.title
