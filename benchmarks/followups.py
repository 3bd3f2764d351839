"""How well follow-ups are understood, and what they gain by it.

    python benchmarks/followups.py --data DATA [--questions N] [--gains 0 0.02 0.05 0.1] [--reader NAME]

CANARD dev (role: choose): the terms that a person added to a follow-up, against those that the assistant adds, over an
index of the dialogues' own answers; with the earlier questions alone, and with the dialogue's answer to the last of
them. The dialogue's, for a reader finds few: the questions rarely say what the dialogue is about. And how often a new
topic is polluted by the old one: each follow-up as the person wrote it out, whole, after the questions of another
dialogue, where nothing should be added.
`examples/conversations.jsonl` (reported only): whether the right quote is found, with each follow-up asked bare and
with the questions before it. Writes `benchmarks/results/followups.json`.

Source: Elgohary, Peskov and Boyd-Graber 2019, "Can You Unpack That? Learning to Rewrite Questions-in-Context"; terms
scored as in Voskarides et al. 2020, "Query Resolution for Conversational Search with Limited Supervision".
"""

import argparse
import gzip
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from record import Record

from assistant import Assistant, Settings
from assistant.converse import Following, understood
from assistant.evaluation.questions import EvaluationSet
from assistant.evaluation.run import evaluate
from assistant.evaluation.sets import load_set
from assistant.evaluation.setup import options_for
from corpus.read import read
from index.build import build, index_documents
from index.encoder import Encoder, load_encoder
from index.keywords import terms
from index.open import Index
from index.store import Store

EXAMPLES = Path(__file__).parent.parent / "examples"
UNANSWERED = "I don't know."  # CANARD's words for it
TITLES = 2  # a dialogue's history begins with the titles of its article and section


@dataclass(frozen=True)
class FollowUp:
    """A question with the questions before it, and how a person wrote it out."""

    dialogue: str
    question: str
    earlier: tuple[str, ...]
    answer: str  # to the question before, in the dialogue; empty where it has none
    rewrite: str


class Remembering:
    """Encodes each text once, for a sweep asks the same ones at each gain; `encode` is all that `understood` uses."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors `(len(texts), dimension)`."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])


def follow_ups(canard: Iterable[dict[str, Any]]) -> Iterator[FollowUp]:
    """Every question that has one before it: the first of a dialogue has only titles to lean on."""
    for row in canard:
        earlier = tuple(row["History"][TITLES::2])
        if earlier:
            answer = row["History"][-1].replace(UNANSWERED, "")
            yield FollowUp(row["QuAC_dialog_id"], row["Question"], earlier, answer, row["Rewrite"])


def texts(canard: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Each dialogue's titles and answers, as far as its longest history holds them, by its name."""
    longest: dict[str, list[str]] = {}
    for row in canard:
        name = row["QuAC_dialog_id"]
        longest[name] = max(longest.get(name, []), row["History"], key=len)
    return {
        name: "\n\n".join([", ".join(history[:TITLES]), *history[TITLES + 1 :: 2]]) for name, history in longest.items()
    }


def term_scores(asked: Sequence[FollowUp], meant: Sequence[str]) -> dict[str, float]:
    """Precision, recall and F1 of the terms added, over all questions at once; the share that was left as it stood."""
    shared = added = wanted = 0
    for follow_up, understanding in zip(asked, meant, strict=True):
        bare = set(terms(follow_up.question))
        chosen, right = set(terms(understanding)) - bare, set(terms(follow_up.rewrite)) - bare
        shared, added, wanted = shared + len(chosen & right), added + len(chosen), wanted + len(right)
    left = sum(understanding == follow_up.question for follow_up, understanding in zip(asked, meant, strict=True))
    return {
        "precision": shared / added if added else 0.0,
        "recall": shared / wanted if wanted else 0.0,
        "f1": 2 * shared / (added + wanted) if added + wanted else 0.0,
        "left_as_it_stood": left / len(asked),
    }


def scores_at(gain: float, asked: Sequence[FollowUp], store: Store, encoder: Encoder) -> dict[str, dict[str, float]]:
    """The terms' scores with earlier questions alone, with the answer to the last of them, and on a new topic."""

    def meant(one: FollowUp) -> str:
        return understood(one.question, one.earlier, Following(store, encoder, gain, lambda _: one.answer))

    alone = [replace(one, answer="") for one in asked]
    elsewhere = list(on_a_new_topic(asked))
    return {
        "questions_alone": term_scores(asked, [meant(one) for one in alone]),
        "with_the_last_answer": term_scores(asked, [meant(one) for one in asked]),
        "new_topic": pollution(elsewhere, [meant(one) for one in elsewhere]),
    }


