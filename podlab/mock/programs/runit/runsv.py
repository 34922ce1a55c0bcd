"""runsv: keeps one service running, and its log service, and does what is written into supervise/control."""

import errno
import stat as st
from contextlib import suppress
from enum import Enum
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import (
    O_APPEND,
    O_CLOEXEC,
    O_CREAT,
    O_NONBLOCK,
    O_RDONLY,
    O_TRUNC,
    O_WRONLY,
)
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.locks import flock
from podlab.mock.machine.process import Process, Program, WaitResult
from podlab.mock.machine.signals import (
    SIGALRM,
    SIGCHLD,
    SIGCONT,
    SIGHUP,
    SIGINT,
    SIGKILL,
    SIGQUIT,
    SIGSTOP,
    SIGTERM,
    SIGUSR1,
    SIGUSR2,
)
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.process.running import reaped, rest, wait_for
from podlab.mock.programs.runit.status import State, Status

POLL_NS: Final = 3600 * SECOND
SIGNALS: Final = {
    "a": SIGALRM, "h": SIGHUP, "i": SIGINT, "q": SIGQUIT, "1": SIGUSR1, "2": SIGUSR2, "k": SIGKILL, "p": SIGSTOP, "c": SIGCONT,
}  # fmt: skip
"""Letters that send the service a signal, unless its control script does something else instead."""
NOT_STARTED: Final = 1
"""Exit code of a child that could not become ./run."""


class Want(Enum):
    """What is to become of a service."""

    UP = ""
    DOWN = ", want down"
    EXIT = ", want exit"


class Service:
    """A service, or the log service of one.

    Attributes:
        prefix: Whether it is `log/`, before the names of its files.
        ended: How its ./run ended.
    """

    def __init__(self, prefix: str, wanted: Want, now_ns: int) -> None:
        self.prefix = prefix
        self.state = State.DOWN
        self.paused = self.got_term = False
        self.wanted = wanted
        self.since_ns = now_ns
        self.pid = 0
        self.control = -1
        self.ended = WaitResult(0, 0)

    def described(self) -> str:
        """As supervise/stat tells it."""
        text = self.state.name.lower() + ", paused" * self.paused + ", got TERM" * self.got_term
        return text + (self.wanted.value if self.state is not State.DOWN else "")

    def status(self) -> Status:
        """As supervise/status tells it."""
        wanted = "u" if self.wanted is Want.UP else "d"
        return Status(self.since_ns, self.pid, self.paused, wanted, self.got_term, self.state)


@applet("runsv", None)
async def runsv(call: Call) -> int:
    """Keeps a service running until it is told to exit."""
    words = call.operands[1:] if call.operands[:1] == ["--"] else call.operands
    if len(words) != 1:
        call.usage()
    supervisor = Supervisor(call, words[0])
    await supervisor.open()
    return await supervisor.run()


