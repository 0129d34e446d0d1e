"""Ten thousand of everything that is read of others, grown from good ones: each is read or refused
in words, none crashes the process that reads it, none takes long. Documents are read as the
sandbox's children read them, without a child for each, which would take hours; some hundreds go
through the sandbox itself."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor

import pytest
from hypothesis import given

from indexer.parsing import Sandbox, Unreadable
from tests.fuzz_documents import KINDS, made_of
from tests.fuzz_jobs import SLOW, Tally
from tests.fuzz_parsers import JOBS, tallied, told
from tests.fuzzing import EXAMPLES, sized

PROCESSES = 2
IN_SANDBOX = 60  # of each kind


@pytest.fixture(scope="module")
def tallies() -> Iterator[dict[str, Future[Tally]]]:
    """Each job's, as they are done; where one crashed, it and those behind it say so."""
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=spawned) as pool:
        yield {name: pool.submit(tallied, name, EXAMPLES) for name in JOBS}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", JOBS)
def test_all_are_read_or_refused(
    tallies: dict[str, Future[Tally]], name: str, figure: Callable[[str], None]
) -> None:
    tally = tallies[name].result()
    figure(told(name, tally))
    assert tally.seen >= EXAMPLES
    assert tally.slowest < SLOW
    assert len(tally.became) > 1, "what is made is all of one sort"


@pytest.mark.parametrize("kind", KINDS)
def test_some_go_through_the_sandbox(
    kind: str, sandbox: Sandbox, figure: Callable[[str], None]
) -> None:
    seen = [0, 0]

    @sized(IN_SANDBOX)
    @given(made_of(kind))
    def each(content: bytes) -> None:
        try:
            sandbox.read(content, f"a.{kind}")
        except Unreadable:
            seen[1] += 1
        else:
            seen[0] += 1

    each()
    figure(f"documents: {kind}, through the sandbox: {seen[0]} read, {seen[1]} refused")
    assert sum(seen) >= IN_SANDBOX
