"""How a mock grows with its pods: time until all are Ready, then one simulated hour, and the memory that it took.

    python bench/bench_scale.py [--pods 100 300 1000] [--seconds 3600] [--profile]

Each pod has two containers that log a line a second. Pods are created and waited for through the API, as a client in the same
process does it (`podlab.mock.server.inprocess`); each size runs in a process of its own, so that its memory is its own.
The column "processor" is that process' own time, which says more than the clock on a busy machine.

What `--profile` showed to be hottest in the hour, and what was done:

- Running a loop's simple commands (`podlab.mock.shell.simple`, `.evaluator`): four tenths. What need not be looked up anew is run
  the short way (`run_short`), and a program's environment is made once for as long as nothing in it changes (`_passed_on`).
- Starting, ending and awaiting a process for each `sleep` (`podlab.mock.machine.process`, `.mounts`): two tenths. Its program
  comes from the image that all containers share, and /proc is made only when somebody looks.
- The events themselves (`podlab.mock.kernel.Kernel.step`, `podlab.mock.server.pacing`): a twentieth, about six a turn of the
  loop; a process that waits has none. Left as they are: a shorter way through `step` did not measurably help.

Memory: the full pages of a log are compressed (an hour of a thousand pods: some 25 MiB), the sets of owned fields that many pods
have alike are kept once, and events that were told keep no frames.

On two cores that much else was busy on (100 with a later shell than the others; Ready, the hour's processor time, the peak):
100 pods 2.4 s, 89 s, 62 MiB; 300 pods 4.3 s, 240 s, 101 MiB; 1,000 pods 3.6 s, 982 s, 235 MiB. Both grow in step with the pods.
"""

import argparse
import cProfile
import json
import pstats
import subprocess
import sys
import time
from urllib.parse import urlencode

PODS = "/api/v1/namespaces/default/pods"


def main() -> None:
    """Measure each size, and print a table."""
    parser = argparse.ArgumentParser(description="Measure how a mock grows with its pods.")
    parser.add_argument("--pods", type=int, nargs="+", default=[100, 300, 1000])
    parser.add_argument("--seconds", type=int, default=3600, help="simulated time after all are Ready")
    parser.add_argument("--profile", action="store_true", help="name the hottest functions of the last size")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one, options.seconds, options.profile)))
        return
    heads = ("Ready", "a pod", f"then {options.seconds} s", "a pod", "processor", "peak", "a pod")
    print(f"{'pods':>6} " + " ".join(f"{head:>12}" for head in heads))
    for pods in options.pods:
        profiled = ["--profile"] if options.profile and pods == options.pods[-1] else []
        words = [sys.executable, __file__, "--one", str(pods), "--seconds", str(options.seconds), *profiled]
        done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
        seen = json.loads(done.stdout)
        print(row(pods, seen), flush=True)


def row(pods: int, seen: dict[str, float]) -> str:
    """A line of the table."""
    ready, then, peak = seen["ready"], seen["then"], seen["peak"]
    kib = (peak - seen["empty"]) / pods * 1024
    cells = (f"{ready:.2f} s", f"{ready / pods * 1e3:.2f} ms", f"{then:.2f} s", f"{then / pods * 1e3:.2f} ms")
    cells += (f"{seen['processor']:.2f} s", f"{peak:.0f} MiB", f"{kib:.0f} KiB")
    return f"{pods:6} " + " ".join(f"{cell:>12}" for cell in cells)


def measure(pods: int, seconds: int, profiled: bool) -> dict[str, float]:
    """Seconds of wall time and MiB for one size."""
    from podlab.mock.cluster import Cluster
    from podlab.mock.server.collector import tune
    from podlab.mock.server.inprocess import InProcess

    client = InProcess(Cluster(max_pods=pods + 10))
    tune()
    empty = peak_mib()
    profile = cProfile.Profile()
    if profiled:
        profile.enable()
    started = time.perf_counter()
    make_pods(client, pods)
    wait_for_all(client, pods)
    ready = time.perf_counter() - started
    advance(client, seconds)
    then = time.perf_counter() - started - ready
    if profiled:
        profile.disable()
        pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(15)
    return {"ready": ready, "then": then, "processor": time.process_time(), "empty": empty, "peak": peak_mib()}


def make_pods(client: object, pods: int) -> None:
    """Posts them, one by one."""
    for number in range(pods):
        containers = [
            {"name": name, "image": "busybox:1.37", "command": ["sh", "-c", "while true; do echo a line; sleep 1; done"]}
            for name in ("one", "two")
        ]
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"pod-{number}"}, "spec": {"containers": containers}}
        reply = client.request("POST", PODS, {"Content-Type": "application/json"}, json.dumps(pod).encode())  # type: ignore[attr-defined]
        assert reply.status == 201, reply.body


def wait_for_all(client: object, pods: int) -> None:
    """Watches until every pod is Ready."""
    listed = json.loads(client.request("GET", PODS).body)  # type: ignore[attr-defined]
    ready = {pod["metadata"]["name"] for pod in listed["items"] if is_ready(pod)}
    query = {"watch": "1", "timeoutSeconds": 600, "resourceVersion": listed["metadata"]["resourceVersion"]}
    with client.stream("GET", f"{PODS}?{urlencode(query)}", {"Kubectl-Command": "kubectl wait"}) as watch:  # type: ignore[attr-defined]
        while len(ready) < pods:
            pod = json.loads(watch.read())["object"]
            if is_ready(pod):
                ready.add(pod["metadata"]["name"])


def is_ready(pod: dict[str, object]) -> bool:
    """Is its condition Ready true?"""
    conditions = pod["status"].get("conditions") or ()  # type: ignore[attr-defined]
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def advance(client: object, seconds: int) -> None:
    """Lets simulated time pass."""
    query = {"watch": "1", "timeoutSeconds": seconds, "fieldSelector": "metadata.name=nobody"}
    client.request("GET", f"{PODS}?{urlencode(query)}", {"Podlab-Wait": "advance"}, limit_seconds=seconds + 1)  # type: ignore[attr-defined]


def peak_mib() -> float:
    """The most memory that this process has had, in MiB."""
    import psutil

    info = psutil.Process().memory_info()
    if hasattr(info, "peak_wset"):
        return float(info.peak_wset) / 2**20
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    main()
