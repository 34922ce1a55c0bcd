"""`Run`: what a check sees. One manifest, applied to a cluster of its own, and the questions that checks ask of it.

Everything goes through a `Lab`, hence through the Kubernetes API: the same check runs on the mock and on a real cluster. The
questions are about what the pods do. Where a task fixed a name it is used; where it did not, `only_pod`, `pods_behind`,
`listening` find what was meant.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from hashlib import sha256
from typing import Any

from podlab.errors import NotFound, PodlabError, WaitTimeout
from podlab.grading.ending import Ending, end, release
from podlab.grading.results import Unmet
from podlab.grading.states import WORDS_MOST, failed, state_line
from podlab.grading.witness import look
from podlab.lab import Lab
from podlab.lab.conditions import condition_of
from podlab.lab.exec import ExecResult
from podlab.lab.http import Response

Obj = dict[str, Any]

READY_SECONDS = 90.0
READY_BLINKS = 3
BLINK_SECONDS = 1.0
ENDING_SECONDS = 180.0
REMOVING_SECONDS = 60.0
LOCKED = ("Read-only file system", "Permission denied", "Operation not permitted")
FULL = "No space left"
_SOCKETS = "{}; echo --; cat /proc/net/tcp /proc/net/tcp6"
"""Prints the sockets of a container's own processes, then those of the whole pod."""
_EACH_OWN = r"""here=$(stat -c %d:%i /)
for p in /proc/[0-9]*; do
  [ "$(stat -c %d:%i $p/root/ 2> /dev/null)" = "$here" ] && {}
done"""
"""Does something with each process whose root is the container's, in whatever company it is."""
_OWN = _EACH_OWN.replace("{}", "ls -l $p/fd")
_END_HELPERS = _EACH_OWN.replace("{}", "! grep -q '^PPid:[[:space:]]*0$' $p/status && kill -9 ${p#/proc/}")
"""A container's first process, and what looks at it, have no parent."""
_LOOPBACK_6 = "0" * 24 + "01000000"
_MARKUP = re.compile(r"<title>.*?</title>|<[^>]*>", re.IGNORECASE | re.DOTALL)
ASKER = "podlab-asker"
ASKER_POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": ASKER, "labels": {"podlab.dev/grader": "asker"}},
    "spec": {
        "terminationGracePeriodSeconds": 0,
        "containers": [{"name": "asker", "image": "busybox:1.37", "command": ["sleep", "360000"]}],
    },
}


class NotRunning(Unmet):
    """A container that cannot be looked into, since it does not run."""


