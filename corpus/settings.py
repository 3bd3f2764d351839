"""The settings of loading and splitting."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CorpusSettings:
    """How documents are loaded and split; limits keep one bad file from stopping a build."""

    passage_tokens: int = 160  # word pieces with the prefix, at most 256; hand-set, not yet measured
    load_seconds: float = 120.0  # one file may take this long in its worker process
    load_memory_mb: int = 2048  # and this much memory
    file_mb: int = 200  # larger files are reported, not read
    workers: int = 2
