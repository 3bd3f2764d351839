"""The second opinion on a file that PDFium refuses: pypdf's text, without boxes."""

import logging
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader

from corpus.documents import Extracted, Page, Problem
from corpus.errors import DocumentUnreadable
from corpus.formats.pdf_quality import is_garbage

MEND = "Open it in a PDF program, print or save it as a new PDF and build again."


def extract_damaged(data: bytes, name: str) -> Extracted:
    """The text that pypdf finds, and the problem that no place on a page can be shown.

    Raises: DocumentUnreadable, if it finds none.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        texts = list(_texts(data))
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
    problem = Problem(name, "The PDF is damaged: its text was saved, but places cannot be shown on its pages.", MEND)
    return Extracted("\n".join(texts), "", tuple(pages), problems=(problem,))


def _texts(data: bytes) -> Iterator[str]:
    for page in PdfReader(BytesIO(data), strict=False).pages:
        text = page.extract_text()
        yield "" if is_garbage(text) else text
