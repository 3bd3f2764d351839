"""Nothing leaves the machine: connections of this process to other machines are refused and counted."""

import socket
import sys
import threading
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address
from typing import Any

CONNECTING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
NAMING = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})
"""Looking a name up already asks another machine."""


class SocketGuard:
    """An audit hook: Python tells it of each connection before it is made, in whatever library.

    It hears nothing of other processes, such as those that read files: they open no socket, as the test in an empty
    network namespace shows. Once installed it stays until the process ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refused = 0

    @property
    def refused(self) -> int:
        """How many connections were refused since the start."""
        return self._refused

    def install(self) -> None:
        """Listen from now on."""
        sys.addaudithook(self.heard)

    def heard(self, event: str, arguments: Sequence[Any]) -> None:
        """Refuse what would leave the machine. Raises: ConnectionRefusedError."""
        if event in CONNECTING:
            host = _host(arguments[1])
        elif event in NAMING:
            host = _host(arguments[:1] if isinstance(arguments[0], str | bytes | None) else arguments[0])
        else:
            return
        if host is None or is_here(host):
            return
        with self._lock:
            self._refused += 1
        raise ConnectionRefusedError(f"This assistant makes no connection to other machines, so not to {host}.")


def is_here(host: str) -> bool:
    """Whether a name or address stands for this machine."""
    if host in ("", "localhost", socket.gethostname()):
        return True
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback or address.is_unspecified


def _host(address: object) -> str | None:
    """The host of a socket's address; null for other kinds than the internet's, such as Unix sockets."""
    first = address[0] if isinstance(address, tuple) and address else None
    if isinstance(first, bytes | bytearray):
        return first.decode("ascii", "replace")
    return first if isinstance(first, str) else None
