"""Every unusable row is named with its line and the reason; the rest is loaded."""

import gzip
import json
from pathlib import Path

import pytest

from assistant.evaluation.formats import fields
from assistant.evaluation.questions import BadRow
from assistant.evaluation.sets import load_set
from corpus.errors import UsageError

GOOD = '{"id": "a", "question": "Who?", "answers": ["Ann"]}'


def write(folder: Path, name: str, text: str | bytes) -> Path:
    whole = text.encode() if isinstance(text, str) else text
    path = folder / name
    path.write_bytes(gzip.compress(whole) if name.endswith(".gz") else whole)
    return path


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "b", "question": "Who?"}', '"answers" is missing (an empty list means: not in the documents)'),
        ('{"id": "b", "question": "Who?", "answers": "Ann"}', '"answers" is not a list of texts'),
        ('{"id": "b", "question": "Who?", "answers": [3]}', '"answers" is not a list of texts'),
        (
            '{"id": "b", "question": "Who?", "answers": [" "]}',
            '"answers" holds an empty text (leave the list empty if nothing answers)',
        ),
        ('{"id": "b", "question": "  ", "answers": []}', '"question" is empty'),
        ('{"id": "b", "answers": []}', '"question" is missing'),
        ('{"id": "b", "question": ["Who?"], "answers": []}', '"question" is not text'),
        ('{"id": "a", "question": "Again?", "answers": []}', 'the id "a" was used before'),
        (
            '{"id": "b", "question": "Who?", "answers": [], "kind": "maybe"}',
            '"kind" is "maybe", not "on-topic" or "off-topic"',
        ),
        ('{"id": "b", "question": "Who?", "answers": [], "page": 0}', '"page" is not a page number counted from 1'),
        (
            '{"id": "b", "question": "Who?", "answers": [], "page": "²"}',
            '"page" is "²", not a page number counted from 1',
        ),
        ('{"id": "b", "question": "Who?", "answers": [], "page": true}', '"page" is not a page number counted from 1'),
        ('{"id": "b", "question": "Who?", "answers": [], "page": 1.5}', '"page" is not a page number counted from 1'),
        (
            f'{{"id": "b", "question": "Who?", "answers": [], "page": {"9" * 19}}}',
            '"page" is not a page number counted from 1',
        ),
        (
            f'{{"id": "b", "question": "Who?", "answers": [], "page": {"9" * 5000}}}',
            "a number of more than 4,300 digits",
        ),
        ("[" * 100_000, "brackets inside brackets, too deep to be read"),
        ('{"id": "b", "turns": []}', '"turns" is empty'),
        ('{"id": "b", "question": "Who?", "sentences": [" "], "evidence": []}', '"sentences" is empty'),
        ('["a"]', "not an object in braces"),
        ('{"id": "b", ', "not JSON: Expecting property name enclosed in double quotes at character 14"),
        (
            '{"id": "b", "turns": [{"question": "Who?", "answers": []}, {"question": "When?"}]}',
            'turn 2: "answers" is missing (an empty list means: not in the documents)',
        ),
        ('{"id": "b", "turns": [{"question": 3, "answers": []}]}', 'turn 1: "question" is not text'),
        ('{"id": "b", "turns": 3}', '"turns" is not a list of objects'),
        (
            '{"id": "b", "question": "Who?", "sentences": ["Ann."], "evidence": [1]}',
            '"evidence" is not a list of sentence numbers from 0 to 0',
        ),
    ],
)
def test_a_bad_json_line_is_named_and_the_rest_is_loaded(tmp_path: Path, line: str, reason: str) -> None:
    loaded = load_set(write(tmp_path, "set.jsonl", f"{GOOD}\n\n{line}\n"))
    assert loaded.bad_rows == (BadRow("line 3", reason),)
    assert [question.id for question in loaded.questions] == ["a"]


def test_a_line_in_another_encoding_is_named(tmp_path: Path) -> None:
    loaded = load_set(write(tmp_path, "set.jsonl", GOOD.encode() + b'\n{"id": "\xff"}'))
    assert loaded.bad_rows == (BadRow("line 2", "the line is not UTF-8"),)


def test_json_lines_may_be_packed_and_start_with_a_byte_order_mark(tmp_path: Path) -> None:
    loaded = load_set(write(tmp_path, "set.jsonl.gz", b"\xef\xbb\xbf" + GOOD.encode()))
    assert [(q.id, q.answers, q.answerable) for q in loaded.questions] == [("a", ("Ann",), True)]


