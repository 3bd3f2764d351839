"""Turns vectors so that a question lies near to what answers it.

The encoder puts texts together that say the same, and a question says little of what its answer does. Linear maps,
learned by `training/question_map.py` from questions with their passages and sentences and shipped as data, bring them
nearer. The vectors of passages, which the index keeps, stay what they are; sentences are turned when they are compared.
`benchmarks/results/question_map.json` tells what it gains for passages, `calibration.json` there for sentences.
"""

from dataclasses import dataclass, fields
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from corpus.errors import ModelNotFound
from index.encoder import Encoder, normalised

SHIPPED = Path(__file__).with_name("question_map.safetensors")

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Maps:
    """What is added to vectors, each `(dimension, dimension)`.

    `to_passages` and `to_sentences` turn a question's vector to what answers it; `sentences` turns a sentence's.
    """

    to_passages: Vectors
    to_sentences: Vectors
    sentences: Vectors


def turned(vectors: Vectors, encoder: Encoder, *, path: Path = SHIPPED) -> Vectors:
    """Questions' unit vectors `(n, dimension)` turned to passages; as they are for an encoder without maps.

    Raises: ModelNotFound where the maps are missing or damaged.
    """
    maps = load(path, encoder.revision)
    return vectors if maps is None else _turned(vectors, maps.to_passages)


def likenesses(question: Vectors, sentences: Vectors, encoder: Encoder, *, path: Path = SHIPPED) -> Vectors:
    """Cosines `(n,)` of a question's unit vector `(dimension,)` and sentences' `(n, dimension)`, both turned.

    Of the vectors as they are for an encoder without maps. Raises: ModelNotFound where they are missing or damaged.
    """
    maps = load(path, encoder.revision)
    if maps is not None:
        sentences, question = _turned(sentences, maps.sentences), _turned(question[None], maps.to_sentences)[0]
    cosines: Vectors = sentences @ question
    return cosines


def _turned(vectors: Vectors, by: Vectors) -> Vectors:
    return normalised(vectors + vectors @ by)


@cache
def digest(path: Path = SHIPPED) -> str:
    """The SHA-256 of the maps' file; what is fitted with them holds for no others.

    Raises: ModelNotFound where it is missing.
    """
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise _unusable(path, error) from error


@cache
def load(path: Path, revision: str) -> Maps | None:
    """The maps of the file, or None where they are for another encoder.

    Raises: ModelNotFound where it is missing or damaged.
    """
    try:
        with safe_open(path, framework="np") as stored:
            if stored.metadata()["encoder"] != revision:
                return None
            return Maps(*(stored.get_tensor(field.name).astype(np.float32) for field in fields(Maps)))
    except (OSError, SafetensorError, KeyError, TypeError) as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: Exception) -> ModelNotFound:
    return ModelNotFound(f"The question map {path} cannot be loaded: {error}. Install the package again.")
