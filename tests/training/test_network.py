import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForQuestionAnswering

from assistant.reading.network import HEADS_FILE, ReaderNetwork
from tests.training.test_run import tiny_network

IDS = torch.tensor([[1, 4, 2, 9, 8, 7, 2], [1, 5, 2, 6, 2, 0, 0]])
MASK = torch.tensor([[1] * 7, [1, 1, 1, 1, 1, 0, 0]])
TYPES = torch.tensor([[0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 0, 0]])
SENTENCES = torch.tensor([[-1, -1, -1, 0, 0, 1, -1], [-1, -1, -1, 0, -1, -1, -1]])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tiny_network().save(tmp_path / "reader")
    return tmp_path / "reader"


def test_what_is_loaded_scores_as_what_was_saved(folder: Path) -> None:
    network = tiny_network().half().float().eval()  # float16 is how the weights are kept
    loaded = ReaderNetwork.load(folder)
    with torch.inference_mode():
        expected, found = (n(IDS, MASK, TYPES, SENTENCES) for n in (network, loaded))
    for name in ("start_logits", "end_logits", "sentence_logits", "answerable_logits"):
        torch.testing.assert_close(getattr(found, name), getattr(expected, name))
    assert not loaded.training
    assert all(p.dtype == torch.float32 for p in loaded.parameters())


def test_plain_transformers_reads_the_same_spans(folder: Path) -> None:
    plain = AutoModelForQuestionAnswering.from_pretrained(folder).eval()
    with torch.inference_mode():
        output = plain(input_ids=IDS, attention_mask=MASK, token_type_ids=TYPES)
        ours = ReaderNetwork.load(folder)(IDS, MASK, TYPES, SENTENCES)
    real = MASK == 1
    assert plain.dtype == torch.float32
    torch.testing.assert_close(output.start_logits[real], ours.start_logits[real])
    torch.testing.assert_close(output.end_logits[real], ours.end_logits[real])


def test_shapes_and_what_is_not_there() -> None:
    with torch.inference_mode():
        output = tiny_network().eval()(IDS, MASK, TYPES, SENTENCES)
    assert output.start_logits.shape == output.end_logits.shape == (2, 7)
    assert output.answerable_logits.shape == (2,)
    assert torch.isneginf(output.start_logits[1, 5:]).all()
    assert torch.isfinite(output.sentence_logits).tolist() == [[True, True], [True, False]]


def test_padding_and_company_change_no_score() -> None:
    network = tiny_network().eval()
    with torch.inference_mode():
        both = network(IDS, MASK, TYPES, SENTENCES)
        alone = network(IDS[1:, :5], MASK[1:, :5], TYPES[1:, :5], SENTENCES[1:, :5])
    torch.testing.assert_close(both.start_logits[1:, :5], alone.start_logits)
    torch.testing.assert_close(both.sentence_logits[1:, :1], alone.sentence_logits)
    torch.testing.assert_close(both.answerable_logits[1:], alone.answerable_logits)


def test_a_sentence_is_scored_by_its_own_tokens_alone() -> None:
    network = tiny_network().eval()
    with torch.inference_mode():
        states = network.spans.bert(input_ids=IDS, attention_mask=MASK, token_type_ids=TYPES).last_hidden_state[0]
        weights = network.token_weight(states[3:5]).squeeze(-1).softmax(0)
        by_hand = network.sentence((weights[:, None] * states[3:5]).sum(0))
        found = network(IDS, MASK, TYPES, SENTENCES).sentence_logits[0, 0]
    torch.testing.assert_close(found, by_hand[0])


def test_a_window_without_sentences_is_scored() -> None:
    with torch.inference_mode():
        output = tiny_network().eval()(IDS, MASK, TYPES, torch.full_like(IDS, -1))
    assert output.sentence_logits.shape == (2, 0)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", HEADS_FILE])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(FileNotFoundError, match=name):
        ReaderNetwork.load(folder)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", HEADS_FILE])
def test_a_damaged_file_is_an_error_with_the_folder(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:20])
    with pytest.raises((ValueError, OSError), match="reader"):
        ReaderNetwork.load(folder)


def test_weights_of_another_network_are_refused(folder: Path) -> None:
    weights = load_file(folder / HEADS_FILE)
    weights.pop("sentence.weight")
    save_file(weights, folder / HEADS_FILE)
    with pytest.raises(ValueError, match=r"sentence\.weight"):
        ReaderNetwork.load(folder)


def test_the_configuration_asks_for_float32(folder: Path) -> None:
    assert json.loads((folder / "config.json").read_text())["dtype"] == "float32"


def test_the_folder_names_no_path_of_the_machine_that_trained_it(tmp_path: Path) -> None:
    network = tiny_network()
    network.spans.config.name_or_path = "/somewhere/private"
    network.save(tmp_path)
    assert "private" not in (tmp_path / "config.json").read_text()
