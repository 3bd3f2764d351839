"""Encoders: unit vectors in the order of the texts, whatever the batches; and models that are not there."""

from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelNotFound
from index.encoder import Encoder, load_encoder, normalised
from index.hashed import HashedEncoder
from index.precision import has_bf16
from index.sentences import SentenceEncoder

TEXTS = ["A long text about ketamine. " * 12, "Short.", "", "Odd \ud800 text", "北京大学 😀", "Middle sized text " * 9]


@pytest.fixture(scope="module")
def sentence_encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.mark.parametrize("name", [None, "hashed"])
def test_order_and_length_do_not_depend_on_batches(name: str | None) -> None:
    encoder: Encoder = load_encoder(name)
    told: list[int] = []
    vectors = encoder.encode(TEXTS, told.append)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    assert sum(told) == len(TEXTS)
    singles = np.concatenate([encoder.encode([text]) for text in TEXTS])
    # bfloat16 has 8 bits: how a batch is padded moves a sum's last ones. Another text's vector is 0.1 and more away.
    np.testing.assert_allclose(vectors, singles, atol=4e-3 if has_bf16() else 1e-4)
    lengths = np.linalg.norm(vectors, axis=1)
    assert all(length == pytest.approx(1) or length == 0 for length in lengths)
    assert encoder.encode([]).shape == (0, encoder.dimension)
    assert encoder.count_tokens([]) == []


def test_the_installed_encoder_gives_the_published_vectors(sentence_encoder: SentenceEncoder) -> None:
    """An independent oracle: tokenizer, mean over the word pieces, length 1, written out with transformers."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    text = "Ketamine works within hours."
    folder = sentence_encoder.folder
    pieces = AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt")
    with torch.no_grad():
        hidden = AutoModel.from_pretrained(folder)(**pieces).last_hidden_state[0].mean(dim=0).numpy()
    (vector,) = sentence_encoder.encode([text])
    assert float(vector @ hidden / np.linalg.norm(hidden)) > 0.9999
    assert sentence_encoder.count_tokens([text]) == [pieces["input_ids"].shape[1] - 2]
    assert sentence_encoder.max_tokens == 256


def test_a_long_text_is_cut_although_its_word_pieces_were_counted_whole(sentence_encoder: SentenceEncoder) -> None:
    words = ["ketamine"] * 1000
    assert sentence_encoder.count_tokens([" ".join(words)])[0] >= 1000
    long, cut = sentence_encoder.encode([" ".join(words), " ".join(words[:500])])
    np.testing.assert_allclose(long, cut, atol=1e-6)


def test_the_installed_weights_are_the_published_ones(sentence_encoder: SentenceEncoder) -> None:
    sentence_encoder.verify()


def test_words_count_in_the_hashed_encoder() -> None:
    near, far, query = HashedEncoder().encode(["the dose of ketamine", "a quiet river bank", "ketamine dose"])
    assert near @ query > 0.5 > abs(far @ query)


def test_normalising_keeps_zeros() -> None:
    np.testing.assert_array_equal(
        normalised(np.array([[3, 4], [0, 0]], np.float32)), np.array([[0.6, 0.8], [0, 0]], np.float32)
    )


def test_a_model_that_is_not_here_says_what_to_run() -> None:
    with pytest.raises(ModelNotFound, match="assistant fetch-model some/model"):
        load_encoder("some/model")


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    encoder = SentenceEncoder(tmp_path)
    with pytest.raises(ModelNotFound, match="no weights"):
        _ = encoder.revision
    with pytest.raises(ModelNotFound, match="cannot be loaded"):
        encoder.encode(["text"])
