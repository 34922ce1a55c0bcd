"""runsvdir: keeps a runsv running for each directory of services."""

import stat as st
from dataclasses import dataclass

from podlab.mock.kernel import SECOND
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.process.running import execvp, reaped, rest

HUNG_UP = 111
"""Exit code after SIGHUP."""
INIT = 1
LOOK_COST_NS = 2_000


@dataclass(slots=True)
class Supervised:
    """A directory's runsv: the directory's inode, the process (0: it has ended), and whether the directory is gone."""

    ino: int
    pid: int = 0
    gone: bool = False


@applet("runsvdir", "Ps:", operands=(1, None))
async def runsvdir(call: Call) -> int:
    """Looks every five seconds what there is to be run; as the first process, for ever."""
    return await Scanner(call).run()


class Scanner:
    """One run.

    Attributes:
        signal: The last that arrived and is not yet dealt with.
    """

    def __init__(self, call: Call) -> None:
        self.call = call
        self.proc = call.proc
        self.folder = call.operands[0]
        self.supervised: list[Supervised] = []
        self.is_init = call.proc.pid == INIT
        self.signal = 0
        self._seen: tuple[int, int, int] | None = None
        self._due = True
        for number in (SIGTERM, SIGHUP, *((SIGUSR1, SIGUSR2, SIGINT) if self.is_init else ())):
            self.proc.signal(number, self._on_signal)

    def _on_signal(self, number: int) -> None:
        self.signal = number

    async def _warn(self, text: str) -> None:
        await self.call.warn(f"{self.folder}: warning: can't {text}")

    async def run(self) -> int:
        """Until SIGTERM or SIGHUP, which the first process only passes on."""
        next_look = 0
        while True:
            await self._reap()
            now = self.proc.kernel.now_ns // SECOND
            if now >= next_look:
                next_look = now + 1
                await self._look()
            await self._sleep(1 if self._due else 5)
            if number := self.signal:
                self.signal = 0
                await self._deal_with(number)
                if not self.is_init:
                    return HUNG_UP if number == SIGHUP else 0

    async def _sleep(self, seconds: int) -> None:
        if not self.signal:
            try:
                await self.proc.sleep(seconds)
            except InterruptedError:
                return

    async def _reap(self) -> None:
        async for ended in reaped(self.proc):
            for each in self.supervised:
                if each.pid == ended.pid:
                    each.pid, self._due = 0, True

    async def _look(self) -> None:
        """Looks into the directory when it has changed, or something ended."""
        proc = self.proc
        try:
            status = proc.stat(self.folder)
        except OSError:
            await self._warn(f"stat {self.folder}")
            return
        modified = status.mtime_ns // SECOND
        seen = (modified, status.ino, status.dev)
        if not self._due and seen == self._seen:
            return
        here = proc.cwd
        try:
            proc.chdir(self.folder)
        except OSError:
            await self._warn(f"change directory to {self.folder}")
            return
        self._seen = seen
        while proc.kernel.wall_ns // SECOND == modified:  # a change within this second could not be told from this one
            await rest(proc, 0.1)
        self._due = await self._scan()
        while not _entered(proc, here):
            await self._warn("change directory, pausing")
            await rest(proc, 5)

    async def _scan(self) -> bool:
        """Starts what is new or has ended, ends what is gone. Returns whether to look again soon."""
        proc = self.proc
        for each in self.supervised:
            each.gone = True
        try:
            names = proc.listdir(".")
        except OSError:
            await self._warn(f"open directory {self.folder}")
            return True
        for name in names:
            await proc.cpu(LOOK_COST_NS)
            if name.startswith("."):
                continue
            try:
                status = proc.stat(name)
            except OSError:
                await self._warn(f"stat {name}")
                continue
            if st.S_ISDIR(status.mode):
                await self._supervise(name, status.ino)
        for each in self.supervised:
            if each.gone and each.pid:
                proc.kill(each.pid, SIGTERM)
        self.supervised = [each for each in self.supervised if not each.gone]
        return False

    async def _supervise(self, name: str, ino: int) -> None:
        known = next((each for each in self.supervised if each.ino == ino), None)
        if known is None:
            known = Supervised(ino)
            self.supervised.append(known)
        if not known.pid:
            known.pid = await self._start(name)
        known.gone = False

    async def _start(self, name: str) -> int:
        """Starts a runsv, unless all are to end. Returns its number, or 0."""

        async def body(child: Process) -> int:
            if "P" in self.call.options:
                child.setsid()
            return await self._become(child, name)

        if self.signal:
            return 0
        try:
            return self.proc.fork(body).pid
        except OSError:
            await self._warn("vfork")
            return 0

    async def _become(self, child: Process, name: str) -> int:
        try:
            await execvp(child, ["runsv", name])
        except OSError as error:
            text = f"{self.folder}: fatal: can't start runsv {name}: {strerror(error.errno or 0)}"
            await Call(self.call.applet, child).warn(text)
        return 1

    async def _deal_with(self, number: int) -> None:
        """Runs the script of -s, and lets all services end after SIGHUP."""
        proc = self.proc
        if (script := self.call.options.get("s")) is not None:

            async def body(child: Process) -> int:
                try:
                    await execvp(child, [script, str(number)])
                except OSError:
                    return 1
                return 0

            child = proc.fork(body)
            while True:
                try:
                    ended = await proc.waitpid()
                except InterruptedError:
                    continue
                if ended is not None and ended.pid == child.pid:
                    break
        if number == SIGHUP:
            for each in self.supervised:
                if each.pid:
                    proc.kill(each.pid, SIGTERM)


def _entered(proc: Process, folder: str) -> bool:
    try:
        proc.chdir(folder)
    except OSError:
        return False
    return True
