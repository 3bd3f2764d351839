"""The README is a subject of the tests: its commands run, its answer is the real one, its table is the measured one."""

import re
import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.commands import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
SHARE = re.compile(r"(over )?\d+ % sure")  # the last digits of a confidence differ between processors


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme") / "index"
    built = CliRunner().invoke(main, ["build", str(ROOT / "examples" / "documents"), "--index", str(folder)])
    assert built.exit_code == 0, built.output
    return folder


def question() -> str:
    found = re.search(r'assistant ask "(.+?)"', README)
    assert found is not None
    return found[1]


def test_the_answer_shown_is_the_answer_given(index: Path) -> None:
    shown = re.search(r"<!-- answer -->\n```text\n(.*?)\n```\n<!-- /answer -->", README, re.DOTALL)
    assert shown is not None
    given = CliRunner().invoke(main, ["ask", question(), "--index", str(index)])
    assert given.exit_code == 0, given.output
    assert SHARE.sub("", given.output.strip()) == SHARE.sub("", shown[1].strip())


def test_the_python_snippet_runs(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    snippet = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert snippet is not None
    exec(compile(snippet[1].replace('".index"', repr(str(index))), "README.md", "exec"), {})
    assert "esketamine-programme.pdf" in capsys.readouterr().out


def test_the_table_is_the_measured_one() -> None:
    tables = runpy.run_path(str(ROOT / "benchmarks" / "tables.py"))
    assert tables["with_table"](README, tables["rendered"]()) == README, "run `python benchmarks/tables.py`"
    card = tables["CARD"].read_text()
    assert tables["with_table"](card, tables["card"]()) == card, "run `python benchmarks/tables.py`"


def test_every_file_that_the_readme_names_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_that_the_readme_names_is_there() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?make ([\w-]+)", README)) <= targets
