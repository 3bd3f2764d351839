"""What the answers to a set depend on: the plan of a run, and whether the index was rebuilt while it was asked."""

from collections.abc import Callable, Mapping
from typing import Any

from assistant.evaluation.questions import EvaluationSet, Mode

GENERATION = "generation"
REBUILT = "index rebuilt while asking, to generation"


def depends_on(evaluation_set: EvaluationSet, mode: Mode, made_with: Mapping[str, str]) -> dict[str, str]:
    """`made_with` without the index's generation where the set brings its own texts, or passages to read."""
    own = evaluation_set.texts is not None or mode in ("reading", "evidence")
    return {key: value for key, value in made_with.items() if not (own and key == GENERATION)}


def plan_of(evaluation_set: EvaluationSet, mode: Mode, made_with: Mapping[str, str]) -> dict[str, Any]:
    """What tells a run from others: one that was stopped goes on under the same plan only."""
    depends = depends_on(evaluation_set, mode, made_with)
    return {"set": evaluation_set.name, "sha256": evaluation_set.sha256, "mode": mode, "made_with": depends}


def overtaken(theirs: Mapping[str, Any], plan: Mapping[str, Any]) -> bool:
    """Whether they differ in the index's generation only: what was planned over the earlier one never goes on."""
    dated = GENERATION in plan["made_with"]
    return dated and theirs != plan and _but_generation(theirs) == _but_generation(plan)


def rebuilt_meanwhile(made_with: Mapping[str, str], generation: Callable[[], str] | None) -> dict[str, str]:
    """`made_with`, and the index's present generation where it is another: then the run's answers are of both."""
    if generation is None or GENERATION not in made_with or (now := generation()) == made_with[GENERATION]:
        return dict(made_with)
    return {**made_with, REBUILT: now}


def _but_generation(plan: Mapping[str, Any]) -> dict[str, Any]:
    return {**plan, "made_with": {**plan["made_with"], GENERATION: ""}}
