"""sv, svc, svok: ask after services, and tell what supervises them what to do."""

import errno
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_NONBLOCK, O_RDONLY, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import UINT_MAX, unsigned
from podlab.mock.programs.options import Options
from podlab.mock.programs.process.running import execvp, wait_for
from podlab.mock.programs.runit.status import SIZE, State, Status, decode

FOLDER: Final = "/var/service"
PATIENCE: Final = "7"
TURN_SECONDS: Final = 0.42
MOST_FAILURES: Final = 99
LOST: Final = 151
"""Exit code when the working directory cannot be returned to."""
LETTERS: Final = "udopchaitkx"
"""What svc takes, in the order in which it does them."""


@dataclass(frozen=True, slots=True)
class Command:
    """What to do with a service.

    Attributes:
        letters: What is written into supervise/control, and what is then waited for.
        waits: Whether it is waited for even without -v.
        kills: Whether the service is killed when that takes too long.
        sends: Whether something is written at all.
    """

    letters: str
    waits: bool = False
    kills: bool = False
    sends: bool = True


_WORDS: Final = {
    "try-restart": Command("tc", waits=True),
    "check": Command("C", waits=True, sends=False),
    "shutdown": Command("x", waits=True),
    "start": Command("u", waits=True),
    "stop": Command("d", waits=True),
    "restart": Command("tcu", waits=True),
    "reload": Command("h", waits=True),
    "force-reload": Command("tc", waits=True, kills=True),
    "force-restart": Command("tcu", waits=True, kills=True),
    "force-shutdown": Command("x", waits=True, kills=True),
    "force-stop": Command("d", waits=True, kills=True),
}
_FIRST: Final = {
    **{letter: Command(letter) for letter in "tcudophaikq12"},
    "x": Command("x"),
    "e": Command("x"),
    "X": Command("x", waits=True, kills=True),
    "E": Command("x", waits=True, kills=True),
    "D": Command("d", waits=True, kills=True),
    "T": Command("tc", waits=True, kills=True),
}
"""By a command's first letter, where it is none of the words."""


@applet("sv", "w:v", error_code=100)
async def sv(call: Call) -> int:
    """Tells services what to do, or how they are."""
    if len(call.operands) < 2:
        call.usage()
    return await Control(call, call.options, call.operands[0], call.operands[1:]).run()


@applet("svc", LETTERS)
async def svc(call: Call) -> int:
    """Does for services what each letter means."""
    if not call.operands or not call.options.given:
        call.usage()
    call.error_code = 100
    for letter in LETTERS:
        if letter in call.options and await Control(call, Options(), letter, call.operands).run():
            return 1
    return 0


@applet("svok", None)
async def svok(call: Call) -> int:
    """Whether a service is supervised."""
    proc = call.proc
    if not call.operands:
        call.usage()
    call.error_code = 111
    folder = call.operands[0]
    for path in (FOLDER, folder) if _is_searched(folder) else (folder,):
        try:
            proc.chdir(path)
        except OSError as error:
            call.die(f"can't change directory to '{path}': {strerror(error.errno or 0)}")
    try:
        await proc.open("supervise/ok", O_WRONLY)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENXIO):
            return 100
        call.die(f"can't open 'supervise/ok': {strerror(error.errno or 0)}")
    return 0


def _is_searched(service: str) -> bool:
    """Whether a service is looked for in the default directory."""
    return service[:1] not in ("/", ".") and not service.endswith("/")


