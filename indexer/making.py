"""Makes the index of the texts, embedding only what changed."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from indexer import scope, tag_training
from indexer.build import BuildFailed, BuildReport, Extra, Late, build
from indexer.embedded import Embedder
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