def test_the_turns_of_a_conversation_know_what_was_asked_before(tmp_path: Path) -> None:
    turns = [{"question": "Who?", "answers": ["Ann"]}, {"question": "When?", "answers": [], "document": "b.txt"}]
    loaded = load_set(write(tmp_path, "set.jsonl", json.dumps({"id": "c", "turns": turns, "document": "a.txt"})))
    assert loaded.mode == "conversation"
    assert [(q.id, q.history, q.document) for q in loaded.questions] == [
        ("c/1", (), "a.txt"),
        ("c/2", ("Who?",), "b.txt"),
    ]


def test_evidence_sentences_become_spans_of_the_passage(tmp_path: Path) -> None:
    row = {"id": "e", "question": "Who?", "sentences": ["Bob left.", "Ann stayed. ", "So did I."], "evidence": [1, 2]}
    question = load_set(write(tmp_path, "set.jsonl", json.dumps(row))).questions[0]
    assert question.passage == "Bob left. Ann stayed. So did I."
    assert [question.passage[start:end] for start, end in question.evidence] == ["Ann stayed.", "So did I."]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_from_a_spreadsheet(tmp_path: Path, separator: str) -> None:
    rows = [["Question", "Answer", "Document"], ["Who?", '"Ann, or\nBob"', "a.txt"], ["When?", "", ""], ["", "x", ""]]
    loaded = load_set(write(tmp_path, "set.csv", "\ufeff" + "\n".join(separator.join(row) for row in rows)))
    assert [(q.id, q.question, q.answers, q.document) for q in loaded.questions] == [
        ("line-3", "Who?", ("Ann, or\nBob",), "a.txt"),
        ("line-4", "When?", (), None),
    ]
    assert loaded.bad_rows == (BadRow("line 5", '"question" is missing'),)


def test_csv_says_what_is_wrong_with_a_row(tmp_path: Path) -> None:
    text = "question,answer,document,page\nWho?,Ann, or Bob,a.txt,1\nWhen?,now,a.txt,xii\nHow?,so,a.txt,2\n"
    loaded = load_set(write(tmp_path, "set.csv", text))
    assert [question.page for question in loaded.questions] == [2]
    assert loaded.bad_rows == (
        BadRow("line 2", "5 values for 4 columns (put a text with commas in quotation marks)"),
        BadRow("line 3", '"page" is "xii", not a page number counted from 1'),
    )


@pytest.mark.parametrize("page", ["0", "-1", "²", "٣", "1.0", "9" * 19, "9" * 5000])
def test_a_page_of_a_table_that_is_no_page_is_named(tmp_path: Path, page: str) -> None:
    text = f"question,answer,page\nWho?,Ann,{page}\nHow?,so, 2 \n"
    loaded = load_set(write(tmp_path, "set.csv", text))
    assert [question.page for question in loaded.questions] == [2]
    assert loaded.bad_rows == (BadRow("line 2", f'"page" is "{page}", not a page number counted from 1'),)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7),
        (0, 0),
        ("-3", -3),
        (" 12\r", 12),
        ("9" * 18, 10**18 - 1),
        (10**18, None),
        (True, None),
        (7.0, None),
        (None, None),
        ("", None),
        ("--1", None),
        ("²", None),
        ("1_000", None),
    ],
)
def test_a_whole_number_is_digits_and_no_more_of_them_than_fit(value: object, number: int | None) -> None:
    assert fields.whole_number(value) == number


def test_squad_rows_that_cannot_be_used_are_named_by_their_place(tmp_path: Path) -> None:
    good = {"id": "1", "question": "Who?", "answers": [{"text": "Ann"}, {"text": "Ann"}]}
    paragraphs = [
        {
            "context": "Ann left.",
            "qas": [good, {"id": "2", "question": " ", "answers": []}, {"id": "1", "question": "?", "answers": []}],
        },
        {"context": "No questions."},
        {"qas": []},
    ]
    text = json.dumps({"data": [{"title": "T", "paragraphs": paragraphs}]})
    loaded = load_set(write(tmp_path, "set.json", text))
    assert [(q.id, q.answers, q.document) for q in loaded.questions] == [("1", ("Ann",), "T/1")]
    assert loaded.bad_rows == (
        BadRow("data[0].paragraphs[0].qas[1]", '"question" is missing or empty'),
        BadRow("data[0].paragraphs[0].qas[2]", 'the id "1" was used before'),
        BadRow("data[0].paragraphs[1]", 'a paragraph without "qas"'),
        BadRow("data[0].paragraphs[2]", 'a paragraph without "context"'),
    )


