"""ftpget and ftpput: take a file from an FTP server, or bring it one."""

from typing import Final, NoReturn

from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network.addresses import Address
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.ftp.passive import passive_port
from podlab.mock.programs.net.hosts import bare, family_of, port_number, resolve
from podlab.mock.programs.streams import Reader, to_bytes, to_text

PORT: Final = 21
BLOCK: Final = 4096


class Client:
    """A control connection."""

    def __init__(self, call: Call, host: str, address: Address) -> None:
        self.call = call
        self.proc = call.proc
        self.host = host
        self.address = address
        self.verbose = "v" in call.options
        self._control = self._data = -1
        self._last = ""
        self._reader: Reader

    async def open(self) -> None:
        """Connects and logs in."""
        ip, port = self.address
        if self.verbose:
            await self.call.out.write_text(f"Connecting to {self.host} ({bare(ip)}:{port})\n")
            await self.call.out.flush()
        self._control = await self._connect(self.address)
        self._reader = Reader(self.proc, self._control)
        if (await self.ask())[0] != 220:
            self._unexpected("")
        options = self.call.options
        code, _ = await self.ask("USER", options.get("u") or "anonymous")
        if code == 331:
            if (await self.ask("PASS", options.get("p") or "busybox"))[0] != 230:
                self._unexpected("PASS")
        elif code != 230:
            self._unexpected("USER")
        await self.ask("TYPE I")

    async def _connect(self, address: Address) -> int:
        fd = self.proc.socket(family_of(address[0]))
        try:
            await self.proc.connect(fd, address)
        except OSError as error:
            self.call.die(f"can't connect to remote host ({address[0]}): {strerror(error.errno or 0)}")
        return fd

    async def ask(self, command: str = "", argument: str | None = None) -> tuple[int, str]:
        """Sends a command, if any, and returns the answer's number and its last line."""
        if self.verbose:
            await self.call.warn(f"cmd {command or '(null)'} {'(null)' if argument is None else argument}")
        if command:
            line = command if argument is None else f"{command} {argument}"
            await self.proc.write(self._control, to_bytes(f"{line}\r\n"))
        while True:
            text = to_text(await self._reader.line())
            if not text:
                self.call.die("unexpected server response: EOF")
            self._last = text.rstrip("\r\n")
            if self._last[:3].isdigit() and self._last[3:4] in ("", " "):
                return int(self._last[:3]), self._last

    def _unexpected(self, command: str) -> NoReturn:
        self.call.die(f"unexpected server response{f' to {command}' if command else ''}: {self._last}")

    async def open_data(self) -> None:
        """Opens the connection for the file."""
        code, line = await self.ask("EPSV")
        if code == 229:
            port = passive_port(line)
        else:
            code, line = await self.ask("PASV")
            port = passive_port(line) if code == 227 else None
        if port is None:
            self._unexpected("PASV")
        self._data = await self._connect((self.address[0], port))

    async def _finish(self) -> int:
        self.proc.close(self._data)
        if (await self.ask())[0] != 226:
            self._unexpected("")
        await self.ask("QUIT")
        return 0

    async def get(self, local: str, remote: str) -> int:
        """Takes a file."""
        proc, offset = self.proc, 0
        await self.open_data()
        code, _ = await self.ask("SIZE", remote)
        fd = 1 if local == "-" else -1
        if "c" in self.call.options and code == 213 and fd < 0:
            try:
                offset = proc.stat(local).size
            except OSError as error:
                self.call.die_of("stat", error)
            if offset and (await self.ask(f"REST {offset}"))[0] != 350:
                offset = 0
        if (await self.ask("RETR", remote))[0] > 150:
            self._unexpected("RETR")
        if fd < 0:
            fd = await self._open(local, O_WRONLY | O_CREAT | (O_APPEND if offset else O_TRUNC))
        await self._copy(self._data, fd)
        return await self._finish()

    async def put(self, remote: str, local: str) -> int:
        """Brings a file."""
        await self.open_data()
        fd = 0 if local == "-" else await self._open(local, O_RDONLY)
        code, _ = await self.ask("STOR", remote)
        if code not in (125, 150):
            self._unexpected("STOR")
        await self._copy(fd, self._data)
        return await self._finish()

    async def _open(self, path: str, flags: int) -> int:
        try:
            return await self.proc.open(path, flags)
        except OSError as error:
            self.call.die(f"can't open '{path}': {strerror(error.errno or 0)}")

    async def _copy(self, source: int, target: int) -> None:
        while data := await self.proc.read(source, BLOCK):
            await self.proc.write(target, data)


@applet("ftpget", "+cvu:p:P:", operands=(2, 3))
async def ftpget(call: Call) -> int:
    """Downloads."""
    first, last = call.operands[1], call.operands[-1]
    client = await _client(call)
    await client.open()
    return await client.get(first, last)


@applet("ftpput", "+cvu:p:P:", operands=(2, 3))
async def ftpput(call: Call) -> int:
    """Uploads."""
    first, last = call.operands[1], call.operands[-1]
    client = await _client(call)
    await client.open()
    return await client.put(first, last)


async def _client(call: Call) -> Client:
    host, text = call.operands[0], call.options.get("P")
    port = PORT if text is None else await port_number(call, text)
    if port is None:
        call.die(f"bad port '{text}'")
    return Client(call, host, (await resolve(call, host), port))
