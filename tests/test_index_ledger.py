"""The ledger of what is to be embedded: any number of workers, killed at any moment."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread

import numpy as np
import psycopg
import pytest

from indexer import workers
from indexer.build_failures import BuildFailed
from indexer.bulk import Bulk
from indexer.embedded import Array, key
from indexer.encoder import Encoder
from indexer.generation import own_home
from indexer.ledger import LEASE, Entry, Ledger, forgotten
from indexer.ledger_place import Place, Unembedded
from indexer.making import drop_own
from indexer.passages import Passage, passages
from indexer.progress import Progress, silent
from indexer.waiting import digest, line, made_by, packed, passage_of, unpacked
from indexer.workers import AT_ONCE, released
from tests.clock import Clock
from tests.conftest import Built
from tests.many_passages import COUNT, WORD, Own, many
from tests.noting_encoder import Notes
from tests.postgres import Postgres
from tests.running import Outcomes
from tests.small_encoder import SmallEncoder


@pytest.fixture(params=("sqlite", "postgresql"))
def shared(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the ledger is shared, "" for the file: every test that takes it runs on both."""
    if request.param == "sqlite":
        yield ""
        return
    server: Postgres = request.getfixturevalue("postgres")
    address = server.empty()
    yield address
    server.drop(address)


@pytest.fixture
def place(shared: str, tmp_path: Path) -> Place:
    return Place(tmp_path, "", shared)


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    folder = tmp_path / "notes"
    folder.mkdir()
    return Notes(folder)


@pytest.fixture
def own(small_index: Built, tmp_path: Path, shared: str) -> Own:
    return many(small_index, own_home(tmp_path, "leeds"), shared)


def entries(count: int) -> list[Entry]:
    return [Entry(f"{number:064x}", number, f"the {WORD} of {number}") for number in range(count)]


def test_the_longest_are_claimed_first_and_none_twice(place: Place) -> None:
    with Ledger(place, "m", "a") as one, Ledger(place, "m", "b") as other:
        one.enter(entries(5))
        claims = [one.claim(2), other.claim(2), one.claim(2), other.claim(2)]
    assert [[claim.length for claim in some] for some in claims] == [[4, 3], [2, 1], [0], []]
    assert claims[0][0].words == f"the {WORD} of 4"


def test_many_that_claim_at_once_get_each_passage_once(place: Place) -> None:
    with Ledger(place, "m", "a") as ledger:
        ledger.enter(entries(500))

    def claimed(worker: int) -> list[str]:
        found = list[str]()
        with Ledger(place, "m", str(worker)) as ledger:
            while some := ledger.claim(7):
                found += [claim.digest for claim in some]
                ledger.hand_in((claim, b"1234") for claim in some)
        return found

    with ThreadPoolExecutor(4) as threads:
        found = [one for some in threads.map(claimed, range(4)) for one in some]
    assert sorted(found) == [one.digest for one in entries(500)]


def test_a_claim_that_was_abandoned_comes_back_and_the_first_hand_in_stays(place: Place) -> None:
    clock = Clock()

    def now() -> float:
        return clock().timestamp()

    with Ledger(place, "m", "a", clock=now) as slow, Ledger(place, "m", "b", clock=now) as other:
        slow.enter(entries(1))
        (late,) = slow.claim(1)
        clock.pass_by(seconds=LEASE - 1)
        assert not other.claim(1)
        clock.pass_by(seconds=2)
        (taken,) = other.claim(1)
        assert (taken.digest, other.left()) == (late.digest, 1)
        other.hand_in([(taken, b"good")])
        slow.hand_in([(late, b"late")])
        assert (dict(slow.made()), slow.left()) == ({late.digest: b"good"}, 0)


def test_a_claim_by_a_clock_that_is_far_ahead_holds_nobody_up(place: Place) -> None:
    clock = Clock()

    def ahead() -> float:
        return clock().timestamp() + 86_400

    def now() -> float:
        return clock().timestamp()

    with Ledger(place, "m", "a", clock=ahead) as one, Ledger(place, "m", "b", clock=now) as other:
        one.enter(entries(1))
        assert len(one.claim(1)) == 1
        assert len(other.claim(1)) == 1
        assert not other.claim(1)


def test_what_processes_that_are_gone_had_is_free_at_once(place: Place) -> None:
    gone = multiprocessing.get_context("spawn").Process(target=os.getpid)
    gone.start()
    gone.join()
    with (
        Ledger(place, "m", workers.name(gone.pid)) as dead,
        Ledger(place, "m", "elsewhere:1") as far,
    ):
        dead.enter(entries(3))
        assert (len(dead.claim(1)), len(far.claim(1))) == (1, 1)
    with Ledger(place, "m", workers.name()) as ledger:
        released(ledger)
        assert [claim.length for claim in ledger.claim(9)] == [2, 0]


