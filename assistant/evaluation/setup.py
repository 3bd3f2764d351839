"""An evaluation over a real index: its models, its documents, and a place for sets that bring their own texts."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from assistant.assistant import Assistant
from assistant.confidence import Calibration
from assistant.evaluation.instruments import Options
from assistant.evaluation.library import IndexLibrary
from assistant.evaluation.protocols import Identified
from assistant.settings import Settings
from corpus.documents import Document
from index.build import index_documents
from index.progress import Progress
from index.records import Status


def options_for(assistant: Assistant, *, progress: Progress | None, notice: Callable[[str], None]) -> Options:
    """How sets are run over this assistant's index; a set's own texts are indexed under `<index>/sets`."""

    def open_texts(name: str, documents: Iterable[tuple[str, Document]]) -> Assistant:
        folder = assistant.folder / "sets" / name
        folder.mkdir(parents=True, exist_ok=True)
        index_documents(folder, assistant.encoder, documents, progress=progress)
        return assistant.over(folder)

    return Options(
        threshold=assistant.default_threshold,
        passages_read=assistant.settings.reading.passages,
        reader=assistant.reader,
        open_texts=open_texts,
        library=IndexLibrary(assistant),
        made_with=made_with(
            assistant.status(), assistant.reader, settings=assistant.settings, calibration=assistant.calibration
        ),
        generation=lambda: str(assistant.status().generation),
        notice=notice,
    )


def made_with(status: Status, reader: Identified, *, settings: Settings, calibration: Calibration) -> dict[str, str]:
    """What the answers depend on: two runs of a set with the same of it would be the same."""
    return {
        "encoder": f"{status.encoder.name} {status.encoder.revision[:12]}",
        "reader": f"{reader.name} {reader.revision[:12]}",
        "generation": str(status.generation),
        "settings": _short_hash(settings, calibration.as_dict()),
        "version": version("chapter-and-verse"),
    }


def _short_hash(*settings: object) -> str:
    """Twelve digits that differ for other settings: a stopped run does not go on with them."""
    return sha256(repr(settings).encode()).hexdigest()[:12]


def runs_of(folder: Path) -> Path:
    """Where the runs over the index in `folder` are kept."""
    return folder / "runs"