class Run:
    """One manifest on one cluster.

    Args:
        lab: The cluster, seen from a namespace in which nothing else is.
        objects: The manifest's objects, as the student wrote them.
        variant: What the student's exercise has of its own, where it has variants (`Rubric.variant`).
    """

    def __init__(self, lab: Lab, objects: Sequence[Obj], variant: Mapping[str, Any] | None = None) -> None:
        self.lab = lab
        self.objects = list(objects)
        self._endings: dict[str, Ending] = {}
        self._varied: dict[str, Obj] = {}
        self._words = 0
        self._asker = ""
        self.variant = dict(variant or {})

    # -- expecting

    def expect(self, expected: str, holds: object, saw: str = "", earned: float = 0) -> None:
        """Raises `Unmet` unless `holds` is true.

        Args:
            expected: What should have been, as a noun phrase.
            holds: Whether it is.
            saw: What was there instead.
            earned: The part of the points that is earned even so.
        """
        if not holds:
            raise Unmet(expected, saw, earned)

    def word(self) -> str:
        """A word that no manifest can hold, since it is drawn from the manifest itself; each time another.

        What a check puts somewhere to see it come out elsewhere has such a word in it: who prints it has read it there.
        """
        self._words += 1
        drawn = sha256(f"{self._words} {json.dumps(self.objects, sort_keys=True, default=str)}".encode())
        return drawn.hexdigest()[:10]

    # -- finding pods

    def pods(self) -> list[Obj]:
        """The pods of the manifest, made by it or by its controllers; not those on their way out."""
        pods = self.lab.get("pods")
        return [
            p
            for p in pods
            if "podlab.dev/grader" not in (p["metadata"].get("labels") or {}) and "deletionTimestamp" not in p["metadata"]
        ]

    def pod(self, name: str) -> Obj:
        """The pod of that name, where the task fixed one."""
        for pod in self.pods():
            if pod["metadata"]["name"] == name:
                return pod
        raise Unmet(f"a pod called {name}", self._inventory())

    def only_pod(self) -> Obj:
        """The one pod that the manifest makes, whatever its name and whoever made it (the first, where a controller makes
        several).
        """
        self._settle()
        pods = self.pods()
        if not pods:
            raise Unmet("a pod", self._inventory())
        owners = {self._owner(pod) for pod in pods}
        if len(owners) > 1:
            raise Unmet("one pod", f"{len(pods)}: {', '.join(p['metadata']['name'] for p in pods)}")
        return pods[0]

    def pods_behind(self, service: str) -> list[Obj]:
        """The ready pods that a service sends traffic to."""
        self.wait_endpoints(service)
        endpoints = self.lab.get(f"endpoints/{service}")
        names = [
            a["targetRef"]["name"] for s in endpoints.get("subsets") or [] for a in s.get("addresses") or [] if a.get("targetRef")
        ]
        return [pod for pod in self.pods() if pod["metadata"]["name"] in names]

    @staticmethod
    def _owner(pod: Obj) -> str:
        owners = pod["metadata"].get("ownerReferences") or []
        return str(owners[0]["uid"]) if owners else str(pod["metadata"]["uid"])

    def _settle(self) -> None:
        """Gives controllers the time to make their pods."""
        if not self.pods() and any(o.get("kind") != "Pod" for o in self.objects):
            try:
                self.lab.wait("pods", lambda pod: True, 30, selector="podlab.dev/grader!=asker")
            except PodlabError:
                return

    def _inventory(self) -> str:
        kinds = [f"{o.get('kind', '?')} {(o.get('metadata') or {}).get('name', '?')}" for o in self.objects]
        return f"in the manifest: {', '.join(kinds) or 'nothing'}"

    # -- waiting

    def wait_ready(self, pod: Obj, timeout: float = READY_SECONDS) -> Obj:
        """Waits until a pod is ready, for more than the blink in which a container starts and ends. Returns it as it is then."""
        for _ in range(READY_BLINKS):
            self.wait(pod, "Ready", "a ready pod", timeout)
            self.advance(BLINK_SECONDS)
            found: Obj = self.lab.get(f"pod/{pod['metadata']['name']}")
            if condition_of(found, "Ready").get("status") == "True":
                return found
        raise Unmet("a pod that stays ready", self.trouble(pod["metadata"]["name"]))

    def wait(self, pod: Obj, condition: Any, expected: str, timeout: float = READY_SECONDS) -> Obj:
        """Waits until something holds of a pod (conditions as in `Lab.wait`); what it found instead is the reason."""
        name = pod["metadata"]["name"]
        try:
            found: Obj = self.lab.wait(f"pod/{name}", condition, timeout)
        except PodlabError:
            raise Unmet(f"{expected} within {timeout:g} seconds", self.trouble(name)) from None
        return found

    def wait_endpoints(self, service: str, timeout: float = READY_SECONDS) -> None:
        """Waits until a service of that name has a ready pod behind it."""
        try:
            self.lab.get(f"service/{service}")
        except PodlabError:
            raise Unmet(f"a service called {service}", self._inventory()) from None
        try:
            self.lab.wait(f"endpoints/{service}", "created", timeout)
            self.lab.wait(f"endpoints/{service}", lambda e: any(s.get("addresses") for s in e.get("subsets") or []), timeout)
        except PodlabError:
            states = "; ".join(self.trouble(p["metadata"]["name"]) for p in self.pods()) or "no pods"
            raise Unmet(f"a ready pod behind service {service}", f"none ({states})") from None

    def wait_job(self, name: str, timeout: float = READY_SECONDS) -> Obj:
        """Waits until a Job of that name is complete. Returns its (last) pod."""
        try:
            self.lab.get(f"job/{name}")
        except PodlabError:
            raise Unmet(f"a Job called {name}", self._inventory()) from None
        try:
            self.lab.wait(f"job/{name}", "Complete", timeout)
        except PodlabError:
            states = "; ".join(self.trouble(p["metadata"]["name"]) for p in self.pods()) or "no pods"
            raise Unmet(f"a complete Job within {timeout:g} seconds", states) from None
        pods: list[Obj] = self.lab.get("pods", selector=f"batch.kubernetes.io/job-name={name}")
        return pods[-1]

    def start_again(self, pod: Obj) -> Obj:
        """Deletes a pod and lets it (or its successor) start again; returns it when it is ready."""
        self.remove(pod["metadata"]["name"])
        if self._owner(pod) == str(pod["metadata"]["uid"]):
            self.lab.apply([o for o in self.objects if o.get("kind") == "Pod"])
        self._settle()
        return self.wait_ready(self.only_pod())

    def variation(self, name: str, change: Callable[[Obj], None]) -> Obj:
        """Starts the manifest's pod of that name with its spec changed, in place of the student's; returns it when it is ready.

        The student's own is ended before, so that there is room for the other, and comes back before the next check. Nothing
        in it can tell by name, labels or neighbours which of the two it is.

        Args:
            name: The pod's name in the manifest.
            change: Gets a copy of the pod's spec, and changes it in place.
        """
        own = next((o for o in self.objects if o.get("kind") == "Pod" and o["metadata"].get("name") == name), None)
        if own is None:
            raise Unmet(f"a pod called {name}", self._inventory())
        varied = deepcopy(own)
        change(varied["spec"])
        self.remove(name)
        self._varied[name] = own
        self.lab.apply(varied)
        return self.wait_ready(varied)

    def put_back(self) -> None:
        """Lets the student's own pods take the place of their variations again."""
        while self._varied:
            name, own = self._varied.popitem()
            self.remove(name)
            self.lab.apply(own)

    def remove(self, name: str) -> None:
        """Ends a pod within a second, and frees what it had; a finalizer does not hold it. That there is none is no error."""
        with suppress(NotFound):
            self.lab.delete(f"pod/{name}", grace_seconds=1, wait=False)  # with 0, a successor may come before its end
            release(self.lab, f"pod/{name}")
            self.lab.wait(f"pod/{name}", "deleted", REMOVING_SECONDS)

    def ending(self, name: str) -> Ending:
        """Deletes the pod of that name, once for all checks, and tells how its containers ended."""
        if name not in self._endings:
            pod = self.wait(self.pod(name), "{.status.phase}=Running", "a running pod")
            try:
                self._endings[name] = end(self.lab, pod, ENDING_SECONDS)
            except PodlabError as late:
                raise Unmet("a pod that ends when it is deleted", self.state(name) or str(late)) from None
        return self._endings[name]

    def change_config(self, name: str, data: dict[str, str]) -> None:
        """Changes the texts of a ConfigMap."""
        self.lab.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data})

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        self.lab.advance(seconds)

    # -- asking

    def exec(self, pod: Obj, command: str | Sequence[str], container: str | None = None) -> ExecResult:
        """Runs a command in a container of a pod, as a witness whom the container cannot deceive by other programs."""
        try:
            return look(self.lab, pod, command, container)
        except PodlabError as error:
            state, said = self.state(pod["metadata"]["name"]), str(error).splitlines()[0]
            raise NotRunning(
                "a running container to look into", state if "container not found" in said else f"{state} ({said})"
            ) from None

    def end_helpers(self, pod: Obj, container: str) -> None:
        """Kills all processes of a container but its first, also where the pod's containers share their processes."""
        self.exec(pod, _END_HELPERS, container)

    def log(self, pod: Obj, container: str, previous: bool = False) -> str:
        """What a container has written; empty when it has not run."""
        try:
            return self.lab.logs(pod["metadata"]["name"], container, previous=previous)
        except PodlabError:
            return ""

    def tail(self, pod: Obj, container: str, lines: int = 5) -> str:
        """The last lines of a container's log, for a reason."""
        return "\n".join(self.log(pod, container).splitlines()[-lines:]) or "(empty)"

    def http(self, pod: Obj, path: str = "/", port: int | None = None) -> Response:
        """Asks a pod over HTTP, from outside; it is waited for until it is ready."""
        self.wait_ready(pod)
        return self.lab.http(f"pod/{pod['metadata']['name']}", path, port)

    def expect_status(self, status: int, pod: Obj, path: str = "/", port: int | None = None, when: str = "") -> Response:
        """Asks a pod over HTTP as it is, ready or not, and expects that status from the application itself.

        That nobody answers is no status, whatever the API server makes of it.
        """
        name = pod["metadata"]["name"]
        answer = self.lab.http(f"pod/{name}", path, port)
        saw = self.told(answer) + (f"; {self.state(name)}" if answer.error else "")
        self.expect(f"status {status}{when}", answer.status == status and not answer.error, saw)
        return answer

    @staticmethod
    def told(answer: Response) -> str:
        """An HTTP answer in a line; of a page, what a reader sees of it."""
        if answer.error:
            return f"no answer ({answer.error})"
        page = answer.text.lstrip()[:6].lower() == "<html>"
        text = " ".join(_MARKUP.sub(" ", answer.text).split()) if page else answer.text
        return f"status {answer.status}: {text[:200]!r}"

    def ask(self, url: str, seconds: int = 5) -> str:
        """Fetches a URL from a pod of the grader's own in the same namespace: what other pods would get.

        Raises `Unmet` without an answer.
        """
        if not self._asker:
            self.lab.delete(f"pod/{ASKER}", grace_seconds=0, missing_ok=True)
            self.lab.apply(ASKER_POD)
        asker = self.lab.wait(f"pod/{ASKER}", "Ready", READY_SECONDS)["metadata"]["uid"]
        self._asker = self._asker or asker
        self.expect("the grader's own pod", asker == self._asker, "another in its place")
        result = self.lab.exec(ASKER, ["wget", "-q", "-T", str(seconds), "-O", "-", url])
        if result.exit_code:
            raise Unmet(f"an answer from {url}", result.stderr.strip() or f"exit code {result.exit_code}")
        return result.stdout

    # -- looking

    @staticmethod
    def containers(pod: Obj, *, init: bool = False) -> list[Obj]:
        """The containers that run while the pod runs: the plain ones and native sidecars; with `init`, those that run before."""
        spec = pod["spec"]
        sidecars = [c for c in spec.get("initContainers") or [] if c.get("restartPolicy") == "Always"]
        if init:
            return [c for c in spec.get("initContainers") or [] if c.get("restartPolicy") != "Always"]
        return [*spec["containers"], *sidecars]

    def container_names(self, pod: Obj) -> list[str]:
        """Names of the containers that run while the pod runs."""
        return [str(c["name"]) for c in self.containers(pod)]

    def container(self, pod: Obj, name: str) -> Obj:
        """A container's spec, by name."""
        for container in self.containers(pod) + self.containers(pod, init=True):
            if container["name"] == name:
                return container
        raise Unmet(f"a container called {name}", f"containers {', '.join(self.container_names(pod))}")

    def text_of(self, pod: Obj, name: str) -> str:
        """Command, arguments and environment of a container as one text, for a reason."""
        container = self.container(pod, name)
        words = [*(container.get("command") or []), *(container.get("args") or [])]
        return " ".join([*words, *(f"{e['name']}={e.get('value', '')}" for e in container.get("env") or [])])

    def listening(self, pod: Obj, port: int) -> list[str]:
        """The containers whose own processes listen on a TCP port."""
        return self.listeners(pod).get(port, [])

    def listeners(self, pod: Obj) -> dict[int, list[str]]:
        """The TCP ports on which a pod's containers listen, and which do: each container's /proc shows its processes' sockets.

        Who does not run listens to nothing.
        """
        found: dict[int, list[str]] = {}
        shared = pod["spec"].get("shareProcessNamespace") or pod["spec"].get("hostPID")
        for name in self.container_names(pod):
            try:
                text = self.exec(pod, _SOCKETS.format(_OWN if shared else "ls -l /proc/[0-9]*/fd"), container=name).stdout
            except NotRunning:
                continue
            mine, _, table = text.partition("\n--\n")
            inodes = set(re.findall(r"-> socket:\[(\d+)\]$", mine, re.MULTILINE))
            rows = [row.split() for row in table.splitlines()]
            ports = {int(r[1].rpartition(":")[2], 16) for r in rows if len(r) > 9 and r[3] == "0A" and r[9] in inodes}
            for port in sorted(ports):
                found.setdefault(port, []).append(name)
        return found

    def open_ports(self, pod: Obj, container: str) -> list[int]:
        """The TCP ports of a pod at which somebody from outside it can knock."""
        rows = [
            line.split() for line in self.exec(pod, "cat /proc/net/tcp /proc/net/tcp6", container=container).stdout.splitlines()
        ]
        ends = [row[1].rpartition(":") for row in rows if len(row) > 3 and row[3] == "0A"]
        return sorted({int(port, 16) for host, _, port in ends if not host.endswith("0100007F") and host != _LOOPBACK_6})

    def shared_mounts(self, pod: Obj, name: str) -> list[str]:
        """Where a container mounts volumes that another container of the pod mounts too."""
        others = {
            m["name"] for c in self.containers(pod) + self.containers(pod, init=True) if c["name"] != name for m in _mounts(c)
        }
        return [m["mountPath"] for m in _mounts(self.container(pod, name)) if m["name"] in others]

    def mounts_writable(self, pod: Obj, name: str) -> bool:
        """Whether a container can write to a volume that it shares."""
        return any(self.can_write(pod, name, path) for path in self.shared_mounts(pod, name))

    def can_write(self, pod: Obj, container: str, folder: str) -> bool:
        """Whether a container can write into a folder. Raises `Unmet` when that could not be found out; no room is no lock."""
        place = f"{folder}/.podlab-{self.word()}"  # a folder, since a file's name could be a link to elsewhere
        made = self.exec(pod, ["mkdir", place], container=container)
        if made.exit_code == 0:
            self.exec(pod, ["rmdir", place], container=container)
        elif not any(words in made.stderr for words in (FULL, *LOCKED)):
            raise Unmet(f"a folder {folder} that can be tried", f"{container}: {made.stderr.strip() or 'the attempt was ended'}")
        return made.exit_code == 0 or FULL in made.stderr

    def restarts(self, name: str, container: str) -> int:
        """How often a container of the pod of that name was restarted."""
        status = self.pod(name).get("status") or {}
        everybody = [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]
        counts = [int(s.get("restartCount", 0)) for s in everybody if s["name"] == container]
        if not counts:
            raise Unmet(f"a container called {container}", self.state(name))
        return counts[0]

    def started(self, pod: Obj, container: str) -> str:
        """When a container (last) started, as text that can be compared."""
        return self._time(pod, container, "startedAt")

    def finished(self, pod: Obj, container: str) -> str:
        """When a container (last) ended."""
        return self._time(pod, container, "finishedAt")

    def _time(self, pod: Obj, container: str, name: str) -> str:
        status = self.lab.get(f"pod/{pod['metadata']['name']}").get("status") or {}
        for one in [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]:
            if one["name"] == container:
                body: Obj = next(iter((one.get("state") or {"": {}}).values()))
                return str(body.get(name, ""))
        raise Unmet(f"a container called {container}", self.state(pod["metadata"]["name"]))

    def state(self, name: str) -> str:
        """A pod's state in a line: phase, and what each container does."""
        try:
            return state_line(self.lab.get(f"pod/{name}"))
        except PodlabError:
            return f"no pod {name}"

    def trouble(self, name: str) -> str:
        """A pod's state in a line, with the last words of each container that failed."""
        try:
            pod: Obj = self.lab.get(f"pod/{name}")
        except PodlabError:
            return f"no pod {name}"
        logs = {one: self.log(pod, one, previous=runs) or self.log(pod, one) for one, runs in failed(pod).items()}
        lines = {one: log.strip().rpartition("\n")[2][-WORDS_MOST:] for one, log in logs.items()}
        return state_line(pod) + "".join(f"; the last words of {one}: {line}" for one, line in lines.items() if line)


def _mounts(container: Obj) -> list[Obj]:
    return [m for m in container.get("volumeMounts") or [] if not m["mountPath"].startswith("/var/run/secrets/")]


__all__ = ["Run", "WaitTimeout"]
