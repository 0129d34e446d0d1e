"""Makes the index of the texts, embedding only what changed."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from indexer import scope, tag_training
from indexer.build import (
    BuildFailed,
    BuildReport,
    Extra,
    Late,
    alone,
    build,
    failures_explained,
    not_removed,
)
from indexer.embedded import Embedder
from indexer.generation import Generation, index_folder, removed
from indexer.model import Model, find_model
from indexer.progress import Progress, bar
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
) -> BuildReport:
    """Builds the index of `home`; None means the shipped texts, the shipped model. `late` is
    computed from the rest of the index.

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
    return build(
        library, home, found, lambda: _loaded(found),
        progress=progress, extras=extras, late=late, force=force,
    )  # fmt: skip


def run_own(
    library: Library,
    home: Path,
    base: Generation,
    model: str | None = None,
    *,
    lender: Path | None = None,
    progress: Progress = bar,
) -> BuildReport:
    """Builds what one community is answered from, in a `home` of its own: see `own_home`.

    The generation borrows the encoder and the extras of the base: nothing is trained, and no
    encoder is loaded where no text is new, or where the home that is its `lender` holds what is:
    that of the texts for all. A build that was ended goes on from where it had come to. The
    generation is whole or not there at all; the one before goes as soon as it is in place, so
    that nothing of a text that was removed stays on the disk.

    Raises BuildFailed or ModelUnusable, each with one line for a person to read.
    """
    found = find_model(model)
    made = base.manifest
    if (made.weights_sha256, made.window) != (found.weights_sha256, found.window):
        raise BuildFailed(
            f"The index in {base.folder} was made by another model than {found.name}. "
            "Run: outcomes index"
        )
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return build(
        library, home, found, lambda: _loaded(found), progress=progress, base=base, lender=lender
    )


def drop_own(home: Path) -> None:
    """Removes all that was built for a community; afterwards it is answered from the base.

    Raises BuildFailed where something of it would stay.
    """
    if not home.exists():
        return
    with failures_explained(home), alone(home):
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


def _loaded(model: Model) -> Embedder:
    """Imported only now: torch takes ten seconds that an unchanged index need not wait for."""
    from indexer.encoder import Encoder

    return Encoder(model)


def _library(knowledge: Path | None) -> Library:
    try:
        return load(knowledge)
    except KnowledgeError as error:
        more = len(error.faults) - 1
        check = " ".join(("python -m knowledge check", str(knowledge or ""))).strip()
        raise BuildFailed(
            f"{error.faults[0]}" + (f" (and {more} more; run: {check})" if more else "")
        ) from error
