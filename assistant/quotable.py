"""Which candidates may be quoted: of files that still exist, and no heading or reference unless asked for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.cite import Source
from assistant.quotes import Candidate
from corpus.quotable import Kind, kind

# What a question says when it asks for these; a word or two is enough, for asking is rare and quoting one is harmless.
_ASKS: dict[Kind, re.Pattern[str]] = {
    "heading": re.compile(r"\b(?:headings?|titles?|sections?|chapters?)\b", re.IGNORECASE),
    "reference": re.compile(
        r"\b(?:references?|cited?|cites|citations?|journals?|authors?|papers?|published|publish|bibliography|doi)\b",
        re.IGNORECASE,
    ),
}
# A table row or a bare label may hold the answer, so it is not dropped; but a sentence that answers about as well
# reads better. In the log-odds of the reader; hand-set.
_FRAGMENT = 1.0


def quotable(question: str, found: Sequence[Candidate], sources: Mapping[str, Source]) -> list[Candidate]:
    """The candidates that may be quoted, in their order, fragments set back.

    Raises: IndexDamaged where a passage or its document's text is not what was indexed.
    """
    kept = []
    for candidate in found:
        source = sources[candidate.hit.passage.document]
        if source.file is None:
            continue
        source.check(candidate.hit.passage)
        kind_of_quote = kind(source.document, candidate.quote)
        asks = _ASKS.get(kind_of_quote)
        if asks is None or asks.search(question):
            kept.append(replace(candidate, set_back=_FRAGMENT if kind_of_quote == "fragment" else 0.0))
    return kept
