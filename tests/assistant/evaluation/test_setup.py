"""What the answers depend on: a run of another state is neither gone on with nor taken for the same."""

from dataclasses import replace

import pytest

from assistant.confidence import UNCALIBRATED, Calibration
from assistant.evaluation import setup
from assistant.evaluation.identity import Identity
from assistant.evaluation.setup import made_with
from assistant.order import Weights
from assistant.settings import Settings
from index.records import EncoderIdentity, Status

STATUS = Status(7, 0, 0, (), (), (), (), (), EncoderIdentity("hashed", "1", 8), {}, {}, 0, "")


def made(calibration: Calibration = UNCALIBRATED, settings: Settings | None = None) -> dict[str, str]:
    chosen = settings if settings is not None else Settings()
    return made_with(STATUS, Identity("reader", "5c" * 32), settings=chosen, calibration=calibration)


def test_the_same_state_is_the_same() -> None:
    assert made() == made(replace(UNCALIBRATED))


@pytest.mark.parametrize(
    "refitted",
    [
        replace(UNCALIBRATED, weights=(1.1, *UNCALIBRATED.weights[1:])),
        replace(UNCALIBRATED, intercept=0.1),
        replace(UNCALIBRATED, threshold=0.4),
        replace(UNCALIBRATED, order=Weights(evidence=0.5)),
    ],
    ids=["weights", "intercept", "threshold", "order"],
)
def test_another_fit_is_another_state_although_its_threshold_is_the_same(refitted: Calibration) -> None:
    assert made(refitted) != made()


def test_other_settings_are_another_state() -> None:
    assert made(settings=replace(Settings(), follow_up_gain=0.9)) != made()


def test_another_version_of_the_program_is_another_state(monkeypatch: pytest.MonkeyPatch) -> None:
    before = made()
    monkeypatch.setattr(setup, "version", lambda name: f"{name} 99")
    assert made() == {**before, "version": "chapter-and-verse 99"}
