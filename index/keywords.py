"""The only file that uses Tantivy: BM25 over passages, by terms that one analyzer makes of texts and questions."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tantivy import Document, Filter, Index, Occur, Query, SchemaBuilder, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from index.durable import durable
from index.encoder import clean
from index.records import Candidates

ANALYZER = "words"
LONGEST = 60  # bytes of a term; longer ones are hashes and garbled text
ELISIONS = "s t ll ve re"  # what the apostrophe leaves of "it's", "don't", "we'll"
ASKING = "what which who whom whose how why when where do does did has have had"  # of the question, not its subject
HEAP = 64_000_000  # bytes of a writer's memory, whatever the size of the corpus

KeywordRow = tuple[int, str, str]  # passage id, prefix, text


def terms(text: str) -> list[str]:
    """The terms of a text in order: lower case, accents folded, English stop words left out, stemmed."""
    return _analyzer().analyze(clean(text))  # type: ignore[no-any-return]


@cache
def _analyzer() -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST)).filter(Filter.lowercase())
    builder = builder.filter(Filter.ascii_fold()).filter(Filter.stopword("english"))
    return (
        builder.filter(Filter.custom_stopword([*ELISIONS.split(), *ASKING.split()]))
        .filter(Filter.stemmer("english"))
        .build()
    )


@cache
def _schema() -> Any:  # noqa: ANN401 - Tantivy carries no types
    builder = SchemaBuilder().add_unsigned_field("id", indexed=True, fast=True)
    for field in ("text", "prefix"):
        builder = builder.add_text_field(field, tokenizer_name=ANALYZER, index_option="freq")
    return builder.build()


class Keywords:
    """A keyword view that is searched; in memory where it has no folder."""

    def __init__(self, folder: Path | None) -> None:
        self._index = Index(_schema(), path=None if folder is None else str(folder))
        self._index.register_tokenizer(ANALYZER, _analyzer())
        self._index.config_reader("manual")  # a view never changes under its reader
        self._index.reload()
        self._searcher = self._index.searcher()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def update(self, rows: Iterable[KeywordRow], removed: NDArray[np.int64]) -> None:
        """Take out the removed passages and add the rows, in one commit. Raises: OSError where the disk is full."""
        try:
            self._write(rows, removed)
        except ValueError as error:  # what Tantivy raises for every failure
            raise OSError(str(error)) from error
        self._index.reload()
        self._searcher = self._index.searcher()

    def _write(self, rows: Iterable[KeywordRow], removed: NDArray[np.int64]) -> None:
        writer = self._index.writer(heap_size=HEAP, num_threads=1)
        if len(removed):
            writer.delete_documents_by_query(_among(removed))
        for number, prefix, text in rows:
            document = Document(prefix=clean(prefix), text=clean(text))
            document.add_unsigned("id", number)
            writer.add_document(document)
        with durable("commit keywords"):
            writer.commit()
        writer.wait_merging_threads()

    def search(
        self, words: Sequence[str], top_k: int, *, prefix_weight: float, among: NDArray[np.int64] | None = None
    ) -> Candidates:
        """Passages with any of the terms, best BM25 first, ties by id; `among` restricts them to these ids."""
        query = _any_of(words, prefix_weight)
        if among is not None:
            within = Query.const_score_query(_among(among), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, within)])
        hits = self._searcher.search(query, limit=top_k, count=False).hits if words and top_k > 0 else []
        ids = np.array(self._searcher.fast_field_values("id", [address for _, address in hits]), dtype=np.int64)
        scores = np.array([score for score, _ in hits], dtype=np.float32)
        order = np.lexsort((ids, -scores))
        return Candidates(ids[order], scores[order])

    def frequencies(self, words: Sequence[str]) -> list[int]:
        """In how many passages each term stands, in text or prefix."""
        return [int(self._searcher.search(_any_of([word], 1.0), limit=1).count) for word in words]


def _any_of(words: Sequence[str], prefix_weight: float) -> Query:
    parts = []
    for word in words:
        parts.append((Occur.Should, Query.term_query(_schema(), "text", clean(word), "freq")))
        if prefix_weight > 0:
            term = Query.term_query(_schema(), "prefix", clean(word), "freq")
            parts.append((Occur.Should, Query.boost_query(term, prefix_weight)))
    return Query.boolean_query(parts)


def _among(ids: NDArray[np.int64]) -> Query:
    return Query.term_set_query(_schema(), "id", [int(number) for number in ids])
