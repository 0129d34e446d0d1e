"""Questions to vectors while serving: the exported encoder on onnxruntime, without torch."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

Array = npt.NDArray[np.float32]

GRAPH, WEIGHTS, TOKENS, PROBE = "encoder.onnx", "encoder.bin", "tokenizer.json", "probe.json"
_CLOSE_ENOUGH = 1e-4


class EncoderDamaged(Exception):
    """The exported encoder does not give the vectors it was exported with."""


class QueryEncoder:
    """The same vectors as the model the index was built with."""

    def __init__(self, folder: Path) -> None:
        probe = json.loads((folder / PROBE).read_text("utf-8"))
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENS))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(probe["window"])
        self._session = _session(folder / GRAPH)
        self._width = len(probe["vector"])
        self._inputs = {given.name for given in self._session.get_inputs()}
        found = self.encode([probe["text"]])[0]
        if not np.allclose(found, probe["vector"], atol=_CLOSE_ENOUGH):
            raise EncoderDamaged(
                f"The query encoder in {folder} gives wrong vectors. Run: outcomes index --force"
            )

    def encode(self, texts: Sequence[str]) -> Array:
        """One normalised row for each text."""
        if not texts:
            return np.empty((0, self._width), dtype=np.float32)
        # One at a time needs no padding, and is as fast on one thread as a padded batch.
        return np.concatenate([self._row(text) for text in texts])

    def common_words(self) -> list[str]:
        """The whole words the tokenizer knows, in its order: for a BERT, the usual first."""
        known = self._tokenizer.get_vocab()
        return sorted((word for word in known if word.isalpha()), key=known.__getitem__)

    def _row(self, text: str) -> Array:
        encoding = self._tokenizer.encode(text)
        given = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        feed = {name: np.array([given[name]], dtype=np.int64) for name in self._inputs}
        row: Array = self._session.run(None, feed)[0]
        return row


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
