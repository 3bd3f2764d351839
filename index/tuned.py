"""The shipped encoder: all-MiniLM-L6-v2, tuned so that a question lies near to what answers it.

As published it puts texts together that say the same, and a question says little of what its answer does. What
`training/tune_encoder.py` taught it lies beside this file: what is added to the published weights, to each matrix the
product of two thin ones (E. Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021).
"""

from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors import SafetensorError, safe_open

from corpus.errors import ModelNotFound
from index.sentences import PUBLISHED, SentenceEncoder

if TYPE_CHECKING:
    from torch import Tensor, nn

NAME = "all-MiniLM-L6-v2-tuned"
ADDED = Path(__file__).with_name("tuned.safetensors")
ADDED_SHA256 = "192145da86c216c922ab54509e1640c84c2b51b7c754d36b420d65c16c6139f9"
LEFT, RIGHT = ".left", ".right"  # of the two factors of what is added to a matrix


class TunedEncoder(SentenceEncoder):
    """The published encoder with what a file adds to its weights."""

    def __init__(self, path: Path = ADDED) -> None:
        super().__init__()
        self.name, self._path = NAME, path

    @cached_property
    def revision(self) -> str:
        """The SHA-256 of the published weights' and of the file.

        Raises: ModelNotFound where the file is missing.
        """
        return sha256(PUBLISHED.encode() + self._bytes()).hexdigest()

    def verify(self) -> None:
        """Compare the published weights and what is added to them with their SHA-256.

        Raises: ModelNotFound where either is damaged.
        """
        super().verify()
        if self._path == ADDED and (found := sha256(self._bytes()).hexdigest()) != ADDED_SHA256:
            raise self._unusable(f"its SHA-256 is {found}, not {ADDED_SHA256}")

    def _bytes(self) -> bytes:
        try:
            return self._path.read_bytes()
        except OSError as error:
            raise self._unusable(error) from error

    def _adapt(self, network: "nn.Module") -> None:
        try:
            add(network, self._path)
        except (OSError, SafetensorError, ValueError, RuntimeError) as error:
            raise self._unusable(error) from error

    def _unusable(self, error: object) -> ModelNotFound:
        return ModelNotFound(f"What tunes the encoder, {self._path}, is of no use: {error}. Install the package again.")


def add(network: "nn.Module", path: Path) -> None:
    """Add what the file holds to the weights of the same names, which may begin otherwise in the network.

    Raises: OSError, SafetensorError, ValueError or RuntimeError where it is damaged or for another network.
    """
    import torch

    weights = dict(network.named_parameters())
    with torch.no_grad():
        for name, added in read(path).items():
            found = [weight for full, weight in weights.items() if f".{full}".endswith(f".{name}")]
            if [weight.shape for weight in found] != [added.shape]:
                raise ValueError(f"the network has {len(found)} weights {name}, not one of shape {tuple(added.shape)}")
            found[0].add_(added)


def read(path: Path) -> dict[str, "Tensor"]:
    """What the file adds to each weight, in float32.

    Raises: OSError, SafetensorError or ValueError where it is damaged.
    """
    with safe_open(path, framework="pt") as file:
        stored = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 - it is no mapping
    lefts = {name.removesuffix(LEFT) for name in stored if name.endswith(LEFT)}
    rights = {name.removesuffix(RIGHT) for name in stored if name.endswith(RIGHT)}
    if lefts != rights or not stored:
        raise ValueError(f"of {len(stored)} tensors, {len(lefts ^ rights)} want their other factor")
    whole = {name: added for name, added in stored.items() if not name.endswith((LEFT, RIGHT))}
    return whole | {name: stored[name + LEFT] @ stored[name + RIGHT] for name in lefts}
