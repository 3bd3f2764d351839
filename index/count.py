"""What changed between two states of an index, counted in files."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.scan import Entry, Key


@dataclass(frozen=True, slots=True)
class Counts:
    """Files by what became of them; a rename is neither an addition nor a removal."""

    added: int
    changed: int
    removed: int
    unchanged: int
    renamed: int

    @property
    def nothing_changed(self) -> bool:
        """Whether the same files hold the same documents."""
        return not (self.added or self.changed or self.removed or self.renamed)


def count(before: Mapping[Key, Entry], after: Sequence[Entry]) -> Counts:
    """Compare the files; a new path with the bytes of one that is gone is that file renamed."""
    now = {entry.key: entry.sha256 for entry in after}
    gone = Counter(entry.sha256 for key, entry in before.items() if key not in now)
    new = Counter(sha256 for key, sha256 in now.items() if key not in before)
    renamed = (gone & new).total()
    same = sum(key in before and before[key].sha256 == sha256 for key, sha256 in now.items())
    return Counts(
        added=new.total() - renamed,
        changed=len(now) - new.total() - same,
        removed=gone.total() - renamed,
        unchanged=same,
        renamed=renamed,
    )