def test_what_another_model_is_to_embed_is_counted_and_not_claimed(place: Place) -> None:
    with Ledger(place, "m", "a") as one, Ledger(place, "other", "b") as other:
        one.enter(entries(3))
        assert (other.claim(9), other.left(), other.others()) == ([], 0, 3)
        one.put({"f" * 64: b"1234"})
        assert not dict(other.made())
        other.keep(["f" * 64])
        assert (one.left(), dict(one.made())) == (0, {})


def test_a_file_that_is_spoilt_is_begun_anew_and_one_that_is_shut_is_explained(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path, "")
    place.file.parent.mkdir()
    place.file.write_bytes(b"not a database at all, by no means, " * 99)
    with Ledger(place, "m", "a") as ledger:
        ledger.enter(entries(2))
        assert ledger.left() == 2
    assert place.file.stat().st_mode & 0o077 == 0
    forgotten(place)
    assert not list(place.file.parent.iterdir())
    place.file.mkdir()
    with pytest.raises(OSError, match="directory"):
        Ledger(place, "m", "a")


def test_a_server_that_is_away_is_said_in_one_line(own: Own) -> None:
    own.shared = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    with pytest.raises(Unembedded, match=r"DATABASE_URL failed .* run the same again") as told:
        own.place.there()
    assert "nobody" not in str(told.value)
    with pytest.raises(BuildFailed, match="DATABASE_URL failed"):
        own.build(SmallEncoder)


def test_a_passage_is_embedded_from_its_line_as_it_would_be_itself(small_index: Built) -> None:
    model = small_index.model
    for one in passages(small_index.library, model.token_counter(), model.window):
        again = passage_of(line(one))
        assert key(again) == key(one)
        assert digest(again, "m") == digest(one, "m") != digest(one, "other")
        rows = np.ones(4, np.float32), np.ones((len(one.statements), 4), np.float32)
        back = unpacked(packed(rows), one)
        assert back
        assert all(np.array_equal(*both) for both in zip(rows, back, strict=True))
        assert unpacked(packed(rows)[:-1], one) is None


@pytest.mark.parametrize("count", [1, 2])
def test_all_is_embedded_once_and_no_word_stays(own: Own, notes: Notes, count: int) -> None:
    report = own.build(notes.encoder, count)
    assert (report.embedded, report.changed) == (COUNT, True)
    assert Counter(Counter(notes.embedded()).values()) == {1: COUNT}
    assert own.whole()
    assert not own.words_kept()
    if own.shared:
        with psycopg.connect(own.shared) as connection:
            size = "SELECT pg_relation_size('outcomes_index.to_embed')"
            assert connection.execute(size).fetchone() == (0,)
    assert not own.build(notes.encoder, count).changed


def test_a_worker_that_is_killed_is_done_without(own: Own, notes: Notes) -> None:
    notes.awaited()
    killing = Thread(target=lambda: os.kill(notes.halted(), signal.SIGKILL))
    killing.start()
    report = own.build(notes.halting, 2)
    killing.join()
    assert report.embedded == COUNT
    assert own.whole()
    again = Counter(notes.embedded())
    assert len(again) == COUNT
    assert again.total() - COUNT == AT_ONCE, "one batch"


def test_where_all_are_killed_the_next_build_goes_on(own: Own, notes: Notes) -> None:
    notes.awaited()
    parent = multiprocessing.get_context("spawn").Process(target=_built, args=(own, notes))
    parent.start()
    halted = notes.halted()
    for process in (int(parent.pid or 0), halted):
        os.kill(process, signal.SIGKILL)
    parent.join()
    made = len(set(notes.embedded()))
    report = own.build(notes.encoder)
    assert report.embedded < COUNT
    assert made > AT_ONCE
    assert own.whole()
    again = Counter(notes.embedded())
    assert len(again) == COUNT
    assert again.total() - COUNT <= 2 * AT_ONCE, "one batch for each worker"


def _built(own: Own, notes: Notes) -> None:
    own.build(notes.halting, 2)


def test_workers_that_all_fail_are_explained_and_leave_what_they_made(own: Own) -> None:
    with pytest.raises(
        BuildFailed, match=rf"^The workers ended and {COUNT - 2 * AT_ONCE} .* Ended"
    ):
        own.build(partial(SmallEncoder, AT_ONCE), 2)
    assert own.place.there()
    assert not own.words_kept()
    assert own.build(SmallEncoder).embedded == COUNT - 2 * AT_ONCE
    assert own.whole()


