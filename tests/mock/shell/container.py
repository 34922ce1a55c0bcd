"""A container with a shell in it, for tests."""

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.machine.container import Container, ContainerConfig, Feed, Sink
from podlab.mock.machine.node import Machine
from podlab.mock.machine.process import Process
from podlab.mock.machine.tty import Terminal
from podlab.mock.programs.busybox import busybox
from podlab.mock.programs.busybox_image import root_directory

ENVIRONMENT = {"PATH": "/bin", "HOME": "/root", "TERM": "xterm"}


class Box:
    """A container of the busybox image.

    Args:
        argv: What its first process runs.
        memory_bytes, pids: Its limits.
    """

    def __init__(self, *argv: str, memory_bytes: int | None = 64 << 20, pids: int | None = None) -> None:
        self.kernel = Kernel()
        self.machine = Machine(self.kernel, {"busybox": busybox})
        root = root_directory(self.kernel)
        config = ContainerConfig("box", root, list(argv), dict(ENVIRONMENT), hostname="box", memory_bytes=memory_bytes, pids=pids)
        self.container: Container = self.machine.create(config)
        self.output = bytearray()
        self.stdin = Feed(self.machine)
        self.container.start(self.stdin, Sink(self.output.extend), Sink(self.output.extend))

    @property
    def text(self) -> str:
        """What was printed."""
        return self.output.decode()

    def run(self, seconds: float) -> None:
        """Lets time pass."""
        self.kernel.run_until(self.kernel.now_ns + int(seconds * SECOND))
        assert not self.machine.crashes, self.machine.crashes

    def wait(self, seconds: float = 600) -> int | None:
        """Lets time pass until the container has ended. Returns its exit code, None when it has not."""
        self.kernel.run_until(self.kernel.now_ns + int(seconds * SECOND), condition=lambda: self.container.exit_code is not None)
        assert not self.machine.crashes, self.machine.crashes
        return self.container.exit_code

    def names(self) -> list[str]:
        """The names of the processes that run, by pid."""
        return [process.comm for _, process in sorted(self.container.pid_namespace.processes.items()) if not process.ended]


class Typist:
    """Somebody who types at an interactive shell in a container (kubectl exec -it)."""

    def __init__(self, columns: int = 80) -> None:
        self.box = Box("sh", "-c", "while :; do sleep 1000; done")
        self.terminal = Terminal(self.box.kernel, 24, columns)
        self.screen = bytearray()
        self.terminal.on_output(self.screen.extend)
        self.ended: list[Process] = []
        files = [self.terminal.open() for _ in range(3)]
        self.box.run(0.1)
        self.process = self.box.container.exec(["sh"], *files, self.ended.append, self.terminal)
        self.box.run(0.2)

    def type(self, keys: str, seconds: float = 0.2) -> str:
        """Types, lets time pass, and returns what appeared."""
        before = len(self.screen)
        self.terminal.type(keys.encode())
        self.box.run(seconds)
        return self.screen[before:].decode()