@pytest.mark.parametrize(
    ("paragraph", "reason"),
    [
        ({"context": ["Ann left."], "qas": []}, 'a paragraph without "context"'),
        ({"context": "Ann left."}, 'a paragraph without "qas"'),
        ({"context": "Ann left.", "qas": {"id": "2"}}, 'a paragraph without "qas"'),
        ({"context": "\ud800 left.", "qas": []}, "half a surrogate pair, which is no character"),
        ("Ann left.", 'a paragraph without "context"'),
    ],
)
def test_a_bad_paragraph_is_named_although_its_context_was_seen_before(
    tmp_path: Path, paragraph: object, reason: str
) -> None:
    good = {"context": "Ann left.", "qas": [{"id": "1", "question": "Who?", "answers": [{"text": "Ann"}]}]}
    text = json.dumps({"data": [{"title": "T", "paragraphs": [good, paragraph]}]})
    loaded = load_set(write(tmp_path, "set.json", text))
    assert [question.id for question in loaded.questions] == ["1"]
    assert loaded.bad_rows == (BadRow("data[0].paragraphs[1]", reason),)
    assert loaded.texts is not None
    assert [document.text for _, document in loaded.texts] == ["Ann left."]


def test_a_context_that_comes_twice_is_one_text(tmp_path: Path) -> None:
    paragraphs = [{"context": "Ann left.", "qas": [{"id": str(i), "question": "Who?", "answers": []}]} for i in (1, 2)]
    loaded = load_set(write(tmp_path, "set.json", json.dumps({"data": [{"title": "T", "paragraphs": paragraphs}]})))
    assert loaded.texts is not None
    assert [name for name, _ in loaded.texts] == ["T/1"]
    assert [question.document for question in loaded.questions] == ["T/1", "T/1"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("set.xlsx", "", "is no evaluation set that can be read"),
        ("set.json", "[]", 'has no "data" list'),
        ("set.json", "{", "cannot be read as JSON"),
        ("set.json", "[" * 100_000, "cannot be read as JSON"),
        ("set.json", f'{{"data": {"9" * 5000}}}', "cannot be read as JSON"),
        ("set.jsonl", "", "has no question that can be used"),
        ("set.jsonl", "[]", "1 rows are unusable, the first: line 1: not an object in braces"),
        ("set.csv", "a,b\n1,2", 'needs the columns "question" and "answer"'),
        ("set.csv", b"question,answer\n\xff,x", "line 2 is not UTF-8"),
        ("set.csv", "question," + "x" * 140_000, f"its first line is: question,{'x' * 191}$"),
    ],
)
def test_a_set_that_cannot_be_used_says_why(tmp_path: Path, name: str, text: str | bytes, message: str) -> None:
    with pytest.raises(UsageError, match=message.replace("[", r"\[")):
        load_set(write(tmp_path, name, text))


def test_a_packed_file_that_is_cut_off_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, "set.jsonl.gz", GOOD * 1000)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UsageError, match="cannot be read"):
        load_set(path)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no evaluation set at"):
        load_set(tmp_path / "missing.jsonl")


def test_a_quotation_mark_that_is_left_open_costs_no_row_below_the_next_one(tmp_path: Path) -> None:
    text = 'question,answer\nWho?,Ann\n"When?,now\nHow?,"so"\nWhy?,rain\n"Where?,here\n'
    loaded = load_set(write(tmp_path, "set.csv", text))
    assert [question.question for question in loaded.questions] == ["Who?", "Why?"]
    assert [row.place for row in loaded.bad_rows] == ["line 3", "line 6"]
    assert "; lines 3 to 4 were not read (close every quotation mark" in loaded.bad_rows[0].reason
    hint = "(close every quotation mark, and double those inside a text)"
    assert loaded.bad_rows[1].reason == f"the quotation mark opened in line 6 is never closed {hint}"


def test_a_quotation_mark_that_is_never_closed_says_where_it_was_opened_and_what_went_with_it(tmp_path: Path) -> None:
    text = 'question,answer\n5" or 6"?,6\n"Who\nelse?","Ann\nWhen?,""now""\nWhy?,rain\n'
    loaded = load_set(write(tmp_path, "set.csv", text))
    assert [question.id for question in loaded.questions] == ["line-2"]
    told = "the quotation mark opened in line 4 is never closed; lines 3 to 6 were not read"
    hint = "(close every quotation mark, and double those inside a text)"
    assert loaded.bad_rows == (BadRow("line 3", f"{told} {hint}"),)


def test_a_packed_table_that_is_cut_off_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, "set.csv.gz", "question,answer\n" + "Who?,Ann\n" * 1000)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UsageError, match="cannot be read"):
        load_set(path)


