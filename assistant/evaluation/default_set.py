"""Which set is asked after every build: one of the settings in the index's catalog."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.change import set_setting

KEY = "default_set"


@dataclass(frozen=True, slots=True)
class DefaultSet:
    """A set and the reader that answers it; a null reader is the shipped one."""

    path: Path
    reader: str | None = None


def default_set(settings: Mapping[str, object]) -> DefaultSet | None:
    """The set that was chosen, from the settings of `Status`; null if none was."""
    kept = settings.get(KEY)
    return DefaultSet(Path(kept["set"]), kept["reader"]) if isinstance(kept, dict) else None


def keep_default_set(folder: Path, chosen: DefaultSet | None) -> None:
    """Ask this set after every build of the index in `folder`; null asks none. Raises: IndexNotFound, IndexBusy."""
    kept = {"set": str(chosen.path.absolute()), "reader": chosen.reader} if chosen is not None else None
    set_setting(folder, KEY, kept)
