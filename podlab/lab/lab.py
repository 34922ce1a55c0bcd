"""`Lab`: a cluster as a notebook sees it. Kubernetes' words, plain dicts, and waits that end.

Everything goes through the Kubernetes API; nothing here knows what kind of cluster answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from podlab.errors import NotFound, Obj
from podlab.lab import events, http, namespaces
from podlab.lab.api import API
from podlab.lab.apply import Changes, apply, delete
from podlab.lab.conditions import Spec, parse
from podlab.lab.exec import ExecFailed, ExecResult, Output, run
from podlab.lab.history import History, seconds_between
from podlab.lab.logs import follow, until
from podlab.lab.manifests import Source, load, looks_like_target
from podlab.lab.passing import advance
from podlab.lab.timeline import Timeline, timeline
from podlab.lab.transport import Connection
from podlab.lab.wait import wait

What = str | Mapping[str, Any]


class Lab:
    """A cluster, seen from one namespace.

    `podlab.connect()` makes one; make one yourself to name a kubeconfig exactly.

    Args:
        kubeconfig: path of the kubeconfig.
        context: name of the context; by default the file's current one.
        namespace: where things are unless they say otherwise.
        confined: refuse to write outside of `namespace`.
        name: what to call the cluster in messages.
        gone_hint: what to tell the user when the cluster does not answer.

    Wherever a method takes `what`, that is `"pod/web"`, `"pods"`, `"deploy/shop"` or an object; where it takes a `pod`, a
    bare name will do.
    """

    def __init__(
        self,
        kubeconfig: str | Path,
        context: str | None = None,
        namespace: str = "default",
        *,
        confined: bool = False,
        name: str = "",
        gone_hint: str = "",
    ) -> None:
        self._set_up(
            API(Connection(kubeconfig, context, gone_hint), namespace, {namespace} if confined else None), name or str(kubeconfig)
        )

    @classmethod
    def over(cls, connection: Connection, namespace: str = "default", *, confined: bool = False, name: str = "") -> "Lab":
        """A Lab over a connection that is there already."""
        lab = cls.__new__(cls)
        lab._set_up(API(connection, namespace, {namespace} if confined else None), name or connection.server)
        return lab

    def _set_up(self, api: API, name: str) -> None:
        self._api = api
        self.name = name
        self._history = History(api)
        self._made_namespace = ""

    @property
    def api(self) -> API:
        """The API beneath, for what `Lab` has no method for."""
        return self._api

    @property
    def namespace(self) -> str:
        """The namespace that this Lab works in."""
        return self._api.namespace

    @property
    def kubeconfig(self) -> Path | None:
        """Path of the kubeconfig."""
        return self._api.connection.kubeconfig

    @property
    def context(self) -> str | None:
        """The kubeconfig's context; None for its current one."""
        return self._api.connection.context

    def __repr__(self) -> str:
        return f"<Lab on {self.name}, namespace {self.namespace}>"

    # -- objects

    def apply(self, manifest: Source, namespace: str | None = None, *, replace: bool = False) -> Changes:
        """Make the objects of a manifest be, as `kubectl apply` does.

        Args:
            manifest: YAML or JSON text, a path, an object, or several.
            namespace: for objects that do not say theirs.
            replace: delete and create anew what cannot be changed (most of a pod).

        Returns:
            What changed, an entry an object; shown as kubectl shows it.

        Raises:
            ManifestError: it is not a manifest; says the line.
            APIError: the server refuses it; in its own words, with the line.
        """
        self._history.begin()
        return apply(self._api, manifest, namespace, replace=replace)

    def get(self, what: What, name: str = "", *, namespace: str | None = None, selector: str = "") -> Any:
        """An object (`get("pod/web")`), or the list of those that there are (`get("pods", selector="app=web")`).

        Returns:
            A dict, or a list of dicts.

        Raises:
            NotFound: there is no such object, or no such resource.
        """
        target = self._api.target(what, name, namespace=namespace, selector=selector)
        found = [self._api.get(target)] if target.name else self._api.list(target)[0]
        for obj in found:
            self._history.saw(obj)
        return found[0] if target.name else found

    def delete(
        self,
        what: What | Path | Sequence[Any],
        name: str = "",
        *,
        namespace: str | None = None,
        selector: str = "",
        grace_seconds: int | None = None,
        wait: bool = True,
        missing_ok: bool = False,
    ) -> Changes:
        """Delete an object, those that a selector picks, or those of a manifest; return when they are gone.

        Args:
            what: `"pod/web"`, `"pods"`, an object, or a manifest.
            name: the object's name, if `what` is a resource's word.
            namespace: where.
            selector: a label selector.
            grace_seconds: how long a pod's processes have to end; None leaves it to the pod.
            wait: return only when they are gone.
            missing_ok: an object that does not exist is no error.

        Raises:
            NotFound: there is no such object.
        """
        if isinstance(what, str) and looks_like_target(what):
            targets = [self._api.target(what, name, namespace=namespace, selector=selector)]
        else:
            targets = [self._api.target(obj, namespace=namespace) for obj in load(what)]
        return delete(self._api, targets, grace_seconds=grace_seconds, wait_gone=wait, missing_ok=missing_ok)

    # -- time

    def wait(
        self, what: What, condition: Spec = "Ready", timeout: float = 60, *, namespace: str | None = None, selector: str = ""
    ) -> Any:
        """Wait until something holds; on the mock simulated time jumps there.

        Args:
            what: an object, or a resource with a selector: then all of them, one at least.
            condition: `"Ready"`, `"Available"`, `"Succeeded"`, `"Running"`, `"created"`, `"deleted"`,
                `"jsonpath={.status.phase}=Running"`, or a function from the object to a truth value.
            timeout: seconds, on the cluster's clock.
            namespace: where.
            selector: a label selector.

        Returns:
            The object as it is then; a list of them for a resource with a selector.

        Raises:
            WaitTimeout: it did not come about; says what was seen last.
            WaitFailed: it cannot come about any more.
            NotFound: there is no such object.
        """
        self._history.begin()
        target = self._api.target(what, namespace=namespace, selector=selector)
        found = wait(self._api, target, parse(condition), timeout, self._history.saw)
        return (found[0] if found else None) if target.name else found

    def advance(self, seconds: float) -> None:
        """Let time pass: at once on the mock, in earnest on a real cluster.

        There it shows how long that takes; an interrupt (Ctrl-C, or the notebook's stop button) skips the rest, a second one
        right after it stops the cell.
        """
        advance(self._api, seconds)

    # -- containers

    def logs(
        self,
        pod: What,
        container: str | None = None,
        *,
        previous: bool = False,
        tail: int | None = None,
        since_seconds: int | None = None,
        timestamps: bool = False,
    ) -> str:
        """What a container has written so far.

        Args:
            pod: the pod.
            container: needed where the pod has several.
            previous: of the run before the last restart.
            tail: the last lines only.
            since_seconds: of the last seconds only.
            timestamps: with the time before each line.

        Raises:
            BadRequest: the container has not started, or is not named where it must be.
        """
        query = {
            "container": container,
            "previous": previous or None,
            "tailLines": tail,
            "sinceSeconds": since_seconds,
            "timestamps": timestamps or None,
        }
        return self._api.connection.text(self._api.pod(pod).path("log"), query)

    def follow(self, pod: What, container: str | None = None, *, tail: int | None = None) -> Iterator[str]:
        """The lines of a container's log as they come, until the container ends or the caller stops."""
        return follow(self._api, self._api.pod(pod), container, tail)

    def wait_log(self, pod: What, pattern: str, container: str | None = None, timeout: float = 60) -> str:
        """Wait for a line in a container's log.

        Args:
            pod: the pod.
            pattern: a regular expression that the line contains.
            container: needed where the pod has several.
            timeout: seconds, on the cluster's clock.

        Returns:
            The line.

        Raises:
            WaitTimeout: there was none.
            WaitFailed: the container ended before.
        """
        return until(self._api, self._api.pod(pod), container, pattern, timeout)

    def exec(
        self,
        pod: What,
        command: str | Sequence[str],
        container: str | None = None,
        stdin: str | bytes | None = None,
        *,
        check: bool = False,
        on_output: Output | None = None,
        timeout_seconds: float = 60.0,
        witness: bool = False,
    ) -> ExecResult:
        """Run a command in a running container.

        Args:
            pod: the pod.
            command: arguments, or a text for the container's `sh -c`.
            container: needed where the pod has several.
            stdin: what the command reads.
            check: make an exit code other than 0 an error.
            on_output: is called with (1 or 2, bytes) as output comes.
            timeout_seconds: longest silence of the command, in real time.
            witness: on the mock, run it by the image's own programs, whatever the container has put in their place.

        Returns:
            `stdout`, `stderr`, `exit_code`.

        Raises:
            ExecFailed: the command failed, and `check` is set.
            APIError: it could not be run.
        """
        result = run(self._api, self._api.pod(pod), command, container, stdin, on_output, timeout_seconds, witness)
        if check and result.exit_code:
            raise ExecFailed(f"{command!r} ended with exit code {result.exit_code}.\n{result.stderr or result.stdout}".rstrip())
        return result

    def http(
        self,
        what: What,
        path: str = "/",
        port: int | str | None = None,
        *,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_seconds: float = 30.0,
    ) -> http.Response:
        """Ask a pod (`"web"`, `"pod/web"`) or a service (`"service/web"`) over HTTP, through the API server.

        Returns:
            `status`, `text`, `json()`, `headers`; that nobody listens is an answer too, with `error`.
        """
        target = self._api.pod(what) if isinstance(what, str) and "/" not in what else self._api.target(what)
        return http.request(
            self._api, target, path, port, method=method, body=body, headers=headers, timeout_seconds=timeout_seconds
        )

    # -- what happened

    def events(self, what: What | None = None) -> list[Obj]:
        """The events about an object, or all of the namespace, oldest first."""
        if what is None:
            return events.events_in(self._api, self._api.target("events"))
        obj = what if isinstance(what, Mapping) and "uid" in what.get("metadata", {}) else self.get(what)
        return events.events_of(self._api, dict(obj))

    def timeline(self, pod: What) -> Timeline:
        """A pod's life as intervals, for `podlab.plots.timeline`; of a pod that is gone, if this Lab has seen it.

        Raises:
            NotFound: there is no such pod, and there was none.
        """
        target = self._api.pod(pod)
        if target.namespace != self.namespace:
            return self.in_namespace(target.namespace).timeline(target.name)
        sightings = self._history.of(target.name)
        if not sightings:
            self._history.saw(self._api.get(target))
            sightings = self._history.of(target.name)
        age = self._age(sightings[-1].pod)
        life = timeline(sightings, age)
        return timeline(self._history.look_back(target.name), age) if life.has_gaps else life

    def _age(self, pod: Obj) -> float:
        """Seconds since a pod's creation, as rendered now: in what was seen before a jump of time it is another date."""
        try:
            pod = self._api.get(self._api.target(pod))
        except NotFound:
            return 0.0
        return seconds_between(pod["metadata"]["creationTimestamp"], self._api.connection.date())

    # -- namespaces

    def in_namespace(self, namespace: str) -> "Lab":
        """The same cluster seen from another namespace."""
        other = Lab.__new__(Lab)
        other._set_up(self._api.seen_from(namespace), self.name)
        return other

    @contextmanager
    def session(self, prefix: str = "podlab") -> "Iterator[Lab]":
        """A fresh namespace for the length of a `with` block, removed at its end with all that is in it."""
        name = f"{prefix}-{uuid4().hex[:8]}"
        namespaces.ensure(self._api, name)
        allowed = self._api.allowed if self._api.allowed is not None else set()
        allowed.add(name)
        try:
            yield self.in_namespace(name)
        finally:
            allowed.discard(name)
            namespaces.remove(self._api, name, wait_gone=False)

    def own_namespace(self) -> bool:
        """Make this Lab's namespace, unless podlab made it before; `close` removes it. Returns True if it is new."""
        self._made_namespace = self.namespace
        return namespaces.ensure(self._api, self.namespace)

    def start_afresh(self) -> None:
        """Empty this Lab's namespace, which podlab must have made, or make it.

        Raises:
            PodlabError: there is a namespace of this name that podlab did not make.
        """
        namespaces.remove(self._api, self.namespace)
        namespaces.ensure(self._api, self.namespace)

    def close(self) -> None:
        """Remove the namespace that podlab made for this Lab, if it did, and give the sockets back."""
        if self._made_namespace:
            namespaces.remove(self._api, self._made_namespace, wait_gone=False)
            self._made_namespace = ""
        self._api.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
