"""`watch`: the index follows its folders."""

from pathlib import Path

from assistant.commands.main import echo, index_option, main


@main.command()
@index_option
def watch(folder: Path) -> None:
    """Keep the index up to date with its folders until Ctrl-C; a file being written is left until it is still."""
    from index.open import Index
    from index.watch import Watcher

    with Index.open(folder) as index:
        watcher = Watcher(index, echo)
        echo(f"Watching {', '.join(map(str, index.roots())) or 'nothing: build a folder first'}. Ctrl-C ends it.")
        watcher.start()
        try:
            watcher.wait()
        except KeyboardInterrupt:
            watcher.stop()
            echo("Stopped. The index is complete.")
