"""`python -m indexer`: makes the index of the texts, embedding only what changed."""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from indexer import scope, tag_training
from indexer.build import BuildFailed, BuildReport, Extra, build
from indexer.embedded import Embedder
from indexer.model import Model, ModelUnusable, find_model
from indexer.progress import Progress, bar
from knowledge.library import Library
from knowledge.reader import KnowledgeError, load

_HOME = "./var"


def run(
    home: Path,
    knowledge: Path | None = None,
    model: str | None = None,
    *,
    force: bool = False,
    progress: Progress = bar,
) -> BuildReport:
    """Builds the index of `home`; None means the shipped texts, the shipped model.

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
        progress=progress, extras=extras, force=force,
    )  # fmt: skip


def main(arguments: Sequence[str], settings: Mapping[str, str]) -> int:
    given = _parser(settings).parse_args(arguments)
    try:
        report = run(given.home, given.knowledge, given.model, force=given.force)
    except (BuildFailed, ModelUnusable) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(asdict(report)) if given.json else said(report))
    return 0


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


def _parser(settings: Mapping[str, str]) -> argparse.ArgumentParser:
    knowledge = settings.get("OUTCOMES_KNOWLEDGE")
    parser = argparse.ArgumentParser(prog="python -m indexer", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(settings.get("OUTCOMES_HOME") or _HOME))
    parser.add_argument("--knowledge", type=Path, default=Path(knowledge) if knowledge else None)
    parser.add_argument("--model", default=settings.get("OUTCOMES_MODEL") or None)
    parser.add_argument("--force", action="store_true", help="embed everything again")
    parser.add_argument("--json", action="store_true", help="report as JSON")
    return parser


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
