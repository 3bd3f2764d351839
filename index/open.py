"""An index that is read: by any number of threads and processes, while one may be writing."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from corpus.errors import AssistantError, IndexMismatch, IndexNotFound
from index import meta, passages, repairs, stored, views
from index.catalog import CATALOG, Catalog
from index.changes import changes
from index.damage import check
from index.encoder import Encoder, load_encoder
from index.lock import writing
from index.manifest import ViewDamaged
from index.meta import Generation
from index.records import Changes, EncoderIdentity, Status
from index.settings import IndexSettings
from index.snapshot import Snapshot
from index.views import Source, Views

__all__ = ["Index", "Status"]

log = logging.getLogger(__name__)
TRIES = 5  # generations that may be replaced one after the other while their views are being opened


class Index:
    """Take a `snapshot` for each question; a rebuild by any process is seen at the next one."""

    def __init__(self, folder: Path, encoder: Encoder | None, settings: IndexSettings) -> None:
        self.folder = folder
        self._encoder = encoder
        self._settings = settings
        self._views: Views | None = None
        self._lock = threading.Lock()  # one thread opens views, the others wait for it
        self._encoder_lock = threading.Lock()
        self._idle: list[Catalog] = []

    @classmethod
    def open(cls, folder: Path, encoder: Encoder | None = None, *, settings: IndexSettings | None = None) -> "Index":
        """The index in `folder`; without an encoder, the one that it was made with is loaded when it is needed.

        Raises:
            IndexNotFound: there is none, or its first build did not finish.
            IndexMismatch: it was made with another encoder, or its format is of another version.
            IndexDamaged: the catalog is damaged.
        """
        if not meta.exists(folder):
            raise IndexNotFound(f"There is no index in {folder}. Run `assistant build FOLDER --index {folder}`.")
        index = cls(folder, encoder, settings if settings is not None else IndexSettings())
        with Catalog(folder / CATALOG, read_only=True) as catalog:
            if catalog.version():
                catalog.require_present_format()
            if not catalog.version() or not meta.generation(catalog).number:
                raise IndexNotFound(f"The first build in {folder} did not finish. Run `assistant build` again.")
            if encoder is not None:
                meta.require(meta.encoder(catalog), encoder, folder)
        return index

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release what is held; snapshots that are out release theirs when they end."""
        while self._idle:
            self._idle.pop().close()

    @property
    def encoder(self) -> Encoder:
        """The encoder that the index was made with. Raises: ModelNotFound, IndexMismatch."""
        with self._encoder_lock:
            if self._encoder is None:
                stored_encoder = self._stored_encoder()
                encoder = load_encoder(stored_encoder.name)
                meta.require(stored_encoder, encoder, self.folder)
                self._encoder = encoder
            return self._encoder

    def require_encoder(self) -> Encoder:
        """The encoder, for a build that is to keep to it. Raises: IndexMismatch where another is the index's."""
        if self._stored_encoder() != meta.identity(self.encoder):
            raise IndexMismatch(
                f"The index in {self.folder} was made anew with another encoder. Stop this command and start it again."
            )
        return self.encoder

    def _stored_encoder(self) -> EncoderIdentity:
        with self._catalog() as catalog:
            return meta.encoder(catalog)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One generation, unchanging while it is held."""
        with self._catalog() as catalog:
            generation, opened = self._present(catalog)
            try:
                yield Snapshot(catalog, opened, generation, self._settings)
            finally:
                catalog.end()

    def check(self) -> None:
        """Read everything that the catalog holds once. Raises: IndexDamaged where it is not as it was written."""
        with self._catalog() as catalog, catalog.reading():
            check(catalog)

    def roots(self) -> tuple[Path, ...]:
        """The folders that a build goes through."""
        with self._catalog() as catalog:
            return tuple(Path(root) for root in stored.roots(catalog))

    def changes(self) -> Changes:
        """What differs on the disk from what was indexed; costs a stat a file."""
        with self._catalog() as catalog, catalog.reading():
            return changes(catalog)

    @contextmanager
    def _catalog(self) -> Iterator[Catalog]:
        """A connection that no other thread uses meanwhile."""
        catalog = self._free()
        try:
            yield catalog
        finally:
            self._idle.append(catalog)

    def _free(self) -> Catalog:
        """A connection to the catalog that lies in the folder now, even if it was deleted and built anew."""
        while self._idle:
            try:
                catalog = self._idle.pop()
            except IndexError:  # another thread took the last one
                break
            if catalog.is_current():
                return catalog
            catalog.close()
            with self._lock:
                self._views = None
        return Catalog(self.folder / CATALOG, read_only=True)

    def _present(self, catalog: Catalog) -> tuple[Generation, Views]:
        """The generation that this connection sees from now on until `end`, and its views."""
        before: Generation | None = None
        for _ in range(TRIES):
            catalog.begin()
            try:
                generation = meta.generation(catalog)
                if self._encoder is not None:
                    meta.require(meta.encoder(catalog), self._encoder, self.folder)
                return generation, self._opened(catalog, generation, repair=generation == before)
            except ViewDamaged:  # replaced meanwhile: look again; or damaged: the second look repairs
                before = generation
                catalog.end()
            except BaseException:
                catalog.end()
                raise
        raise IndexNotFound(f"The index in {self.folder} is replaced faster than it can be opened. Ask again.")

    def _opened(self, catalog: Catalog, generation: Generation, *, repair: bool) -> Views:
        """The views of a generation. Raises: ViewDamaged, unless they are to be repaired."""
        with self._lock:
            if self._views is None or self._views.generation != generation.number:
                folder = views.folder_of(self.folder, generation.number)
                try:
                    self._views = views.open_views(folder, generation.number, self._settings)
                except ViewDamaged as damage:
                    if not repair:
                        raise
                    self._views = self._repaired(catalog, generation, str(damage))
            return self._views

    def _repaired(self, catalog: Catalog, generation: Generation, damage: str) -> Views:
        """Views made again from the catalog: on the disk, or in memory where that cannot be written now."""
        source = Source(catalog, meta.encoder(catalog).dimension, self._settings)
        numbers = passages.live(catalog, generation.number)
        folder = views.folder_of(self.folder, generation.number)
        try:
            with writing(self.folder):
                with Catalog(catalog.path) as written:
                    repairs.note(written, generation.number, damage)
                views.write_anew(folder, source, numbers, generation.number)
                return views.open_views(folder, generation.number, self._settings)
        except (AssistantError, OSError, ViewDamaged) as obstacle:
            log.warning("The search files in %s (%s) are made in memory only: %s", folder, damage, obstacle)
            return views.in_memory(source, numbers, generation.number)
