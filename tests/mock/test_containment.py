"""Whatever a container does, the mock stays at hand: work is cut into small events, and the container meets its real fate.

"Small" is counted, not timed: how many calls of functions (Python's and C's) one event of the kernel makes.
"""

import asyncio
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from podlab.mock.server.warming import warm
from tests.mock.clustered import Lab, pod, sh

MOST_CALLS = 80_000
"""What one event may take: a small part of a tenth of a second of a processor."""
MOST_IN_ALL = 12_000_000
"""What all events of `SECONDS` may take: what computes without pause is slowed down as a small share of a processor slows it."""
SECONDS = 9

HOSTILE = {
    "a fork bomb": (":(){ :|:& }; :; sleep 1000", "terminated: OOMKilled 137"),
    "a busy loop": ("while :; do :; done", "runs"),
    "a loop of commands": ("while :; do /bin/true; done", "runs"),
    "yes": ("yes >/dev/null", "runs"),
    "a file without end": ("cat /dev/zero >/tmp/file; sleep 1000", "terminated: Error 137"),
    "a large block": ("dd if=/dev/zero of=/dev/null bs=1G count=1", "terminated: OOMKilled 137"),
    "a string that doubles": ("x=aaaaaaaaaa; while :; do x=$x$x; done", "terminated: OOMKilled 137"),
    "a string of a gigabyte": ("x=$(head -c 1073741824 /dev/zero | tr '\\0' x)", "terminated: OOMKilled 137"),
    "recursion without end": ("f() { f; }; f", "terminated: Error 139"),
    "a regular expression that explodes": (
        "echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab | grep -E '^(a+)+$'",
        "terminated: Error 1",
    ),
    "a pattern that explodes": (
        "case aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab in *a*a*a*a*a*a*a*a*a*a*a*a*c) ;; esac; exit 3",
        "terminated: Error 3",
    ),
    "ten thousand open files": (
        'i=10; while [ $i -lt 10010 ]; do eval "exec $i>/dev/null"; i=$((i+1)); done; sleep 9; exit 4',
        "terminated: Error 4",
    ),
    "output without end": ("while :; do echo 0123456789; done", "runs"),
    "a deep tree": ("i=0; while [ $i -lt 200 ]; do mkdir d; cd d; i=$((i+1)); done; exit 5", "terminated: Error 5"),
    "sort without end": ("yes | sort", "terminated: OOMKilled 137"),
    "awk without end": ("awk 'BEGIN { s = 1; while (1) s = s s }'", "terminated: OOMKilled 137"),
    "a pattern for everything": ("ls -d */*/* /*/../*/../*/../*/../* >/dev/null", "terminated: OOMKilled 137"),
    "awk that cuts up": (
        'awk \'BEGIN { s = sprintf("%9999999s", ""); print split(s, a, "") }\'',
        "terminated: OOMKilled 137",
    ),
    "numbers to be shuffled": ("shuf -i 1-100000000", "terminated: OOMKilled 137"),
    "a function with ever more arguments": ('f() { f "$@" x; }; f', "terminated: OOMKilled 137"),
    "a file that sources itself": ("echo '. /tmp/s' >/tmp/s; . /tmp/s", "terminated: Error 139"),
    "back references that explode": (
        "head -c 400 /dev/zero | tr '\\0' a >/tmp/l; grep '\\(a*\\)*\\1b' /tmp/l; exit 6",
        "terminated: Error 6",
    ),
    "back references in every record": (r"""yes aaaaaaaaaaa | awk '$0 ~ "^(a*)*\\1\\1c"'""", "runs"),
    "sed without end": ("echo | sed ':a; ba'", "runs"),
    "a hold space that doubles": ("echo x | sed ':a; G; h; ba'", "terminated: OOMKilled 137"),
    "an array that grows": ("awk 'BEGIN { while (1) a[i++] = i }'", "terminated: OOMKilled 137"),
    "a bomb of gzip": ("head -c 20m /dev/zero | gzip >/b; cat /b /b /b /b | zcat >/dev/null", "terminated: Completed 0"),
    "a substitution that doubles": (
        'awk \'BEGIN { s = "xx"; while (1) gsub(/x/, "xxxxxxxxxxxxxxxx", s) }\'',
        "terminated: OOMKilled 137",
    ),
}


