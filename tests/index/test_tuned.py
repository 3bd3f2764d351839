"""The shipped encoder: the published weights and what is added to them."""

from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from corpus.errors import ModelNotFound
from index.encoder import load_encoder
from index.sentences import PUBLISHED, PUBLISHED_NAME, shipped_folder
from index.tuned import ADDED, ADDED_SHA256, NAME, TunedEncoder, add


def network() -> nn.Module:
    torch.manual_seed(3)
    return nn.ModuleDict({"layer": nn.Linear(4, 3), "player": nn.Linear(4, 3)})


def test_the_product_of_the_factors_and_the_whole_vectors_are_added(tmp_path: Path) -> None:
    left, right, bias = torch.randn(3, 2), torch.randn(2, 4), torch.randn(3)
    save_file({"layer.weight.left": left, "layer.weight.right": right, "layer.bias": bias}, tmp_path / "added")
    changed, before = network(), network()
    add(nn.ModuleList([changed]), tmp_path / "added")  # the names begin otherwise there
    torch.testing.assert_close(changed["layer"].weight, before["layer"].weight + left @ right)
    torch.testing.assert_close(changed["layer"].bias, before["layer"].bias + bias)
    assert torch.equal(changed["player"].weight, before["player"].weight)


@pytest.mark.parametrize(
    "tensors",
    [
        {"other.weight": torch.zeros(3, 4)},
        {"weight": torch.zeros(3, 4)},  # of either layer
        {"layer.weight": torch.zeros(5, 4)},
        {"layer.weight.left": torch.zeros(3, 2)},
        {"layer.weight.right": torch.zeros(2, 4)},
        {"layer.weight": torch.zeros(4)},  # would be added to every row
        {},
    ],
)
def test_what_does_not_fit_is_refused(tensors: dict[str, torch.Tensor], tmp_path: Path) -> None:
    save_file(tensors, tmp_path / "added")
    with pytest.raises((SafetensorError, ValueError, RuntimeError)):
        add(network(), tmp_path / "added")


def test_the_shipped_one_is_tuned_and_the_published_one_still_there() -> None:
    tuned, published = load_encoder(), load_encoder(PUBLISHED_NAME)
    assert isinstance(tuned, TunedEncoder)
    assert (tuned.name, load_encoder(NAME).revision) == (NAME, tuned.revision)
    assert published.revision == PUBLISHED != tuned.revision
    assert tuned.dimension == published.dimension == 384
    questions = ["How much water fits in?", "Who paid for the bridge?", "Can a child take the pill?"]
    answers = ["The tank holds forty litres.", "The town's merchants gave the money.", "It is given from six years on."]
    cosines = tuned.encode(questions) @ tuned.encode(answers).T
    assert cosines.argmax(1).tolist() == [0, 1, 2]


def test_the_shipped_one_gives_the_vectors_of_the_published_weights_and_all_that_is_added() -> None:
    """An independent oracle: transformers, the factors multiplied here, the mean over the word pieces, length 1."""
    folder = shipped_folder()
    network, text = AutoModel.from_pretrained(folder), "How long does the ferry take?"
    trained = {name for name, _ in network.encoder.named_parameters()}
    with safe_open(ADDED, framework="pt") as file, torch.no_grad():
        names = {name.removesuffix(".left").removesuffix(".right").removeprefix("encoder.") for name in file.keys()}  # noqa: SIM118
        assert names == trained
        for name, weight in network.encoder.named_parameters():
            if weight.ndim == 2:
                left, right = (file.get_tensor(f"encoder.{name}.{side}").float() for side in ("left", "right"))
                weight += left @ right
            else:
                weight += file.get_tensor(f"encoder.{name}").float()
        states = network(**AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt")).last_hidden_state[0]
    expected = functional.normalize(states.mean(0), dim=0).numpy()
    assert float(load_encoder().encode([text])[0] @ expected) > 0.9999
    assert float(load_encoder(PUBLISHED_NAME).encode([text])[0] @ expected) < 0.99


def test_what_is_shipped_is_what_the_card_and_the_code_say(monkeypatch: pytest.MonkeyPatch) -> None:
    TunedEncoder().verify()
    assert f"`{ADDED_SHA256}`" in ADDED.with_suffix(".md").read_text()
    monkeypatch.setattr("index.tuned.ADDED_SHA256", "0" * 64)
    with pytest.raises(ModelNotFound, match="Install the package again"):
        TunedEncoder().verify()


def test_missing_or_damaged_it_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "tuned.safetensors"
    with pytest.raises(ModelNotFound, match=r"tuned\.safetensors.*Install the package again"):
        _ = TunedEncoder(path).revision
    for tensors in ({"other.weight": torch.zeros(3, 4)}, None):
        if tensors is None:
            path.write_bytes(path.read_bytes()[:20])
        else:
            save_file(tensors, path)
        with pytest.raises(ModelNotFound, match="Install the package again"):
            TunedEncoder(path).encode(["text"])
