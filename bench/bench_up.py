"""How long until `podlab up` has a cluster that answers, beside importing the Kubernetes client, for scale.

    python bench/bench_up.py [--runs 15]

Prints medians of processes of this machine, in seconds: from the start of the process `podlab up` to the answer to a
first request (`GET /version` with the kubeconfig's token, sent by this script as soon as there is a state file), to the
end of `podlab up`, and the same for `python -c 'import kubernetes'`.
"""

import argparse
import base64
import http.client
import json
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import yaml

PODLAB = [sys.executable, "-m", "podlab.cli"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    answers, ends, imports, nothing = [], [], [], []
    with tempfile.TemporaryDirectory() as home:
        first, _ = up(home)
        for _ in range(runs):
            answered, ended = up(home)
            answers.append(answered)
            ends.append(ended)
            imports.append(timed([sys.executable, "-c", "import kubernetes"]))
            nothing.append(timed([sys.executable, "-c", "pass"]))
    rows = {
        "podlab up, the first ever": [first],
        "podlab up: first request answered": answers,
        "podlab up: ended": ends,
        "python -c 'import kubernetes'": imports,
        "python -c pass": nothing,
    }
    for name, seconds in rows.items():
        print(
            f"{name:36} {statistics.median(seconds):.3f} s  "
            f"(best {min(seconds):.3f}, worst {max(seconds):.3f}, {len(seconds)} runs)"
        )
    print(f"{'ratio to the import':36} {statistics.median(answers) / statistics.median(imports):.2f}")


def up(home: str) -> tuple[float, float]:
    """Seconds until the first answer, and until `podlab up` ends."""
    environment = {**os.environ, "PODLAB_HOME": home}
    started = time.perf_counter()
    process = subprocess.Popen([*PODLAB, "up"], env=environment, stdout=subprocess.DEVNULL)
    try:
        answered = first_answer(Path(home) / "mock" / "state.json", started)
        process.wait()
        return answered, time.perf_counter() - started
    finally:
        subprocess.run([*PODLAB, "down"], env=environment, stdout=subprocess.DEVNULL, check=True)


def first_answer(state: Path, started: float) -> float:
    """Seconds until a request is answered."""
    while not state.exists():
        time.sleep(0.001)
    said = json.loads(state.read_text("utf-8"))
    config = yaml.safe_load(Path(said["kubeconfig"]).read_text("utf-8"))
    token = config["users"][0]["user"]["token"]
    authority = base64.b64decode(config["clusters"][0]["cluster"]["certificate-authority-data"]).decode()
    url = urlsplit(said["url"])
    connection = http.client.HTTPSConnection(url.hostname, url.port, context=ssl.create_default_context(cadata=authority))
    connection.request("GET", "/version", headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    assert answer.status == 200, answer.status
    answer.read()
    return time.perf_counter() - started


def timed(words: list[str]) -> float:
    """Seconds that a process takes."""
    started = time.perf_counter()
    subprocess.run(words, check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
