"""An encoder without a model: a hashed bag of words, for tests, fault injection and machines without torch."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from index.encoder import clean, normalised

WORD = re.compile(r"\w+")


class HashedEncoder:
    """Each word adds a fixed random direction; texts that share words are near each other."""

    name = "hashed"
    revision = "hashed-1"
    max_tokens = 256

    def __init__(self, dimension: int = 64) -> None:
        self.dimension = dimension

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """The sums of the words' directions, as unit vectors `(n, dimension)`."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in WORD.findall(clean(text).lower())[: self.max_tokens - 2]:
                vectors[row] += _direction(word, self.dimension)
        if progress is not None:
            progress(len(texts))
        return normalised(vectors)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of words."""
        return [len(WORD.findall(text)) for text in texts]


@lru_cache(maxsize=100_000)
def _direction(word: str, dimension: int) -> NDArray[np.float32]:
    seed = int.from_bytes(blake2b(word.encode(), digest_size=8).digest())
    return np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)
