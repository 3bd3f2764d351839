"""The generated tables of the README and of the model card, from `benchmarks/results/*.json`.

python benchmarks/tables.py          # writes both anew
"""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results"
CARD = ROOT / "assistant" / "reading" / "model" / "README.md"

P95 = "asking_at_once{}.seconds.p95"
FOLLOW_UPS = "canard.gain.0|05.with_the_last_answer.f1"
POLLUTED = "canard.gain.0|05.new_topic.polluted"
# What is measured ("{n}": of so many), the result file, the way to the figure in it ("|" stands for a dot), and how it
# is shown.
ROWS = (
    ("Own example questions, first quote holds the answer (n = {n})", "examples", "quote_hit@1.value", "{:.2f}"),
    ("… one of three quotes holds it", "examples", "quote_hit@3.value", "{:.2f}"),
    ("… words in a quote", "examples", "mean_quote_words.value", "{:.0f}"),
    ("… confidence tells answerable from not (AUROC, n = {n})", "examples", "auroc.value", "{:.2f}"),
    ("… quotes that are exact slices", "examples", "citation_fidelity.value", "{:.0%}"),
    (
        "SQuAD 1.1 over all 1,414 contexts, first quote holds the answer (n = {n})",
        "squad",
        "quote_hit@1.value",
        "{:.3f}",
    ),
    ("… one of three quotes holds it", "squad", "quote_hit@3.value", "{:.3f}"),
    ("… words in a quote", "squad", "mean_quote_words.value", "{:.0f}"),
    ("… a passage with the answer among the 20 first", "squad", "passage_hit@20.value", "{:.3f}"),
    ("SQuAD 1.1, passage given: exact match", "reader", "sets.squad1|1-dev32-report.answers_exact_match", "{:.1%}"),
    ("… F1", "reader", "sets.squad1|1-dev32-report.answers_f1", "{:.1%}"),
    ("SQuAD 2.0, passage given: F1 with silence", "reader", "sets.squad2|0-dev19-report.f1", "{:.1%}"),
    ("… answerable from not (AUROC)", "reader", "sets.squad2|0-dev19-report.answerable_auroc", "{:.2f}"),
    ("SciFact test claims, retrieval nDCG@10", "retrieval", "scifact_test.shipped.ndcg@10", "{:.3f}"),
    ("Confidence on other sets: calibration error (ECE)", "calibration", "ece", "{:.3f}"),
    ("Real files loaded or reported, of those tried", "documents", "indexed+reported", "{:.0f}"),
    ("… crashes and hangs", "documents", "crashes+hangs", "{:.0f}"),
    ("Sentence ends found (F1 on 116 hand-marked)", "sentences", "corpus|sentences.f1", "{:.3f}"),
    ("Quotes painted in the right place on PDF pages", "highlights", "right", "{:.1%}"),
    ("Build speed beside the encoder alone", "building", "ratio", "{:.2f}"),
    ("… beside plain alternatives with the same encoder, at least, times", "alternatives", "speed_reached", "{:.1f}"),
    ("Passages encoded after 1 of 1,000 files changed", "building", "change.one_changed_encoded", "{:.0f}"),
    ("1.3 million passages (45,560 real): ms to find candidates, p95", "probes", "chosen.retrieval_ms.p95", "{:.0f}"),
    ("… recall@10 against exact search", "probes", "chosen.recall@10", "{:.3f}"),
    ("… MB of memory", "probes", "chosen.resident_mb", "{:.0f}"),
    (
        "Writers killed, at named and at random moments",
        "soak",
        "named_moments.kills+uses_of_files.kills+random_moments.kills",
        "{:.0f}",
    ),
    (
        "… errors, lost documents and wrong quotes while 8 readers ask through 50 rebuilds",
        "soak",
        "readers.errors+readers.lost_documents+readers.wrong_quotes",
        "{:.0f}",
    ),
    ("Follow-ups, terms taken over from what was said before (F1 on CANARD)", "followups", FOLLOW_UPS, "{:.2f}"),
    ("… whole questions on a new topic to which something was added (n = {n})", "followups", POLLUTED, "{:.1%}"),
    ("Twenty people asking at once in the page: errors", "page", "asking_at_once.errors", "{:.0f}"),
    ("… seconds to an answer, p95, their twenty browsers on the same two cores", "page", P95.format(""), "{:.1f}"),
    ("… seconds to an answer, p95, by HTTP without browsers", "page", P95.format("_by_http"), "{:.1f}"),
    (
        "Seconds from the address to a question box that takes letters, p95",
        "page",
        "box_takes_letters_seconds.p95",
        "{:.1f}",
    ),
    ("… from opening Documents to its table of 14,383, p95", "page", "documents_seconds.table.p95", "{:.1f}"),
    (
        "… from a click on a citation to the painted page of 500, p95",
        "page",
        "click_to_painted_page_seconds.p95",
        "{:.2f}",
    ),
    ("Seconds a question over 10,000 paragraphs, p50", "asking", "seconds.total.p50", "{:.2f}"),
    ("… p95", "asking", "seconds.total.p95", "{:.2f}"),
)


def rendered() -> str:
    """The table in Markdown."""
    lines = ["| what | figure | from |", "|---|---|---|"]
    for label, name, way, form in ROWS:
        path = RESULTS / f"{name}.json"
        figures = json.loads(path.read_text())["figures"]
        value = sum(float(_figure(figures, part)) for part in way.split("+"))
        lines.append(f"| {_told(label, figures, way)} | {form.format(value)} | `{path.name}` |")
    return "\n".join(lines)


def _told(label: str, figures: dict[str, Any], way: str) -> str:
    """The label with how many were measured, which stands beside a figure's value."""
    return label.replace("{n}", f"{_figure(figures, way.rpartition('.')[0] + '.n'):,}") if "{n}" in label else label


def _figure(figures: dict[str, Any], way: str) -> Any:  # noqa: ANN401 - whatever stands there
    found: Any = figures
    for key in way.split("."):
        found = found[key.replace("|", ".")]
    return found


def card() -> str:
    """The reader's scores in Markdown."""
    figures = json.loads((RESULTS / "reader.json").read_text())["figures"]
    lines = ["| set | questions | EM | F1 | F1, silence | AUROC |", "|---|---|---|---|---|---|"]
    for name, row in figures["sets"].items():
        shares = " | ".join(f"{100 * row[key]:.1f}" for key in ("answers_exact_match", "answers_f1", "f1"))
        area = "" if row["answerable_auroc"] is None else f"{row['answerable_auroc']:.3f}"
        lines.append(f"| `{name}` | {row['questions']:,} | {shares} | {area} |")
    return "\n".join(lines)


def with_table(text: str, table: str) -> str:
    """The text with the table between its marks."""
    return re.sub(
        r"(<!-- results -->\n).*?(<!-- /results -->)", lambda m: f"{m[1]}{table}\n{m[2]}", text, flags=re.DOTALL
    )


if __name__ == "__main__":
    for path, table in ((ROOT / "README.md", rendered()), (CARD, card())):
        path.write_text(with_table(path.read_text(), table))
