"""The layers of the design, read from the source: who may import whom, and which file may touch which engine."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# A package may import itself and what stands before it.
ORDER = ("corpus", "index", "assistant", "assistant.web", "app")
# An engine may be imported by these files alone; a path ending in "/" means every file below it.
ENGINES = {
    "faiss": ("index/vectors.py",),
    "tantivy": ("index/keywords.py",),
    "sqlite3": ("index/",),
    "gradio": ("assistant/web/", "app.py"),
    "pypdfium2": ("corpus/formats/", "assistant/web/"),
}


def sources() -> list[Path]:
    return [*(path for top in ("corpus", "index", "assistant") for path in sorted((ROOT / top).rglob("*.py")))]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def layer(module: str) -> int | None:
    found = [n for n, name in enumerate(ORDER) if module == name or module.startswith(f"{name}.")]
    return max(found) if found else None


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_no_file_imports_a_layer_above_its_own(path: Path) -> None:
    own = layer(module_of(path))
    assert own is not None
    # The command line starts the page, so `serve` alone may reach up; nothing else does.
    allowed = own + 1 if path == ROOT / "assistant" / "commands" / "serving.py" else own
    upward = [name for name in imports(path) if (above := layer(name)) is not None and above > allowed]
    assert not upward


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_is_known_to_its_own_files_only(engine: str) -> None:
    users = [
        path.relative_to(ROOT).as_posix() for path in sources() if engine in {n.split(".")[0] for n in imports(path)}
    ]
    strangers = [
        user
        for user in users
        if not any(user == own or (own.endswith("/") and user.startswith(own)) for own in ENGINES[engine])
    ]
    assert not strangers


def test_nothing_imports_the_training_recipes() -> None:
    assert not [path for path in sources() if any(name.split(".")[0] == "training" for name in imports(path))]
