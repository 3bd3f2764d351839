"""Which reader a name means and how it decides, told from its files: no model is loaded, nor torch imported."""

from dataclasses import dataclass
from typing import cast

from assistant.confidence import Calibration
from assistant.evaluation.protocols import Identified
from assistant.reading.load import SHIPPED, load_calibration
from assistant.reading.reader import Reader
from assistant.reading.revision import revision_of
from assistant.reading.similarity import SimilarityReader
from index.encoder import Encoder
from index.models import find_model
from index.records import EncoderIdentity


@dataclass(frozen=True, slots=True)
class Identity:
    """The name and the revision that a reader would have once it is loaded."""

    name: str
    revision: str


def reader_identity(name: str | None, encoder: EncoderIdentity) -> Identity:
    """What `load_reader` would load by this name, in an index of this encoder.

    Raises: ModelNotFound where there is no such reader.
    """
    if name == SimilarityReader.name:
        return Identity(name, encoder.revision)
    if name is None:
        return Identity(SHIPPED.name, revision_of(SHIPPED))
    folder = find_model(name)
    return Identity(str(folder), revision_of(folder))


def calibration_of(reader: Identified, encoder: EncoderIdentity) -> Calibration:
    """What was fitted for this reader. Raises: IndexMismatch where it was fitted for another revision."""
    # A calibration is found by names and revisions alone.
    return load_calibration(cast(Reader, reader), cast(Encoder, encoder))
