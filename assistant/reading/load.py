"""Which reader answers, and the calibration that belongs to it."""

from pathlib import Path

from assistant.confidence import UNCALIBRATED, Calibration
from assistant.reading.reader import Reader
from assistant.reading.similarity import SimilarityReader
from index.encoder import Encoder

SHIPPED = Path(__file__).parent / "model"
CALIBRATIONS = Path(__file__).parent / "calibration"


def load_reader(name: str | None = None, *, encoder: Encoder | None = None) -> Reader:
    """The shipped trained reader; or "similarity", which needs no training; or a model folder.

    Raises: ModelNotFound where there is no such folder, or it is damaged.
    """
    if name == SimilarityReader.name or (name is None and not SHIPPED.exists()):
        return SimilarityReader(encoder if encoder is not None else default_encoder())
    from assistant.reading.trained import TrainedReader

    return TrainedReader.load(SHIPPED if name is None else Path(name))


def default_encoder() -> Encoder:
    """The encoder that indexes are made with unless another is named."""
    from index.encoder import SentenceEncoder

    return SentenceEncoder()


def load_calibration(reader: Reader, encoder: Encoder) -> Calibration:
    """What was fitted for this reader; a foreign reader's own odds, uncalibrated, where nothing was.

    Raises: IndexMismatch where a shipped reader meets another encoder than it was calibrated with.
    """
    path = CALIBRATIONS / f"{reader.name}.json"
    if not path.exists():
        return UNCALIBRATED
    return Calibration.load(path, reader=reader.revision, encoder=encoder.revision)
