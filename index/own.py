"""What lies in the index's own folder: the user's uploads, and what the index itself wrote."""

from pathlib import Path

UPLOADS = "uploads"  # inside the index's folder: the documents that were given to the page


def uploads_of(index: Path) -> Path:
    """The folder of the uploads, as it is remembered as a root."""
    return (index / UPLOADS).absolute()


def is_upload(path: Path, index: Path) -> bool:
    """Whether a file lies among the uploads."""
    return uploads_of(index) in path.absolute().parents
