"""`watch`: the index follows its folders."""

from pathlib import Path

from assistant.commands.evaluating import notice
from assistant.commands.main import echo, index_option, main


@main.command()
@index_option
def watch(folder: Path) -> None:
    """Keep the index up to date with its folders until Ctrl-C; a file being written is left until it is still."""
    from assistant.evaluation.after_batches import QUIET, AfterBatches
    from assistant.evaluation.after_build import Manner
    from index.open import Index
    from index.watch import Watcher

    asking = AfterBatches(folder, echo, manner=Manner(notice), quiet=QUIET)

    def tell(line: str) -> None:
        echo(line)
        asking.changed()

    with Index.open(folder) as index:
        watcher = Watcher(index, tell)
        echo(f"Watching {', '.join(map(str, index.roots())) or 'nothing: build a folder first'}. Ctrl-C ends it.")
        asking.start()
        watcher.start()
        try:
            watcher.wait()
        except KeyboardInterrupt:
            watcher.stop()
            echo("Stopped. The index is complete.")
        finally:
            asking.stop()
