"""Whether this CPU computes bfloat16 natively."""

from functools import cache
from pathlib import Path

CPU = Path("/proc/cpuinfo")
NATIVE = frozenset({"amx_bf16", "avx512_bf16"})  # without them bf16 is emulated and slower than float32


@cache
def has_bf16() -> bool:
    """True where AMX or AVX512-BF16 is there, as Linux tells it; false where it cannot be known."""
    if not CPU.exists():
        return False
    flags = next((line for line in CPU.read_text().splitlines() if line.startswith("flags")), "")
    return not NATIVE.isdisjoint(flags.split())
