"""This project's own index: built as `outcomes index` builds it, searched as answers search it."""

from __future__ import annotations

import time
from pathlib import Path

from tests.peers.side import HITS, Built, Job, Serving, run


def build(job: Job) -> Built:
    """A whole generation, written, checked and put in place, with the vectors of all sentences.

    Counted beside it: cutting the texts, as the others are handed the passages, and the copy of the
    encoder, which is made once for a model and not for each index. It is exported by loading it.
    """
    import bm25s  # noqa: F401 - as the others are, imported before the clock runs

    from indexer.build import build as built
    from indexer.encoder import Encoder
    from indexer.model import find_model
    from tests.peers.texts import cut, library

    encoder, texts = Encoder(find_model(None)), library(job.larger)
    encoder.encode(["To warm up."])
    began = time.perf_counter()
    cut(texts, encoder.model)
    cutting = time.perf_counter() - began
    used = time.process_time()
    report = built(texts, Path(job.folder), encoder.model, lambda: encoder)
    beside = cutting + report.export_seconds
    return Built(report.seconds - beside, beside, time.process_time() - used)


def opened(job: Job) -> Serving:
    from indexer.search import Index

    index = Index.open(Path(job.folder))

    def search(question: str) -> list[str]:
        hits = index.search(question, index.encode([question])[0], HITS)
        return [hit.passage.id for hit in hits]

    return Serving(search, lambda question: index.encode([question]))


if __name__ == "__main__":
    run(build, opened)
