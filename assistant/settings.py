"""Every setting of the assistant; a default names the benchmark that chose it, or says that none did yet."""

from dataclasses import dataclass, field

from corpus.settings import CorpusSettings
from index.settings import IndexSettings


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """How passages are found. `dense_weight` is the convex weight of the normalised dense score."""

    candidates: int = 100  # from each of the two retrievers
    dense_weight: float = 0.7  # benchmarks/results/retrieval.json


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """How much is read for a question: the best passages, as many as fit."""

    # benchmarks/results/reading.json: the first quote is right as often as with 20.
    passages: int = 12
    tokens: int = 4000  # word pieces, about: twice what 12 passages of the splitter's size have, so for long ones only


@dataclass(frozen=True, slots=True)
class QuoteSettings:
    """What a quote may be: the design allows 1-3 whole sentences and 80 words, or one longer sentence."""

    quotes: int = 3
    sentences: int = 3
    words: int = 80
    nearest: int = 3
    # Of a passage, a sentence each, that may be quoted. Over 352 answerable choose questions, half of them worded
    # otherwise than their answers, one of three quotes holds the answer for 85 % with 1, for 91 % with 2 or more.
    spans: int = 3
    # A sentence with at least this probability may be quoted whatever its rank, and may join one: with 0.5 quotes are
    # 1.6 words shorter and one in sixty more misses the answer (`benchmarks/results/calibration.json`, "quotes").
    evidence: float = 0.2


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `question_words` and `question_characters` are the longest question that is understood.

    `follow_up_gain` is the least gain in the best passage's cosine for which a filled follow-up is kept.
    """

    corpus: CorpusSettings = field(default_factory=CorpusSettings)
    index: IndexSettings = field(default_factory=IndexSettings)
    retrieval: RetrievalSettings = field(default_factory=RetrievalSettings)
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    quotes: QuoteSettings = field(default_factory=QuoteSettings)
    question_words: int = 120
    question_characters: int = 2000  # the words' limit alone would let one word of a megabyte through
    follow_up_gain: float = 0.05  # hand-set; benchmarks/followups.py sweeps it
