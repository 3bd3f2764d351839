import tomllib
from pathlib import Path

import pytest

from training.recipe import DOCUMENTS, TRAIN_FILES, RecipeError, read_recipe

RECIPES = sorted((Path(__file__).parents[2] / "training" / "recipes").glob("*.toml"))


def written(folder: Path, text: str) -> Path:
    path = folder / "one.toml"
    path.write_text(text, encoding="utf-8")
    return path


def recipe_text(file: str = "squad1.1-train.json.gz", pairs: str = "", training: str = "examples = 9") -> str:
    return f'seed = 1\nencoder = "x"\n[data]\nfiles = ["{file}"]\n[pairs]\n{pairs}\n[training]\n{training}\n'


def test_there_is_a_recipe() -> None:
    assert RECIPES


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_recipe_trains_on_training_data_alone(path: Path) -> None:
    recipe = read_recipe(path)
    assert set(recipe.files) <= set(TRAIN_FILES)
    # Not only the declared files: no value anywhere names a file of another role.
    inputs = {key: value for key, value in tomllib.loads(path.read_text()).items() if key != "results"}
    assert not [word for word in ("choose", "report", "test") if word in str(inputs)]


def test_the_list_of_training_files_holds_no_other_role() -> None:
    assert not [name for name in TRAIN_FILES if "choose" in name or "report" in name]
    assert all("train" in name for name in TRAIN_FILES if name != DOCUMENTS)


@pytest.mark.parametrize(
    "file", ["squad2.0-dev4-choose.json.gz", "squad1.1-dev32-report.json.gz", "scifact/queries.train.jsonl.gz"]
)
def test_a_recipe_with_other_data_is_refused_by_name(tmp_path: Path, file: str) -> None:
    with pytest.raises(RecipeError, match=file):
        read_recipe(written(tmp_path, recipe_text(file)))


@pytest.mark.parametrize(
    "text", ["", "seed = 1", recipe_text(pairs="squads = 3"), recipe_text(training="batch = 3"), "= broken"]
)
def test_a_recipe_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RecipeError, match=r"one\.toml is no recipe"):
        read_recipe(written(tmp_path, text))


def test_what_a_recipe_says_is_read(tmp_path: Path) -> None:
    recipe = read_recipe(written(tmp_path, recipe_text(pairs="squad = 0\nmined = 5", training="examples = 7")))
    assert (recipe.name, recipe.pairs.squad, recipe.pairs.mined, recipe.training.examples) == ("one", 0, 5, 7)
