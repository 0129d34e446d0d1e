"""A case study suggested in Teams, with a file, and decided on there. All is test data."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cases import wording
from bot.current import CurrentAnswerer
from bot.rehearsal.teams import TENANT, TeamsPeer
from bot.teams.fields import ATTACH
from bot.teams.files import NOT_FETCHED
from tests.cases_desk import LENT, REPORT, Town
from tests.cases_desk import town as opened
from tests.projects_in_teams import ADMIN, Office, form, person, room, said
from tests.teams_desk import peer, teams

__all__ = ["peer"]  # a fixture


@dataclass
class Hall:
    office: Office
    town: Town

    async def post(self) -> None:
        await self.town.app.assistant.finish()
        while await self.town.app.outbox.send():
            pass


@pytest.fixture
async def hall(peer: TeamsPeer, current: CurrentAnswerer, tmp_path: Path) -> AsyncIterator[Hall]:
    async with opened(current, tmp_path) as town:
        app = town.app
        async with teams(peer, app.store, app.assistant.handle) as served:
            app.outbox.channels["teams"] = served.platform
            url = f"{served.url}/api/messages"
            yield Hall(Office(peer, url, served.inbox), town)


async def test_a_file_sent_along_comes_with_it_and_an_administrator_accepts(hall: Hall) -> None:
    office, peer = hall.office, hall.office.peer
    desk = {"conversation": room("a:admin"), "from": person(ADMIN)}
    assert wording.NONE_OPEN in said(await office.told("cases", **desk))
    peer.files["report.txt"] = REPORT.encode()
    (asked,) = await office.hears(peer.with_file("suggest-case", "report.txt"))
    assert "Attached: report.txt" in str(form(asked))
    faulty = await office.sends(form(asked), title=" ", told=LENT["told"])
    assert wording.NO_TITLE in str(faulty)
    assert "Attached: report.txt" in str(faulty)
    done, told = await office.ends(faulty, title=LENT["title"])
    assert wording.THANKED in done + said(told)
    await hall.post()
    letter = peer.messages[-1]
    assert letter.conversation.endswith("admin")
    assert "I have read the file “report.txt”" in said(letter)
    await office.presses(letter, "Accept", ADMIN)
    await hall.post()
    assert "was accepted" in said(peer.messages[-1])
    texts = [one async for one in hall.town.app.store.texts(TENANT).all()]
    assert [one.about.title for one in texts] == [LENT["title"]]


async def test_only_sharepoint_is_asked_for_files(hall: Hall) -> None:
    office, peer = hall.office, hall.office.peer
    elsewhere = "https://files.example.org/report.txt"
    (asked,) = await office.hears(peer.with_file("suggest-case", "report.txt", elsewhere))
    assert NOT_FETCHED in str(form(asked))
    assert ATTACH in str(form(await office.told("suggest-case")))
