"""Connections to other machines are refused before they are made, and counted."""

import subprocess
import sys

import pytest

from assistant.web.offline import SocketGuard

INSIDE = """
import socket
from assistant.web.offline import SocketGuard
guard = SocketGuard()
guard.install()
with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname(), timeout=5).close()
    socket.create_connection(("localhost", server.getsockname()[1]), timeout=5).close()
near, far = socket.socketpair()
near.close(), far.close()
for use in (
    lambda: socket.create_connection(("192.0.2.1", 80), timeout=5),
    lambda: socket.create_connection(("example.org", 80), timeout=5),
    lambda: socket.gethostbyname("example.org"),
    lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"", ("192.0.2.1", 53)),
):
    try:
        use()
    except ConnectionRefusedError as error:
        print(error)
print(guard.refused)
"""


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "10.0.0.7", "2001:db8::1", "::ffff:192.0.2.1", "example.org", b"a.example"]
)
@pytest.mark.parametrize("event", ["socket.connect", "socket.sendto", "socket.sendmsg"])
def test_what_would_leave_the_machine_is_refused(event: str, host: str | bytes) -> None:
    guard = SocketGuard()
    with pytest.raises(ConnectionRefusedError, match="no connection to other machines"):
        guard.heard(event, (None, (host, 80)))
    assert guard.refused == 1


@pytest.mark.parametrize(
    "address", [("127.0.0.1", 80), ("::1", 80, 0, 0), ("::ffff:127.0.0.1", 80), ("", 0), "/run/a", None]
)
def test_what_stays_on_the_machine_is_left_alone(address: object) -> None:
    guard = SocketGuard()
    guard.heard("socket.connect", (None, address))
    guard.heard("open", ("192.0.2.1", "r", 0))
    assert guard.refused == 0


def test_an_installed_guard_refuses_real_connections() -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", INSIDE], capture_output=True, text=True, timeout=120)
    *refusals, refused = done.stdout.splitlines()
    assert [line.split("not to ")[1] for line in refusals] == [
        "192.0.2.1.",
        "example.org.",
        "example.org.",
        "192.0.2.1.",
    ], done.stderr
    assert refused == "4"
