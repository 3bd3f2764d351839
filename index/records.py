"""The records that the index gives back: candidates, files, the state of the index, and a build's report."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Problem
from corpus.phrases import count


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that may answer, best first: `ids` are int64, `scores` float32, of the same length."""

    ids: NDArray[np.int64]
    scores: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as it was when it was indexed; a document given in memory has the empty root and no path."""

    root: str
    relative: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @property
    def path(self) -> Path | None:
        """Where the file stands; a root that is itself a file has that file's name as `relative`."""
        if not self.root:
            return None
        root = Path(self.root)
        return root if root.name == self.relative and not root.is_dir() else root / self.relative


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One file of the index as a table shows it; `bytes` is the size of its text."""

    root: str
    relative: str
    sha256: str
    title: str
    format: str
    language: str
    pages: int
    passages: int
    bytes: int
    added: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """Which encoder's vectors the index holds."""

    name: str
    revision: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs on the disk from what was indexed, as paths."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)


@dataclass(frozen=True, slots=True)
class Status:
    """All that is known of an index without asking it anything. `bytes` is its size on the disk."""

    generation: int
    documents: int
    passages: int
    files: tuple[DocumentRow, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[tuple[str, str], ...]
    roots: tuple[str, ...]
    exclusions: tuple[str, ...]
    encoder: EncoderIdentity
    settings: dict[str, object]
    last_build: dict[str, object]
    bytes: int
    repair: str = ""  # the last time that damaged views were made again, in one sentence


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: files added, changed, removed, unchanged, renamed; passages encoded; what went wrong."""

    generation: int
    documents: int
    passages: int
    added: int
    changed: int
    removed: int
    unchanged: int
    renamed: int
    passages_encoded: int
    problems: tuple[Problem, ...]
    skipped: tuple[tuple[str, str], ...]
    seconds: float

    @property
    def sentence(self) -> str:
        """The build in one line."""
        return (
            f"{count(self.documents, 'document')}, {count(self.passages, 'passage')} (generation {self.generation}): "
            f"{self.added} added, {self.changed} changed, {self.removed} removed, {self.renamed} renamed, "
            f"{self.unchanged} unchanged; {count(self.passages_encoded, 'passage')} encoded in {self.seconds:.1f} s."
        )