class Control:
    """One run of sv."""

    def __init__(self, call: Call, options: Options, action: str, services: list[str]) -> None:
        env = call.proc.env
        self.call = call
        self.proc: Process = call.proc
        self.folder = env.get("SVDIR", FOLDER)
        self.patience = unsigned(env.get("SVWAIT", PATIENCE), 0, UINT_MAX)
        if (text := options.get("w")) is not None:
            self.patience = unsigned(text, 0, UINT_MAX)
        self.verbose = "v" in options
        self.services: list[str | None] = list(services)
        self.command = _WORDS.get(action) or _FIRST.get(action[:1])
        if self.command is None and not action.startswith("s"):
            call.usage()
        self.failures = 0
        self.service = ""
        self.status = Status(0, 0, False, "\0", False, State.DOWN)
        self.begun = self.now = self.proc.kernel.wall_ns // SECOND

    # --- messages ---

    async def _say(self, kind: str, what: str, error: OSError | None = None, name: str | None = None) -> None:
        reason = f": {strerror(error.errno or 0)}" if error is not None else ""
        await self.call.out.write_text(f"{kind}: {name or self.service}: {what}{reason}\n")
        await self.call.out.flush()

    async def _fail(self, kind: str, what: str, error: OSError | None = None, name: str | None = None) -> None:
        self.failures += 1
        await self._say(kind, what, error, name)

    # --- one service, whose directory is the working directory ---

    async def _read_status(self, name: str | None = None) -> bool:
        """Reads how the service is. False, after saying so, when that is not known."""
        proc = self.proc
        try:
            what = "can't open supervise/ok"
            proc.close(await proc.open("supervise/ok", O_WRONLY | O_NONBLOCK))
            what = "can't open supervise/status"
            fd = await proc.open("supervise/status", O_RDONLY | O_NONBLOCK)
            what = "can't read supervise/status"
            try:
                data = await proc.read(fd, SIZE)
            finally:
                proc.close(fd)
        except OSError as error:
            await self._fail("warning", what, error, name)
            return False
        if len(data) != SIZE:
            await self._fail("warning", f"{what}: bad format", None, name)
            return False
        self.status = decode(data)
        return True

    def _described(self, name: str) -> str:
        """How a service is, in words."""
        status = self.status
        usually_up = not self.proc.exists("down")
        state = {State.DOWN: "down: ", State.RUN: "run: ", State.FINISH: "finish: "}.get(State(status.state), "")
        text = f"{state}{name}: " + (f"(pid {status.pid}) " if status.state else "")
        text += f"{max(0, self.now - status.since_ns // SECOND)}s"
        if status.pid:
            text += ", normally down" * (not usually_up) + ", paused" * status.paused
            return text + ", want down" * (status.wanted == "d") + ", got TERM" * status.got_term
        return text + ", normally up" * usually_up + ", want up" * (status.wanted == "u")

    async def _show(self) -> None:
        """Prints how a service is, and its log service."""
        out = self.call.out
        if not await self._read_status():
            return
        await out.write_text(self._described(self.service))
        try:
            self.proc.chdir("log")
        except OSError as error:
            if error.errno == errno.ENOENT:
                await out.write_text("\n")
            else:
                await out.write_text("; ")
                await self._fail("warning", "can't change directory", error, f"{self.service}/log")
            return
        await out.write_text("; ")
        await self._read_status(f"{self.service}/log")
        await out.write_text(self._described("log") + "\n")

    async def _send(self, letters: str) -> bool:
        """Writes into supervise/control, unless that is what the service is told already. False when it cannot."""
        proc = self.proc
        if not await self._read_status():
            return False
        if self.status.wanted == letters[0] and (letters[0] != "d" or self.status.got_term):
            return True
        try:
            what = "can't open supervise/control"
            fd = await proc.open("supervise/control", O_WRONLY | O_NONBLOCK)
            what = "can't write to supervise/control"
            try:
                await proc.write(fd, letters.encode())
            finally:
                proc.close(fd)
        except OSError as error:
            await self._fail("warning", what, error)
            return False
        return True

    async def _checks(self) -> bool:
        """Whether the service's own check, if it has one, is content."""
        proc, failed = self.proc, []
        if not proc.exists("check"):
            return True

        async def body(child: Process) -> int:
            try:
                await execvp(child, ["./check"])
            except OSError as error:
                failed.append(error)
            return 1

        await self.call.out.flush()
        result = await wait_for(proc, proc.fork(body))
        if failed:
            await self.call.warn(f"warning: can't run child {self.service}/check: {strerror(failed[0].errno or 0)}")
            return False
        return result.code == 0

    async def _is_done(self, letters: str) -> bool:
        """Whether a command has taken effect; says so. True also when that cannot be known."""
        if not await self._read_status():
            return True
        for letter in letters:
            if not await _EFFECTS[letter](self):
                return False
        await self.call.out.write_text(f"ok: {self._described(self.service)}\n")
        await self.call.out.flush()
        return True

    async def _is_up(self) -> bool:
        return bool(self.status.pid) and self.status.state == State.RUN and await self._checks()

    async def _is_checked(self) -> bool:
        return not self.status.pid or await self._checks()

    async def _is_restarted(self) -> bool:
        status = self.status
        if not status.pid and status.wanted == "d":
            return True
        since = status.since_ns // SECOND
        return self.begun <= since and bool(status.pid) and not status.got_term and await self._checks()

    async def _is_down(self) -> bool:
        return not self.status.pid and self.status.state == State.DOWN

    async def _was_once(self) -> bool:
        status = self.status
        if status.pid:
            return status.wanted == "d"
        return self.begun <= status.since_ns // SECOND

    async def _is_paused(self) -> bool:
        return not self.status.pid or self.status.paused

    async def _goes_on(self) -> bool:
        return not self.status.pid or not self.status.paused

    # --- all of them ---

    async def run(self) -> int:
        """Does it for all services, and waits where that is asked for. Returns how many things failed."""
        command = self.command
        await self._each(self._begin, _is_searched)
        if command is not None and (command.waits or self.verbose):
            while await self._each(self._look, lambda name: name[:1] not in ("/", ".")):
                await self.proc.sleep(TURN_SECONDS)
                self.now = self.proc.kernel.wall_ns // SECOND
        return min(self.failures, MOST_FAILURES)

    async def _each(self, act: Callable[[], Awaitable[bool]], is_searched: Callable[[str], bool]) -> bool:
        """Does something in each service's directory that is still of interest; whether any is to be looked at again."""
        proc = self.proc
        here = proc.cwd
        again = False
        for index, service in enumerate(self.services):
            if service is None:
                continue
            self.service = service
            try:
                if is_searched(service):
                    proc.chdir(self.folder)
                proc.chdir(service)
            except OSError as error:
                await self._fail("fail", "can't change to service directory", error)
                goes_on = False
            else:
                goes_on = await act()
            again = again or goes_on
            if not goes_on:
                self.services[index] = None
            try:
                proc.chdir(here)
            except OSError as error:
                self.call.die(f"fatal: can't change to original directory: {strerror(error.errno or 0)}", LOST)
        return again

    async def _begin(self) -> bool:
        """Does what is asked for. Returns whether the service is of interest any longer."""
        if self.command is None:
            await self._show()
            return True
        return not self.command.sends or await self._send(self.command.letters)

    async def _look(self) -> bool:
        """Looks whether it has taken effect, or the time is up. Returns whether it is to be looked at again."""
        command, out = self.command, self.call.out
        assert command is not None
        if await self._is_done(command.letters):
            return False
        if self.now - self.begun < self.patience:
            return True
        await out.write_text("kill: " if command.kills else "timeout: ")
        if await self._read_status():
            await out.write_text(self._described(self.service))
            self.failures += 1
        await out.write_text("\n")
        await out.flush()
        if command.kills:
            await self._send("k")
        return False


async def _at_once(_: Control) -> bool:
    return True


async def _never(_: Control) -> bool:
    return False


_EFFECTS: Final[dict[str, Callable[[Control], Awaitable[bool]]]] = {
    **dict.fromkeys("haiq12", _at_once),
    "x": _never,
    "u": Control._is_up,
    "d": Control._is_down,
    "C": Control._is_checked,
    "t": Control._is_restarted,
    "k": Control._is_restarted,
    "o": Control._was_once,
    "p": Control._is_paused,
    "c": Control._goes_on,
}
"""Letter to how it is told that it has taken effect."""
