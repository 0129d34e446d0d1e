"""Documents made to do harm: bombs are refused in time, hostile texts are only texts."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator

import psutil
import pytest

from bot.rehearsal.bombs import Bomb, bombs
from bot.rehearsal.hostile import HARMLESS, Hostile, hostile
from indexer.parsing import Limits, Sandbox, Unreadable
from indexer.parsing.parsed import Parsed

# Small, so that what runs into a limit does so soon; `make test-long` takes those that are served.
LIMITS = Limits(
    size=10_000_000,
    seconds=1,
    grace=1,
    unpacked=10_000_000,
    characters=300_000,
    pages=100,
    cells=50_000,
    links=5000,
    members=1000,
)
MEGABYTES = 12
SPARE = 3.0  # seconds, for a computer that has other things to do
PLAIN = b"Anytown moved its repairs online.\n"
BOMBS, HOSTILE = bombs(), hostile()
MARK = re.compile(r"\[[\d\s,;]*\d[\d\s,;]*\]")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(LIMITS) as opened:
        opened.read(PLAIN, "plain.txt")
        yield opened


def refusal(sandbox: Sandbox, bomb: Bomb, content: bytes) -> str:
    """Why it is refused; "" where it is read."""
    try:
        if bomb.task == "links":
            sandbox.links(content, bomb.name)
        else:
            told(sandbox.read(content, bomb.name))
    except Unreadable as error:
        return str(error)
    return ""


def told(parsed: Parsed) -> str:
    """All that is told of a document."""
    parts = (part for one in parsed.sections for part in (one.heading, one.anchor, one.plain))
    return "\n".join((parsed.title, parsed.url, *parsed.notes, *parts))


def test_there_are_enough_of_them() -> None:
    assert len({one.name for one in BOMBS}) == len(BOMBS) >= 20
    assert len(HOSTILE) >= 30


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda one: one.name)
def test_a_bomb_is_refused_or_read_in_time(sandbox: Sandbox, bomb: Bomb) -> None:
    content = bomb.make(MEGABYTES)
    assert len(content) <= LIMITS.size  # of itself it is nothing much
    began = time.monotonic()
    reason = refusal(sandbox, bomb, content)
    assert time.monotonic() - began < LIMITS.clock + SPARE
    assert reason or not bomb.refused
    assert "\n" not in reason
    assert "Error" not in reason
    assert len(reason) < 200
    assert HARMLESS in told(sandbox.read(HARMLESS.encode(), "after.txt"))


def test_a_file_of_this_computer_is_not_read_through_a_document(sandbox: Sandbox) -> None:
    for one in (one for one in BOMBS if one.name.startswith("outside")):
        assert refusal(sandbox, one, one.make(1))
        assert "root:" not in refusal(sandbox, one, one.make(1))


def test_what_reads_bombs_keeps_its_size(sandbox: Sandbox) -> None:
    names = ("tight.docx", "overlapping.docx", "claimed.pdf", "packed.xml.gz", "deep.html")
    chosen = [(one, one.make(MEGABYTES)) for one in BOMBS if one.name in names]
    assert len(chosen) == len(names)

    def megabytes() -> float:
        for bomb, content in chosen:
            refusal(sandbox, bomb, content)
        return float(psutil.Process().memory_info().rss) / 1_000_000

    first = megabytes()
    assert max(megabytes() for _ in range(3)) - first < 8


@pytest.mark.parametrize("one", HOSTILE, ids=lambda one: one.name)
def test_a_hostile_text_is_read_as_a_text(sandbox: Sandbox, one: Hostile) -> None:
    whole = told(sandbox.read(one.content, one.name))
    assert HARMLESS in whole
    for text in one.gone:
        assert text not in whole
    assert not MARK.search(unicodedata.normalize("NFKC", whole))
    unseen = [sign for sign in whole if unicodedata.category(sign) in ("Cc", "Cf", "Co")]
    assert set(unseen) <= {"\n"}
