"""The web page over the index in `.index`: `python app.py` is `assistant serve`."""

from pathlib import Path

from assistant.web.serve import serve

if __name__ == "__main__":
    serve(Path(".index"))
