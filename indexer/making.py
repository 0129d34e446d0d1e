"""Makes the index of the texts, embedding only what changed."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from indexer import scope, sharing, tag_training
from indexer import workers as crew
from indexer.build import BuildReport, Extra, Late, alone, build, made_before, unembedded
from indexer.build_failures import BuildFailed, failures_explained, not_removed
from indexer.embedded import Embedder
from indexer.generation import Generation, index_folder, removed
from indexer.ledger import Ledger, forgotten
from indexer.ledger_place import Place
from indexer.model import Model, find_model
from indexer.passages import Passage
from indexer.progress import Progress, bar
from indexer.query import EncoderDamaged
from indexer.waiting import made_by
from knowledge.library import Library
from knowledge.reader import KnowledgeError, load


def run(
    home: Path,
    knowledge: Path | None = None,
    model: str | None = None,
    *,
    late: Mapping[str, Late] | None = None,
    force: bool = False,
    progress: Progress = bar,
    shared: str = "",
    workers: int = 1,
) -> BuildReport:
    """Builds the index of `home`; None means the shipped texts, the shipped model. `late` is
    computed from the rest of the index. So many `workers` embed, one being this process; where
    `shared` is an address of PostgreSQL, others may join them from other computers, and what is
    built is published there.

    Raises BuildFailed or ModelUnusable, each with one line for a person to read.
    """
    library = _library(knowledge)
    found = find_model(model)
    extras = {
        "scope.json": Extra(scope.examples_digest(), scope.train),
        "tagging.npz": Extra(
            tag_training.training_digest(library), partial(tag_training.train, library)
        ),
    }
    sharing.complete(home, model, shared)
    loaded = partial(_loaded, found, home) if force else partial(_loaded_again, found, home)
    report = build(
        library, home, found, loaded,
        progress=progress, extras=extras, late=late, force=force, shared=shared, workers=workers,
    )  # fmt: skip
    sharing.publish(home, report.generation, shared)
    return report


def wanted(
    home: Path,
    knowledge: Path | None = None,
    model: str | None = None,
    *,
    every: bool = False,
    shared: str = "",
) -> Sequence[Passage]:
    """The passages that `run` would embed, or with `every` all that it would hold vectors of.
    Raises as `run` does."""
    found = find_model(model)
    return unembedded(_library(knowledge), home, found, shared=shared, every=every)


def wanted_own(
    library: Library,
    home: Path,
    base: Generation,
    model: str | None = None,
    *,
    lender: Path | None = None,
    every: bool = False,
    shared: str = "",
) -> Sequence[Passage]:
    """The same of `run_own`. Raises as it does."""
    found = _checked(model, base)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return unembedded(library, home, found, base=base, lender=lender, shared=shared, every=every)


def run_own(
    library: Library,
    home: Path,
    base: Generation,
    model: str | None = None,
    *,
    lender: Path | None = None,
    progress: Progress = bar,
    shared: str = "",
    workers: int = 1,
    stamp: str = "",
) -> BuildReport:
    """Builds what one community is answered from, in a `home` of its own: see `own_home`.

    The generation borrows the encoder and the extras of the base: nothing is trained, and no
    encoder is loaded where no text is new, or where the home that is its `lender` holds what is:
    that of the texts for all. A build that was ended goes on from where it had come to. The
    generation is whole or not there at all; the one before goes as soon as it is in place, so
    that nothing of a text that was removed stays on the disk. It is published where `shared` is an
    address of PostgreSQL, with a `stamp` that says there what it was built from.

    Raises BuildFailed or ModelUnusable, each with one line for a person to read.
    """
    found = _checked(model, base)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    report = build(
        library, home, found, partial(_loaded, found, home, base.encoder), progress=progress,
        base=base, lender=lender, shared=shared, workers=workers,
    )  # fmt: skip
    sharing.publish_own(home, report.generation, shared, stamp)
    return report


def _checked(model: str | None, base: Generation) -> Model:
    """The model, where it is the one that the base was made by."""
    found, made = find_model(model), base.manifest
    if (made.weights_sha256, made.window) != (found.weights_sha256, found.window):
        raise BuildFailed(
            f"The index in {base.folder} was made by another model than {found.name}. "
            "Run: outcomes index"
        )
    return found


@dataclass(frozen=True, slots=True)
class Worked:
    """How many passages were embedded here, and how many wait for another model."""

    embedded: int
    others: int


def work(
    home: Path, model: str | None = None, shared: str = "", progress: Progress = bar
) -> Worked:
    """Embeds what builds elsewhere wait for, until nothing is left: those whose ledger is in the
    PostgreSQL at `shared`, or where that is none in this `home`.

    Raises Unembedded or ModelUnusable, each with one line for a person to read.
    """
    found, embedded, others = find_model(model), 0, 0
    loaded = lru_cache(maxsize=1)(partial(_loaded_again, found, home))
    for place in (one for one in _places(home, shared) if one.there()):
        with Ledger(place, made_by(found), crew.name()) as ledger:
            crew.released(ledger)
            with progress("Embedding", ledger.left()) as advance:
                embedded += crew.work(ledger, loaded, advance=advance)
            others += ledger.others()
    return Worked(embedded, others)


def _places(home: Path, shared: str) -> list[Place]:
    everywhere = Place(home, None, shared)
    if everywhere.shared:
        return [everywhere]
    own = sorted(one for one in (home / "own").glob("*") if one.is_dir())
    return [Place(home, ""), *(Place(one, one.name) for one in own)]


def drop_own(home: Path, shared: str = "") -> None:
    """Removes all that was built for a community; afterwards it is answered from the base.

    Where `shared` is an address of PostgreSQL it is published there no more. Raises BuildFailed
    where something of it would stay.
    """
    sharing.drop(home, shared)
    if not home.exists():
        with failures_explained(home):
            forgotten(Place(home, home.name, shared))
        return
    with failures_explained(home), alone(home):
        forgotten(Place(home, home.name, shared))
        (index_folder(home) / "current").unlink(missing_ok=True)
        if not removed(index_folder(home)) or not removed(home):
            raise not_removed(home)


def said(report: BuildReport) -> str:
    """The report as one line."""
    held = (
        f"{report.documents} texts, {report.passages} passages, "
        f"{report.statements} statements; generation {report.generation}"
    )
    if not report.changed:
        return f"Nothing has changed: {held} is kept ({report.seconds:.1f} s)."
    return (
        f"Indexed {held}: {report.embedded} passages embedded, "
        f"{report.reused} taken over "
        f"({report.seconds:.1f} s)."
    )


def _loaded_again(model: Model, home: Path) -> Embedder:
    """What the index in `home` was built with, where the model is still the same."""
    before = made_before(home, model)
    return _loaded(model, home, before.encoder if before else None)


def _loaded(model: Model, home: Path, exported: Path | None = None) -> Embedder:
    """From where it was exported to, or anew, with torch, which takes ten seconds."""
    from indexer.encoder import Encoder

    if exported:
        with suppress(EncoderDamaged, OSError):  # removed or damaged since it was checked
            return Encoder(model, exported)
    index_folder(home).mkdir(parents=True, exist_ok=True)
    return Encoder(model, place=index_folder(home))


def _library(knowledge: Path | None) -> Library:
    try:
        return load(knowledge)
    except KnowledgeError as error:
        more = len(error.faults) - 1
        check = " ".join(("python -m knowledge check", str(knowledge or ""))).strip()
        raise BuildFailed(
            f"{error.faults[0]}" + (f" (and {more} more; run: {check})" if more else "")
        ) from error