class Meter:
    """Counts the calls that each event of a kernel makes."""

    def __init__(self) -> None:
        self.calls = 0
        self.most = 0
        self.all = 0

    def _count(self, frame: FrameType, event: str, argument: Any) -> None:
        if event in ("call", "c_call"):
            self.calls += 1

    def watch(self, lab: Lab, seconds: float) -> None:
        """Lets time pass, event by event."""
        kernel = lab.cluster.kernel
        end_ns = kernel.now_ns + int(seconds * 1e9)
        while (next_ns := kernel.next_ns) is not None and next_ns <= end_ns:
            self.calls = 0
            sys.setprofile(self._count)
            kernel.step()
            sys.setprofile(None)
            self.most = max(self.most, self.calls)
            self.all += self.calls
        kernel.run_until(end_ns)


@pytest.fixture(scope="module", autouse=True)
def _warmed() -> None:
    """As in a server: what the mock needs is loaded before, so no event pays for an import."""
    asyncio.run(warm(0, 0))


@pytest.fixture
def lab() -> Iterator[Lab]:
    each = Lab()
    yield each
    each.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_container_leaves_the_mock_at_hand(lab: Lab, name: str) -> None:
    script, fate = HOSTILE[name]
    limits = {"memory": "32Mi", "ephemeral-storage": "16Mi", "cpu": "500m"}
    lab.run(pod("calm", sh("while :; do echo tick; sleep 1; done")), seconds=2)
    lab.create("pods", pod("wild", sh(script, resources={"limits": limits}), restartPolicy="Never"))
    meter = Meter()
    meter.watch(lab, SECONDS)
    assert meter.most < MOST_CALLS
    assert meter.all < MOST_IN_ALL
    lab.create("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name.replace(" ", "-")}})
    assert lab.state("calm") == "running"
    if fate == "runs":
        assert lab.state("wild") == "running"
    else:
        lab.until(lambda: lab.state("wild") != "running", 120)
        assert lab.state("wild") == fate
    lab.delete("wild", grace=0)
    lab.wait(3)
    assert lab.state("calm") == "running"


TAKE_TIME = {
    "unpack gzip": ("head -c 20m /dev/zero | gzip >f", "zcat f"),
    "unpack bzip2": ("head -c 20m /dev/zero | bzip2 >f", "bzcat f"),
    "pack": ("head -c 20m /dev/zero >f", "bzip2 -c f"),
    "edit a long line": ("head -c 5m /dev/zero | tr '\\0' a >f", f"sed -n '{'x;' * 1000}' f"),
    "search with back references": ("head -c 400 /dev/zero | tr '\\0' a >f", "grep '\\(a*\\)*\\1b' f"),
}


@pytest.mark.parametrize("name", TAKE_TIME)
def test_heavy_work_takes_simulated_time_in_which_others_run(lab: Lab, name: str) -> None:
    before, work = TAKE_TIME[name]
    lab.run(
        pod("heavy", sh(f"{before}; while ! [ -e /go ]; do sleep 1; done; echo begin; {work} >/dev/null 2>&1; echo end")),
        seconds=60,
    )
    assert lab.exec("heavy", "touch /go") == ""
    kernel = lab.cluster.kernel
    lab.until(lambda: "begin" in lab.log("heavy"), 5)
    began_ns, events = kernel.now_ns, 0
    while "end" not in lab.log("heavy"):
        kernel.step()
        events += 1
    assert kernel.now_ns - began_ns > 100_000_000
    assert events > 20
