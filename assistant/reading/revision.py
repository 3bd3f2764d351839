"""Which weights a reader's folder holds, told without loading them."""

from hashlib import sha256
from pathlib import Path


def revision_of(folder: Path) -> str:
    """The SHA-256 over the weights' files, by name."""
    digest = sha256()
    for path in sorted(folder.glob("*.safetensors")):
        digest.update(path.name.encode() + sha256(path.read_bytes()).digest())
    return digest.hexdigest()
