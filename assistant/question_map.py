"""Turns a question's vector to where the passages lie that answer it.

The encoder puts texts together that say the same, and a question says little of what its answer does. A linear map,
learned by `training/question_map.py` from questions with their passages and shipped as data, brings them nearer; the
vectors of passages stay what they are. `benchmarks/results/question_map.json` tells what it gains.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from corpus.errors import ModelNotFound
from index.encoder import Encoder, normalised

SHIPPED = Path(__file__).with_name("question_map.safetensors")


def turned(vectors: NDArray[np.float32], encoder: Encoder, *, path: Path = SHIPPED) -> NDArray[np.float32]:
    """Questions' unit vectors `(n, dimension)` turned; those of an encoder that no map was learned for as they are.

    Raises: ModelNotFound where the map is missing or damaged.
    """
    learned = load(path, encoder.revision)
    return vectors if learned is None else normalised(vectors + vectors @ learned)


@cache
def digest(path: Path = SHIPPED) -> str:
    """The SHA-256 of the map's file; what is fitted with one map holds for no other.

    Raises: ModelNotFound where it is missing.
    """
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise _unusable(path, error) from error


@cache
def load(path: Path, revision: str) -> NDArray[np.float32] | None:
    """The map `(dimension, dimension)`, added to what a vector is, or None where it is for another encoder.

    Raises: ModelNotFound where it is missing or damaged.
    """
    try:
        with safe_open(path, framework="np") as stored:
            if stored.metadata()["encoder"] != revision:
                return None
            learned: NDArray[np.float16] = stored.get_tensor("map")
    except (OSError, SafetensorError, KeyError, TypeError) as error:
        raise _unusable(path, error) from error
    return learned.astype(np.float32)


def _unusable(path: Path, error: Exception) -> ModelNotFound:
    return ModelNotFound(f"The question map {path} cannot be loaded: {error}. Install the package again.")
