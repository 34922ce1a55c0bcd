"""Lifecycle hooks: what a container does right after its start, and before it is stopped."""

from typing import Any

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.kubelet.probes.http import HttpProbe, probe_http
from podlab.mock.kubelet.probes.ports import NoSuchPort, find_port
from podlab.mock.kubelet.runtime.container import RuntimeContainer
from podlab.mock.kubelet.runtime.containerd import Containerd
from podlab.mock.kubelet.runtime.types import RuntimeServiceError
from podlab.mock.kubelet.users import pod_format
from podlab.mock.machine.network import Network

Obj = dict[str, Any]


class HookFailed(Exception):
    """A hook failed; the text is the kubelet's."""


class HookRunner:
    """Runs hooks in containers."""

    def __init__(self, kernel: Kernel, runtime: Containerd, network: Network) -> None:
        self._kernel = kernel
        self._runtime = runtime
        self._network = network

    async def run(self, pod: Obj, spec: Obj, container: RuntimeContainer, hook: Obj, pod_ip: str) -> None:
        """Runs a hook to its end. Raises HookFailed."""
        where = f'for Container "{spec["name"]}" in Pod "{pod_format(pod)}" failed - error: '
        if "exec" in hook:
            await self._exec(container, hook["exec"]["command"], where)
        elif "httpGet" in hook:
            await self._http(spec, hook["httpGet"], pod_ip, where)
        elif "sleep" in hook:
            await self._kernel.sleep(int(hook["sleep"]["seconds"]) * SECOND)
        else:
            raise HookFailed(f"invalid handler: {next(iter(hook), 'empty')}")

    async def _exec(self, container: RuntimeContainer, command: list[str], where: str) -> None:
        head = f"Exec lifecycle hook ([{' '.join(command)}]) {where}"
        try:
            result = await self._runtime.exec_sync(container, command, None)
        except RuntimeServiceError as error:
            raise HookFailed(f'{head}{error}, message: ""') from error
        if result.exit_code != 0:
            output = result.output.decode(errors="replace")
            ended = f"command '{' '.join(command)}' exited with {result.exit_code}: {output}"
            raise HookFailed(f'{head}{ended}, message: "{output}"')

    async def _http(self, spec: Obj, action: Obj, pod_ip: str, where: str) -> None:
        head = f"HTTP lifecycle hook ({action.get('path', '')}) {where}"
        try:
            port = find_port(action.get("port", 80), spec)
        except NoSuchPort as error:
            raise HookFailed(f'{head}{error}, message: ""') from error
        probe = HttpProbe.of(action, pod_ip, port)
        answer = await probe_http(self._network, probe, 30 * SECOND)
        if answer.error or not 200 <= answer.status < 400:
            problem = answer.error or f"HTTP probe failed with statuscode: {answer.status}"
            raise HookFailed(f'{head}{problem}, message: ""')
