"""Sessions with processes in containers, for the API server: exec starts one, attach joins the first."""

from collections import deque
from collections.abc import Callable

from podlab.mock.api.errors import APIError
from podlab.mock.api.node import STDERR, STDOUT
from podlab.mock.kernel import Kernel, WaitQueue
from podlab.mock.kubelet.latencies import Latencies
from podlab.mock.kubelet.runtime.container import RuntimeContainer
from podlab.mock.kubelet.runtime.containerd import Containerd, exit_code
from podlab.mock.kubelet.runtime.files import Outlet
from podlab.mock.kubelet.runtime.types import RuntimeServiceError, Stream
from podlab.mock.machine.container import Feed
from podlab.mock.machine.process import Process
from podlab.mock.machine.tty import Terminal

Output = Callable[[int, bytes], None]
Exit = Callable[[int | None, str], None]


class _Session:
    """What exec and attach have in common: output and the end wait for whoever registers late."""

    def __init__(self) -> None:
        self._output: Output | None = None
        self._exit: Exit | None = None
        self._early: deque[tuple[int, bytes]] = deque()
        self._ended: tuple[int | None, str] | None = None
        self._paused = False
        self.closed = False

    def on_output(self, callback: Output) -> None:
        """Registers who gets output."""
        self._output = callback
        self._deliver()

    def on_exit(self, callback: Exit) -> None:
        """Registers who is told of the end."""
        self._exit = callback
        self._deliver()

    def pause_output(self, paused: bool) -> None:
        """Holds output back, or lets it go on."""
        self._paused = paused
        self._deliver()

    def emit(self, channel: int, data: bytes) -> None:
        """The process printed something."""
        if data and not self.closed:
            self._early.append((channel, data))
            self._deliver()

    def end(self, code: int | None, message: str = "") -> None:
        """The process has ended, or could not be started."""
        if self._ended is None:
            self._ended = (code, message)
            self._deliver()

    def _deliver(self) -> None:
        while self._output is not None and self._early and not self._paused:
            self._output(*self._early.popleft())
        if self._exit is not None and self._ended is not None and not self._early:
            callback, self._exit = self._exit, None
            callback(*self._ended)


class ExecSession(_Session):
    """A command that is started in a container (`podlab.mock.api.node.ExecSession`)."""

    def __init__(
        self,
        kernel: Kernel,
        runtime: Containerd,
        latencies: Latencies,
        container: RuntimeContainer,
        command: list[str],
        stdin: bool,
        tty: bool,
        witness: bool = False,
    ) -> None:
        super().__init__()
        self._witness = witness
        self._kernel = kernel
        self._runtime = runtime
        self._exit_ns = latencies.exec_exit
        self._container = container
        self._command = command
        self._feed = Feed(container.container.machine) if stdin and not tty else None
        self._terminal = Terminal(kernel) if tty else None
        queue = WaitQueue(kernel)
        self._outlets = (
            Outlet(queue, lambda data: self.emit(STDOUT, data)),
            Outlet(queue, lambda data: self.emit(STDERR, data)),
        )
        if self._terminal is not None:
            self._terminal.on_output(lambda data: self.emit(STDOUT, data))
        kernel.call_after(latencies.exec_start, self._start)

    def _start(self) -> None:
        if self.closed:
            return
        try:
            self._runtime.spawn(self._container, self._command, self._spawn)
        except RuntimeServiceError as error:
            self.end(None, f"error executing command in container: {error}")

    def _spawn(self) -> Process:
        container, terminal = self._container.container, self._terminal
        if terminal is not None:
            slave = terminal.open()
            return container.exec(self._command, slave, slave, slave, self._process_ended, terminal, self._witness)
        return container.exec(self._command, self._feed, *self._outlets, self._process_ended, witness=self._witness)

    def _process_ended(self, process: Process) -> None:
        for outlet in self._outlets:
            outlet.flush()
        self._kernel.call_after(self._exit_ns, self.end, exit_code(process))

    def stdin_write(self, data: bytes) -> None:
        """Sends bytes to the process."""
        if self._terminal is not None:
            self._terminal.type(data)
        elif self._feed is not None:
            self._feed.feed(data)

    def stdin_close(self) -> None:
        """Ends the process's standard input."""
        if self._feed is not None:
            self._feed.end()

    @property
    def stdin_waiting(self) -> int:
        """Bytes that the process has not read yet."""
        return self._feed.waiting if self._feed is not None else 0

    def on_stdin_read(self, callback: Callable[[], object]) -> None:
        """Registers who is told that it has read some."""
        if self._feed is not None:
            self._feed.on_read = callback

    def resize(self, width: int, height: int) -> None:
        """Tells the terminal its size."""
        if self._terminal is not None:
            self._terminal.resize(width, height)

    def pause_output(self, paused: bool) -> None:
        """Holds output back; the process blocks when too much has gathered."""
        for outlet in self._outlets:
            outlet.pause(paused)
        super().pause_output(paused)

    def close(self) -> None:
        """The client has gone: a terminal hangs up, standard input ends; the process may go on."""
        self.closed = True
        if self._terminal is not None:
            self._terminal.close()
        self.stdin_close()
        for outlet in self._outlets:
            outlet.pause(False)


class AttachSession(_Session):
    """The streams of a container's first process (`podlab.mock.api.node.ExecSession`)."""

    def __init__(self, container: RuntimeContainer, stdin: bool, stdout: bool, stderr: bool) -> None:
        super().__init__()
        self._container = container
        self._stdin = stdin
        self._wanted = {"stdout": stdout, "stderr": stderr}
        container.outputs.append(self._print)
        container.on_exit.append(self._exited)

    def _print(self, stream: Stream, data: bytes) -> None:
        if self._wanted[stream]:
            self.emit(STDOUT if stream == "stdout" else STDERR, data)

    def _exited(self) -> None:
        self.end(0)  # whoever attached asks the pod how it went

    def stdin_write(self, data: bytes) -> None:
        """Sends bytes to the process, if its spec has ``stdin``."""
        if not self._stdin:
            return
        if self._container.terminal is not None:
            self._container.terminal.type(data)
        elif self._container.stdin is not None:
            self._container.stdin.feed(data)

    def stdin_close(self) -> None:
        """Ends standard input, with ``stdinOnce``."""
        if self._stdin and self._container.request.stdin_once and self._container.stdin is not None:
            self._container.stdin.end()

    @property
    def stdin_waiting(self) -> int:
        """Bytes that the process has not read yet."""
        return self._container.stdin.waiting if self._container.stdin is not None else 0

    def on_stdin_read(self, callback: Callable[[], object]) -> None:
        """Registers who is told that it has read some."""
        if self._container.stdin is not None:
            self._container.stdin.on_read = callback

    def resize(self, width: int, height: int) -> None:
        """Tells the terminal its size."""
        if self._container.terminal is not None:
            self._container.terminal.resize(width, height)

    def close(self) -> None:
        """The client has gone."""
        self.closed = True
        if self._print in self._container.outputs:
            self._container.outputs.remove(self._print)
        if self._exited in self._container.on_exit:
            self._container.on_exit.remove(self._exited)
        self.stdin_close()


def refuse(message: str) -> APIError:
    """An answer of the kubelet that is no success (500)."""
    return APIError(message)
