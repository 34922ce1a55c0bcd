"""Nothing that runs in a container reads or writes the host: the interpreter's audit events say so.

An audit hook cannot be taken away again, so it is set in an interpreter of its own: there all programs are imported, and then
scripts are played that use as much of them as can be.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

WATCHER = r"""
import importlib, pkgutil, sys
from pathlib import Path

import podlab.mock.programs, podlab.mock.shell
from podlab.mock.programs.usage import usage_text
from tests.shell.playing import play_in_mock

for package in (podlab.mock.programs, podlab.mock.shell):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
usage_text("ls")
scripts = [path.read_bytes() for name in sys.argv[1:] for path in sorted(Path(name).glob("*.sh"))]
play_in_mock(b"cat /etc/passwd; wget -T 1 http://127.0.0.1/; nslookup example.org; ping -c 1 8.8.8.8; hostname; date; df; ps")
HARMLESS = ("object.", "sys._getframe", "sys.setprofile", "compile", "exec", "builtins.id", "code.", "marshal.", "import",
            "gc.", "sys.excepthook", "sys.unraisablehook", "re.", "time.", "array.", "cpython.", "sys.setrecursionlimit")
touched = []

def watch(event, arguments):
    if not event.startswith(HARMLESS):
        touched.append((event, repr(arguments)[:200]))

sys.addaudithook(watch)
played = 0
for script in scripts:
    try:
        play_in_mock(script)
    except TimeoutError:
        pass
    played += 1
play_in_mock(b"cat /etc/hostname /proc/self/environ /proc/1/maps; wget -T 1 http://127.0.0.1/; nslookup example.org; "
             b"ping -c 1 8.8.8.8; ls -laR / >/tmp/all; tar c /etc >/tmp/t; gzip /tmp/t; sha256sum /tmp/t*; kill -9 -1")
before = len(touched)
open("/dev/null").close()  # the hook does see what is done to the host
assert len(touched) == before + 1, "the hook sees nothing"
print(played, before)
for event in sorted(set(touched[:before]))[:20]:
    print(*event)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "folders", [("redirection", "glob", "misc", "cd"), ("diff", "patch", "files", "text", "process", "system", "awk")]
)
def test_scripts_touch_nothing_of_the_host(folders: tuple[str, ...]) -> None:
    where = [str(ROOT / "tests/shell" / folder) for folder in folders]
    done = subprocess.run([sys.executable, "-c", WATCHER, *where], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    first, *events = done.stdout.splitlines()
    played, touched = map(int, first.split())
    assert played > 40
    assert touched == 0, events
