"""bfloat16 where this CPU computes it natively: elsewhere it is emulated, and slower than float32."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

CPU = Path("/proc/cpuinfo")
NATIVE = frozenset({"amx_bf16", "avx512_bf16"})


@cache
def has_bf16() -> bool:
    """True where AMX or AVX512-BF16 is there, as Linux tells it; false where it cannot be known."""
    if not CPU.exists():
        return False
    flags = next((line for line in CPU.read_text().splitlines() if line.startswith("flags")), "")
    return not NATIVE.isdisjoint(flags.split())


def prepare(model: "nn.Module") -> None:
    """Cast the weights that `inference` would cast anew in every pass: of linear layers, to the same numbers.

    The others become float32, which a foreign model's need not be: halves are slow or mixed with what autocast makes.
    """
    import torch

    model.float()
    if has_bf16():
        for layer in model.modules():
            if isinstance(layer, torch.nn.Linear):
                layer.to(torch.bfloat16)


@contextmanager
def inference() -> Iterator[None]:
    """A pass without gradients, in bfloat16 where that is quicker; of this thread alone."""
    import torch

    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_bf16()):
        yield
