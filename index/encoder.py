"""What an encoder is, and which one a name means."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from index.sentences import SentenceEncoder as SentenceEncoder


class Encoder(Protocol):
    """Texts to unit vectors. `revision` is the SHA-256 of what the vectors depend on: the weights."""

    @property
    def name(self) -> str:
        """What `load_encoder` finds it by."""

    @property
    def revision(self) -> str:
        """The same for the same vectors."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Longer texts are cut, in word pieces with special tokens."""

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Unit vectors `(n, dimension)` in the order of the texts; `progress` is told of texts done."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text without special tokens."""


def normalised(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1, so that an inner product is a cosine; a row of zeros stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def load_encoder(name: str | None = None) -> Encoder:
    """The shipped encoder; "all-MiniLM-L6-v2", which it was tuned from; "hashed"; or the model of that folder or name.

    Raises:
        ModelNotFound: it is not on this machine.
    """
    from index.hashed import HashedEncoder
    from index.sentences import SentenceEncoder
    from index.tuned import NAME, TunedEncoder

    if name is None or name == NAME:
        return TunedEncoder()
    return HashedEncoder() if name == HashedEncoder.name else SentenceEncoder(name)


def clean(text: str) -> str:
    """The text without lone surrogates, which no tokenizer takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def __getattr__(name: str) -> object:
    """`SentenceEncoder`, imported when it is asked for: its file imports this one."""
    if name != "SentenceEncoder":
        raise AttributeError(name)
    from index.sentences import SentenceEncoder

    return SentenceEncoder
