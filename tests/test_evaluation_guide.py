"""The guide to evaluation is a subject of the tests: its commands run as written, its tables name what there is."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.commands import main
from assistant.evaluation.figure_names import MEANINGS
from assistant.evaluation.outcomes import BLAMES
from assistant.evaluation.questions import MODES
from assistant.evaluation.sets import load_set

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "evaluation.md").read_text()
DOCUMENT = "ketamine-infusion.txt"
SENTENCE = re.compile(
    r"(better|worse|no clear difference): [+-]\d+\.\d points of quote_hit@1 \(.+\), p (=|<) .+ won; .+ lost"
)


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one of the examples' documents and the questions about it."""
    (tmp_path / "examples" / "documents").mkdir(parents=True)
    (source,) = (ROOT / "examples" / "documents").rglob(DOCUMENT)
    shutil.copy(source, tmp_path / "examples" / "documents")
    for name in ("questions.jsonl", "conversations.jsonl"):
        rows = [line for line in (ROOT / "examples" / name).read_text().splitlines() if DOCUMENT in line]
        (tmp_path / "examples" / name).write_text("\n".join(rows[:4]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command: str) -> str:
    """The output of one command, by the encoder and the reader that need no model."""
    more = {"build": ["--encoder", "hashed"], "evaluate": ["--reader", "similarity"]}
    name, *arguments = shlex.split(command)
    done = CliRunner().invoke(main, [name, *arguments, *more.get(name, [])])
    assert done.exit_code == 0, f"{command}\n{done.output}"
    return done.stdout


@pytest.mark.usefixtures("workplace")
def test_the_commands_run_as_written() -> None:
    run("build examples/documents")
    commands = re.findall(r"^\$ assistant (.+)$", GUIDE, re.MULTILINE)
    outputs = {command: run(command) for command in commands}
    assert len(outputs) == len(commands) == 11
    for command in commands:
        if "--against" in command or command.startswith("compare"):
            assert SENTENCE.search(outputs[command]), command
    assert "questions.jsonl: nothing has changed" in outputs["build"]
    assert "conversations.jsonl · conversation" in outputs["evaluate examples/conversations.jsonl"]
    assert json.loads(outputs["evaluate examples/questions.jsonl --json"])["finished"] is True


def test_the_sample_rows_can_be_used(tmp_path: Path) -> None:
    sample = re.search(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    assert sample is not None
    (tmp_path / "sample.jsonl").write_text(sample[1])
    loaded = load_set(tmp_path / "sample.jsonl")
    assert [question.answerable for question in loaded.questions] == [True, False]
    assert loaded.bad_rows == ()


def first_cells(heading: str) -> list[str]:
    """The first cells of the table under a heading."""
    section = GUIDE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [row.split("|")[1].strip() for row in section.splitlines() if row.startswith("|")][2:]


def test_the_tables_name_every_figure_every_mode_and_every_stage() -> None:
    told = re.findall(r"`([^`]+)`", " ".join(first_cells("Figures")))
    stems = {name.split("@")[0] for name in MEANINGS}
    assert {name.split("@")[0] for name in told if not name.startswith("@")} <= stems
    beside = {"auroc_on_topic", "auroc_off_topic", "auroc_right"}  # told in the row of `auroc`
    assert {name.split("@")[0] for name in set(MEANINGS) - beside} <= {name.split("@")[0] for name in told}
    assert set(first_cells("Modes")) == {f"`{mode}`" for mode in MODES}
    assert first_cells("Where a question was lost") == list(BLAMES)
