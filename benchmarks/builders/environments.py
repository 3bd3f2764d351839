"""The Python environments of the alternatives, made once in the user's cache folder."""

import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path

CACHE = user_cache_path("chapter-and-verse") / "alternatives"
CONSTRAINTS = Path(__file__).parents[2] / ".ci" / "constraints.txt"
SHARED = ("torch", "transformers", "sentence-transformers", "tokenizers", "numpy", "faiss-cpu")
SHOWN = 300  # characters of an installer's or a process's last words


class CannotRun(Exception):
    """An alternative cannot be installed or does not run here; the message says why."""


def python(name: str, requirements: Sequence[str]) -> Path:
    """The interpreter that has the requirements; without any, this one.

    Raises:
        CannotRun: they cannot be installed.
    """
    if not requirements:
        return Path(sys.executable)
    folder = CACHE / name
    interpreter, done, wanted = folder / "bin" / "python", folder / "installed.txt", "\n".join((*requirements, *same()))
    if not done.exists() or done.read_text() != wanted:
        print(f"Installing {', '.join(requirements)} for {name}", flush=True)
        venv.create(folder, with_pip=True, symlinks=True)
        for group in ([pin for pin in same() if pin.startswith("torch==")], requirements):  # the CPU build first
            install(interpreter, [*group, "--constraint", constraints(folder)])
        done.write_text(wanted)
    return interpreter


def same() -> list[str]:
    """The pins that all share with this project, so that the same encoder runs on the same libraries."""
    return [line for line in CONSTRAINTS.read_text().splitlines() if line.partition("==")[0] in SHARED]


def constraints(folder: Path) -> str:
    """The file of shared pins, for pip."""
    path = folder / "constraints.txt"
    path.write_text("\n".join(same()))
    return str(path)


def install(interpreter: Path, wanted: Sequence[str]) -> None:
    """Install with pip. Raises: CannotRun."""
    command = [str(interpreter), "-m", "pip", "install", "--quiet", "--no-compile", *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"It could not be installed: {last_words(done.stderr)}")


def last_words(output: str) -> str:
    """The last line that says something, an error's first."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["it said nothing"])[-1][:SHOWN]
