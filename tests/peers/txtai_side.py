"""txtai: hybrid embeddings with content, its own BM25 beside FAISS."""

from __future__ import annotations

import time

from txtai import Embeddings

from tests.peers.side import HITS, Built, Job, Serving, run

_BATCH = 8  # 32, its default, takes longer here: more padding
_WINDOW = 256  # what the model was made for; txtai would read as much as its tokenizer may


def build(job: Job) -> Built:
    """Passages embedded, their words counted, their texts in its database; then kept on disk."""
    embeddings = Embeddings(
        path=job.model, hybrid=True, content=True, maxlength=_WINDOW, encodebatch=_BATCH
    )
    embeddings.transform("To warm up.")
    passages = job.passages()
    used, began = time.process_time(), time.perf_counter()
    embeddings.index((name, text, None) for name, text in passages)
    seconds = time.perf_counter() - began
    used = time.process_time() - used
    embeddings.save(job.folder)
    return Built(seconds, time.perf_counter() - began - seconds, used)


def opened(job: Job) -> Serving:
    embeddings = Embeddings()
    embeddings.load(job.folder)

    def search(question: str) -> list[str]:
        return [str(hit["id"]) for hit in embeddings.search(question, HITS)]

    return Serving(search, embeddings.transform)


if __name__ == "__main__":
    run(build, opened)
