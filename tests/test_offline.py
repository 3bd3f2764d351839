"""Build, ask and serve in an empty network namespace: only loopback is there, and nothing is missed."""

import subprocess
import sys
from pathlib import Path

import pytest

INSIDE = r"""
import fcntl, json, socket, struct, subprocess, sys, time, urllib.request
from pathlib import Path

# Bring loopback up: SIOCSIFFLAGS with IFF_UP, for the machine may have no `ip`.
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as raw:
    fcntl.ioctl(raw, 0x8914, struct.pack("16sh14x", b"lo", 0x1))
try:
    socket.create_connection(("192.0.2.1", 80), timeout=2)
    sys.exit("the namespace reaches a network")
except OSError:
    pass

documents, index = Path(sys.argv[1]), sys.argv[2]
assistant = [sys.executable, "-c", "from assistant.commands import main; main()"]
subprocess.run([*assistant, "build", str(documents), "--index", index], check=True, timeout=300)
asked = [*assistant, "ask", "When is the door locked?", "--index", index, "--threshold", "0", "--json"]
answer = json.loads(subprocess.run(asked, check=True, capture_output=True, timeout=300).stdout)
assert answer["quotes"][0]["text"].startswith("The blue door is locked at nine."), answer
port = "17861"
page = subprocess.Popen([*assistant, "serve", "--index", index, "--port", port])
try:
    for _ in range(240):
        try:
            shown = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read().decode()
            break
        except OSError:
            assert page.poll() is None, "the page ended"
            time.sleep(0.5)
    assert "Chapter" in shown
finally:
    page.terminate()
    page.wait(60)
print("all of it worked")
"""


def can_unshare() -> bool:
    try:
        return subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not can_unshare(), reason="this machine allows no network namespace (unshare -rn)")
def test_build_ask_and_serve_need_no_network(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "ward.txt").write_text("The blue door is locked at nine. Cats sleep in the yard.\n")
    command = ["unshare", "-rn", sys.executable, "-c", INSIDE, str(documents), str(tmp_path / "index")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all of it worked" in done.stdout
