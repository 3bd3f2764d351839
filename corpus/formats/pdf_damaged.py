"""The second opinion on a file that PDFium refuses: pypdf's text, without boxes."""

import logging
from collections.abc import Iterator
from io import BytesIO
from time import process_time

from pypdf import PdfReader

from corpus.documents import Extracted, Page, Problem
from corpus.errors import DocumentUnreadable
from corpus.formats.pdf_quality import is_garbage

MEND = "Open it in a PDF program, print or save it as a new PDF and build again."
ENOUGH_SECONDS = 20.0  # of computing, then the pages read so far are all: pypdf may need seconds for one page


def extract_damaged(data: bytes, name: str) -> Extracted:
    """The text that pypdf finds, and the problem that no place on a page can be shown.

    Raises: DocumentUnreadable, if it finds none.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(BytesIO(data), strict=False)
        count, texts = len(reader.pages), list(_texts(reader))
    except MemoryError:
        raise
    # The border to a parser of files that are known to be broken: it raises anything.
    except Exception as error:
        raise DocumentUnreadable("The PDF is damaged: it is cut off or not a PDF at all.", MEND) from error
    if not any(text.strip() for text in texts):
        raise DocumentUnreadable("The PDF is damaged, and no text was found in it.", MEND)
    pages, start = [], 0
    for number, text in enumerate(texts, 1):
        pages.append(Page(number, str(number), start))
        start += len(text) + 1
    return Extracted("\n".join(texts), "", tuple(pages), problems=(_problem(name, read=len(texts), of=count),))


def _problem(name: str, *, read: int, of: int) -> Problem:
    share = "its text was read" if read == of else f"only {read} of {of} pages were read"
    return Problem(name, f"The PDF is damaged: {share}, and places cannot be shown on its pages.", MEND)


def _texts(reader: PdfReader) -> Iterator[str]:
    began = process_time()
    for page in reader.pages:
        text = page.extract_text()
        yield "" if is_garbage(text) else text
        if process_time() - began > ENOUGH_SECONDS:
            return
