"""Trains the small classifier that tells what a message is about, on example messages.

Build time only: it needs scikit-learn. What it learns is a few hundred numbers that
`bot.answers.scope` reads without it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]
_STRENGTH = 12.0  # inverse regularisation; the middle of a flat optimum in cross-validation


def examples() -> Mapping[str, list[str]]:
    """The shipped example messages by label."""
    file = resources.files("knowledge").joinpath("scope.yaml")
    loaded: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {str(label): [str(text) for text in texts] for label, texts in loaded.items()}


def train(encode: Encode) -> bytes:
    """JSON `{"labels": [...], "weights": [[...]], "bias": [...]}` for a softmax over labels."""
    from sklearn.linear_model import LogisticRegression

    labelled = [(text.lower(), label) for label, texts in examples().items() for text in texts]
    vectors = encode([text for text, _ in labelled])
    model = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=2000)
    model.fit(vectors, [label for _, label in labelled])
    learned = {
        "labels": [str(label) for label in model.classes_],
        "weights": np.round(model.coef_, 5).tolist(),
        "bias": np.round(model.intercept_, 5).tolist(),
    }
    return json.dumps(learned).encode()


def examples_digest() -> str:
    """Changes when the examples or the way of training change."""
    return hashlib.sha256(json.dumps([_STRENGTH, dict(examples())]).encode()).hexdigest()