class Supervisor:
    """One run."""

    def __init__(self, call: Call, folder: str) -> None:
        self.call = call
        self.proc = call.proc
        self.folder = folder
        self.log: Service | None = None
        self.pipe = (-1, -1)
        self._signalled = self._terminated = False
        self._pid_changed = True
        for number in (SIGCHLD, SIGTERM):
            self.proc.signal(number, self._on_signal)
        try:
            self.proc.chdir(folder)
        except OSError as error:
            call.die(f"can't change directory to '{folder}': {strerror(error.errno or 0)}")
        self.main = self._service("")

    def _on_signal(self, number: int) -> None:
        self._signalled = True
        if number == SIGTERM:
            self._terminated = True

    def _service(self, prefix: str) -> Service:
        wanted = Want.DOWN if self.proc.exists(f"{prefix}down") else Want.UP
        return Service(prefix, wanted, self.proc.kernel.wall_ns)

    # --- messages ---

    def _fatal(self, what: str, error: OSError) -> None:
        self.call.die(f"{self.folder}: fatal: can't {what}: {strerror(error.errno or 0)}")

    async def _warn(self, what: str, error: OSError) -> None:
        await self.call.warn(f"{self.folder}: warning: can't {what}: {strerror(error.errno or 0)}")

    # --- the files of supervise ---

    async def open(self) -> None:
        """Takes the directory: its lock, its FIFOs. Dies when somebody else has it."""
        proc = self.proc
        await self._find_log()
        self._make_supervise("", ".")
        await self._lock("supervise/lock", wait=False)
        if self.log is not None:
            self._make_supervise("log/", "./log")
            await self._lock("log/supervise/lock", wait=True)
        services = [self.main] if self.log is None else [self.main, self.log]
        for service in services:
            await self._open_control(service)
        for service in services:
            path = f"{service.prefix}supervise/ok"
            with suppress(OSError):
                proc.mkfifo(path, 0o600)
            await self._open(path, O_RDONLY)

    async def _find_log(self) -> None:
        proc = self.proc
        try:
            mode = proc.stat("log").mode
        except OSError as error:
            if error.errno != errno.ENOENT:
                await self._warn("stat ./log", error)
            return
        if not st.S_ISDIR(mode):
            await self.call.warn(f"{self.folder}: warning: can't stat log/down: log is not a directory")
            return
        self.log = self._service("log/")
        self.pipe = proc.pipe()
        for fd in self.pipe:
            proc.set_cloexec(fd)

    def _make_supervise(self, prefix: str, shown: str) -> None:
        """Makes the directory, or the one that a link in its place leads to."""
        proc = self.proc
        path = f"{prefix}supervise"
        try:
            proc.mkdir(path, 0o700)
        except OSError:
            try:
                target = proc.readlink(path)
            except OSError as error:
                if error.errno not in (errno.ENOENT, errno.EINVAL):
                    self._fatal(f"readlink {shown}/supervise", error)
                return
            with suppress(OSError):
                proc.mkdir(target if target.startswith("/") else prefix + target, 0o700)

    async def _open(self, path: str, flags: int, mode: int = 0) -> int:
        try:
            return await self.proc.open(path, flags | O_NONBLOCK | O_CLOEXEC, mode)
        except OSError as error:
            self.call.die(f"can't open '{path}': {strerror(error.errno or 0)}")

    async def _lock(self, path: str, wait: bool) -> None:
        fd = await self._open(path, O_WRONLY | O_APPEND | O_CREAT, 0o600)
        try:
            await flock(self.proc, self.proc.file(fd), shared=False, wait=wait)
        except OSError as error:
            self._fatal(f"lock {path}", error)

    async def _open_control(self, service: Service) -> None:
        path = f"{service.prefix}supervise/control"
        with suppress(OSError):
            self.proc.mkfifo(path, 0o600)
        try:
            mode = self.proc.stat(path).mode
        except OSError as error:
            self._fatal(f"stat {path}", error)
        if not st.S_ISFIFO(mode):
            self.call.die(f"{self.folder}: fatal: {path} exists but is not a fifo")
        service.control = await self._open(path, O_RDONLY)
        await self._open(path, O_WRONLY)  # so that it never ends
        await self._update(service)

    async def _put(self, path: str, data: bytes) -> bool:
        """Puts a whole new file in place of one. False, after saying so, when it cannot."""
        proc = self.proc
        try:
            fd = await proc.open(f"{path}.new", O_WRONLY | O_NONBLOCK | O_TRUNC | O_CREAT, 0o644)
        except OSError as error:
            await self.call.warn(f"{self.folder}: warning: cannot open {path}.new: {strerror(error.errno or 0)}")
            return False
        try:
            await proc.write(fd, data)
        except OSError as error:
            if path.endswith("status"):
                await self._warn(f"write {path}.new", error)
                proc.unlink(f"{path}.new")
                return False
        finally:
            proc.close(fd)
        try:
            proc.rename(f"{path}.new", path)
        except OSError as error:
            await self.call.warn(f"can't move '{path}.new' to '{path}': {strerror(error.errno or 0)}")
            return False
        return True

    async def _update(self, service: Service) -> None:
        """Tells the world how a service is."""
        base = f"{service.prefix}supervise"
        if self._pid_changed:
            if not await self._put(f"{base}/pid", b"%d\n" % service.pid if service.pid else b""):
                return
            self._pid_changed = False
        await self._put(f"{base}/stat", service.described().encode() + b"\n")
        await self._put(f"{base}/status", service.status().encode())

    # --- starting and stopping ---

    async def _custom(self, service: Service, letter: str) -> bool:
        """Runs a control script, if there is one. Returns whether it did all that is to be done."""
        path = f"control/{letter}"
        if service is self.log:
            return False
        try:
            mode = self.proc.stat(path).mode
        except OSError as error:
            if error.errno != errno.ENOENT:
                await self._warn(f"stat {path}", error)
            return False
        if not mode & st.S_IXUSR:
            return False

        async def body(child: Process) -> int:
            if self.log is not None:
                child.dup2(self.pipe[1], 1)
            return await self._become(child, [path], f"run {path}")

        return (await wait_for(self.proc, self.proc.fork(body))).status == 0

    async def _become(self, child: Process, words: list[str], what: str) -> int:
        try:
            await child.exec(words[0], words)
        except OSError as error:
            text = f"{self.folder}: fatal: can't {what}: {strerror(error.errno or 0)}"
            await Call(self.call.applet, child).warn(text)
        return NOT_STARTED

    async def _start(self, service: Service) -> None:
        """Starts ./run, or ./finish after it."""
        finishing = service.state is State.FINISH
        words = ["./run"]
        if finishing:
            ended = service.ended
            words = ["./finish", "-1" if ended.signal else str(ended.code), str(ended.signal)]
        else:
            await self._custom(service, "u")
        if service.pid:
            await self._stop(service)
        is_log = service is self.log

        async def body(child: Process) -> int:
            if self.log is not None:
                if is_log:
                    child.chdir("./log")
                    child.dup2(self.pipe[0], 0)
                else:
                    child.dup2(self.pipe[1], 1)
            return await self._become(child, words, f"start {service.prefix}{words[0]}")

        child = await self._fork(body)
        if not finishing:
            service.since_ns = self.proc.kernel.wall_ns
            service.state = State.RUN
        service.pid = child.pid
        self._pid_changed = True
        service.paused = service.got_term = False
        await self._update(service)

    async def _fork(self, body: Program) -> Process:
        while True:
            try:
                return self.proc.fork(body)
            except OSError as error:
                await self._warn("vfork, sleeping", error)
                await rest(self.proc, 5)

    def _kill(self, service: Service, number: int) -> None:
        with suppress(OSError):
            self.proc.kill(service.pid, number)

    async def _stop(self, service: Service) -> None:
        if service.pid and not await self._custom(service, "t"):
            self._kill(service, SIGTERM)
            service.got_term = True
            await self._update(service)
        if service.wanted is not Want.UP:
            self._kill(service, SIGCONT)
            await self._custom(service, "d" if service.wanted is Want.DOWN else "x")

    # --- what is asked for ---

    async def _control(self, service: Service, letter: str) -> None:
        """Does what a letter in supervise/control means."""
        if letter in "duo":
            await self._want(service, Want.UP if letter == "u" else Want.DOWN)
            if letter == "d":
                if service.state is State.RUN:
                    await self._stop(service)
            elif service.state is State.DOWN:
                await self._start(service)
        elif letter in "tx":
            if letter == "x":
                if service is self.log:
                    return
                await self._want(service, Want.EXIT)
            if service.state is State.RUN:
                await self._stop(service)
        elif letter in SIGNALS:
            await self._signal(service, letter)

    async def _want(self, service: Service, wanted: Want) -> None:
        service.wanted = wanted
        await self._update(service)

    async def _signal(self, service: Service, letter: str) -> None:
        if service.state is State.RUN and not await self._custom(service, letter):
            self._kill(service, SIGNALS[letter])
        if letter == "k":
            service.state = State.DOWN
        elif letter in "pc":
            service.paused = letter == "p"
            await self._update(service)

    # --- the loop ---

    async def run(self) -> int:
        """Until it is told to exit, and the services have ended."""
        while True:
            main, log, proc = self.main, self.log, self.proc
            if log is not None and not log.pid and log.wanted is Want.UP:
                await self._start(log)
            if not main.pid and (main.wanted is Want.UP or main.state is State.FINISH):
                await self._start(main)
            fds = (main.control,) if log is None else (main.control, log.control)
            if not self._signalled:
                with suppress(InterruptedError):
                    await proc.poll(fds, (), POLL_NS)
            self._signalled = False
            await self._reap()
            for service in (main, log):
                if service is not None and proc.file(service.control).readable():
                    await self._control(service, (await proc.read(service.control, 1)).decode("latin-1"))
            if self._terminated:
                self._terminated = False
                await self._control(main, "x")
            if main.wanted is Want.EXIT and main.state is State.DOWN and await self._leave():
                return 0

    async def _leave(self) -> bool:
        """Lets the log service end by itself, when it has read all. Returns whether it has."""
        log = self.log
        if log is None or not log.pid:
            return True
        if log.wanted is not Want.EXIT:
            await self._want(log, Want.EXIT)
            for fd in self.pipe:
                self.proc.close(fd)
        return False

    async def _reap(self) -> None:
        """Takes in all that has ended."""
        async for ended in reaped(self.proc):
            for service in (self.main, self.log):
                if service is not None and service.pid == ended.pid:
                    await self._ended(service, ended)

    async def _ended(self, service: Service, ended: WaitResult) -> None:
        """A service has ended: it rests for a second when it has not lived for one."""
        self.main.ended = ended
        service.pid, service.got_term = 0, False
        self._pid_changed = True
        if service is self.main and service.state is not State.FINISH and self.proc.exists("finish"):
            service.state = State.FINISH
            await self._update(service)
            return
        service.state = State.DOWN
        before, service.since_ns = service.since_ns, self.proc.kernel.wall_ns
        await self._update(service)
        if service.since_ns // SECOND <= before // SECOND:
            await rest(self.proc, 1)
