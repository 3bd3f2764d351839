"""Which reader answers, and the calibration that belongs to it."""

from pathlib import Path

from assistant.confidence import UNCALIBRATED, Calibration
from assistant.reading.reader import Reader
from assistant.reading.similarity import SimilarityReader
from index.encoder import Encoder, load_encoder
from index.models import find_model

SHIPPED = Path(__file__).parent / "model"  # the only reader that is named by its folder's last part
CALIBRATIONS = Path(__file__).parent / "calibration"


def load_reader(name: str | None = None, *, encoder: Encoder | None = None) -> Reader:
    """The shipped trained reader; or "similarity", which needs no training; or a model folder.

    Raises: ModelNotFound where there is no such folder, or it is damaged.
    """
    if name == SimilarityReader.name:
        return SimilarityReader(encoder if encoder is not None else load_encoder())
    from assistant.reading.trained import TrainedReader

    return TrainedReader.load(SHIPPED, name=SHIPPED.name) if name is None else TrainedReader.load(find_model(name))


def load_calibration(reader: Reader, encoder: Encoder) -> Calibration:
    """What was fitted for this reader; another reader's own odds, uncalibrated.

    Raises: IndexMismatch where the shipped reader or the encoder is not what it was fitted for.
    """
    path = CALIBRATIONS / f"{reader.name}.json"
    if reader.name not in (SHIPPED.name, SimilarityReader.name) or not path.exists():
        return UNCALIBRATED
    return Calibration.load(path, reader=reader.revision, encoder=encoder.revision)