def on_a_new_topic(asked: Sequence[FollowUp]) -> Iterator[FollowUp]:
    """Each question written out, after what was asked and answered in another dialogue."""
    half = len(asked) // 2  # dialogues lie together, and are much shorter
    for own, other in zip(asked, [*asked[half:], *asked[:half]], strict=True):
        if own.dialogue != other.dialogue:
            yield replace(own, question=own.rewrite, earlier=other.earlier, answer=other.answer)


def pollution(asked: Sequence[FollowUp], meant: Sequence[str]) -> dict[str, float]:
    """The share of questions to which something was added, and how many terms a question."""
    changed = [(one.question, other) for one, other in zip(asked, meant, strict=True) if one.question != other]
    added = sum(len(set(terms(other)) - set(terms(question))) for question, other in changed)
    count = max(len(asked), 1)
    return {"n": len(asked), "polluted": len(changed) / count, "terms_added": added / count}


def of_canard(data: Path, encoder: Encoder, gains: Sequence[float], count: int | None) -> dict[str, Any]:
    """The terms' scores for each gain, and for taking over every term of the question before."""
    canard = json.loads(gzip.decompress((data / "canard-dev.json.gz").read_bytes()))
    asked = list(follow_ups(canard))
    asked = asked[:: max(len(asked) // count, 1)][:count] if count is not None else asked
    wanted = {follow_up.dialogue for follow_up in asked}
    kept = texts(row for row in canard if row["QuAC_dialog_id"] in wanted)
    with tempfile.TemporaryDirectory() as folder:
        documents = ((f"{name}.txt", read(text.encode(), f"{name}.txt")) for name, text in kept.items())
        index_documents(Path(folder), encoder, documents)
        remembering, scores = Remembering(encoder), {}
        with Index.open(Path(folder), encoder) as index, index.snapshot() as store:
            for gain in gains:
                scores[f"{gain:g}"] = scores_at(gain, asked, store, remembering)
    everything = term_scores(asked, [f"{follow_up.question} {follow_up.earlier[-1]}" for follow_up in asked])
    return {"questions": len(asked), "gain": scores, "every_term_of_the_question_before": everything}


def of_examples(encoder: Encoder, gains: Sequence[float], reader: str | None) -> dict[str, object]:
    """The share of follow-ups whose right quote comes first, or among the first three: bare, and for each gain."""
    asked = load_set(EXAMPLES / "conversations.jsonl")
    asked = replace(asked, questions=tuple(question for question in asked.questions if question.history))
    bare = replace(asked, questions=tuple(replace(question, history=()) for question in asked.questions))
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder), encoder, roots=[EXAMPLES / "documents"])
        scores = {"bare": hits(Assistant.open(folder, reader=reader), bare)}
        for gain in gains:
            assistant = Assistant.open(folder, reader=reader, settings=Settings(follow_up_gain=gain))
            scores[f"{gain:g}"] = hits(assistant, asked)
    return {"questions": len(asked.questions), "hit": scores}


def hits(assistant: Assistant, asked: EvaluationSet) -> dict[str, float]:
    """Whether the quote is the right one, whatever its confidence; and with the threshold applied."""
    options = options_for(assistant, progress=None, notice=print)
    run = evaluate(assistant, asked, mode="conversation", options=options)
    names = ("quote_hit@1", "quote_hit@3", "right_at_threshold")
    return {name: run.figures[name].value for name in names}


def main() -> None:
    """Understand, measure, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, help="of CANARD; all if left out")
    parser.add_argument("--gains", type=float, nargs="+", default=[Settings().follow_up_gain])
    parser.add_argument("--reader")
    chosen = parser.parse_args()
    record = Record("followups", n=0)
    encoder = load_encoder(None)
    canard = of_canard(chosen.data, encoder, chosen.gains, chosen.questions)
    examples = of_examples(encoder, chosen.gains, chosen.reader)
    record.n = canard["questions"]
    record.write({"default_gain": Settings().follow_up_gain, "canard": canard, "examples": examples})


if __name__ == "__main__":
    main()
