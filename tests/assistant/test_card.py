"""The shipped reader's card says what is shipped."""

import hashlib

import pytest

from assistant.reading.load import SHIPPED


@pytest.mark.parametrize("name", ["model.safetensors", "heads.safetensors"])
def test_the_card_has_the_hash_of_each_file_of_weights(name: str) -> None:
    sha256 = hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest()
    assert f"| `{name}` | `{sha256}` |" in (SHIPPED / "README.md").read_text()
