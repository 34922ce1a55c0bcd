"""The kubelet's own API, for the API server: logs, exec, attach, port-forward, and connections to pods and services."""

from typing import Any

from podlab.mock.api.errors import APIError
from podlab.mock.api.node import LogOptions
from podlab.mock.kubelet.connections import PodConnection
from podlab.mock.kubelet.logs import LogReader, LostLog, log_container, open_log
from podlab.mock.kubelet.node_context import NodeContext
from podlab.mock.kubelet.runtime.container import RuntimeContainer
from podlab.mock.kubelet.sessions import AttachSession, ExecSession
from podlab.mock.kubelet.status.manager import StatusManager

Obj = dict[str, Any]

LOOPBACK = "127.0.0.1"


class KubeletAgent:
    """Implements `podlab.mock.api.node.NodeAgent`."""

    def __init__(self, node: NodeContext, statuses: StatusManager) -> None:
        self._node = node
        self._statuses = statuses

    def logs(self, pod: Obj, options: LogOptions) -> LogReader | LostLog:
        """Opens a container's log. Raises BadRequest when it has none (yet)."""
        status = self._statuses.get(pod["metadata"]["uid"]) or pod.get("status", {})
        container_id = log_container(pod["metadata"]["name"], status, options.container, options.previous)
        return open_log(self._node.kernel, self._node.runtime, container_id, options)

    def exec(
        self,
        pod: Obj,
        container: str,
        command: list[str],
        stdin: bool,
        stdout: bool,
        stderr: bool,
        tty: bool,
        witness: bool = False,
    ) -> ExecSession:
        """Starts a command in a running container. Raises APIError when there is none."""
        running = self._running(pod, container)
        if running is None:
            raise APIError(f'container not found ("{container}")')
        return ExecSession(self._node.kernel, self._node.runtime, self._node.latencies, running, command, stdin, tty, witness)

    def attach(self, pod: Obj, container: str, stdin: bool, stdout: bool, stderr: bool, tty: bool) -> AttachSession:
        """Joins the streams of a container's first process. Raises APIError when it does not run."""
        running = self._running(pod, container)
        if running is None:
            meta = pod["metadata"]
            raise APIError(f"container {container} not found in pod {meta['name']}_{meta['namespace']}")
        return AttachSession(running, stdin, stdout, stderr)

    def port_forward(self, pod: Obj, port: int) -> PodConnection:
        """Connects to a port on the loopback address of the pod. Raises APIError when the pod has no sandbox."""
        sandbox = self._node.runtime.sandbox(pod["metadata"]["uid"])
        if sandbox is None:
            meta = pod["metadata"]
            raise APIError(f'pod not found ("{meta["name"]}_{meta["namespace"]}")')
        return PodConnection(self._node.machine.network, sandbox.net, (LOOPBACK, port))

    def dial(self, address: str, port: int) -> PodConnection:
        """Connects from the node to an address of the cluster's network."""
        network = self._node.machine.network
        return PodConnection(network, network.node, (address, port))

    def _running(self, pod: Obj, name: str) -> RuntimeContainer | None:
        runtime = self._node.runtime
        newest = runtime.status(pod["metadata"]["uid"]).find(name)
        return runtime.find(newest.id) if newest is not None and newest.running else None
