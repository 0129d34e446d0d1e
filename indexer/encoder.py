"""Texts to vectors at build time, by sentence-transformers; its export serves without it."""

import json
import logging
import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from indexer.model import Model, ModelUnusable
from indexer.passages import Passage, Span
from indexer.progress import Progress, silent
from indexer.query import GRAPH, PROBE, TOKENS, WEIGHTS

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Array = npt.NDArray[np.float32]
Ends = npt.NDArray[np.int64]

_OPSET = 17
_BATCH = 32
_BATCH_TOKENS = 1_536  # read at once: measured as the fastest; more only waits for memory
_BLOCK = 1_024  # texts held as tokens at a time
_PROBE_TEXT = "Which councils gave free wi-fi to the residents of their estates?"


class Encoder:
    """A loaded sentence-transformers model: a transformer, mean pooling, unit length."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.sentences = _loaded(model)
        _check(self.sentences, model.name)
        tokenizer: Any = self.sentences.tokenizer
        self._tokenizer = tokenizer
        self._names = _inputs(self.sentences)
        self._pads = {"input_ids": tokenizer.pad_token_id or 0}

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Array:
        """One normalised row for each text, in their order."""
        rows = np.empty((len(texts), self.width), dtype=np.float32)
        with progress("Embedding", len(texts)) as advance:
            for batch in self._batches(texts):
                rows[batch.places], _ = self._read(batch)
                advance(len(batch.places))
        return rows

    def encode_passages(
        self, cut: Sequence[Passage], progress: Progress = silent
    ) -> tuple[Array, Array]:
        """One normalised row for each passage, and one for each of all their statements.

        Both come from one pass over the passage: a statement's row is the mean of its tokens
        as the model reads them there, with all that stands around them.
        """
        rows = np.empty((len(cut), self.width), dtype=np.float32)
        statements = [rows[:0]] * len(cut)
        with progress("Embedding", len(cut)) as advance:
            for batch in self._batches([passage.searched for passage in cut]):
                rows[batch.places], read = self._read(batch)
                for place, tokens, ends in zip(batch.places, read, batch.ends, strict=True):
                    spans = cut[place].spans
                    statements[place] = _late_pooled(spans, rows[place], tokens, ends)
                advance(len(batch.places))
        return rows, np.concatenate([rows[:0], *statements])

    def _batches(self, texts: Sequence[str]) -> Iterator["_Batch"]:
        """All texts in batches of as many tokens as are fastest at a time, the longest first."""
        for block in _blocks(texts):
            read = self._tokens([texts[place] for place in block])
            lengths = [len(ids) for ids in read["input_ids"]]
            for some in _of_like_length(lengths):
                yield _Batch(
                    places=[block[one] for one in some],
                    lengths=[lengths[one] for one in some],
                    given={name: [read[name][one] for one in some] for name in self._names},
                    ends=[np.array(read["offset_mapping"][one])[:, 1] for one in some],
                )

    def _tokens(self, texts: list[str]) -> Mapping[str, list[Any]]:
        found: Mapping[str, list[Any]] = self._tokenizer(
            texts, truncation=True, max_length=self.model.window, return_offsets_mapping=True
        )
        return found

    def _read(self, batch: "_Batch") -> tuple[Array, list[Array]]:
        """The texts' normalised vectors, and for each its tokens' vectors.

        What `SentenceTransformer.encode` does, without what it does besides for each text.
        """
        import torch

        padded = {
            name: torch.from_numpy(_padded(rows, self._pads.get(name, 0)))
            for name, rows in batch.given.items()
        }
        transformer: Any = self.sentences[0]
        with torch.inference_mode():
            states: Array = transformer.auto_model(**padded).last_hidden_state.numpy()
        tokens = [row[:length] for row, length in zip(states, batch.lengths, strict=True)]
        return _unit(np.array([read.mean(axis=0) for read in tokens])), tokens

    def bare(self, texts: Sequence[str], batch: int = _BATCH) -> Array:
        """`SentenceTransformer.encode` and nothing else: what a build's speed is held against."""
        rows: Array = self.sentences.encode(
            list(texts),
            batch_size=batch,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return rows

    @property
    def width(self) -> int:
        return int(self.sentences.get_embedding_dimension() or 0)

    def export(self, folder: Path) -> None:
        """Writes what `QueryEncoder` opens: graph, weights, tokenizer and a probe."""
        folder.mkdir(parents=True, exist_ok=True)
        tokenizer: Any = self.sentences.tokenizer
        (folder / TOKENS).write_text(tokenizer.backend_tokenizer.to_str(), "utf-8")
        with tempfile.TemporaryDirectory(dir=folder) as aside:
            traced = Path(aside) / GRAPH
            _trace(self.sentences, traced)
            _optimise(traced, folder / GRAPH)
        probe = {
            "text": _PROBE_TEXT,
            "window": self.model.window,
            "vector": [round(float(value), 7) for value in self.bare([_PROBE_TEXT])[0]],
        }
        (folder / PROBE).write_text(json.dumps(probe), "utf-8")


@dataclass(frozen=True, slots=True)
class _Batch:
    """Texts that are read at once: their places among all, how many tokens each has, what the model
    is given of each token, and where in the text each ends, 0 for one that stands for no text."""

    places: list[int]
    lengths: list[int]
    given: dict[str, list[list[int]]]
    ends: list[Ends]


def _blocks(texts: Sequence[str]) -> Iterator[list[int]]:
    """The texts' places, longest first, as many at a time as may be in memory as tokens."""
    order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
    for start in range(0, len(order), _BLOCK):
        yield order[start : start + _BLOCK]


def _of_like_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places, longest first: texts of like length together waste no padding."""
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    start = 0
    while start < len(order):
        size = max(1, _BATCH_TOKENS // lengths[order[start]])
        yield order[start : start + size]
        start += size


def _padded(rows: Sequence[Sequence[int]], pad: int) -> Ends:
    filled = np.full((len(rows), max(map(len, rows))), pad, dtype=np.int64)
    for place, row in enumerate(rows):
        filled[place, : len(row)] = row
    return filled


def _late_pooled(spans: Sequence[Span], whole: Array, tokens: Array, ends: Ends) -> Array:
    """A row for each span; one that the window cut off has the row of the whole text."""
    inside = [tokens[(ends > start) & (ends <= end)] for start, end in spans]
    means = [found.mean(axis=0) if len(found) else whole for found in inside]
    return _unit(np.array(means, dtype=np.float32).reshape(len(means), len(whole)))


def _unit(rows: Array) -> Array:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Array = rows / np.maximum(lengths, 1e-12)
    return unit


def _loaded(model: Model) -> "SentenceTransformer":
    """From this disk only, without the libraries' own progress bars and notices."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    with _quiet():
        import transformers.utils.logging
        from sentence_transformers import SentenceTransformer

        notices: Any = transformers.utils.logging  # untyped
        notices.set_verbosity_error()
        notices.disable_progress_bar()
        try:
            sentences = SentenceTransformer(str(model.folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnusable(f"The model {model.name} cannot be loaded: {error}") from error
    sentences.max_seq_length = model.window
    return sentences.float().eval()


def _check(sentences: "SentenceTransformer", name: str) -> None:
    """The export knows one kind of model; any other would give other vectors when serving."""
    kinds = [type(module).__name__ for module in sentences]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise ModelUnusable(
            f"The model {name} is made of {', '.join(kinds)}. "
            "Use one that is a transformer, mean pooling and normalising, in that order."
        )
    pooling: Any = sentences[1]
    mode = pooling.get_config_dict().get("pooling_mode")
    if mode not in ("mean", ("mean",), ["mean"]):
        raise ModelUnusable(f"The model {name} pools by {mode}. Use one with mean pooling.")
    if sentences.default_prompt_name is not None:
        raise ModelUnusable(f"The model {name} puts a prompt before texts. Use one without.")


def _inputs(sentences: "SentenceTransformer") -> list[str]:
    """The names of what the model is given, in its order."""
    tokenizer: Any = sentences.tokenizer
    sample = tokenizer("a text")
    return [name for name in tokenizer.model_input_names if name in sample]


def _trace(sentences: "SentenceTransformer", path: Path) -> None:
    import torch

    tokenizer: Any = sentences.tokenizer
    sample = tokenizer(
        ["a short text", "a text with more words"], padding=True, return_tensors="pt"
    )
    names = _inputs(sentences)
    transformer: Any = sentences[0]

    class Pooled(torch.nn.Module):
        """The transformer with mean pooling and unit length, as one graph."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer.auto_model

        def forward(self, *given: torch.Tensor) -> torch.Tensor:
            inputs = dict(zip(names, given, strict=True))
            states = self.transformer(**inputs).last_hidden_state
            mask = inputs["attention_mask"].unsqueeze(-1).to(states.dtype)
            mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1)

    with _quiet(), torch.no_grad():
        torch.onnx.export(
            Pooled().eval(),
            tuple(sample[name] for name in names),
            str(path),
            input_names=names,
            output_names=["vector"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in names}
            | {"vector": {0: "texts"}},
            opset_version=_OPSET,
            dynamo=False,
        )


def _optimise(traced: Path, graph: Path) -> None:
    """Optimised once here, with the weights in a file that is mapped into memory when served.

    Measured: 0.07 s and 80 MB to open, against 0.25 s and 140 MB for the graph as traced.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(graph)
    options.add_session_config_entry(
        "session.optimized_model_external_initializers_file_name", WEIGHTS
    )
    options.add_session_config_entry(
        "session.optimized_model_external_initializers_min_size_in_bytes", "1024"
    )
    onnxruntime.InferenceSession(str(traced), options, providers=["CPUExecutionProvider"])


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the libraries' warnings, which an officer can do nothing about, off the terminal."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
