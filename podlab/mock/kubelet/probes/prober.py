"""One probe, run once: its result and the event that tells of a failure."""

from collections.abc import Callable
from typing import Any, Final, Literal
from urllib.parse import urljoin, urlsplit

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.kubelet.probes.http import HttpAnswer, HttpProbe, probe_http
from podlab.mock.kubelet.probes.ports import NoSuchPort, find_port
from podlab.mock.kubelet.runtime.containerd import Containerd
from podlab.mock.kubelet.runtime.types import RuntimeServiceError
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network import Network

Obj = dict[str, Any]
ProbeKind = Literal["Liveness", "Readiness", "Startup"]
Found = tuple[Literal["success", "warning", "failure", "unknown"], str]

MAX_REDIRECTS: Final = 10
MAX_TRIES: Final = 3


class Prober:
    """Runs probes.

    Args:
        on_event: ``on_event(pod, container, reason, message)`` records a warning.
    """

    def __init__(
        self, kernel: Kernel, runtime: Containerd, network: Network, on_event: Callable[[Obj, Obj, str, str], None]
    ) -> None:
        self._kernel = kernel
        self._runtime = runtime
        self._network = network
        self._on_event = on_event

    async def probe(self, kind: ProbeKind, pod: Obj, container: Obj, runtime_id: str, pod_ip: str) -> bool | None:
        """Runs a container's probe of that kind: True, False, or None when it could not be run."""
        spec = container[f"{kind.lower()}Probe"]
        result, output = "unknown", ""
        for _ in range(MAX_TRIES):
            result, output = await self._run(spec, container, runtime_id, pod_ip)
            if result != "unknown":
                break
        match result:
            case "success":
                return True
            case "warning":
                self._on_event(pod, container, "ProbeWarning", f"{kind} probe warning: {output}")
                return True
            case "failure":
                self._on_event(pod, container, "Unhealthy", f"{kind} probe failed: {output}")
                return False
        self._on_event(pod, container, "Unhealthy", f"{kind} probe errored and resulted in unknown state: {output}")
        return None

    async def _run(self, spec: Obj, container: Obj, runtime_id: str, pod_ip: str) -> Found:
        timeout_ns = int(spec.get("timeoutSeconds", 1)) * SECOND
        if "exec" in spec:
            return await self._exec(spec["exec"].get("command") or [], runtime_id, timeout_ns)
        try:
            if "httpGet" in spec:
                action = spec["httpGet"]
                probe = HttpProbe.of(action, pod_ip, find_port(action["port"], container))
                return await self._http(probe, timeout_ns)
            if "tcpSocket" in spec:
                action = spec["tcpSocket"]
                return await self._tcp(action.get("host") or pod_ip, find_port(action["port"], container), timeout_ns)
        except NoSuchPort as error:
            return "unknown", str(error)
        return "unknown", "missing probe handler"

    async def _exec(self, command: list[str], runtime_id: str, timeout_ns: int) -> Found:
        try:
            result = await self._runtime.exec_sync(self._runtime.find(runtime_id), command, timeout_ns)
        except RuntimeServiceError as error:
            return "unknown", str(error)
        output = result.output.decode(errors="replace")
        if result.exit_code is None:
            seconds = timeout_ns // SECOND
            return "failure", f'command timed out: "{" ".join(command)}" timed out after {seconds}s'
        return ("success" if result.exit_code == 0 else "failure"), output

    async def _http(self, probe: HttpProbe, timeout_ns: int) -> Found:
        answer = await probe_http(self._network, probe, timeout_ns)
        for _ in range(MAX_REDIRECTS):
            followed = self._redirect(probe, answer)
            if followed is None:
                break
            probe = followed
            answer = await probe_http(self._network, probe, timeout_ns)
        if answer.error:
            return "failure", answer.error
        body = answer.body.decode(errors="replace")
        if 300 <= answer.status < 400:
            return "warning", f"Probe terminated redirects, Response body: {body}"
        if 200 <= answer.status < 300:
            return "success", body
        return "failure", f"HTTP probe failed with statuscode: {answer.status}"

    def _redirect(self, probe: HttpProbe, answer: HttpAnswer) -> HttpProbe | None:
        """Where a redirect to the same host leads."""
        location = answer.headers.get("location", "")
        if answer.status not in (301, 302, 303, 307, 308) or not location:
            return None
        target = urlsplit(urljoin(probe.url, location))
        if target.hostname != probe.host:
            return None
        path = target.path + (f"?{target.query}" if target.query else "")
        return HttpProbe(target.scheme, probe.host, target.port or 80, path or "/", probe.headers)

    async def _tcp(self, host: str, port: int, timeout_ns: int) -> Found:
        deadline = self._kernel.now_ns + timeout_ns
        try:
            endpoint = await self._network.connect(self._network.node, (host, port), timeout_ns)
        except OSError as error:
            late = self._kernel.now_ns >= deadline
            words = "i/o timeout" if late else f"connect: {strerror(error.errno or 0).lower()}"
            return "failure", f"dial tcp {host}:{port}: {words}"
        endpoint.close()
        return "success", ""
