"""The place of a quote, proven: the stored text's hash and the slice are checked before anything is shown."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from assistant.answers import Citation
from corpus.boxes import boxes_of
from corpus.documents import Document, Passage, Span
from corpus.errors import IndexDamaged
from index.records import FileRow
from index.store import Store


@dataclass(frozen=True)
class Source:
    """One document of one generation, with where its file lies now."""

    store: Store
    sha256: str

    @cached_property
    def document(self) -> Document:
        """The document, its text checked against the hash taken when it was loaded.

        Raises: IndexDamaged.
        """
        document = self.store.document(self.sha256)
        if document.text_sha256 != self.store.stored_text_sha256(self.sha256):
            raise IndexDamaged(
                f"The stored text of {self._files[0].relative} differs from what was indexed, so nothing of it is "
                "quoted. Check the disk, move the index folder away and run `assistant build` with your folders."
            )
        return document

    @cached_property
    def _files(self) -> list[FileRow]:
        return self.store.files(self.sha256)

    @cached_property
    def file(self) -> FileRow | None:
        """The file to name: an unchanged one, else one that still exists; null when all were deleted."""
        there = [file for file in self._files if not _deleted(file)]
        return next((file for file in there if _same(file)), there[0] if there else None)

    @cached_property
    def changed(self) -> bool:
        """Whether the named file differs on disk from what was indexed."""
        if self.file is None or _same(self.file):
            return False
        # A file that was copied back or touched has other times but the same bytes, so a hash decides.
        try:
            return self.file.path is None or sha256(self.file.path.read_bytes()).hexdigest() != self.sha256
        except OSError:
            return True

    def check(self, passage: Passage) -> None:
        """Refuse a passage that is not the slice of the document that its offsets say.

        Raises: IndexDamaged.
        """
        if self.document.text[passage.start : passage.end] != passage.text:
            raise IndexDamaged(
                f"A stored place in {self._files[0].relative} does not fit its text, so nothing of it is quoted. "
                "Check the disk, move the index folder away and run `assistant build` with your folders."
            )

    def quote(self, span: Span) -> tuple[str, Citation]:
        """The words at `span` and their place."""
        document, file = self.document, self.file or self._files[0]
        page = document.page_at(span.start)
        boxes = boxes_of(self.store.boxes(self.sha256, span.start, span.end), span.start, span.end)
        return document.text[span.start : span.end], Citation(
            document=Path(file.relative).name,
            path=file.relative,
            sha256=self.sha256,
            title=document.title,
            page=page.number if page else None,
            page_label=page.label if page else None,
            heading=document.heading_path(span.start),
            start=span.start,
            end=span.end,
            boxes=boxes,
            changed=self.changed,
        )


def _deleted(file: FileRow) -> bool:
    """Gone from a folder that is there; where the folder itself is missing, nothing is known."""
    try:
        return file.path is not None and not file.path.exists() and Path(file.root).exists()
    except OSError:  # a folder that may not be searched
        return False


def _same(file: FileRow) -> bool:
    """Whether a stat finds the file as it was indexed; a file in memory always is."""
    if file.path is None:
        return True
    try:
        stat = file.path.stat()
    except OSError:
        return False
    now = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
    return now == (file.size, file.mtime_ns, file.ctime_ns, file.inode)