@pytest.mark.parametrize("field", ["question", "answers", "passage", "history", "page", "kind", "more"])
def test_half_a_surrogate_pair_is_named_and_not_asked(tmp_path: Path, field: str) -> None:
    half = "\ud800 half"
    row = {
        "id": "b",
        "question": "Who?",
        "answers": ["Ann"],
        field: [half] if field in ("answers", "history") else half,
    }
    loaded = load_set(write(tmp_path, "set.jsonl", f"{GOOD}\n{json.dumps(row)}\n"))
    assert loaded.bad_rows == (BadRow("line 2", "half a surrogate pair, which is no character"),)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"id": "2", "question": "Who?"}, '"answers" is missing (an empty list means: not in the context)'),
        ({"id": "2", "question": 7, "answers": []}, '"question" is missing or empty'),
        ({"id": "2", "question": "Who?", "answers": [{"text": None}]}, 'an answer without "text"'),
        ({"id": "2", "question": "Who?", "answers": ["Ann"]}, 'an answer without "text"'),
    ],
)
def test_a_bad_squad_question_is_no_question_without_an_answer(
    tmp_path: Path, row: dict[str, object], reason: str
) -> None:
    good = {"id": "1", "question": "Who?", "answers": [{"text": "Ann"}]}
    articles = [{"title": "T", "paragraphs": [{"context": "Ann left.", "qas": [good, row]}]}, {"title": "U"}]
    loaded = load_set(write(tmp_path, "set.json", json.dumps({"data": articles})))
    assert [question.id for question in loaded.questions] == ["1"]
    assert loaded.bad_rows == (
        BadRow("data[0].paragraphs[0].qas[1]", reason),
        BadRow("data[1]", 'an article without "paragraphs"'),
    )


def test_squad_2_says_itself_that_a_question_is_impossible(tmp_path: Path) -> None:
    trap = {"id": "1", "question": "Who?", "answers": [{"text": "Ann"}], "is_impossible": True}
    text = json.dumps({"data": [{"title": "T", "paragraphs": [{"context": "Ann left.", "qas": [trap]}]}]})
    (question,) = load_set(write(tmp_path, "set.json", text)).questions
    assert (question.answers, question.kind, question.grades) == ((), "on-topic", ())


def beir(folder: Path, *, corpus: str = '{"_id": "d", "text": "Ann left."}', judged: str = "q\td\t1") -> Path:
    (folder / "qrels").mkdir()
    (folder / "corpus.jsonl").write_text(corpus)
    (folder / "queries.jsonl").write_text('{"_id": "q", "text": "who left"}\n{"_id": "r"}\nno json')
    (folder / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}\n")
    return folder


def test_bad_rows_of_a_beir_folder_are_named_with_their_file_and_line(tmp_path: Path) -> None:
    loaded = load_set(beir(tmp_path, judged="q\td\t1\nq\td\nq\td\tmuch\ns\td\t1\nr\td\t1"))
    assert [(question.id, question.grades) for question in loaded.questions] == [("q", (("d", 1),))]
    assert loaded.bad_rows == (
        BadRow("test.tsv, line 3", "not query-id, corpus-id, score between tabs"),
        BadRow("test.tsv, line 4", "not query-id, corpus-id, score between tabs"),
        BadRow("queries.jsonl, line 2", '"text" is missing'),
        BadRow("queries.jsonl, line 3", "not JSON: Expecting value at character 1"),
        BadRow("test.tsv", 'the query "r" is judged but is in no queries file'),
        BadRow("test.tsv", 'the query "s" is judged but is in no queries file'),
    )


@pytest.mark.parametrize("score", ["--1", "²", "1.0", "", "9" * 5000])
def test_a_score_that_is_no_whole_number_is_named(tmp_path: Path, score: str) -> None:
    loaded = load_set(beir(tmp_path, judged=f"q\te\t{score}\nq\td\t-1"))
    assert [question.grades for question in loaded.questions] == [(("d", -1),)]
    assert loaded.bad_rows[0] == BadRow("test.tsv, line 2", "not query-id, corpus-id, score between tabs")


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_beir_folder_with_another_file_is_another_set(tmp_path: Path, file: str) -> None:
    folder = beir(tmp_path)
    before = load_set(folder).sha256
    assert load_set(folder).sha256 == before
    (folder / file).write_bytes((folder / file).read_bytes() + b"\n")
    assert load_set(folder).sha256 != before


def test_half_a_character_in_a_beir_corpus_is_a_hole(tmp_path: Path) -> None:
    texts = load_set(beir(tmp_path, corpus='{"_id": "d", "text": "\\ud800"}')).texts
    assert texts is not None
    with pytest.raises(UsageError, match="line 1: half a surrogate pair"):
        list(texts)


def test_a_beir_corpus_with_a_hole_measures_nothing(tmp_path: Path) -> None:
    texts = load_set(beir(tmp_path, corpus='{"_id": "d", "text": "Ann left."}\n{"text": "no id"}')).texts
    assert texts is not None
    with pytest.raises(UsageError, match=r'line 2: "_id" is missing'):
        list(texts)
