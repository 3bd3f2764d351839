"""What the calibration fits, on made-up candidates."""

import numpy as np
import pytest
from asked import Asked
from calibrate import SIGNALS, Choice, fit_order


@pytest.mark.parametrize("telling", SIGNALS[1:])
def test_the_signal_that_tells_right_from_wrong_gets_the_weight(telling: str) -> None:
    rng = np.random.default_rng(4)
    choices = []
    for _ in range(60):
        signals, right = rng.normal(size=(6, len(SIGNALS))), np.arange(6) == 2
        signals[:, SIGNALS.index(telling)] += 3.0 * right
        choices.append(Choice(Asked("Why?", "Pond", ("x",)), [], signals, np.zeros(6), right))
    weights = fit_order(choices)
    assert getattr(weights, telling) > 2 * max(getattr(weights, name) for name in SIGNALS[1:] if name != telling)
    assert getattr(fit_order(choices, [name for name in SIGNALS if name != telling]), telling) == 0.0
