"""Questions over a real index with the hashed encoder and a scripted reader."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers import Reading, Searched
from assistant.ask import Asking
from assistant.assistant import Assistant
from assistant.commands.asking import as_text
from assistant.confidence import UNCALIBRATED
from assistant.order import Weights
from assistant.phrases import UNCALIBRATED as UNCALIBRATED_NOTE
from assistant.reading.budget import PORTION
from assistant.settings import QuoteSettings, ReadingSettings, Settings
from corpus.documents import Span
from corpus.errors import IndexDamaged, UsageError
from corpus.sentences import split
from index.build import BuildOptions, build
from index.catalog import CATALOG
from index.hashed import HashedEncoder
from index.open import Index

WARD = (
    "# The ward\n\n## Dosing\n\nThe dose was 60 mg. 😀 Nobody slept.\n\n## Doors\n\nThe blue door is locked at nine.\n"
)
TWIN = "The dose was 60 mg. It rained all day long.\n"
OTHER = "The dose was 90 mg in the other house. Cats purr.\n"


class ScriptedReader:
    """Finds the words it is told to find, and says in which texts it looked."""

    name = "scripted"
    revision = "1"

    def __init__(self, wanted: str, margin: float = 4.0) -> None:
        self.wanted, self.margin = wanted, margin
        self.texts: list[str] = []

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        self.texts += texts
        return [self._read(text) for text in texts]

    def _read(self, text: str) -> Reading:
        at = text.find(self.wanted)
        sentences = tuple((s.start, s.end, 0.9 if s.start <= at < s.end else 0.05) for s in split(text))
        answer = Span(at, at + len(self.wanted)) if at >= 0 else None
        return Reading(answer, self.margin if at >= 0 else -self.margin, 0.0, sentences)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    (folder / "a").mkdir(parents=True)
    (folder / "ward.md").write_text(WARD)
    (folder / "a" / "twin.txt").write_text(TWIN)
    (folder / "other.txt").write_text(OTHER)
    return folder


@pytest.fixture
def opened(tmp_path: Path, documents: Path) -> Callable[[ScriptedReader], Assistant]:
    folder = tmp_path / "index"
    build(folder, HashedEncoder(), roots=[documents], options=BuildOptions())

    def open_with(reader: ScriptedReader, settings: Settings | None = None) -> Assistant:
        chosen = settings if settings is not None else Settings()
        return Assistant(Index.open(folder, HashedEncoder()), Asking(reader, UNCALIBRATED, chosen))

    return open_with


def test_the_quote_is_a_slice_with_its_place(opened: Callable[[ScriptedReader], Assistant]) -> None:
    assistant = opened(ScriptedReader("locked at nine"))
    answer = assistant.ask("When is the door locked?")
    quote = answer.quotes[0]
    assert answer.answered
    assert quote.text == "The blue door is locked at nine."
    assert quote.text[quote.answer_start :][: len(quote.answer)] == quote.answer == "locked at nine"
    place = quote.citation
    assert assistant.document(place.sha256).text[place.start : place.end] == quote.text
    assert (place.document, place.path, place.heading) == ("ward.md", "ward.md", ("The ward", "Doors"))
    assert (place.page, place.page_label, place.boxes, place.changed) == (None, None, (), False)


def test_the_same_words_elsewhere_are_one_quote_with_two_places(opened: Callable[[ScriptedReader], Assistant]) -> None:
    answer = opened(ScriptedReader("60 mg")).ask("What was the dose?")
    assert [quote.text for quote in answer.quotes] == ["The dose was 60 mg."]
    places = [answer.quotes[0].citation, *answer.quotes[0].also]
    assert {place.path for place in places} == {"ward.md", "a/twin.txt"}


def test_a_changed_number_is_another_quote(opened: Callable[[ScriptedReader], Assistant]) -> None:
    answer = opened(ScriptedReader("The dose was")).ask("What was the dose?")
    assert sorted(quote.text for quote in answer.quotes) == [
        "The dose was 60 mg.",
        "The dose was 90 mg in the other house.",
    ]


def test_an_unsure_reader_is_silent_and_says_why(opened: Callable[[ScriptedReader], Assistant]) -> None:
    answer = opened(ScriptedReader("60 mg", margin=-3.0)).ask("What was the zebrafish dose?")
    assert not answer.answered
    assert answer.quotes == ()
    assert answer.confidence == pytest.approx(0.0474, abs=1e-4)  # 1 / (1 + e^3)
    assert answer.reasons == ("The best passage answers with a probability of 5 %, less than the 50 % asked for.",)
    assert answer.nearest[0].text == "The dose was 60 mg."
    assert answer.unknown_words == ("zebrafish",)
    assert (answer.searched.documents, answer.generation) == (3, 1)


def test_a_refusal_never_says_that_a_share_is_less_than_itself(opened: Callable[[ScriptedReader], Assistant]) -> None:
    answer = opened(ScriptedReader("60 mg", margin=-0.01)).ask("What was the dose?")
    assert answer.confidence == pytest.approx(0.4975, abs=1e-4)
    assert answer.reasons == ("The best passage answers with a probability of a little less than the 50 % asked for.",)


def test_a_word_that_says_nothing_by_itself_is_not_missed(
    opened: Callable[[ScriptedReader], Assistant],
) -> None:
    answer = opened(ScriptedReader("60 mg", margin=-3.0)).ask("How many zebrafish were you given?")
    assert answer.unknown_words == ("zebrafish", "given")
    answer = opened(ScriptedReader("60 mg", margin=-3.0)).ask("What happens now if I pick up money?")
    assert answer.unknown_words == ("pick", "money")


def test_a_passage_without_a_sentence_is_not_near(
    tmp_path: Path, documents: Path, opened: Callable[[ScriptedReader], Assistant]
) -> None:
    (documents / "letter.txt").write_text("Dear Ms Marlow,\n")
    build(tmp_path / "index", HashedEncoder(), roots=[documents], options=BuildOptions())
    answer = opened(ScriptedReader("nothing")).ask("Who is dear Ms Marlow?")
    assert answer.nearest
    assert "Dear Ms Marlow," not in [near.text for near in answer.nearest]


def test_a_table_row_is_quoted_with_the_top_row_of_its_table(
    tmp_path: Path, documents: Path, opened: Callable[[ScriptedReader], Assistant]
) -> None:
    table = "| Outcome | Drug | Placebo |\n|---|---|---|\n| Remission | 40 % | 17 % |\n| Response | 54 % | 34 % |\n"
    (documents / "table.md").write_text(f"# Trial\n\nThe outcomes were these.\n\n{table}")
    build(tmp_path / "index", HashedEncoder(), roots=[documents], options=BuildOptions())
    answer = opened(ScriptedReader("54 %")).ask("What was the response?")
    assert answer.quotes[0].text == "Response | 54 % | 34 %"
    assert answer.quotes[0].top_row == "Outcome | Drug | Placebo"
    assert "Top row of the table: Outcome | Drug | Placebo" in as_text(answer)
    silent = opened(ScriptedReader("54 %", margin=-3.0)).ask("What was the response?")
    assert silent.nearest[0].top_row == "Outcome | Drug | Placebo"
    assert "Top row of the table: Outcome | Drug | Placebo" in as_text(silent)
    assert set(silent.as_dict()["nearest"][0]) == {"text", "citation"}
    assert set(answer.as_dict()["quotes"][0]) == {"text", "answer", "answer_start", "confidence", "citation", "also"}
    assert opened(ScriptedReader("60 mg")).ask("What was the dose?").quotes[0].top_row == ""


def test_the_threshold_alone_decides(opened: Callable[[ScriptedReader], Assistant]) -> None:
    assistant = opened(ScriptedReader("60 mg", margin=0.5))
    assert assistant.ask("What was the dose?", threshold=0.9).answered is False
    assert assistant.ask("What was the dose?", threshold=0.0).answered is True


def test_only_the_documents_asked_for_are_read(opened: Callable[[ScriptedReader], Assistant]) -> None:
    reader = ScriptedReader("mg")
    answer = opened(reader).ask("What was the dose?", documents=["other.txt"])
    assert {quote.citation.path for quote in answer.quotes} == {"other.txt"}
    assert all("60" not in text for text in reader.texts)
    assert answer.searched == Searched(documents=1, passages=1)
    with pytest.raises(UsageError, match="nowhere"):
        opened(reader).ask("What was the dose?", documents=["nowhere.txt"])


@pytest.mark.parametrize("question", ["", "   ", "why " * 10_000])
def test_an_empty_or_endless_question_is_refused(opened: Callable[[ScriptedReader], Assistant], question: str) -> None:
    with pytest.raises(UsageError, match="question"):
        opened(ScriptedReader("mg")).ask(question)


@pytest.mark.parametrize("said", ["Thanks!", "ok, thank you"])
def test_what_asks_nothing_is_not_searched(opened: Callable[[ScriptedReader], Assistant], said: str) -> None:
    reader = ScriptedReader("mg")
    with pytest.raises(UsageError, match="asks nothing"):
        opened(reader).ask(said)
    assert not reader.texts


@pytest.mark.parametrize("question", ["?", "😀", "ما هي الجرعة؟", "\x00\ud800", "AND OR NOT (:", "剂量是多少？"])
def test_an_odd_question_gets_a_sound_answer(opened: Callable[[ScriptedReader], Assistant], question: str) -> None:
    answer = opened(ScriptedReader("mg")).ask(question)
    assert 0.0 <= answer.confidence <= 1.0


def test_a_deleted_file_is_not_quoted_and_an_edited_one_is_marked(
    opened: Callable[[ScriptedReader], Assistant], documents: Path
) -> None:
    assistant = opened(ScriptedReader("mg"))
    (documents / "other.txt").unlink()
    (documents / "ward.md").write_text(WARD + "More.\n")
    answer = assistant.ask("What was the dose?", threshold=0.0)
    cited = [place for quote in answer.quotes for place in (quote.citation, *quote.also)]
    assert {place.path: place.changed for place in cited} == {"ward.md": True, "a/twin.txt": False}


def test_one_flipped_character_in_the_catalog_is_refused(
    opened: Callable[[ScriptedReader], Assistant], tmp_path: Path
) -> None:
    assistant = opened(ScriptedReader("locked"))
    assert assistant.ask("When is the door locked?").answered
    _flip(tmp_path / "index", "locked", "Locked")
    with pytest.raises(IndexDamaged, match=r"ward\.md"):
        assistant.ask("When is the door locked?")


def test_a_shifted_place_in_the_catalog_is_refused(
    opened: Callable[[ScriptedReader], Assistant], tmp_path: Path
) -> None:
    assistant = opened(ScriptedReader("locked"))
    with sqlite3.connect(tmp_path / "index" / CATALOG) as connection:
        connection.execute('UPDATE passages SET start = start + 4, "end" = "end" + 4')
    connection.close()
    with pytest.raises(IndexDamaged, match="does not fit"):
        assistant.ask("When is the door locked?")


def test_a_file_that_was_only_touched_is_not_marked(
    opened: Callable[[ScriptedReader], Assistant], documents: Path
) -> None:
    (documents / "ward.md").touch()
    assert opened(ScriptedReader("locked")).ask("When is the door locked?").quotes[0].citation.changed is False


def test_of_two_copies_the_unchanged_one_is_named(
    opened: Callable[[ScriptedReader], Assistant], documents: Path
) -> None:
    (documents / "b.md").write_text(WARD)
    build(documents.parent / "index", HashedEncoder(), options=BuildOptions())
    (documents / "b.md").write_text("Something else.")
    place = opened(ScriptedReader("locked")).ask("When is the door locked?").quotes[0].citation
    assert (place.path, place.changed) == ("ward.md", False)


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_that_is_no_probability_is_refused(
    opened: Callable[[ScriptedReader], Assistant], threshold: float
) -> None:
    with pytest.raises(UsageError, match="between 0 and 1"):
        opened(ScriptedReader("locked")).ask("When is the door locked?", threshold=threshold)


def _flip(folder: Path, old: str, new: str) -> None:
    catalog = folder / CATALOG
    connection = sqlite3.connect(catalog)
    rows = connection.execute("SELECT rowid, text FROM documents").fetchall()
    for rowid, text in rows:
        changed = text.replace(old.encode(), new.encode()) if isinstance(text, bytes) else text.replace(old, new)
        connection.execute("UPDATE documents SET text = ? WHERE rowid = ?", (changed, rowid))
    connection.commit()
    connection.close()


def test_the_json_form_has_the_names_of_the_contract(opened: Callable[[ScriptedReader], Assistant]) -> None:
    plain = opened(ScriptedReader("60 mg")).ask("What was the dose?").as_dict()
    printed = json.loads(json.dumps(plain))
    assert printed == plain
    assert printed["schema"] == 1
    assert list(printed) == [
        *("schema", "question", "understood_as", "answered", "confidence", "reasons", "quotes", "nearest"),
        *("unknown_words", "searched", "generation", "seconds"),
    ]
    assert set(printed["quotes"][0]) == {"text", "answer", "answer_start", "confidence", "citation", "also"}
    assert set(printed["quotes"][0]["citation"]) == {
        *("document", "path", "sha256", "title", "page", "page_label", "heading", "start", "end", "boxes", "changed")
    }
    assert set(printed["seconds"]) == {"total", "retrieve", "read"}


def test_a_reader_without_a_calibration_is_said_to_have_none(opened: Callable[[ScriptedReader], Assistant]) -> None:
    answer = opened(ScriptedReader("60 mg")).ask("What was the dose?")
    assert not answer.calibrated
    assert as_text(answer).endswith(UNCALIBRATED_NOTE)
    assert not as_text(replace(answer, calibrated=True)).endswith(UNCALIBRATED_NOTE)


class TwoSentences(ScriptedReader):
    """Is a little surer of the last sentence but one of every text than of the last."""

    def _read(self, text: str) -> Reading:
        sentences = split(text)
        first, second = sentences[-2:]
        others, seen = ((second.start, second.end, 3.9),), tuple((s.start, s.end, 0.5) for s in sentences)
        return Reading(Span(first.start, first.end), 4.0, 0.0, seen, others)


def test_of_two_sentences_the_one_that_is_like_the_question_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "ward.txt").write_text("Nobody slept in the house. The blue door is locked at nine.")
    build(tmp_path / "index", HashedEncoder(), roots=[tmp_path / "d"], options=BuildOptions())
    settings = Settings(quotes=QuoteSettings(evidence=0.9))
    for likeness, quoted in ((0.0, "Nobody slept in the house."), (50.0, "The blue door is locked at nine.")):
        weighing = replace(UNCALIBRATED, order=Weights(likeness=likeness))
        index = Index.open(tmp_path / "index", HashedEncoder())
        answer = Assistant(index, Asking(TwoSentences(""), weighing, settings)).ask("When is the blue door locked?")
        assert answer.quotes[0].text == quoted


def test_later_quotes_are_never_surer_than_the_first(opened: Callable[[ScriptedReader], Assistant]) -> None:
    settings = Settings(quotes=QuoteSettings(quotes=3), reading=replace(ReadingSettings(), passages=10))
    answer = opened(ScriptedReader("The dose"), settings).ask("What was the dose?", threshold=0.0)  # type: ignore[call-arg]
    sure = [quote.confidence for quote in answer.quotes]
    assert len(sure) > 1
    assert sure == sorted(sure, reverse=True)


def test_reading_stops_where_the_first_quote_is_settled(ward: Path) -> None:
    for margin, read in ((50.0, PORTION), (0.1, 3 * PORTION + 1)):
        reader = ScriptedReader("60 mg", margin)
        stopping = replace(UNCALIBRATED, order=Weights(reach=20.0))
        settings = Settings(reading=ReadingSettings(passages=4 * PORTION))
        assistant = Assistant(Index.open(ward, HashedEncoder()), Asking(reader, stopping, settings))
        answer = assistant.ask("What was the dose on the ward?", threshold=0.0)
        assert answer.quotes[0].answer == "60 mg"
        assert len(reader.texts) == read