def test_what_is_left_of_texts_that_changed_goes_with_the_next_build(own: Own) -> None:
    with pytest.raises(BuildFailed):
        own.build(partial(SmallEncoder, AT_ONCE), 2)
    *others, many = own.library.case_studies
    fewer = replace(many, sections=many.sections[:3], digest="few")
    own.library = replace(own.library, case_studies=(*others, fewer))
    assert own.build(SmallEncoder).changed
    assert not own.place.there()
    own.build(SmallEncoder)
    with Ledger(own.place, "m", "a") as ledger:
        ledger.enter(entries(2))
    drop_own(own.home, own.shared)
    assert not own.place.there(), "a community that was forgotten"


def test_another_that_builds_the_same_may_remove_it_meanwhile(own: Own) -> None:
    """As two computers may that share a database: what is gone is entered again."""
    bulk = Bulk.of(own.home, own.base, own.model, own.shared, SmallEncoder)
    removed = list[int]()

    class Removing(SmallEncoder):
        def encode_passages(
            self, cut: Sequence[Passage], progress: Progress = silent
        ) -> tuple[Array, Array]:
            if not removed:
                removed.append(1)
                with Ledger(own.place, made_by(own.model), "other") as ledger:
                    ledger.keep([])
            return super().encode_passages(cut, progress)

    cut = [one for one in passages(own.library, len, 10**6) if one.document == "many"]
    assert len(bulk.embedded(cut, Removing, silent)) == COUNT
    assert removed


@pytest.mark.parametrize("shared", ["postgresql"], indirect=True)
def test_another_that_builds_the_shipped_texts_from_others_is_helped(own: Own) -> None:
    """Two computers, each with its own texts for all: neither takes away what the other made."""
    cut = [one for one in passages(own.library, len, 10**6) if one.document == "many"]
    made, waiting, ours = cut[0], cut[1], cut[2:]
    bulk = Bulk.of(own.home, None, own.model, own.shared, SmallEncoder)
    by = made_by(own.model)
    rows = np.ones(4, np.float32), np.ones((len(made.statements), 4), np.float32)
    with Ledger(bulk.place, by, "another computer") as other:
        other.put({digest(made, by): packed(rows)})
        other.enter([Entry(digest(waiting, by), 10**6, line(waiting))])
        assert bulk.left(ours) == {}
        assert len(bulk.embedded(ours, SmallEncoder, silent)) == len(ours)
        assert {digest(made, by), digest(waiting, by)} <= set(dict(other.made()))


def test_what_is_asked_for_is_not_removed_by_asking(own: Own) -> None:
    """As an export asks."""
    one, another = passages(own.library, len, 10**6)[:2]
    bulk = Bulk.of(own.home, own.base, own.model, own.shared, SmallEncoder)
    rows = np.ones(4, np.float32), np.ones((len(one.statements), 4), np.float32)
    with Ledger(own.place, bulk.made_by, "a") as ledger:
        ledger.put({digest(one, bulk.made_by): packed(rows)})
        assert bulk.left([another]) == {}
        assert len(dict(ledger.made())) == 1


def test_the_command_joins_with_the_real_model(
    postgres: Postgres, small_index: Built, encoder: Encoder, tmp_path: Path
) -> None:
    address = postgres.empty()
    model = small_index.model
    cut = passages(small_index.library, model.token_counter(), model.window)[:9]
    place = Place(tmp_path, "0" * 32, address)
    settings = {"OUTCOMES_HOME": str(tmp_path), "DATABASE_URL": address}
    command = Outcomes(tmp_path, settings)
    with Ledger(place, made_by(model), "another computer") as ledger:
        ledger.enter(Entry(digest(one, made_by(model)), 1, line(one)) for one in cut)
        told = command.run("index", "work", "--json")
        assert json.loads(told.out)["embedded"] == len(cut)
        made = dict(ledger.made())
        assert not ledger.left()
    rows, _ = encoder.encode_passages(cut)
    for one, vector in zip(cut, rows, strict=True):
        back = unpacked(made[digest(one, made_by(model))], one)
        assert back
        assert np.allclose(back[0], vector, atol=1e-5)
    with Ledger(place, "another/256", "a") as ledger:
        ledger.enter(entries(3))
    assert "3 passages wait for another model" in command.run("index", "work").out
    forgotten(place)
    assert "Nothing waits" in command.run("index", "work").out
    postgres.drop(address)
