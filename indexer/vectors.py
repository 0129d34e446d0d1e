"""The passages' vectors in FAISS: exact up to a size, a graph beyond it."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

FLAT_UP_TO = 50_000
_NEIGHBOURS, _BUILD_DEPTH, _SEARCH_DEPTH = 32, 80, 128


class Vectors:
    """Normalised vectors by row number; a score is the cosine.

    `matrix` is all of them, as they lie in the index and not copied.
    """

    def __init__(self, index: faiss.Index) -> None:
        self._index = index
        self.matrix = _stored(index)

    @classmethod
    def build(cls, rows: Array, flat_up_to: int = FLAT_UP_TO) -> "Vectors":
        index = _flat(rows) if len(rows) <= flat_up_to else _graph(rows)
        index.add(np.ascontiguousarray(rows, dtype=np.float32))
        return cls(index)

    def search(self, vector: Array, limit: int) -> tuple[npt.NDArray[np.int64], Array]:
        """The nearest rows and their cosines, best first."""
        # Two threads make one query four times slower. The setting is the calling thread's
        # own: made on import, it would be that of whoever builds too.
        faiss.omp_set_num_threads(1)
        if isinstance(self._index, faiss.IndexHNSW):
            depth = faiss.SearchParametersHNSW(  # type: ignore[attr-defined]
                efSearch=max(_SEARCH_DEPTH, limit)
            )
            scores, rows = self._index.search(vector[None, :], limit, params=depth)
        else:
            scores, rows = self._index.search(vector[None, :], min(limit, len(self.matrix)))
        found = rows[0] >= 0
        return rows[0][found], scores[0][found]

    def write(self, path: Path) -> None:
        """By way of bytes, so that a full disk shows as the OSError it is."""
        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    @classmethod
    def read(cls, path: Path) -> "Vectors":
        # Not through `downcast_index`: what that returns does not keep the index alive.
        return cls(faiss.read_index(str(path)))


def _flat(rows: Array) -> faiss.Index:
    return faiss.IndexFlatIP(rows.shape[1])


def _graph(rows: Array) -> faiss.Index:
    index = faiss.IndexHNSWFlat(rows.shape[1], _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = _BUILD_DEPTH
    return index


class _Held:
    """Memory of an index, shown to NumPy together with what keeps it from being freed."""

    def __init__(self, index: faiss.Index, memory: Array) -> None:
        self.index = index
        self.__array_interface__ = memory.__array_interface__


def _stored(index: faiss.Index) -> Array:
    flat: Any = index  # the stubs know neither `storage` nor `get_xb`
    if isinstance(index, faiss.IndexHNSW):
        flat = faiss.downcast_index(flat.storage)
    if flat.ntotal == 0:
        return np.empty((0, flat.d), dtype=np.float32)
    memory: Array = faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d)
    return np.asarray(_Held(index, memory)).reshape(flat.ntotal, flat.d)
