"""What a stored document was made with: when a part of it changes, that part of the work is done again."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files

from corpus.documents import Document
from corpus.settings import CorpusSettings
from index.encoder import Encoder
from index.settings import IndexSettings

SEPARATOR = "|"
LIBRARIES = ("pypdfium2", "pypdf", "trafilatura", "python-docx", "markdown-it-py", "charset-normalizer", "py3langid")


@cache
def loader() -> str:
    """A hash of the program and libraries that turn files into texts: improved ones read every file again."""
    digest = sha256(" ".join(version(name) for name in LIBRARIES).encode())
    for folder in (files("corpus"), files("corpus") / "formats"):
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name) if folder.is_dir() else ():
            if entry.name.endswith(".py"):
                digest.update(entry.read_bytes())
    return digest.hexdigest()[:16]


def given(document: Document) -> str:
    """In the place of `loader`, for a document that was never a file."""
    parts = (document.text, document.title, document.headings, document.pages, document.language, document.metadata)
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def splitter(encoder: Encoder, corpus: CorpusSettings, settings: IndexSettings) -> str:
    """What passages and their vectors depend on."""
    return f"{encoder.revision[:16]}-{encoder.dimension}-{corpus.passage_tokens}-{int(settings.prefix_in_vectors)}"


def recipe(load: str, split: str) -> str:
    """Both parts as they are stored."""
    return f"{load}{SEPARATOR}{split}"


def loaded_with(stored: str) -> str:
    """The first part of a stored recipe."""
    return stored.split(SEPARATOR)[0]


def limits(corpus: CorpusSettings) -> str:
    """What a failure to load depends on besides the file: a higher limit is a reason to try again."""
    return f"{loader()}-{corpus.load_seconds}-{corpus.load_memory_mb}-{corpus.file_mb}"
