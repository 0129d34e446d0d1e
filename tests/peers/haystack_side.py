"""haystack-ai with its Sentence Transformers components: BM25 and vectors in its own store."""

from __future__ import annotations

import time
from pathlib import Path

from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from tests.peers.side import HITS, Built, Job, Serving, run

_BATCH = 8  # 32, its default, takes longer here: more padding


def build(job: Job) -> Built:
    """Documents embedded and written to the store, which counts their words; then kept on disk."""
    embedder = SentenceTransformersDocumentEmbedder(
        model=job.model,
        batch_size=_BATCH,
        progress_bar=False,
        normalize_embeddings=True,
        local_files_only=True,
    )
    embedder.warm_up()
    embedder.run([Document(content="To warm up.")])
    passages = job.passages()
    used, began = time.process_time(), time.perf_counter()
    store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
    documents = [Document(id=name, content=text) for name, text in passages]
    store.write_documents(embedder.run(documents)["documents"])
    seconds = time.perf_counter() - began
    used = time.process_time() - used
    store.save_to_disk(str(_kept(job)))
    return Built(seconds, time.perf_counter() - began - seconds, used)


def opened(job: Job) -> Serving:
    """Its components one after the other: a pipeline around them would only add to the time."""
    store = InMemoryDocumentStore.load_from_disk(str(_kept(job)))
    embedder = SentenceTransformersTextEmbedder(
        model=job.model, progress_bar=False, normalize_embeddings=True, local_files_only=True
    )
    embedder.warm_up()
    near = InMemoryEmbeddingRetriever(store, top_k=HITS)
    words = InMemoryBM25Retriever(store, top_k=HITS)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=HITS)

    def search(question: str) -> list[str]:
        vector = embedder.run(question)["embedding"]
        lists = [near.run(vector)["documents"], words.run(question)["documents"]]
        return [document.id for document in joiner.run(lists)["documents"]]

    return Serving(search, embedder.run)


def _kept(job: Job) -> Path:
    return Path(job.folder) / "documents.json"


if __name__ == "__main__":
    run(build, opened)
