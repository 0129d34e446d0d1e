"""Builds a generation: only what changed is embedded, written aside, renamed when whole."""

import fcntl
import io
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from indexer import generation as generations
from indexer.build_failures import BuildFailed, failures_explained, not_removed
from indexer.bulk import Bulk
from indexer.embedded import Array, Embedded, Embedder, Encode, embedded_by
from indexer.generation import FORMAT, Generation, IndexUnusable, Manifest
from indexer.lexical import write_lexical
from indexer.model import Model
from indexer.passages import Passage, passages
from indexer.progress import Progress, silent
from indexer.vectors import Vectors
from knowledge.library import Library

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Extra:
    """A file computed beside the index. `digest` names all it is made from except the model:
    while it stays the same, the file of the last build is taken over."""

    digest: str
    make: Callable[[Encode], bytes]


@dataclass(frozen=True, slots=True)
class Late:
    """The same of a file computed from the rest of the index, which is whole by then."""

    digest: str
    make: Callable[[Generation], bytes]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `changed` is False where the current index was kept as it is.

    `embedded` and `reused` count passages, each with its statements. `export_seconds`, in
    which the encoder is written, and `extras_seconds` are the parts of `seconds` that a first build
    spends once only.
    """

    generation: str
    changed: bool
    documents: int
    passages: int
    statements: int
    embedded: int
    reused: int
    seconds: float
    export_seconds: float
    extras_seconds: float


def build(
    library: Library,
    home: Path,
    model: Model,
    load_encoder: Callable[[], Embedder],
    *,
    clock: Clock = lambda: datetime.now(UTC),
    progress: Progress = silent,
    extras: Mapping[str, Extra] | None = None,
    late: Mapping[str, Late] | None = None,
    force: bool = False,
    base: Generation | None = None,
    lender: Path | None = None,
    shared: str = "",
    workers: int = 1,
) -> BuildReport:
    """Makes the index of `home` hold exactly this library, embedded by this model. One that is to
    stand beside a `base` has neither encoder nor extras, takes vectors over from it too and from
    the home that is its `lender`, and leaves no earlier generation of its own.
    Each goes on from where one that was ended had come to. With several `workers`, `load_encoder`
    is sent to other processes. By `shared`, an address of PostgreSQL, those elsewhere may join."""
    with failures_explained(home), alone(home):
        _pruned(home, own=base is not None)
        work = _Work(
            library, home, model, load_encoder, progress, extras or {}, late or {}, force, base,
            lender, Bulk.of(home, base, model, shared, load_encoder, workers),
        )  # fmt: skip
        report = work.kept() or work.done(clock)
        _pruned(home, own=base is not None)
        return report


def unembedded(
    library: Library,
    home: Path,
    model: Model,
    *,
    base: Generation | None = None,
    lender: Path | None = None,
    shared: str = "",
    every: bool = False,
) -> Sequence[Passage]:
    """What `build` would embed, or with `every` all that it would hold vectors of."""
    with failures_explained(home), alone(home):
        bulk = Bulk.of(home, base, model, shared, _none)
        work = _Work(library, home, model, _none, silent, {}, {}, False, base, lender, bulk)
        return work.unembedded(every)


def _none() -> Embedder:
    raise AssertionError("nothing is embedded by asking what would be")


def _pruned(home: Path, *, own: bool) -> None:
    """Of texts that are a community's own nothing may stay that they removed."""
    left = generations.prune(home, generations.KEPT_OWN if own else generations.KEPT)
    if left and own:
        raise not_removed(left[0])


