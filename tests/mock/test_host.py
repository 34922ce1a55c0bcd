"""Nothing that runs in a container reads or writes the host: the interpreter's audit events say so.

An audit hook cannot be taken away again, so it is set in an interpreter of its own: there all is loaded as a server does it soon
after its start (`warming`), and then scripts are played that use as much of it as can be.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

WATCHER = r"""
import asyncio, sys
from pathlib import Path

from podlab.mock.programs.catalogue import MODULE_OF
from podlab.mock.server.warming import warm
from tests.shell.playing import play_in_mock

asyncio.run(warm(0, 0))
scripts = [path.read_bytes() for name in sys.argv[1:] for path in sorted(Path(name).glob("*.sh"))]
play_in_mock(b"cat /etc/passwd; wget -T 1 http://127.0.0.1/; nslookup example.org; ping -c 1 8.8.8.8; hostname; date; df; ps")
EVERY = "timeout 2 {0} </dev/null; timeout 2 {0} /etc/passwd </etc/passwd; timeout 2 {0} --nosuch"
scripts += [EVERY.format(name).encode() for name in MODULE_OF] if sys.argv[-1].endswith("every") else []
HARMLESS = ("object.", "sys._getframe", "sys.setprofile", "compile", "exec", "builtins.id", "code.", "marshal.",
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
             b"yes | head -n 9999 >f; printf ':%%s/y/nn/\n:wq\n' | timeout 5 vi f; printf '%%s/y/n/g\nw\nq\n' | ed f; "
             b"yes | timeout 1 less; "
             b"syslogd; logger x; timeout 1 logread -f; bzip2 f; bzcat f.bz2 | xz; find / -regex '.*(a*)*b'; "
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
    "folders",
    [
        ("redirection", "glob", "misc", "cd"),
        ("diff", "patch", "files", "text", "process", "system", "awk"),
        ("editors", "syslog", "archive", "calc", "sed", "every"),
    ],
)
def test_scripts_touch_nothing_of_the_host(folders: tuple[str, ...]) -> None:
    where = [str(ROOT / "tests/shell" / folder) for folder in folders]
    done = subprocess.run([sys.executable, "-c", WATCHER, *where], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    first, *events = done.stdout.splitlines()
    played, touched = map(int, first.split())
    assert played > 40
    assert touched == 0, events
