"""Where models lie on this machine, and the one function that fetches one."""

from pathlib import Path

from platformdirs import user_data_path

from corpus.errors import ModelNotFound

APPLICATION = "chapter-and-verse"


def models_folder() -> Path:
    """Where fetched models lie."""
    return user_data_path(APPLICATION) / "models"


def find_model(name: str) -> Path:
    """The folder of a model: the name itself, or where `fetch-model` put it.

    Raises:
        ModelNotFound: it is in neither place.
    """
    for folder in (Path(name), models_folder() / name.replace("/", "--")):
        if (folder / "config.json").exists() or (folder / "modules.json").exists():
            return folder
    raise ModelNotFound(f"The model {name} is not on this machine. Run `assistant fetch-model {name}`.")


def fetch(name: str) -> Path:
    """Download a model and return its folder; nothing else in the program uses the network.

    Raises:
        ModelNotFound: there is no such model, or no connection.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    folder = models_folder() / name.replace("/", "--")
    kinds = ["*.json", "*.txt", "*.model", "*.safetensors", "*/config.json"]
    try:
        snapshot_download(name, local_dir=folder, allow_patterns=kinds)
    except (OSError, ValueError, HfHubHTTPError) as error:
        raise ModelNotFound(f"{name} could not be fetched: {error}. Check the name and the connection.") from error
    return folder
