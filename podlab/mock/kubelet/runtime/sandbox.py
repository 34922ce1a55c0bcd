"""A pod's sandbox: the namespaces that its containers share, with the pause process where they share process numbers."""

from dataclasses import dataclass

from podlab.mock.kubelet.runtime.types import SandboxStatus
from podlab.mock.machine.container import Container, ContainerConfig, Sink
from podlab.mock.machine.inodes import Directory, FileSystem
from podlab.mock.machine.ipc import IpcNamespace
from podlab.mock.machine.namespaces import NetworkNamespace, PidNamespace, UtsNamespace
from podlab.mock.machine.node import Machine, program_file
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGCHLD, SIGINT, SIGKILL, SIGTERM, Disposition

PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class SandboxRequest:
    """What a sandbox is made of.

    Attributes:
        ip: The pod's address; empty for a pod that shares the node's network.
        host_network: Whether it does.
        share_processes: Whether its containers see each other's processes.
    """

    name: str
    hostname: str
    ip: str
    host_network: bool = False
    share_processes: bool = False


class Sandbox:
    """A sandbox on the machine."""

    def __init__(self, machine: Machine, status: SandboxStatus, request: SandboxRequest) -> None:
        self.status = status
        self.request = request
        self._machine = machine
        network = machine.network
        self.net: NetworkNamespace = network.node if request.host_network else network.namespace(request.ip)
        self.uts = UtsNamespace(request.hostname)
        self.ipc = IpcNamespace()
        self.processes: PidNamespace | None = None
        self._pause: Container | None = None
        if request.share_processes:
            self._start_pause()

    def _start_pause(self) -> None:
        """Process 1 of a shared process namespace, as users see it: ``/pause``."""
        fs = FileSystem(self._machine.kernel, "overlay")
        root = Directory(fs)
        root.link("pause", program_file(fs, PAUSE))
        self.processes = PidNamespace()
        config = ContainerConfig(
            f"{self.request.name}/POD",
            root,
            ["/pause"],
            uid=65535,
            gid=65535,
            net=self.net,
            uts=self.uts,
            ipc=self.ipc,
            pid_namespace=self.processes,
        )
        self._pause = self._machine.create(config)
        sink = Sink(lambda data: None)
        self._pause.start(None, sink, sink)

    def stop(self) -> None:
        """Takes the network and the pause process away."""
        if self._pause is not None:
            self._pause.kill(SIGKILL)
            self._pause.fs.reserve(-self._pause.fs.used_bytes)
        if not self.request.host_network:
            self._machine.network.detach(self.net)


async def pause(proc: Process) -> int:
    """The program ``pause``: waits until it is told to end; the dead that come to it vanish."""
    proc.signal(SIGCHLD, Disposition.IGNORE)
    for number in (SIGINT, SIGTERM):
        proc.signal(number, lambda number: None)
    try:
        await proc.pause()
    except InterruptedError:
        return 0
