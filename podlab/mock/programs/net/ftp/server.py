"""ftpd: serves a directory to the client on its standard input, which tcpsvd or inetd has connected."""

import os
import stat as st
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.signals import SIGPIPE, Disposition
from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.net.ftp.control import DONE, Control, Left
from podlab.mock.programs.net.ftp.data import DataChannel, NoConnection
from podlab.mock.programs.net.ftp.listing import LONG, NAMES, listing
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.process.identities import become
from podlab.mock.programs.streams import to_text
from podlab.mock.programs.users import read_accounts

IDLE_SECONDS: Final = 120
ABSOLUTE_SECONDS: Final = 15 * 60
BLOCK: Final = 16_384
UNKNOWN: Final = "500 Unknown command"
FEATURES: Final = (" EPSV", " PASV", " REST STREAM", " MDTM", " SIZE")

Handler = Callable[["Session", str], Awaitable[None]]


class Session(Control):
    """What one client may do, once it is logged in."""

    def __init__(self, call: Call, writable: bool, verbose: int, idle_seconds: int, absolute_seconds: int) -> None:
        super().__init__(call, verbose, idle_seconds, absolute_seconds)
        self.data = DataChannel(call)
        self._commands = {**READING, **(WRITING if writable else {})}
        self._restart = 0
        self._renamed: str | None = None

    async def serve(self) -> int:
        """Does what is asked until the client leaves."""
        while True:
            name, argument = await self.command()
            if name == "QUIT":
                await self.done(221)
                return 0
            handler = self._commands.get(name)
            if handler is None:
                await self.answer(UNKNOWN)
            else:
                await handler(self, argument)

    # --- commands about directories and files ---

    async def tell_directory(self, _: str) -> None:
        """PWD."""
        await self.answer('257 "' + self._here().replace('"', '""') + '"')

    def _here(self) -> str:
        root, cwd = self.proc.root.rstrip("/"), self.proc.cwd
        return cwd[len(root) :] or "/" if cwd.startswith(root) else cwd

    async def _try(self, code: int, act: Callable[[], object]) -> None:
        try:
            act()
        except OSError:
            await self.failed(550)
        else:
            await self.done(code)

    async def change_directory(self, path: str) -> None:
        """CWD."""
        await self._try(250, lambda: self.proc.chdir(path))

    async def go_up(self, _: str) -> None:
        """CDUP."""
        await self.change_directory("..")

    async def make_directory(self, path: str) -> None:
        """MKD."""
        await self._try(257, lambda: self.proc.mkdir(path))

    async def remove_directory(self, path: str) -> None:
        """RMD."""
        await self._try(250, lambda: self.proc.rmdir(path))

    async def delete(self, path: str) -> None:
        """DELE."""
        await self._try(250, lambda: self.proc.unlink(path))

    async def rename_from(self, path: str) -> None:
        """RNFR."""
        self._renamed = path
        await self.done(350)

    async def rename_to(self, path: str) -> None:
        """RNTO."""
        old, self._renamed = self._renamed, None
        if old is None:
            await self.answer("503 Use RNFR first")
        else:
            await self._try(250, lambda: self.proc.rename(old, path))

    async def tell_size(self, path: str) -> None:
        """SIZE."""
        await self._about_file(path, lambda found: str(found.size))

    async def tell_time(self, path: str) -> None:
        """MDTM."""
        await self._about_file(path, lambda found: f"{datetime.fromtimestamp(found.mtime_ns // SECOND, UTC):%Y%m%d%H%M%S}")

    async def _about_file(self, path: str, told: Callable[..., str]) -> None:
        try:
            found = self.proc.stat(path)
        except OSError:
            found = None
        if found is None or not st.S_ISREG(found.mode):
            await self.failed(550)
        else:
            await self.answer(f"213 {told(found)}")

    # --- commands that tell, or that change nothing ---

    async def tell_status(self, path: str) -> None:
        """STAT."""
        if not path:
            await self.answer("211-Server status:\r\n TYPE: BINARY", "211 Ok")
            return
        await self.answer("213-File status:")
        for line in (await listing(self.call, path, LONG)).splitlines():
            await self.answer(to_text(line))
        await self.done(213)

    async def restart_at(self, offset: str) -> None:
        """REST."""
        self._restart = unsigned(offset, 0, INT_MAX) if offset else 0
        await self.done(350)

    # --- transfers ---

    async def open_passive(self, _: str) -> None:
        """PASV."""
        await self.answer(self.data.listen_old())

    async def open_extended(self, _: str) -> None:
        """EPSV."""
        await self.answer(f"229 EPSV ok (|||{self.data.listen()}|)")

    async def open_active(self, where: str) -> None:
        """PORT."""
        if self.data.use_port(where):
            await self.done(200)
        else:
            await self.failed(500)

    async def _connected(self, message: str) -> int | None:
        """The data connection's descriptor, once the client knows; None when there is none."""
        try:
            fd = await self.data.connect()
        except NoConnection as error:
            if str(error):
                if self.verbose:
                    await self.log(str(error))
                raise Left(1) from None
            await self.failed(425)
            return None
        await self.answer(f"150 {message}")
        return fd

    async def _needs_channel(self) -> bool:
        if not self.data.ready:
            await self.answer("425 Use PORT/PASV first")
        return not self.data.ready

    async def list_long(self, what: str) -> None:
        """LIST."""
        await self._list(what, LONG)

    async def list_names(self, what: str) -> None:
        """NLST."""
        await self._list(what, NAMES)

    async def _list(self, what: str, flags: tuple[str, ...]) -> None:
        if await self._needs_channel():
            return
        text = await listing(self.call, what, flags)
        fd = await self._connected("Directory listing")
        if fd is not None:
            with suppress(OSError):
                await self.proc.write(fd, text.replace(b"\n", b"\r\n"))
            self.proc.close(fd)
            await self.done(226)

    async def retrieve(self, path: str) -> None:
        """RETR."""
        offset, self._restart = self._restart, 0
        if await self._needs_channel():
            return
        try:
            file = await self.proc.open(path)
        except OSError:
            await self.failed(550)
            return
        found = self.proc.fstat(file)
        if not st.S_ISREG(found.mode):
            self.proc.close(file)
            await self.failed(550)
            return
        self.proc.lseek(file, offset)
        fd = await self._connected(f"Opening BINARY connection for {path} ({found.size} bytes)")
        if fd is not None:
            await self._copied(file, fd)
            self.proc.close(fd)
        self.proc.close(file)

    async def store(self, path: str) -> None:
        """STOR."""
        truncate = 0 if self._restart else O_TRUNC
        await self._receive(path, O_WRONLY | O_CREAT | truncate)

    async def append(self, path: str) -> None:
        """APPE."""
        self._restart = 0
        await self._receive(path, O_WRONLY | O_CREAT | O_APPEND)

    async def store_unique(self, _: str) -> None:
        """STOU."""
        self._restart = 0
        name = "uniq." + "".join(self.proc.kernel.random("ftpd").choices("abcdefghijklmnopqrstuvwxyz", k=6))
        await self._receive(name, O_WRONLY | O_CREAT | O_TRUNC, f"FILE: {name}")

    async def _receive(self, path: str, flags: int, message: str = "Ok to send data") -> None:
        offset, self._restart = self._restart, 0
        if await self._needs_channel():
            return
        try:
            file = await self.proc.open(path, flags)
        except OSError:
            await self.failed(553)
            return
        if offset:
            self.proc.lseek(file, offset, os.SEEK_SET)
        fd = await self._connected(message)
        if fd is not None:
            await self._copied(fd, file)
            self.proc.close(fd)
        self.proc.close(file)

    async def _copied(self, source: int, target: int) -> None:
        """Copies to the end, and answers how it went."""
        try:
            while data := await self.proc.read(source, BLOCK):
                await self.proc.write(target, data)
        except OSError:
            await self.failed(451)
        else:
            await self.done(226)


