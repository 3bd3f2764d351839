"""Loading evaluation sets: which format a path holds, and what is common to all formats."""

from pathlib import Path

from assistant.evaluation.formats import beir, json_lines, squad, table_rows
from assistant.evaluation.questions import BadRow, EvaluationSet
from corpus.errors import UsageError

FORMATS = (
    "JSON lines (.jsonl), SQuAD (.json), CSV with question,answer,document (.csv; .gz of any), "
    "or a BEIR folder with corpus.jsonl, queries.jsonl and qrels/"
)


def load_set(path: Path | str) -> EvaluationSet:
    """The evaluation set at `path`, with every row that cannot be used listed in `bad_rows`.

    Raises:
        UsageError: nothing there, an unknown format, or no row that can be used.
    """
    path = Path(path)
    if not path.exists():
        raise UsageError(f"There is no evaluation set at {path}. Give a file or folder: {FORMATS}.")
    loaded = _load(path)
    if not loaded.questions:
        raise UsageError(f"{path} has no question that can be used{_first(loaded.bad_rows)}.")
    return loaded


def _load(path: Path) -> EvaluationSet:
    if path.is_dir() or path.suffix == ".tsv":
        return beir.load(path)
    suffix = next((s for s in reversed(path.suffixes) if s != ".gz"), "").lower()
    if suffix in (".jsonl", ".ndjson"):
        return json_lines.load(path)
    if suffix == ".json":
        return squad.load(path)
    if suffix == ".csv":
        return table_rows.load(path)
    raise UsageError(f"{path} is no evaluation set that can be read. It must be {FORMATS}.")


def _first(bad_rows: tuple[BadRow, ...]) -> str:
    if not bad_rows:
        return ""
    return f"; {len(bad_rows)} rows are unusable, the first: {bad_rows[0].place}: {bad_rows[0].reason}"