class _Work:
    """One build, from the plan to the report."""

    def __init__(
        self,
        library: Library,
        home: Path,
        model: Model,
        load_encoder: Callable[[], Embedder],
        progress: Progress,
        extras: Mapping[str, Extra],
        late: Mapping[str, Late],
        force: bool,
        base: Generation | None,
        lender: Path | None,
        bulk: Bulk,
    ) -> None:
        self._began = time.perf_counter()
        self._library = library
        self._home = home
        self._model = model
        self._extras, self._late = extras, late
        self._base, self._lender, self._bulk = base, lender, bulk
        self._previous = None if force else made_before(home, model)
        if force:
            bulk.forget()
        self._load_encoder, self._progress = load_encoder, progress
        self._export_seconds = self._extras_seconds = 0.0
        self._checked: dict[str, str] = {}

    @cached_property
    def _cut(self) -> tuple[Passage, ...]:
        return passages(self._library, self._model.token_counter(), self._model.window)

    @cached_property
    def _vectors(self) -> Embedded:
        lent = made_before(self._lender, self._model) if self._lender else None
        known = embedded_by(self._base) | embedded_by(lent) | embedded_by(self._previous)
        return Embedded(self._load_encoder, self._progress, known, self._bulk)

    @property
    def _beneath(self) -> str:
        """What `Manifest.base` is to be: it changes when texts are cut in another way."""
        return self._base.manifest.files["passages.jsonl"] if self._base else ""

    def kept(self) -> BuildReport | None:
        """The report where the current generation already is what would be built."""
        previous = self._previous
        same = (
            previous is not None
            and previous.id == generations.current_id(self._home)
            and previous.manifest.library_digest == self._library.digest
            and previous.manifest.extras == self._extra_digests()
            and self._same_texts(previous)
        )
        if previous is None or not same:
            return None
        self._bulk.forget()
        return self._report(previous, changed=False)

    def _same_texts(self, previous: Generation) -> bool:
        """Beside a base what is said of a text may change and not its bytes; and many texts are
        not to be cut again to see that they are the same."""
        if self._base is None:
            return previous.passages.read_bytes() == _lines(self._cut)
        same = previous.manifest.base == self._beneath
        return same and previous.library.read_text("utf-8") == self._library.to_json()

    def unembedded(self, every: bool) -> Sequence[Passage]:
        return self._cut if every else self._vectors.missing(self._cut)

    def done(self, clock: Clock) -> BuildReport:
        now = clock().astimezone(UTC)
        name = generations.free_id(self._home, now.strftime("%Y%m%dT%H%M%SZ"))
        folder = generations.aside(self._home, name)
        try:
            draft = Generation(folder, self._manifest(now, {}))
            self._write(draft)
            manifest = self._manifest(now, generations.checksums(folder, self._checked))
            finished = generations.sealed(folder, manifest, self._home, name)
            self._bulk.forget()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return self._report(finished, changed=True)

    def _write(self, draft: Generation) -> None:
        searched = [passage.searched for passage in self._cut]
        rows, statements = self._vectors.embed(self._cut)
        Vectors.build(rows).write(draft.vectors)
        draft.statements.write_bytes(_npy(statements))
        write_lexical(searched, draft.lexical)
        draft.passages.write_bytes(_lines(self._cut))
        draft.library.write_text(self._library.to_json(), "utf-8")
        if self._base is None:
            self._write_encoder(draft)
            self._write_extras(draft)

    def _write_encoder(self, draft: Generation) -> None:
        """Copied, not linked: damage to one generation must not reach the other. It is the most
        of a generation, and stays as it is: its checksums are made once."""
        if self._previous is not None:
            draft.encoder.mkdir()
            for file in self._previous.encoder.iterdir():  # copytree hides that a disk is full
                shutil.copy2(file, draft.encoder)
            self._checked = self._previous.encoder_checksums
            return
        encoder = self._vectors.encoder()
        began = time.perf_counter()
        encoder.export(draft.encoder)
        self._checked = generations.settled(draft.encoder)
        self._export_seconds = time.perf_counter() - began

    def _write_extras(self, draft: Generation) -> None:
        began = time.perf_counter()
        draft.extras.mkdir()
        for name, extra in self._extras.items():
            made = self._taken_over(name, extra) or extra.make(self._vectors)
            (draft.extras / name).write_bytes(made)
        for name, late in self._late.items():
            made = self._taken_over(name, late) or late.make(draft)
            (draft.extras / name).write_bytes(made)
        self._extras_seconds = time.perf_counter() - began

    def _taken_over(self, name: str, extra: Extra | Late) -> bytes:
        """The file of the last build, if it is made from the same; else nothing."""
        previous = self._previous
        if previous is None or previous.manifest.extras.get(name) != extra.digest:
            return b""
        return (previous.extras / name).read_bytes()

    def _extra_digests(self) -> dict[str, str]:
        both: dict[str, Extra | Late] = {**self._extras, **self._late}
        return {name: extra.digest for name, extra in both.items()}

    def _manifest(self, now: datetime, files: dict[str, str]) -> Manifest:
        return Manifest(
            format=FORMAT,
            model=self._model.name,
            weights_sha256=self._model.weights_sha256,
            window=self._model.window,
            library_digest=self._library.digest,
            built=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            documents=len(self._library.texts),
            passages=len(self._cut),
            statements=sum(len(passage.statements) for passage in self._cut),
            extras=self._extra_digests(),
            files=files,
            base=self._beneath,
        )

    def _report(self, generation: Generation, *, changed: bool) -> BuildReport:
        manifest = generation.manifest
        return BuildReport(
            generation=generation.id,
            changed=changed,
            documents=manifest.documents,
            passages=manifest.passages,
            statements=manifest.statements,
            embedded=self._vectors.embedded if changed else 0,
            reused=self._vectors.reused if changed else manifest.passages,
            seconds=time.perf_counter() - self._began,
            export_seconds=self._export_seconds,
            extras_seconds=self._extras_seconds,
        )


def made_before(home: Path, model: Model) -> Generation | None:
    """The last good generation that the same weights made."""
    try:
        found = generations.open_current(home, model=model.name)
    except IndexUnusable:
        return None
    same = found.manifest.weights_sha256, found.manifest.window
    return found if same == (model.weights_sha256, model.window) else None


def _lines(cut: Sequence[Passage]) -> bytes:
    return "".join(passage.to_json() + "\n" for passage in cut).encode()


def _npy(rows: Array) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, rows)
    return buffer.getvalue()


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """One build at a time; the system drops the lock of a build that was killed."""
    folder = generations.index_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildFailed(
                f"Another build is running in {home}. Wait for it to end and try again."
            ) from error
        yield
