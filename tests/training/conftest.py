import pytest
from tokenizers import Tokenizer
from transformers import BertConfig

from index.sentences import shipped_folder


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """The encoder's, without cutting or padding."""
    found = Tokenizer.from_file(str(shipped_folder() / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


def tiny_config(**sizes: int) -> BertConfig:
    """Of a network so small that a test trains it, without dropout; `sizes` beside or instead of its own."""
    own = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    return BertConfig(**own | sizes, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
