"""Texts to vectors by the exported encoder, on onnxruntime and without torch."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

Array = npt.NDArray[np.float32]

GRAPH, WEIGHTS, TOKENS, PROBE = "encoder.onnx", "encoder.bin", "tokenizer.json", "probe.json"
VECTOR, STATES = "vector", "tokens"  # what the graph gives
_CLOSE_ENOUGH = 1e-4

_log = logging.getLogger(__name__)


class EncoderDamaged(Exception):
    """The exported encoder does not give the vectors it was exported with, or not any more."""


@dataclass(frozen=True, slots=True)
class Read:
    """A text as the model reads it: its normalised vector, a row for each token, and where in the
    text each of these ends, 0 for one that stands for no text."""

    vector: Array
    tokens: Array
    ends: npt.NDArray[np.int64]


class QueryEncoder:
    """The same vectors as the model the index was built with. May be used by several threads."""

    def __init__(self, folder: Path) -> None:
        probe = json.loads((folder / PROBE).read_text("utf-8"))
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENS))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(probe["window"])
        self._weights = folder / WEIGHTS
        self._opened, self._told = _stamp(self._weights), False
        self._session = _session(folder / GRAPH)
        self.width = len(probe["vector"])
        self._inputs = {given.name for given in self._session.get_inputs()}
        found = self.encode([probe["text"]])[0]
        if not np.allclose(found, probe["vector"], atol=_CLOSE_ENOUGH):
            raise EncoderDamaged(
                f"The query encoder in {folder} gives wrong vectors. Run: outcomes index --force"
            )

    def encode(self, texts: Sequence[str]) -> Array:
        """One normalised row for each text. Raises EncoderDamaged where the weights were changed
        since they were opened."""
        self._hold()
        if not texts:
            return np.empty((0, self.width), dtype=np.float32)
        # One at a time needs no padding, and is as fast on one thread as a padded batch.
        return np.concatenate([self._row(text) for text in texts])

    def read(self, text: str) -> Read:
        """A text, cut off where the model's window ends. Raises EncoderDamaged as `encode` does."""
        self._hold()
        encoding = self._tokenizer.encode(text)
        vector, tokens = self._run([VECTOR, STATES], encoding)
        ends = np.array([end for _, end in encoding.offsets], dtype=np.int64)
        return Read(vector[0], tokens[0], ends)

    def common_words(self) -> list[str]:
        """The whole words the tokenizer knows, in its order: for a BERT, the usual first."""
        known = self._tokenizer.get_vocab()
        return sorted((word for word in known if word.isalpha()), key=known.__getitem__)

    def _hold(self) -> None:
        """The vectors of words, half of the weights, are read from their file when a word first
        comes up. A file that was removed or replaced stays there for who opened it; one that was
        written over would give wrong vectors."""
        now = _stamp(self._weights)
        if not now or now[0] != self._opened[0] or now == self._opened:
            return
        fault = f"The weights in {self._weights} were changed while they are in use"
        if not self._told:
            self._told = True
            _log.error("%s: no text can be read with them. Run: outcomes index --force", fault)
        raise EncoderDamaged(f"{fault}. Run: outcomes index --force")

    def _row(self, text: str) -> Array:
        (row,) = self._run([VECTOR], self._tokenizer.encode(text))
        return row

    def _run(self, wanted: list[str], encoding: Encoding) -> list[Array]:
        given = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        feed = {name: np.array([given[name]], dtype=np.int64) for name in self._inputs}
        made: list[Array] = self._session.run(wanted, feed)
        return made


def _stamp(file: Path) -> tuple[int, ...]:
    """Which file it is, then when it was written and how long it is; empty where it is gone."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _session(graph: Path) -> onnxruntime.InferenceSession:
    """One thread, nothing spinning, no arena kept: measured as fast for a question, and lean."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    # The graph was optimised when it was exported; doing it again only costs start-up time.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
