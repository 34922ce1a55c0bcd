"""popmaildir: fetches mail from a POP3 server into a directory."""

import hashlib
import re
from contextlib import suppress
from typing import Final

from podlab.mock.kernel import MICROSECOND
from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGSEGV
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.mail.client import Conversation, crash, credentials
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.process.running import exec_shell, wait_for
from podlab.mock.programs.streams import Writer, to_bytes, to_text

_ENDED: Final = b"."
_STAMP: Final = re.compile(r"<[^>]*>")


@applet("popmaildir", "bdmVcasTkt:R:Z:L:H:M:F:", operands=(1, None))
async def popmaildir(call: Call) -> int:
    """Fetches all there is, the last first."""
    options, proc = call.options, call.proc
    patience = unsigned(options.get("t", "0"), 0, INT_MAX)
    for letter, text in options.given:
        if letter in "dRL":  # these have no effect, and no place for their numbers either
            unsigned(text or "0", 0, INT_MAX)
            crash(call, SIGSEGV)
    lines = unsigned(options.get("H", "0"), 0, INT_MAX)
    user, password = ("", "") if "s" in options else await credentials(call, 0)
    folder, *helper = call.operands
    try:
        proc.chdir(folder)
    except OSError as error:
        call.die(f"can't change directory to '{folder}': {strerror(error.errno or 0)}")
    fetcher = Fetcher(call, patience)
    try:
        if helper:
            await fetcher.talk.launch(helper)
        greeting = await fetcher.check(None)
        if "s" not in options:
            await fetcher.log_in(greeting, user, password)
        found = re.match(r"\s*(\d+)", await fetcher.check("STAT"))
        for number in range(int(found[1]) if found else 0, 0, -1):
            if not await fetcher.fetch(number, f"TOP {number} {lines}" if "T" in options else f"RETR {number}"):
                break
        await fetcher.check("QUIT")
    finally:
        fetcher.talk.close()
    return 0


class Fetcher:
    """One run."""

    def __init__(self, call: Call, patience: int) -> None:
        self.call = call
        self.proc = call.proc
        self.talk = Conversation(call, patience, verbose=False)

    async def check(self, command: str | None) -> str:
        """Sends a command. Returns what follows `+OK ` in the answer; dies when it is another."""
        await self.talk.command(command)
        line = await self.talk.line()
        answer = to_text(line.removesuffix(b"\n"))
        if not answer.startswith("+"):
            shown = answer if line else "(null)"
            self.call.die(f"{'(null)' if command is None else command} failed, reply was: {shown}")
        self.talk.stop_alarm()
        return answer[4:]

    async def log_in(self, greeting: str, user: str, password: str) -> None:
        """Logs in, with -a without saying the password where the server can do that."""
        stamp = _STAMP.match(greeting)
        if stamp is not None and "a" in self.call.options:
            digest = hashlib.md5(to_bytes(stamp[0] + password), usedforsecurity=False).hexdigest()
            await self.check(f"APOP {user} {digest}")
            return
        await self.check(f"USER {user}")
        await self.check(f"PASS {password}")

    async def fetch(self, number: int, command: str) -> bool:
        """Fetches a message into `new`, by way of `tmp`, or gives it to a program. Returns whether to go on."""
        call, proc = self.call, self.proc
        await proc.settle()  # so that no two have one name
        name = f"{proc.kernel.now_ns // MICROSECOND}.{proc.pid}.{proc.uts.hostname}"
        await self.check(command)
        program = call.options.get(call.options.last_of("MF"))
        if program is not None:
            await self._deliver(program, f"tmp/{name}")
            return True
        try:
            fd = await proc.open(f"tmp/{name}", O_WRONLY | O_CREAT | O_TRUNC)
        except OSError as error:
            call.die(f"can't open 'tmp/{name}': {strerror(error.errno or 0)}")
        await self._copy(fd)
        proc.close(fd)
        if "k" not in call.options:
            await self.check(f"DELE {number}")
        try:
            proc.rename(f"tmp/{name}", f"new/{name}")
        except OSError as error:
            await call.error(f"popmaildir: can't move 'tmp/{name}' to 'new/{name}': {strerror(error.errno or 0)}\n")
            return False
        return True

    async def _copy(self, fd: int) -> None:
        """Copies a message; a point before a point is taken away, and one alone ends it."""
        out = Writer(self.proc, fd)
        while line := await self.talk.line(b"\n"):
            if line == b".\r\n":
                break
            with suppress(OSError):
                await out.write(line.removeprefix(_ENDED) if line.startswith(b"..") else line)
        with suppress(OSError):
            await out.flush()

    async def _deliver(self, program: str, name: str) -> None:
        """Lets a program read the message; it is told the name that the file would have had."""
        proc = self.proc
        reader, writer = proc.pipe()

        async def body(child: Process) -> int:
            child.env["FILENAME"] = name
            child.close(writer)
            child.dup2(reader, 0)
            if reader:
                child.close(reader)
            await exec_shell(child, program)
            return 127

        child = proc.fork(body)
        proc.close(reader)
        await self._copy(writer)
        proc.close(writer)
        await wait_for(proc, child)
