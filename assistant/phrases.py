"""Places and probabilities in words."""

from assistant.answers import Citation, Nearest, Quote, Searched
from corpus.phrases import count

DEGREES = ((0.9, "very likely"), (0.7, "likely"), (0.5, "more likely than not"), (0.25, "unsure"), (0.0, "unlikely"))
# Of the choose questions whose best candidate has less it is right for one in 15, of those with up to twice as much for
# one in 6 (`benchmarks/results/calibration.json`, "reliability").
ABSENT = 0.1

UNCALIBRATED = "Nobody has fitted this reader's confidence: the percentages are its own account, uncalibrated."


def certainty(probability: float) -> str:
    """The probability in words and number: "very likely, 93 %"."""
    word = next(word for least, word in DEGREES if probability >= least)
    return f"{word}, {percent(probability)}"


def percent(probability: float) -> str:
    """The probability as a percentage that never claims to be 0 or 100."""
    if probability > 0.99:
        return "over 99 %"
    if probability < 0.01:
        return "under 1 %"
    return f"{round(probability * 100)} %"


def page(citation: Citation) -> str:
    """The printed label with the physical page where they differ: "p. xii (PDF page 22)"."""
    if citation.page is None:
        return ""
    if citation.page_label is None or citation.page_label == str(citation.page):
        return f"p. {citation.page}"
    return f"p. {citation.page_label} (PDF page {citation.page})"


def place(citation: Citation) -> str:
    """Document, page and heading path, as plain text."""
    return ", ".join(part for part in (citation.document, *within(citation)) if part)


def within(citation: Citation) -> tuple[str, str]:
    """Page and heading path inside the document; empty where there is none."""
    return page(citation), " › ".join(citation.heading)


def silence(confidence: float, *, chosen: bool) -> str:
    """That there is no answer, or none that is sure enough although the best candidate may well be one.

    `chosen`: in the documents that the question was asked of alone.
    """
    documents = "the chosen documents" if chosen else "these documents"
    return f"No sure answer in {documents}" if confidence >= ABSENT else f"Not in {documents}"


def extent(amount: Searched) -> str:
    """How much is searched: "1,204 passages of 12 documents"."""
    return f"{count(amount.passages, 'passage')} of {count(amount.documents, 'document')}"


def table(quote: Quote | Nearest) -> str:
    """What the cells of a row stand for: "Top row of the table: Outcome | Drug"; empty for what is no row."""
    return f"Top row of the table: {quote.top_row}" if quote.top_row else ""


def copied(quote: Quote) -> str:
    """The quote with its place, to paste elsewhere."""
    return "\n".join(line for line in (f"“{quote.text}”", table(quote), f"— {place(quote.citation)}") if line)
