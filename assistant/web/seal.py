"""Addresses of quotes that only this server can make, so that nothing but what it showed can be opened."""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from assistant.answers import Citation
from corpus.errors import UsageError
from index import meta

KEY_BYTES = 32
MAC_DIGITS = 32  # 128 bits, beyond guessing


@dataclass(frozen=True, slots=True)
class Place:
    """A quote's place: the document and its characters."""

    sha256: str
    start: int
    end: int


class Seal:
    """Turns places into addresses and back.

    The document's hash and two offsets are enough to bind: the hash fixes the file's bytes, so nothing of another
    document, or of another version, can be opened with them. The text that the offsets count is the extractor's; where
    a later version of the program extracts another text, an old link may mark other words of the same document, and
    shows them as they are. What was shown of a quote is not in the link, so that no words of a document stand in a
    browser's history.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @property
    def secret(self) -> str:
        """A secret for what the browser keeps, from the same key."""
        return self._mac("browser")

    def address(self, citation: Citation) -> str:
        """The address of a citation."""
        body = f"{citation.sha256}-{citation.start}-{citation.end}"
        return f"{body}-{self._mac(body)}"

    def place(self, address: str) -> Place:
        """The place behind an address. Raises: UsageError for one that this server did not make."""
        body, _, mac = address.rpartition("-")
        if not hmac.compare_digest(mac.encode(), self._mac(body).encode()):
            raise UsageError("This link was not made by this assistant, or its index was made anew. Ask again.")
        document, start, end = body.split("-")
        return Place(document, int(start), int(end))

    def _mac(self, body: str) -> str:
        return hmac.new(self._key, body.encode(), sha256).hexdigest()[:MAC_DIGITS]


def kept_key(index_folder: Path) -> bytes:
    """The key kept in the index's folder, made on first use, so that links outlive a restart.

    Where there is no index yet nothing is written, and the key is good for one run.
    """
    if not meta.exists(index_folder):
        return secrets.token_bytes(KEY_BYTES)
    file = index_folder / "page.key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_bytes(secrets.token_bytes(KEY_BYTES))
    return file.read_bytes()
