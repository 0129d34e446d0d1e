"""Inputs on which something once failed, as tests/long/test_fuzz_* found them: one example each."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.conversation import Reply, Request
from bot.delivery import MaybeSent, NotSent
from bot.failures import reference_of
from bot.records import heard_from_json, reply_from_json
from bot.settings import Settings, SettingsError
from bot.terminal import BatchLineInvalid, read_line
from bot.web.page import page_application
from indexer.generation import own_home
from indexer.retrieval import CorpusUnusable, evaluate
from tests.post import Open, Post, clock, heard, inbox, post, store
from tests.small_encoder import SmallEncoder

__all__ = ["clock", "inbox", "post", "store"]  # fixtures

DEEP = "[" * 100_000


def test_a_line_that_is_nested_too_deeply_is_explained() -> None:
    with pytest.raises(BatchLineInvalid, match="nested too deeply"):
        read_line(DEEP)


@pytest.mark.parametrize("kept", [DEEP, "null", '"a"', "[]"])
def test_what_the_store_holds_may_be_anything(kept: str) -> None:
    """The ledger leaves an entry that cannot be read, and takes the others."""
    for read in (heard_from_json, reply_from_json):
        with pytest.raises(ValueError, match=r"nested too deeply|not an object"):
            read(kept)


def test_a_kept_reply_with_a_citation_that_is_none_is_no_reply() -> None:
    with pytest.raises(ValueError, match="not a reply"):
        reply_from_json(json.dumps({"citations": [None], "status": "answered", "body": "a"}))


def test_what_is_heard_may_hold_half_a_character() -> None:
    assert len(reference_of("T1", "a:\ud800:1")) == 8


def test_a_collection_that_is_nested_too_deeply_is_explained(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text(DEEP)
    with pytest.raises(CorpusUnusable, match=r"corpus\.jsonl:1"):
        evaluate(tmp_path, SmallEncoder())


def test_a_table_with_an_endless_cell_is_explained(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"_id": "1", "text": "damp"}\n')
    cell = "x" * 200_000
    (tmp_path / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{cell}\t1\t1\n")
    with pytest.raises(CorpusUnusable, match="tab-separated"):
        evaluate(tmp_path, SmallEncoder())


def test_a_setting_that_is_too_long_for_a_folder_is_explained(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="OUTCOMES_KNOWLEDGE"):
        Settings.read({"OUTCOMES_KNOWLEDGE": "a" * 5_000}, tmp_path)


async def test_what_does_not_arrive_whole_at_the_page_is_a_400() -> None:
    async def handle(_: Request) -> Reply:
        raise AssertionError("nothing whole arrived")

    server = TestServer(page_application(handle))
    await server.start_server()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        head = (
            f"POST /page/requests HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            "Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n"
            "Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!"
        )
        writer.write(head.encode())
        answer = await reader.readline()
        writer.close()
    finally:
        await server.close()
    assert answer.split()[1] == b"400"


async def test_a_word_about_an_answer_is_said_though_it_meets_a_fault_too(
    inbox: Open, post: Post
) -> None:
    post.faults = [MaybeSent("timed out"), MaybeSent("timed out"), NotSent("busy", 3)]
    pauses: list[float] = []
    box = inbox(pauses=pauses)
    await box.accept(heard())
    await box.finish()
    assert (post.tries, pauses) == (4, [1.0, 3.0])
    assert "may not have got through" in post.said[0]


def test_half_a_character_in_the_name_of_a_community_is_a_name(tmp_path: Path) -> None:
    own = own_home(tmp_path, "teams:\ud800")
    assert own != own_home(tmp_path, "teams:?")
    assert own.parent == own_home(tmp_path, "teams:T1").parent
