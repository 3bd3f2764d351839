"""The state of an index as HTML."""

from collections.abc import Mapping

from assistant.web.backend import ReaderIdentity
from assistant.web.render import text
from corpus.phrases import count
from index.records import Changes, Status


def page_facts(reader: ReaderIdentity, refused: int) -> dict[str, str]:
    """What is known of the page that is served: who reads, and that nothing left the machine."""
    return {"Reader": reader.name, "Reader’s hash": reader.revision, "Connections refused since start": f"{refused:,}"}


def status_html(status: Status, changes: Changes, page: Mapping[str, str]) -> str:
    """Everything that is known of an index and the page over it, and what a rebuild would do."""
    encoder = status.encoder
    facts = {
        "Generation": str(status.generation),
        "Documents": f"{status.documents:,}",
        "Passages": f"{status.passages:,}",
        "Size on disk": size(status.bytes),
        "Folders": ", ".join(status.roots) or "none",
        "Left out": ", ".join(status.exclusions) or "nothing",
        "Encoder": f"{encoder.name}, {encoder.dimension} dimensions",
        "Encoder’s hash": encoder.revision,
        **page,
        **{f"Last build: {name.replace('_', ' ')}": shown(value) for name, value in status.last_build.items()},
        **{f"Setting: {name.replace('_', ' ')}": shown(value) for name, value in status.settings.items()},
    }
    return f"{changed_html(changes)}{repaired(status)}{table(facts)}{skipped(status)}"


def table(facts: Mapping[str, str]) -> str:
    """Names and values."""
    rows = "".join(f'<tr><th scope="row">{text(name)}</th><td>{text(value)}</td></tr>' for name, value in facts.items())
    framed = f'<table class="facts"><tbody>{rows}</tbody></table>'
    return f'<div class="scroll" tabindex="0" role="region" aria-label="Facts">{framed}</div>'


def changed_html(changes: Changes) -> str:
    """What differs on the disk from what is indexed."""
    if not len(changes):
        return '<p class="summary">Nothing has changed on the disk since the last build.</p>'
    kinds = {"New": changes.added, "Changed": changes.changed, "Gone": changes.removed}
    items = "".join(f"<li>{name}: {text(', '.join(paths))}</li>" for name, paths in kinds.items() if paths)
    return (
        f'<section class="changes"><p>{count(len(changes), "file")} changed on the disk since the last build. '
        f"Rebuild under Documents.</p><ul>{items}</ul></section>"
    )


def repaired(status: Status) -> str:
    """What the index mended by itself; empty where it never had to."""
    if not status.repair:
        return ""
    said = "Mended by itself; no document and no answer was lost, and there is nothing to do."
    return f'<section class="changes repaired"><p>{said}</p><p>{text(status.repair)}</p></section>'


def skipped(status: Status) -> str:
    """Files that are of no type that is read."""
    if not status.skipped:
        return ""
    items = "".join(f'<li><span class="path">{text(path)}</span> {text(why)}</li>' for path, why in status.skipped)
    return f"<details><summary>{count(len(status.skipped), 'file')} skipped</summary><ul>{items}</ul></details>"


def shown(value: object) -> str:
    """A value of the catalog in one line; of a list only how long it is."""
    if isinstance(value, list | tuple):
        return f"{len(value):,}"
    return f"{value:,.1f}" if isinstance(value, float) else str(value)


def size(number: int) -> str:
    """Bytes in the unit that suits them."""
    megabytes = number / 1024**2
    return f"{megabytes:,.1f} MB" if megabytes < 1024 else f"{megabytes / 1024:,.1f} GB"
