"""Who embeds what waits in a ledger: this process, others on this computer, others elsewhere."""

from __future__ import annotations

import multiprocessing
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from indexer.embedded import Embedder
from indexer.ledger import Claim, Ledger
from indexer.ledger_place import Place, Unembedded
from indexer.model import ModelUnusable
from indexer.passages import Passage
from indexer.progress import Advance, Progress
from indexer.query import EncoderDamaged
from indexer.waiting import each, packed, passage_of

Load = Callable[[], Embedder]

AT_ONCE = 64  # passages in a claim: some seconds' work, and what a kill may cost
_LOOK_EACH = 1.0  # seconds, where others have what is left


def name(process: int | None = None) -> str:
    """Names a process of this computer as a holder of claims."""
    return f"{socket.gethostname()}:{process or os.getpid()}"


def from_words(claim: Claim) -> Passage:
    """What there is to embed, where it came with the claim."""
    return passage_of(claim.words or "")


def work(
    ledger: Ledger,
    load: Load,
    *,
    passage: Callable[[Claim], Passage] = from_words,
    advance: Advance = lambda _: None,
    going: Callable[[], bool] = lambda: True,
    pause: Callable[[float], object] = time.sleep,
) -> int:
    """Embed until nothing is left, not even with others, whose claims may come back; how many
    this one embedded. The encoder is loaded at the first."""
    encoder, done = None, 0
    while going():
        claims = ledger.claim(AT_ONCE)
        if claims:
            encoder = encoder or load()
            _embed(claims, ledger, encoder, passage, advance)
            done += len(claims)
        elif ledger.left():
            pause(_LOOK_EACH)
        else:
            break
    return done


def _embed(
    claims: list[Claim],
    ledger: Ledger,
    encoder: Embedder,
    passage: Callable[[Claim], Passage],
    advance: Advance,
) -> None:
    cut = [passage(one) for one in claims]
    made = each(cut, *encoder.encode_passages(cut, _within(advance)))
    ledger.hand_in((one, packed(rows)) for one, (_, rows) in zip(claims, made, strict=True))


def released(ledger: Ledger) -> None:
    """Take back what is with processes of this computer that are not there any more."""
    here = f"{socket.gethostname()}:"
    for holder in ledger.holders():
        process = holder.removeprefix(here)
        if process != holder and (holder == ledger.worker or not _lives(int(process))):
            ledger.release(holder)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@dataclass
class Crew:
    """Worker processes on this computer, each with a model and a thread of its own."""

    place: Place
    made_by: str
    load: Load
    members: list[tuple[BaseProcess, Connection]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def embed(self, count: int, ledger: Ledger, advance: Advance) -> None:
        """Have that many embed all that waits; those that are killed are done without. Raises
        Unembedded where all have ended before."""
        left = ledger.left()
        try:
            with _one_thread():
                self.members = [self._started() for _ in range(count)]
            while self.members:
                wait([one.sentinel for one, _ in self.members], _LOOK_EACH)
                self._without_ended(ledger)
                advance(left - (left := ledger.left()))
        finally:
            for process, _ in self.members:
                process.terminate()
                process.join()
        if left:
            raise Unembedded(self._why(left))

    def _started(self) -> tuple[BaseProcess, Connection]:
        spawn = multiprocessing.get_context("spawn")
        hears, tells = spawn.Pipe(duplex=False)
        given = (self.place, self.made_by, self.load, tells)
        process = spawn.Process(target=employed, args=given, daemon=True)
        process.start()
        tells.close()
        return process, hears

    def _without_ended(self, ledger: Ledger) -> None:
        for member in [one for one in self.members if not one[0].is_alive()]:
            process, hears = member
            self.members.remove(member)
            if process.exitcode:
                self.faults.append(_last_words(hears, process.exitcode))
                ledger.release(name(process.pid))

    def _why(self, left: int) -> str:
        why = self.faults[0] if self.faults else "a worker ended too early"
        return (
            f"The workers ended and {left} passages are not embedded: {why}. What was embedded is "
            "kept. Run: outcomes index, with fewer --workers where memory is short"
        )


def _last_words(hears: Connection, code: int) -> str:
    try:
        return str(hears.recv()).rstrip(".")
    except EOFError:
        return f"a worker was ended by signal {-code}" if code < 0 else f"a worker ended ({code})"


def employed(place: Place, made_by: str, load: Load, tells: Connection) -> None:
    """What a worker process does. It ends after a batch when the one that started it is gone."""
    parent = multiprocessing.parent_process()
    try:
        with Ledger(place, made_by, name()) as ledger:
            work(ledger, load, going=lambda: parent is None or parent.is_alive())
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        # Of a fault that is not expected only what it is: its words may be those of a text.
        told = isinstance(error, Unembedded | ModelUnusable | EncoderDamaged | OSError)
        tells.send(str(error) if told else type(error).__name__)
        sys.exit(1)


@contextmanager
def _one_thread() -> Iterator[None]:
    """What is started meanwhile computes in one thread; several each in several get in each
    other's way."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before


def _within(advance: Advance) -> Progress:
    """One bar over several goes."""

    def shown(_title: str, _total: int) -> AbstractContextManager[Advance]:
        return nullcontext(advance)

    return shown