def _say(*pieces: str) -> Handler:
    async def handler(session: Session, _: str) -> None:
        await session.answer(*pieces)

    return handler


_FEATURES: Final = "\r\n".join(FEATURES)
READING: Final[dict[str, Handler]] = {
    "NOOP": _say(f"200 {DONE}"),
    "TYPE": _say(f"200 {DONE}"),
    "MODE": _say(f"200 {DONE}"),
    "STRU": _say(f"200 {DONE}"),
    "ALLO": _say(f"202 {DONE}"),
    "USER": _say(f"230 {DONE}"),
    "PASS": _say(f"230 {DONE}"),
    "SYST": _say("215 UNIX Type: L8"),
    "HELP": _say("214-Features:", _FEATURES, "214 Ok"),
    "FEAT": _say("211-Features:", _FEATURES, "211 Ok"),
    "PWD": Session.tell_directory,
    "XPWD": Session.tell_directory,
    "CWD": Session.change_directory,
    "CDUP": Session.go_up,
    "STAT": Session.tell_status,
    "SIZE": Session.tell_size,
    "MDTM": Session.tell_time,
    "PASV": Session.open_passive,
    "EPSV": Session.open_extended,
    "PORT": Session.open_active,
    "LIST": Session.list_long,
    "NLST": Session.list_names,
    "RETR": Session.retrieve,
    "REST": Session.restart_at,
}
"""What is always understood."""
WRITING: Final[dict[str, Handler]] = {
    "STOR": Session.store,
    "APPE": Session.append,
    "STOU": Session.store_unique,
    "MKD": Session.make_directory,
    "RMD": Session.remove_directory,
    "DELE": Session.delete,
    "RNFR": Session.rename_from,
    "RNTO": Session.rename_to,
}
"""What is understood with `-w`."""


@applet("ftpd", "wvSAa:t:T:", operands=(0, 1), refused="S")
async def ftpd(call: Call) -> int:
    """Serves one client."""
    options, proc = call.options, call.proc
    idle = unsigned(options.get("t", str(IDLE_SECONDS)), 0, INT_MAX)
    absolute = unsigned(options.get("T", str(ABSOLUTE_SECONDS)), 0, INT_MAX)
    try:
        proc.getsockname(0)
    except OSError:
        call.usage()
    proc.signal(SIGPIPE, Disposition.IGNORE)
    session = Session(call, "w" in options, options.count("v"), idle, absolute)
    try:
        await session.done(220)
        if not session.verbose:
            proc.close(2)
        user = None if "A" in options else await session.log_in(options.get("a"))
        for path in call.operands:
            await _enter(session, path)
        if user is not None:
            become(proc, await read_accounts(proc), user)
        return await session.serve()
    except Left as left:
        return left.code
    except Die as death:
        if session.verbose:
            await session.log(death.message)
        return 1


async def _enter(session: Session, path: str) -> None:
    """Makes the directory the client's whole world where the process may, and else goes there. Raises Left."""
    proc = session.proc
    try:
        proc.chdir(path)
    except OSError as error:
        if session.verbose:
            await session.log(f"can't change directory to '{path}': {strerror(error.errno or 0)}")
        raise Left(1) from None
    if proc.uid == 0:
        proc.root = proc.cwd
