"""One reader for each format: `extract(data, name) -> Extracted`, before any cleaning.

In an extractor's text a newline may be a soft line break, an empty line separates paragraphs, and `HARD_BREAK`
ends a line that the format itself says is one (a list item, a table row). Cleaning turns it into a newline.
"""

from typing import Final

HARD_BREAK: Final = "\u2028"

SUFFIXES: Final = {
    ".txt": "txt",
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}
