"""A view that was found damaged and made again says so: in the log at once, and in `status` from then on."""

import logging
from datetime import UTC, datetime

from index import meta
from index.catalog import Catalog

KEY = "repair"
log = logging.getLogger(__name__)


def note(catalog: Catalog, generation: int, damage: str) -> None:
    """Tell, and remember as the last repair, that a generation's views were damaged and are made from the catalog."""
    told = f"The search files of generation {generation} were damaged or missing ({damage})"
    log.warning("%s. They are made again from the catalog; no answer is lost.", told)
    with catalog.writing("commit repair"):
        meta.write(catalog, KEY, f"{told} and were made again on {datetime.now(UTC):%Y-%m-%d at %H:%M:%S} UTC.")


def last(catalog: Catalog) -> str:
    """The last repair in one sentence; empty where there never was one."""
    told = meta.read(catalog, KEY)
    return told if isinstance(told, str) else ""
