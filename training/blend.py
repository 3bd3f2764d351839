"""Command: averages the weights of readers, `python -m training.blend FOLDER READER=SHARE READER=SHARE …`.

A reader that was trained on and the one it began from lie so near each other that their average reads better than both.
Source: M. Wortsman et al., "Robust fine-tuning of zero-shot models", 2022.
"""

import argparse
import shutil
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

WEIGHTS = ("model.safetensors", "heads.safetensors")


def blend(target: Path, shares: Mapping[Path, float]) -> None:
    """Writes to `target` the first reader's folder with the weighted mean of all readers' weights."""
    first, total = next(iter(shares)), sum(shares.values())
    shutil.copytree(first, target)
    for name in WEIGHTS:
        parts = [(share / total, load_file(folder / name)) for folder, share in shares.items()]
        with safe_open(first / name, framework="pt") as stored:
            metadata = stored.metadata()
        means = {key: _mean([(share, part[key]) for share, part in parts]) for key in parts[0][1]}
        save_file(means, target / name, metadata=metadata)


def _mean(weighted: list[tuple[float, torch.Tensor]]) -> torch.Tensor:
    total = sum((share * tensor.float() for share, tensor in weighted), start=torch.zeros(()))
    return total.to(weighted[0][1].dtype).contiguous()


def _share(text: str) -> tuple[Path, float]:
    folder, _, share = text.rpartition("=")
    return Path(folder), float(share)


def main() -> None:
    """Reads the command line and blends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path, help="a new folder")
    parser.add_argument("readers", nargs="+", type=_share, metavar="READER=SHARE")
    arguments = parser.parse_args()
    blend(arguments.target, dict(arguments.readers))


if __name__ == "__main__":
    main()
