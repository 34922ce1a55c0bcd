"""Playing a scenario on any cluster, with the real kubectl, and writing down what happened.

One thread, one watch: while kubectl runs the watch's events wait at the server, and a sleep is a watch of that many seconds
(which a mock, told so by `Podlab-Wait`, lets pass at once). So what is recorded does not depend on this machine's speed.
"""

import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from podlab.errors import NotFound
from podlab.lab.transport import Connection
from tests.conformance.scrubbing import anonymise, scrub, scrub_object, scrub_table
from tests.conformance.stories import Stories

Obj = dict[str, Any]

FIRST: Final = {"Podlab-Wait": "first"}
ADVANCE: Final = {"Podlab-Wait": "advance"}
KUBECTL_SECONDS: Final = 90
READ_SECONDS: Final = 300.0
_STRUCTURED: Final = frozenset({"-ojson", "-oyaml", "json", "yaml", "--raw"})


def find_kubectl() -> str:
    """The kubectl to play with: this Python's own, else the one on PATH."""
    found = shutil.which("kubectl", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))))
    if found is None:
        raise FileNotFoundError("there is no kubectl")
    return found


class Player:
    """Plays one scenario, in a namespace of its own, which it removes.

    Args:
        kubeconfig: the cluster.
        cache: a folder for kubectl's discovery cache.
        start: is called when kubectl starts, where that takes none of the cluster's time.
    """

    def __init__(self, kubeconfig: Path, cache: Path, start: Callable[[], None] = lambda: None) -> None:
        self._connection = Connection(kubeconfig)
        self._environment = {**os.environ, "KUBECONFIG": str(kubeconfig), "KUBECACHEDIR": str(cache)}
        self._kubectl = find_kubectl()
        self._start = start
        self._namespace = ""
        self._version = ""
        self._begin = 0.0
        self._stories = Stories()

    def play(self, scenario: Obj) -> Obj:
        """Plays it, and returns the recording."""
        self._open_namespace(f"c-{scenario['name']}"[:60])
        recording: Obj = {"scenario": scenario["name"], "about": scenario.get("about", "")}
        try:
            recording |= self._opening(scenario)
            recording["steps"] = [result for step in scenario.get("steps", []) if (result := self._step(step))]
            recording["events"] = self._events()
            recording["objects"] = {
                self._scrub(name): scrub_object(pod, self._namespace) for name, pod in self._stories.latest.items()
            }
        finally:
            self._close_namespace(scenario.get("watch_delete", 0))
        recording["transitions"] = {self._scrub(name): story for name, story in self._stories.told.items()}
        stems = [pod["metadata"].get("generateName", "") for pod in recording["objects"].values()]
        played: Obj = anonymise(recording, filter(None, stems))
        return played

    def _opening(self, scenario: Obj) -> Obj:
        opening: Obj = {}
        if scenario.get("manifest"):
            opening["apply"] = self._apply(scenario["manifest"])
        if scenario.get("until"):
            opening["reached"] = self._wait_for(scenario["until"], scenario.get("seconds", 60))
        self._sleep(scenario.get("settle", 1))
        return opening

    def _step(self, step: Obj) -> Obj | None:
        """Does a step; None when there is nothing to tell."""
        if "sleep" in step:
            self._sleep(step["sleep"])
            return None
        if "until" in step:
            return {"until": step["until"], "reached": self._wait_for(step["until"], step.get("seconds", 60))}
        if "apply" in step:
            return {"apply": step["apply"], **self._apply(step["apply"])}
        return {"kubectl": step["kubectl"], **self._run(step["kubectl"])}

    # kubectl

    def _apply(self, manifest: str) -> Obj:
        return self._run(["apply", "-f", "-"], manifest)

    def _run(self, arguments: Sequence[Any], stdin: str | None = None) -> Obj:
        command = [self._kubectl, "-n", self._namespace, *map(str, arguments)]
        options: Obj = {"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}
        self._start()
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                timeout=KUBECTL_SECONDS,
                env=self._environment,
                check=False,
                encoding="utf-8",
                **options,
            )
            code, out, err = done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired as slow:
            code, out, err = -1, (slow.stdout or b"").decode(), (slow.stderr or b"").decode()
        self._catch_up()
        plain = arguments[0] in ("logs", "exec") or not _STRUCTURED.isdisjoint(map(str, arguments))
        fold = scrub if plain else scrub_table
        return {"code": code, "stdout": fold(out, self._namespace), "stderr": scrub_table(err, self._namespace)}

    def _scrub(self, text: str) -> str:
        return scrub(text, self._namespace)

    # Namespaces

    def _open_namespace(self, name: str) -> None:
        self._namespace, self._stories = name, Stories()
        path = f"/api/v1/namespaces/{name}"
        self._delete(path)
        while self._is_there(path):
            self._look_on("/api/v1/namespaces", 1, FIRST)
        self._connection.json(
            "POST", "/api/v1/namespaces", body={"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        )
        while not self._is_there(f"{path}/serviceaccounts/default"):
            self._look_on(f"{path}/serviceaccounts", 1, FIRST)
        self._version = self._connection.json("GET", self._pods)["metadata"]["resourceVersion"]
        self._begin = self._connection.now()

    def _close_namespace(self, watched: float) -> None:
        """Deletes it, watches so long how its pods end, then deletes them, and sees the first of them go."""
        self._delete(f"/api/v1/namespaces/{self._namespace}")
        if watched:
            self._sleep(watched)
        for name in sorted(self._stories.live):
            self._connection.json("DELETE", f"{self._pods}/{name}", {"gracePeriodSeconds": 0})
        if self._stories.live:
            next(self._watch(2, FIRST), None)

    def _delete(self, path: str) -> None:
        if self._is_there(path):
            self._connection.json("DELETE", path)

    def _is_there(self, path: str) -> bool:
        try:
            self._connection.json("GET", path)
        except NotFound:
            return False
        return True

    # Time

    @property
    def _pods(self) -> str:
        return f"/api/v1/namespaces/{self._namespace}/pods"

    def _wait_for(self, until: str, seconds: float) -> bool:
        deadline = self._connection.now() + seconds
        while not self._stories.met(until):
            left = deadline - self._connection.now()
            if left <= 0:
                return False
            for _ in self._watch(left, FIRST):
                if self._stories.met(until):
                    break
        return True

    def _sleep(self, seconds: float) -> None:
        for _ in self._watch(seconds, ADVANCE):
            pass

    def _catch_up(self) -> None:
        """Takes in what has happened to pods by now."""
        while True:
            pods = self._connection.json("GET", self._pods)["items"]
            versions = {pod["metadata"]["name"]: pod["metadata"]["resourceVersion"] for pod in pods}
            if versions == {name: pod["metadata"]["resourceVersion"] for name, pod in self._stories.live.items()}:
                return
            next(self._watch(2, FIRST), None)

    def _watch(self, seconds: float, headers: Mapping[str, str]) -> Iterator[None]:
        """Watches the pods for so long, and yields after each event."""
        query = {"watch": 1, "resourceVersion": self._version, "timeoutSeconds": max(1, math.ceil(seconds))}
        for line in self._connection.lines(self._pods, query, headers, READ_SECONDS):
            event = json.loads(line)
            if event["type"] == "ERROR":
                raise RuntimeError(f"the watch has failed: {event['object']}")
            self._version = event["object"]["metadata"]["resourceVersion"]
            self._stories.add(event, self._connection.now() - self._begin)
            yield

    def _look_on(self, path: str, seconds: int, headers: Mapping[str, str]) -> None:
        next(self._connection.lines(path, {"watch": 1, "timeoutSeconds": seconds}, headers, READ_SECONDS), None)

    # Events

    def _events(self) -> list[Obj]:
        """The namespace's distinct events, in order."""
        events = self._connection.json("GET", f"/api/v1/namespaces/{self._namespace}/events")["items"]
        events.sort(key=lambda event: (event.get("firstTimestamp") or event["eventTime"], event["metadata"]["creationTimestamp"]))
        rows = {json.dumps(row, sort_keys=True): row for row in map(self._event, events)}
        return list(rows.values())

    def _event(self, event: Obj) -> Obj:
        about = event["involvedObject"]
        return {
            "object": f"{about['kind']}/{self._scrub(about['name'])}",
            "field": about.get("fieldPath"),
            "type": event["type"],
            "reason": event["reason"],
            "message": self._scrub(event.get("message") or ""),
            "from": (event.get("source") or {}).get("component") or event.get("reportingComponent"),
        }
