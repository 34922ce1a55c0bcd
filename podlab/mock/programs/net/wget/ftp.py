"""Files over FTP and FTPS, passively, as wget takes them."""

from typing import NoReturn

from podlab.mock.machine.network.addresses import Address
from podlab.mock.programs.applet import Call
from podlab.mock.programs.net.ftp.passive import passive_port
from podlab.mock.programs.net.wget.connecting import Connector
from podlab.mock.programs.net.wget.transfer import Head, Stream
from podlab.mock.programs.net.wget.urls import Url
from podlab.mock.programs.numbers import INT_MAX, LLONG_MAX, unsigned
from podlab.mock.programs.streams import to_bytes


class Ftp:
    """A session: one file.

    Args:
        call: For messages.
        connector: Makes the connections.
        address: The server's.
    """

    def __init__(self, call: Call, connector: Connector, address: Address) -> None:
        self._call = call
        self._connector = connector
        self._address = address
        self._last = ""
        self._control: Stream

    async def open(self, target: Url, begin: int) -> tuple[Stream, Head, int]:
        """Logs in and asks for the file.

        Args:
            target: Where it is.
            begin: How much of it is here already.

        Returns:
            The data as they come, what is known of them, and from where on they come (0 if the server cannot but start anew).
        """
        secure = target.scheme == "ftps"
        self._control = await self._stream(self._address)
        if secure:
            await self._connector.secure(self._control.fd, target.host, until_input_ends=True)
        if await self._ask() != 220:
            self._call.die(self._last)
        await self._log_in(target)
        await self._ask("TYPE I")
        head = Head(200, "")
        if await self._ask("SIZE ", target.path) == 213:
            head.length = self._size(self._last[4:])
        data = await self._stream((self._address[0], await self._passive()))
        if secure and await self._ask("PROT P") == 200:
            await self._connector.secure(data.fd, target.host)
        if begin:
            if await self._ask(f"REST {begin}") == 350:
                head.length = None if head.length is None else head.length - begin
            else:
                await self._call.warn("restart failed")
                begin = 0
        if await self._ask("RETR ", target.path) > 150:
            self._bad("RETR")
        return data, head, begin

    async def finish(self) -> None:
        """The data have been closed: waits for the server's word. Dies when it is a bad one."""
        if await self._ask() != 226:
            self._call.die(f"ftp error: {self._last}")
        self._call.proc.close(self._control.fd)

    async def _stream(self, address: Address) -> Stream:
        return Stream(self._call, await self._connector.open(address), self._connector.timeout_ns)

    async def _log_in(self, target: Url) -> None:
        user, _, password = (target.user or "anonymous").partition(":")
        code = await self._ask("USER ", user)
        if code == 331:
            code = await self._ask("PASS ", password if target.user is not None else "busybox")
        elif code != 230:
            code = 0
        if code != 230:
            self._call.die(f"ftp login: {self._last}")

    def _size(self, text: str) -> int:
        digits = text.strip()
        if not digits.isdecimal() or int(digits) > LLONG_MAX or digits != text:
            self._call.die(f"bad SIZE value '{text}'")
        return int(digits)

    async def _passive(self) -> int:
        if await self._ask("EPSV") != 229 and await self._ask("PASV") != 227:
            self._bad("PASV")
        port = passive_port(self._last)
        if port is None:
            self._bad("PASV")
        return port

    def _bad(self, command: str) -> NoReturn:
        self._call.die(f"bad response to {command}: {self._last}")

    async def _ask(self, command: str = "", argument: str = "") -> int:
        """Sends a command, if any. Returns the number of the answer, whose last line is kept."""
        shows = "S" in self._call.options
        if command:
            await self._call.proc.write(self._control.fd, to_bytes(f"{command}{argument}\r\n"))
            if shows:
                await self._call.error(f"--> {command}{argument}\n\n")
        while True:
            line = self._last = await self._control.line()
            if shows:
                await self._call.error(f"{line}\n")
            if line[:1].isdigit() and line[3:4] == " ":
                return unsigned(line[:3], 0, INT_MAX)
