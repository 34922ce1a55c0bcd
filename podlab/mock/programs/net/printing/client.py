"""lpr and lpq: send files to a printer's queue, and ask how it is."""

from contextlib import suppress
from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_RDONLY, O_RDWR, O_TRUNC
from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import family_of, host_and_port
from podlab.mock.programs.streams import to_bytes
from podlab.mock.programs.users import read_accounts

PORT: Final = 515
COPY: Final = 4096
MOST_JOBS: Final = 1000
LONGEST_REASON: Final = 126
STANDARD_INPUT: Final = "standard input"


async def _open(call: Call) -> tuple[int, str, str]:
    """Connects. Returns the connection, the queue and the user."""
    options, proc = call.options, call.proc
    queue, at, server = (options.get("P") or proc.env.get("PRINTER") or "lp").partition("@")
    user = options.get("U")
    if user is None:
        user = (await read_accounts(proc)).user_name(proc.uid)
    address = await host_and_port(call, server if at else "localhost", PORT)
    fd = proc.socket(family_of(address[0]))
    try:
        await proc.connect(fd, address)
    except OSError as error:
        call.die(f"can't connect to remote host ({address[0]}): {strerror(error.errno or 0)}")
    return fd, queue, user


@applet("lpq", "P:U:sdf")
async def lpq(call: Call) -> int:
    """Shows a queue, deletes jobs of it (-d), or lets them be printed (-f)."""
    fd, queue, user = await _open(call)
    proc, options = call.proc, call.options
    if "d" in options and "f" not in options:
        words = "".join(f" {job}" for job in call.operands)
        await proc.write(fd, to_bytes(f"\5{queue} {user}{words}"))
        await call.out.write(b"\n")
        return 0
    command = "\1" if "f" in options else "\3" if "s" in options else "\4"
    await proc.write(fd, to_bytes(f"{command}{queue}\n"))
    while data := await proc.read(fd, COPY):
        await call.out.write(data)
    return 0


@applet("lpr", "P:U:VhC:J:m")
async def lpr(call: Call) -> int:
    """Sends files, or standard input, to be printed."""
    fd, queue, user = await _open(call)
    sender = Sender(call, fd, user)
    await sender.tell("connected to server")
    await call.proc.write(fd, to_bytes(f"\2{queue}\n"))
    await sender.expect("setting queue")
    for name in call.operands or ["-"]:
        await sender.send(name)
    return 0


class Sender:
    """The files of one run, each a job."""

    def __init__(self, call: Call, fd: int, user: str) -> None:
        self.call = call
        self.proc = call.proc
        self.fd = fd
        self.user = user
        self.job = call.proc.pid % MOST_JOBS

    async def _say(self, data: bytes) -> None:
        """Sends something, whether or not it arrives.

        After the first job the number of the connection is the next file's, as it
        is in the real program: whoever prints two files is told so by what the second one begins with.
        """
        with suppress(OSError):
            await self.proc.write(self.fd, data)

    async def tell(self, text: str) -> None:
        """Says what is done, with -V."""
        if "V" in self.call.options:
            await self.call.warn(text)

    async def expect(self, doing: str) -> None:
        """Waits for the zero byte that means consent; dies with what is said instead."""
        try:
            first = await self.proc.read(self.fd, 1)
        except OSError:
            first = b""
        if first == b"\0":
            return
        said = b""
        while len(said) < LONGEST_REASON and (data := await self._more(LONGEST_REASON - len(said))):
            said += data
        await self.call.warn(f"error while {doing}{'. Server said:' if said else ''}")
        if said:
            said = (first or b" ") + said
            await self.proc.write(2, said if said.endswith(b"\n") else said + b"\n")
        self.call.die("")

    async def _more(self, count: int) -> bytes:
        try:
            return await self.proc.read(self.fd, count)
        except OSError:
            return b""

    async def send(self, name: str) -> None:
        """Sends one file."""
        proc, fd = self.proc, self.fd
        temporary = ""
        if name == "-":
            name, temporary = STANDARD_INPUT, await self._save_input()
        source = await self._open_source(temporary or name)
        size = proc.fstat(source).size
        if not size:
            await self.call.warn("nothing to print")
            return
        remote = f"fA{self.job:03}{proc.uts.hostname}"
        await self.tell("sending control file")
        control = to_bytes(self._control(name, remote))
        await self._say(to_bytes(f"\2{len(control)} c{remote}\n"))
        await self.expect("sending control file")
        await self._say(control + b"\0")
        await self.expect("sending control file")
        await self.tell("sending data file")
        await self._say(to_bytes(f"\3{size} d{remote}\n"))
        await self.expect("sending data file")
        while size and (data := await proc.read(source, min(size, COPY))):
            size -= await proc.write(fd, data)
        if size:
            self.call.die("local file changed size?!")
        await self._say(b"\0")
        await self.expect("sending data file")
        if temporary:
            proc.unlink(temporary)
        proc.close(fd)
        await self.tell("job accepted")
        self.job = (self.job + 1) % MOST_JOBS

    async def _save_input(self) -> str:
        proc = self.proc
        random = proc.kernel.random("lpr")
        path = "/tmp/lpr" + "".join(random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(6))
        try:
            fd = await proc.open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        except OSError as error:
            self.call.die(f"can't create temp file '/tmp/lprXXXXXX': {strerror(error.errno or 0)}")
        while data := await proc.read(0, COPY):
            await proc.write(fd, data)
        proc.close(fd)
        return path

    async def _open_source(self, path: str) -> int:
        try:
            return await self.proc.open(path, O_RDONLY)
        except OSError as error:
            self.call.die(f"can't open '{path}': {strerror(error.errno or 0)}")

    def _control(self, name: str, remote: str) -> str:
        """What the printer is told of the job: a line for each letter, without those that have nothing to say."""
        options = self.call.options
        title = options.get("J")
        lines = {
            "H": self.proc.uts.hostname[:32],
            "P": self.user[:32],
            "C": (options.get("C") or "")[:32],
            "J": (name if title is None else title)[:99],
            "L": self.user[:32] if "h" in options else "",
            "M": self.user[:32] if "m" in options else "",
            "l": f"d{remote[:31]}",
        }
        return "".join(f"{letter}{value}\n" for letter, value in lines.items() if value or letter == "H")
