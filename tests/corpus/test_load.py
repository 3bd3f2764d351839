import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.documents import Document, Problem
from corpus.load import FILES_PER_PROCESS, load_files
from corpus.settings import CorpusSettings

SETTINGS = CorpusSettings(workers=2, load_seconds=20)


@pytest.fixture
def bad_reader(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return "bad_readers:read"


def written(folder: Path, contents: dict[str, bytes]) -> list[Path]:
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in contents]


def loaded(
    paths: list[Path], settings: CorpusSettings = SETTINGS, reader: str = "corpus.read:read"
) -> dict[str, object]:
    found = list(load_files(paths, settings, reader=reader))
    assert sorted(path for path, _ in found) == sorted(paths)
    return {path.name: document for path, document in found}


def texts(found: dict[str, object]) -> dict[str, str]:
    return {name: document.text for name, document in found.items() if isinstance(document, Document)}


def reasons(found: dict[str, object]) -> dict[str, str]:
    return {name: problem.reason for name, problem in found.items() if isinstance(problem, Problem)}


def test_no_files_start_no_process() -> None:
    assert list(load_files([], SETTINGS, reader="no.such:reader")) == []


def test_text_markdown_and_html_become_documents(tmp_path: Path) -> None:
    sentence = "Esketamine was given as a nasal spray twice a week."
    page = f"<html><head><title>Trial</title></head><body><main><h1>Trial</h1><p>{sentence}</p></main></body></html>"
    contents = {"a.txt": sentence.encode(), "b.md": f"# Trial\n\n{sentence}\n".encode(), "c.html": page.encode()}
    found = texts(loaded(written(tmp_path, contents)))
    assert sorted(found) == ["a.txt", "b.md", "c.html"]
    assert all(sentence in text for text in found.values())


def test_a_hanging_a_crashing_and_a_greedy_file_cost_only_themselves(tmp_path: Path, bad_reader: str) -> None:
    contents = {"hang.txt": b"hang", "crash.txt": b"crash", "eat.txt": b"eat", "raise.txt": b"raise"}
    contents |= {f"good{number}.txt": f"ok text {number}".encode() for number in range(8)}
    settings = replace(SETTINGS, load_seconds=4, load_memory_mb=300)
    began = time.monotonic()
    found = loaded(written(tmp_path, contents), settings, bad_reader)
    assert time.monotonic() - began < 30
    assert texts(found) == {f"good{number}.txt": f"text {number}" for number in range(8)}
    problems = reasons(found)
    assert problems["hang.txt"] == "Reading took longer than 4 s."
    assert "SIGABRT" in problems["crash.txt"]
    assert problems["eat.txt"] == "Reading needs more than 300 MB of memory."
    assert "KeyError" in problems["raise.txt"]


def test_what_a_parser_prints_does_not_spoil_its_document(tmp_path: Path, bad_reader: str) -> None:
    found = loaded(written(tmp_path, {"a.txt": b"print one", "b.txt": b"print two"}), SETTINGS, bad_reader)
    assert texts(found) == {"a.txt": "one", "b.txt": "two"}


def test_workers_load_neither_torch_nor_the_page_nor_the_main_module(tmp_path: Path, bad_reader: str) -> None:
    found = loaded(written(tmp_path, {"a.txt": b"modules"}), SETTINGS, bad_reader)
    modules = set(texts(found)["a.txt"].split())
    assert "corpus" in modules
    assert not modules & {"torch", "gradio", "pytest", "transformers", "faiss"}


def test_a_process_is_replaced_after_its_share_of_files(tmp_path: Path, bad_reader: str) -> None:
    contents = {f"{number}.txt": b"pid" for number in range(FILES_PER_PROCESS + 1)}
    found = texts(loaded(written(tmp_path, contents), replace(SETTINGS, workers=1), bad_reader))
    assert len(set(found.values())) == 2


def test_empty_large_missing_and_irregular_files_are_reported(tmp_path: Path) -> None:
    paths = written(tmp_path, {"empty.txt": b"", "large.txt": b"x" * ((1 << 20) + 1), "good.txt": b"All is well here."})
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "looping.txt").symlink_to("looping.txt")
    os.mkfifo(tmp_path / "fifo.txt")
    paths += [tmp_path / name for name in ("gone.txt", "folder.txt", "looping.txt", "fifo.txt")]
    found = loaded(paths, replace(SETTINGS, file_mb=1))
    assert list(texts(found)) == ["good.txt"]
    problems = reasons(found)
    assert "0 bytes" in problems["empty.txt"]
    assert "limit of 1 MB" in problems["large.txt"]
    assert "vanished" in problems["gone.txt"]
    assert problems["folder.txt"] == problems["fifo.txt"] == "This is not a regular file."
    assert "cannot be read" in problems["looping.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind the superuser")
def test_a_file_without_permission_is_reported(tmp_path: Path) -> None:
    (path,) = written(tmp_path, {"secret.txt": b"Nobody may read this."})
    path.chmod(0)
    assert "permission" in reasons(loaded([path]))["secret.txt"]


def test_files_are_not_read_far_ahead_of_the_caller(tmp_path: Path, bad_reader: str) -> None:
    paths = written(tmp_path, {f"{number:03}.txt": b"ok text" for number in range(40)})
    files = load_files(paths, SETTINGS, reader=bad_reader)
    next(files)
    time.sleep(1)
    for path in paths[20:]:
        path.unlink()
    rest = {path.name: document for path, document in files}
    assert len(reasons(rest)) == 20


def test_leaving_early_ends_the_processes(tmp_path: Path, bad_reader: str) -> None:
    paths = written(tmp_path, {"a.txt": b"pid", "b.txt": b"hang", "c.txt": b"hang"})
    files = load_files(paths, SETTINGS, reader=bad_reader)
    _, document = next(files)
    assert isinstance(document, Document)
    began = time.monotonic()
    files.close()
    assert time.monotonic() - began < 5
    with pytest.raises(ProcessLookupError):
        os.kill(int(document.text), 0)


@pytest.mark.parametrize("busy", ["waiting for files", "with a document"])
def test_ctrl_c_ends_the_program_and_its_workers(tmp_path: Path, bad_reader: str, busy: str) -> None:
    paths = written(tmp_path, {"a.txt": b"pid", "b.txt": b"hang", "c.txt": b"hang"})
    program = (
        "import signal, sys, time; from pathlib import Path; from corpus.load import load_files\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored where a shell put the tests behind it
        "sys.path.insert(0, sys.argv[1])\n"
        "for path, found in load_files([Path(name) for name in sys.argv[2:]], reader='bad_readers:read'):\n"
        "    print(found.text, flush=True)\n"
        f"    for _ in range({300 if busy == 'with a document' else 0}): time.sleep(0.1)\n"
    )
    command = [sys.executable, "-c", program, str(Path(__file__).parent), *map(str, paths)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
