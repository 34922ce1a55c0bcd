"""What a user with a terminal waits for: `podlab up`, then kubectl's calls, with the server's own work beside them.

    python bench/bench_kubectl.py [--runs 15] [--pods 20]

Prints the median of each whole command's wall time, and the mean of the processor time that the mock's server used meanwhile
(counted in hundredths of a second); the rest is kubectl's own. First with one pod, then beside others that log each second.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from podlab.clusters.tools import kubectl_path

PODLAB = [sys.executable, "-m", "podlab.cli"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure kubectl's calls to a mock.")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--pods", type=int, default=20, help="how many others there are in the second table")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PODLAB_HOME": home}
        started = time.perf_counter()
        subprocess.run([*PODLAB, "up"], env=environment, stdout=subprocess.DEVNULL, check=True)
        print(f"{'podlab up':40} {time.perf_counter() - started:.3f} s")
        try:
            state = json.loads((Path(home) / "mock" / "state.json").read_text("utf-8"))
            user = User(state["kubeconfig"], psutil.Process(state["pid"]))
            table("with one pod", user, options.runs)
            others = "".join(f"{json.dumps(pod(f'other-{n}', LOGGING))}\n---\n" for n in range(options.pods))
            user.call("apply", "-f", "-", given=others)
            user.call("wait", "--for=condition=Ready", "pod", "--all")
            table(f"beside {options.pods} others", user, options.runs)
        finally:
            subprocess.run([*PODLAB, "down"], env=environment, stdout=subprocess.DEVNULL, check=True)


class User:
    """Somebody with kubectl.

    Args:
        kubeconfig: Which cluster.
        server: The mock's process.
    """

    def __init__(self, kubeconfig: str, server: psutil.Process) -> None:
        self._kubectl = [str(kubectl_path()), "--kubeconfig", kubeconfig]
        self._server = server

    def call(self, *words: str, given: str = "") -> tuple[float, float]:
        """Seconds that a command takes, and of the server's processor time."""
        before, started = self._used(), time.perf_counter()
        subprocess.run([*self._kubectl, *words], input=given, text=True, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - started, self._used() - before

    def _used(self) -> float:
        times = self._server.cpu_times()
        return float(times.user + times.system)


LOGGING = ["sh", "-c", "while true; do echo a line; sleep 1; done"]


def pod(name: str, command: list[str]) -> dict[str, object]:
    """A pod of one container."""
    container = {"name": "main", "image": "busybox:1.37", "command": command}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container]}}


def table(title: str, user: User, runs: int) -> None:
    """A pod's life, call by call, so many times."""
    manifest = json.dumps(pod("bench", ["sleep", "3600"]))
    calls = {
        "apply -f -": (["apply", "-f", "-"], manifest),
        "wait --for=condition=Ready": (["wait", "--for=condition=Ready", "pod/bench"], ""),
        "get pods": (["get", "pods"], ""),
        "describe pod": (["describe", "pod", "bench"], ""),
        "exec -- true": (["exec", "bench", "--", "true"], ""),
        "exec -- sh -c 'ls / | wc -l'": (["exec", "bench", "--", "sh", "-c", "ls / | wc -l"], ""),
        "logs": (["logs", "bench"], ""),
        "delete --grace-period=1": (["delete", "pod", "bench", "--grace-period=1"], ""),
    }
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    for _ in range(runs):
        for name, (words, given) in calls.items():
            seen[name].append(user.call(*words, given=given))
    print(f"\n{title:40} {'wall':>8} {'server':>10}")
    for name, times in seen.items():
        walls, servers = zip(*times, strict=True)
        print(f"kubectl {name:32} {statistics.median(walls):6.3f} s {statistics.fmean(servers) * 1e3:7.1f} ms", flush=True)


if __name__ == "__main__":
    main()
