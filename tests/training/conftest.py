import pytest
from tokenizers import Tokenizer

from index.sentences import shipped_folder


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """The encoder's, without cutting or padding."""
    found = Tokenizer.from_file(str(shipped_folder() / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found
