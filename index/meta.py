"""The few facts about an index as a whole: generation, encoder, counts, last build, settings."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import IndexMismatch
from index.catalog import CATALOG, Catalog
from index.damage import whole
from index.encoder import Encoder
from index.records import EncoderIdentity


@dataclass(frozen=True, slots=True)
class Generation:
    """The complete state that readers see: its number, and how much is in it."""

    number: int
    documents: int
    passages: int


NOTHING = Generation(0, 0, 0)


def exists(folder: Path) -> bool:
    """Whether there is an index in the folder, complete or begun."""
    return (folder / CATALOG).exists()


def read(catalog: Catalog, key: str) -> object:
    """A fact, null where it was never written."""
    row = catalog.one("SELECT value FROM meta WHERE key = ?", (key,))
    with whole(f"fact {key}"):
        return None if row is None else json.loads(row[0])


def write(catalog: Catalog, key: str, value: object) -> None:
    """Remember a fact."""
    catalog.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value)))


def generation(catalog: Catalog) -> Generation:
    """The generation that is complete; number 0 before the first."""
    value = read(catalog, "generation")
    with whole("generation"):
        return Generation(*map(int, value)) if isinstance(value, list) else NOTHING


def encoder(catalog: Catalog) -> EncoderIdentity:
    """The encoder of the generation that is complete."""
    value = read(catalog, "encoder")
    with whole("encoder"):
        return EncoderIdentity(**value) if isinstance(value, dict) else EncoderIdentity("", "", 0)


def identity(encoder: Encoder) -> EncoderIdentity:
    """What is stored of an encoder."""
    return EncoderIdentity(encoder.name, encoder.revision, encoder.dimension)


def write_encoder(catalog: Catalog, encoder: EncoderIdentity) -> None:
    """Remember whose vectors these are."""
    write(catalog, "encoder", asdict(encoder))


def require(stored: EncoderIdentity, encoder: Encoder, folder: Path) -> None:
    """Check that the index was made with this encoder.

    Raises:
        IndexMismatch: it was made with another; says the command that rebuilds.
    """
    if (stored.revision, stored.dimension) != (encoder.revision, encoder.dimension):
        raise IndexMismatch(
            f"The index in {folder} was made with the encoder {stored.name} ({stored.revision[:12]}, "
            f"{stored.dimension} dimensions), not {encoder.name} ({encoder.revision[:12]}, {encoder.dimension}). "
            f"Run `assistant build --index {folder} --encoder {encoder.name}` to make it anew."
        )


def settings(catalog: Catalog) -> dict[str, object]:
    """The settings that a user changed, by key."""
    rows = catalog.rows("SELECT key, value FROM settings ORDER BY key")
    with whole("settings"):
        return {key: json.loads(value) for key, value in rows}
