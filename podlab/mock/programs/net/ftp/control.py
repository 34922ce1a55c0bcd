"""The control connection of ftpd: lines, answers, the log, and who is there."""

from typing import Final, NoReturn

from podlab.mock.kernel import SECOND
from podlab.mock.machine.signals import SIGSEGV
from podlab.mock.programs.applet import Call
from podlab.mock.programs.crypts import TooManyRounds, crypt
from podlab.mock.programs.streams import to_bytes, to_text
from podlab.mock.programs.users import User, read_accounts, read_file

LONGEST_LINE: Final = 4096
DONE: Final = "Operation successful"
FAILED: Final = "Error"
NEEDS_LOGIN: Final = "530 Login with USER+PASS"
SALT_LENGTH: Final = 2
NOBODYS: Final = "aa"
"""What stands for the password of whom no file knows: it is nobody's."""
ANONYMOUS: Final = "anonymous"


class Left(Exception):
    """Ends the session with an exit code."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code


class Control:
    """The conversation with one client.

    Attributes:
        verbose: 1 to log what fails, 2 to log all that is said.
    """

    def __init__(self, call: Call, verbose: int, idle_seconds: int, absolute_seconds: int) -> None:
        self.call = call
        self.proc = call.proc
        self.verbose = verbose
        self._idle_ns = idle_seconds * SECOND
        self._end_ns = self.proc.kernel.now_ns + absolute_seconds * SECOND if absolute_seconds else None
        self._buffer = b""

    # --- the control connection ---

    async def log(self, text: str) -> None:
        """Writes a line to standard error, as a daemon does."""
        await self.call.error(f"ftpd[{self.proc.pid}]: {text}\n")

    async def answer(self, *pieces: str) -> None:
        """Answers in pieces of whole lines; of each piece the first is logged."""
        for piece in pieces:
            if self.verbose > 1:
                await self.log(piece.partition("\r")[0])
            await self.proc.write(1, to_bytes(f"{piece}\r\n"))

    async def done(self, code: int) -> None:
        """Answers that it is done."""
        await self.answer(f"{code} {DONE}")

    async def failed(self, code: int) -> None:
        """Answers that it failed, and logs it."""
        if self.verbose == 1:
            await self.log(f"{code} {FAILED}")
        await self.answer(f"{code} {FAILED}")

    async def _line(self) -> str:
        """The next command's line. Raises Left at the end, and when the time is up."""
        deadline = self.proc.kernel.now_ns + self._idle_ns if self._idle_ns else None
        if self._end_ns is not None:
            deadline = self._end_ns if deadline is None else min(deadline, self._end_ns)
        while b"\r\n" not in self._buffer:
            timeout = None if deadline is None else max(0, deadline - self.proc.kernel.now_ns)
            ready, _ = await self.proc.poll((0,), timeout_ns=timeout)
            if not ready:
                await self.proc.write(1, b"421 Timeout\r\n")
                raise Left(1)
            data = await self.proc.read(0, LONGEST_LINE)
            if not data and not self._buffer:
                raise Left(0)
            self._buffer += data if data else b"\r\n"
            if len(self._buffer) > LONGEST_LINE and b"\r\n" not in self._buffer:
                self._buffer += b"\r\n"
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        return to_text(line)

    async def command(self) -> tuple[str, str]:
        """The next command, in capitals, and its argument."""
        line = await self._line()
        if self.verbose > 1:
            await self.log(line)
        name, _, argument = line.partition(" ")
        return name.upper(), argument

    # --- who is there ---

    async def log_in(self, anonymous: str | None) -> User:
        """Asks until somebody is known."""
        accounts = await read_accounts(self.proc)
        wanted: User | None = None
        while True:
            name, argument = await self.command()
            if name == "USER":
                if anonymous is not None and argument == ANONYMOUS and (user := accounts.user(anonymous)):
                    await self.done(230)
                    return user
                if not argument:
                    await self._crash()
                wanted = accounts.user(argument)
                await self.answer("331 Specify password")
            elif name == "PASS":
                if await self._is_password(wanted, argument) and wanted is not None:
                    await self.done(230)
                    return wanted
                wanted = None
                await self.answer("530 Login failed")
            elif name == "QUIT":
                await self.done(221)
                raise Left(0)
            else:
                await self.answer(NEEDS_LOGIN)

    async def _is_password(self, user: User | None, password: str) -> bool:
        """Whether it is the stored one; any is right where none is stored. Busybox crashes over what cannot be a salt."""
        stored = await self._stored(user)
        if not stored:
            return True
        if len(stored) < SALT_LENGTH or not password:
            await self._crash()
        try:
            return crypt(password, stored) == stored
        except TooManyRounds as error:
            self.call.refuse(str(error))

    async def _crash(self) -> NoReturn:
        self.proc.kill(self.proc.pid, SIGSEGV)
        await self.proc.pause()

    async def _stored(self, user: User | None) -> str:
        """The encrypted password, which passwd leaves to shadow by `x` or `*`."""
        stored = await self._field("/etc/passwd", user) if user is not None else None
        if stored in ("x", "*"):
            stored = await self._field("/etc/shadow", user)
        return NOBODYS if stored is None else stored

    async def _field(self, path: str, user: User | None) -> str | None:
        for line in to_text(await read_file(self.proc, path)).splitlines():
            name, _, rest = line.partition(":")
            if user is not None and name == user.name:
                return rest.partition(":")[0]
        return None
