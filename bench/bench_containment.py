"""What a hostile container does to everybody else: how long the API's answers take meanwhile, and how the server's memory grows.

    python bench/bench_containment.py [--seconds 6] [--only WORD]

Each attack runs in a pod of a server of its own, started as `podlab up` starts it, while another client asks for another pod
every 20 ms. Printed are the slowest answer and the 99th percentile (wall time; in brackets the server's own processor time,
where Linux tells it: what it had to do for something else before it came to the answer), the server's peak of memory, and the
pod's fate. The first row is no attack: what the machine is good for at the moment.
"""

import argparse
import base64
import http.client
import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import yaml

from podlab.lab.api import API
from podlab.lab.exec import run
from podlab.lab.transport import Connection

PODS = "/api/v1/namespaces/default/pods"
WITNESSED = "witnessed: "
"""How the names of attacks begin that are not the container's command but are run in it by `exec`."""
LIMITS = {"memory": "64Mi", "ephemeral-storage": "64Mi", "cpu": "500m"}
ATTACKS = Path(__file__).with_name("attacks.sh")
"""What is tried: after each line `#: name` a script."""


def main() -> None:
    """Run the attacks, and print a table."""
    parser = argparse.ArgumentParser(description="Measure what a hostile container does to everybody else.")
    parser.add_argument("--seconds", type=float, default=6.0, help="how long each attack is watched")
    parser.add_argument("--only", default="", help="attacks with this in their name")
    options = parser.parse_args()
    print(f"load {' '.join(f'{each:.1f}' for each in psutil.getloadavg())}")
    print(f"{'':36} {'slowest':>16} {'99 %':>8} {'peak':>9}  fate")
    for name, script in attacks():
        if options.only in name:
            print(row(name, script, options.seconds), flush=True)


def attacks() -> list[tuple[str, str]]:
    """Names and scripts."""
    _, *parts = ATTACKS.read_text().split("\n#: ")
    return [(name, script) for name, _, script in (part.partition("\n") for part in parts)]


def row(name: str, script: str, seconds: float) -> str:
    """A line of the table: one attack."""
    with server() as (process, client):
        client.create("calm", "while :; do sleep 1; done")
        client.wait_running("calm")
        if name.startswith(WITNESSED):
            client.create("wild", "tail -f /dev/null")
            client.wait_running("wild")
            witness(client.kubeconfig, script)
        else:
            client.create("wild", script)
        asked, peak = watch(client, process, seconds)
        fate = client.fate("wild")
    took = sorted(each[0] for each in asked)
    own = max(each[1] for each in asked)
    late = took[int(len(took) * 0.99)]
    return f"{name:36} {took[-1] * 1e3:5.0f} ms ({own * 1e3:4.0f}) {late * 1e3:5.0f} ms {peak / 2**20:5.0f} MiB  {fate}"


def witness(kubeconfig: str, script: str) -> None:
    """Runs a script by the image's programs in the attacked pod, as checks do, and takes what it prints, to the end."""
    api = API(Connection(kubeconfig, None), "default")

    def take() -> None:
        with suppress(Exception):  # the server's end is this one's
            run(api, api.pod("wild"), script, on_output=lambda *_: None, witness=True)

    threading.Thread(target=take, daemon=True).start()


def watch(client: "Client", process: psutil.Process, seconds: float) -> tuple[list[tuple[float, float]], int]:
    """Asks again and again: how long each answer took (on the wall, and of the server's processor time), and the most memory."""
    asked: list[tuple[float, float]] = []
    peak = 0
    end = time.perf_counter() + seconds
    while (started := time.perf_counter()) < end:
        before = processor_time(process.pid)
        client.get(f"{PODS}/calm")
        asked.append((time.perf_counter() - started, processor_time(process.pid) - before))
        peak = max(peak, process.memory_info().rss)
        time.sleep(0.02)
    return asked, peak


def processor_time(pid: int) -> float:
    """Seconds that a process (of one thread) has run; 0 where nobody tells."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return 0.0


@contextmanager
def server() -> Iterator[tuple[psutil.Process, "Client"]]:
    """A server of its own, in live pace."""
    with tempfile.TemporaryDirectory() as folder:
        log = open(os.path.join(folder, "log"), "wb")  # noqa: SIM115 - closed below
        words = [sys.executable, "-m", "podlab.mock.server", "--state-dir", folder, "--pace", "live"]
        running = subprocess.Popen(words, stdout=log, stderr=log)
        try:
            while not os.path.exists(os.path.join(folder, "state.json")):
                assert running.poll() is None, "the server did not start"
                time.sleep(0.02)
            yield psutil.Process(running.pid), Client(os.path.join(folder, "kubeconfig"))
        finally:
            running.terminate()
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()
            log.close()


class Client:
    """A client of the API on one connection."""

    def __init__(self, kubeconfig: str) -> None:
        self.kubeconfig = kubeconfig
        config = yaml.safe_load(Path(kubeconfig).read_text())
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        context = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
        place = urlsplit(cluster["server"])
        self.connection = http.client.HTTPSConnection(place.hostname or "", place.port, context=context, timeout=120)
        self.headers = {"Authorization": f"Bearer {user['token']}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: object = None) -> dict[str, object]:
        """Asks, and gives the answer."""
        self.connection.request(method, path, json.dumps(body) if body is not None else None, self.headers)
        answer = self.connection.getresponse()
        read = json.loads(answer.read())
        assert answer.status < 300, read
        return dict(read)

    def get(self, path: str) -> dict[str, object]:
        """Gets an object."""
        return self.call("GET", path)

    def create(self, name: str, script: str) -> None:
        """Makes a pod."""
        container = {"name": "it", "image": "busybox:1.37", "command": ["sh", "-c", script], "resources": {"limits": LIMITS}}
        spec = {"containers": [container], "restartPolicy": "Never", "terminationGracePeriodSeconds": 0}
        self.call("POST", PODS, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec})

    def state(self, name: str) -> dict[str, dict[str, object]]:
        """A pod's container's state."""
        statuses = self.get(f"{PODS}/{name}")["status"].get("containerStatuses")  # type: ignore[attr-defined]
        return dict(statuses[0]["state"]) if statuses else {}

    def wait_running(self, name: str) -> None:
        """Waits until a pod runs."""
        while "running" not in self.state(name):
            time.sleep(0.05)

    def fate(self, name: str) -> str:
        """What became of a pod."""
        for kind, more in self.state(name).items():
            said = f"{more.get('reason', '')} {more.get('exitCode', '')}".strip()
            if kind == "running":
                return "runs"
            return f"{kind} {said}"
        return "pending"


if __name__ == "__main__":
    main()
