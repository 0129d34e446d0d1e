"""A sentence-transformers model as what encodes without it: the one place that loads torch."""

import json
import logging
import os
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from indexer.model import Model, ModelUnusable
from indexer.query import GRAPH, PROBE, STATES, TOKENS, VECTOR, WEIGHTS

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Array = npt.NDArray[np.float32]

_OPSET = 17
_PROBE_TEXT = "Which councils gave free wi-fi to the residents of their estates?"


class Bare:
    """`SentenceTransformer.encode` and nothing else: what vectors, and a build's speed, are held
    against. Raises ModelUnusable."""

    def __init__(self, model: Model) -> None:
        self.sentences = _loaded(model)
        _check(self.sentences, model.name)

    def __call__(self, texts: Sequence[str], batch: int = 32) -> Array:
        rows: Array = self.sentences.encode(
            list(texts),
            batch_size=batch,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return rows


def export(model: Model, folder: Path) -> None:
    """Writes what `QueryEncoder` opens: graph, weights, tokenizer and a probe. Raises ModelUnusable
    where the model cannot be loaded, or would give other vectors that way."""
    bare = Bare(model)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer: Any = bare.sentences.tokenizer
    (folder / TOKENS).write_text(tokenizer.backend_tokenizer.to_str(), "utf-8")
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        traced = Path(aside) / GRAPH
        _trace(bare.sentences, traced)
        _optimise(traced, folder / GRAPH)
    (vector,) = bare([_PROBE_TEXT])
    probe = {
        "text": _PROBE_TEXT,
        "window": model.window,
        "vector": [round(float(value), 7) for value in vector],
    }
    (folder / PROBE).write_text(json.dumps(probe), "utf-8")


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
        """The transformer, and mean pooling with unit length, as one graph."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer.auto_model

        def forward(self, *given: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            inputs = dict(zip(names, given, strict=True))
            states = self.transformer(**inputs).last_hidden_state
            mask = inputs["attention_mask"].unsqueeze(-1).to(states.dtype)
            mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1), states

    with _quiet(), torch.no_grad():
        torch.onnx.export(
            Pooled().eval(),
            tuple(sample[name] for name in names),
            str(path),
            input_names=names,
            output_names=[VECTOR, STATES],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in (*names, STATES)}
            | {VECTOR: {0: "texts"}},
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
