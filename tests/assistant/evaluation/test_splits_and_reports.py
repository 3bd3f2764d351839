"""Every figure of every group, with its interval in the reports; and what a set itself lacks, in both of them."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.evaluation.cells import split_cells, with_interval, with_n
from assistant.evaluation.figures import figures
from assistant.evaluation.instruments import Options
from assistant.evaluation.markdown import markdown
from assistant.evaluation.questions import BadRow
from assistant.evaluation.report import html
from assistant.evaluation.results import Run
from assistant.evaluation.run import evaluate
from assistant.evaluation.sets import load_set
from assistant.evaluation.splits import HEADLINES
from assistant.evaluation.table import render
from tests.assistant.evaluation.scripted import Script, ScriptedAssistant

TEXTS = {f"d{i}.txt": f"Drug{i} lasts {i} hours." for i in range(8)} | {"more.md": "Drug9 lasts 9 hours."}
MADE_WITH = {"encoder": "hashed 1", "generation": "3"}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Eight "how many" questions, of which two are right, and four "who" questions that nothing answers."""
    path = tmp_path / "set.jsonl"
    lasting = [
        {"id": f"q{i}", "question": f"How long does Drug{i} last?", "answers": [f"{i} hours"], "document": f"d{i}.txt"}
        for i in range(8)
    ]
    asked = [*lasting, *({"id": f"n{i}", "question": f"Who made Drug{i}?", "answers": []} for i in range(4))]
    path.write_text("\n".join(map(json.dumps, asked)))
    scripts = {
        str(q["question"]): Script([(f"d{i % 2}.txt", TEXTS[f"d{i % 2}.txt"])], i / 12) for i, q in enumerate(asked)
    }
    assistant = ScriptedAssistant(TEXTS, scripts)
    return evaluate(
        assistant,
        load_set(path),
        options=Options(resamples=30, library=assistant.library(), threshold=0.2, made_with=MADE_WITH),
    )


def test_each_group_has_the_figures_of_its_questions_alone(run: Run) -> None:
    for split, group_of in (("type", lambda row: row.type), ("document", lambda row: row.group or "not named")):
        for group, found in run.splits[split].items():
            rows = [row for row in run.rows if group_of(row) == group]
            assert found == figures(rows, threshold=run.threshold, resamples=30)
    lasting, who = run.splits["type"]["how many"], run.splits["type"]["who"]
    assert lasting["quote_hit@1"].value == 2 / 8
    assert {"brier", "ece", "aurc", "auroc_right", "coverage@80", "citation_fidelity", "page_hit@1"} - set(lasting) == {
        "page_hit@1"  # the set names no page
    }
    assert (who["no_answer_recall"].value, who["no_answer_recall"].n) == (0.0, 4)  # all are above the threshold
    assert "no_answer_recall" not in lasting
    assert "auroc" not in who  # undefined: none of them is answered


def test_7595_questions_of_48_documents_are_split_in_seconds(run: Run) -> None:
    rows = tuple(replace(run.rows[n % 12], id=str(n), group=f"d{n % 48}") for n in range(7595))
    many = replace(run, rows=rows, resamples=1000)
    began = time.process_time()
    assert len(many.splits["document"]) == 48
    assert time.process_time() - began < 30  # of the processor; three are usual


def test_the_json_has_every_figure_of_every_group(run: Run) -> None:
    told = json.loads(json.dumps(run.as_dict(), allow_nan=False))["splits"]
    assert set(told) == {"type", "document", "format"}
    for split, groups in run.splits.items():
        for group, of in groups.items():
            assert set(told[split][group]) == set(of)
            assert told[split][group]["brier"]["value"] == pytest.approx(of["brier"].value, abs=1e-6)


def test_the_reports_show_the_main_figures_of_each_group_with_intervals(run: Run) -> None:
    hit = run.splits["type"]["how many"]["quote_hit@1"]
    assert hit.low is not None
    assert hit.high is not None
    cell = f"{hit.value:.3f}, {hit.low:.3f} to {hit.high:.3f} (8)"
    head, *rows = split_cells(run, "type", with_interval)
    assert head == ("by type (n)", *HEADLINES["end-to-end"])
    assert [row[:2] for row in rows] == [("how many", cell), ("who", "–")]
    assert f'<td class="number">{cell}</td>' in html(run)
    assert cell.replace("(8)", r"\(8\)") in markdown(run)
    assert split_cells(run, "type", with_n)[1][1] == f"{hit.value:.3f} (8)"
    assert all(len(line) <= 120 for line in render(run).splitlines())


@pytest.fixture
def lacking(run: Run) -> Run:
    rows = (BadRow("line 3", "not JSON: <b>"), BadRow("line 7", "no question"))
    return replace(run, missing=("q1", "q<2>"), set=replace(run.set, bad_rows=rows))


def test_the_html_tells_missing_answers_rows_left_out_and_what_it_was_made_with(run: Run, lacking: Run) -> None:
    shown = html(lacking)
    assert '<h2>Answers that are not in the index: 2</h2><p class="soft">q1, q&lt;2&gt;</p>' in shown
    section = shown[shown.index("<h2>Rows left out: 2</h2>") :]
    assert '<td class="words">line 3</td><td class="words">not JSON: &lt;b&gt;</td>' in section
    assert '<td class="words">line 7</td><td class="words">no question</td>' in section
    assert "encoder hashed 1 · generation 3" in shown
    assert "Answers that are not in the index" not in html(run)
    assert "Rows left out" not in html(run)


def test_the_markdown_tells_the_same(run: Run, lacking: Run) -> None:
    shown = markdown(lacking)
    assert "## Answers that are not in the index: 2\n\nq1, q\\<2\\>\n" in shown
    assert "## Rows left out: 2\n\n| where | why |\n| --- | --- |\n| line 3 | not JSON: \\<b\\> |\n" in shown
    assert "| line 7 | no question |" in shown
    assert "encoder hashed 1 · generation 3" in shown
    assert "Answers that are not in the index" not in markdown(run)
    assert "Rows left out" not in markdown(run)
    assert "encoder" not in markdown(replace(run, made_with={}))
