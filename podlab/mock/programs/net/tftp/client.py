"""tftp: takes a file from a TFTP server, or brings it one."""

from struct import pack
from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.sockets import SOCK_DGRAM
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.paths import last_component
from podlab.mock.programs.net.hosts import family_of, port_number, resolve
from podlab.mock.programs.net.tftp.transfer import (
    ACKNOWLEDGE,
    BLOCK_SIZE,
    DATA,
    LARGEST_BLOCK,
    OPTIONS,
    READ,
    SMALLEST_BLOCK,
    WRITE,
    FailedThere,
    Peer,
    TimedOut,
    decode_options,
    request,
)
from podlab.mock.programs.net.wget.progress import Progress

PORT: Final = 69


class Bar:
    """What is shown of a transfer whose size is known."""

    def __init__(self, call: Call, name: str) -> None:
        self._call = call
        self._name = name
        self._progress: Progress | None = None
        self._total = 0

    def begin(self, total: int) -> None:
        """The size is known now."""
        if total:
            self._progress = Progress(self._call, self._name, 0)
            self._total = total

    async def update(self, done: int) -> None:
        """So much has been transferred."""
        if self._progress is not None:
            await self._progress.update(done, self._total, last=done >= self._total)

    async def end(self, done: int) -> None:
        """There will be no more."""
        if self._progress is not None:
            await self.update(done)
            await self._call.error("\n")


class Client:
    """One transfer."""

    def __init__(self, call: Call, peer: Peer, local: str, remote: str, block_size: int) -> None:
        self.call = call
        self.proc = call.proc
        self.peer = peer
        self.local = local
        self.remote = remote
        self.block_size = block_size
        self.bar = Bar(call, remote)
        self.done = 0
        self._made = False

    async def run(self, put: bool) -> int:
        """Does it. Returns the exit code."""
        try:
            await (self._put() if put else self._get())
        except TimedOut:
            await self.call.warn("timeout")
        except FailedThere as error:
            await self.call.warn(f"server error: {error}")
        else:
            await self.bar.end(self.done)
            return 0
        await self.bar.end(self.done)
        if self._made:
            self.proc.unlink(self.local)
        return 1

    def _options(self, size: int) -> dict[str, int]:
        wanted = {"blksize": self.block_size} if self.block_size != BLOCK_SIZE else {}
        return {**wanted, "tsize": size}

    def _agree(self, answer: bytes) -> int:
        """Takes what the server grants. Returns the size that it tells."""
        granted = decode_options(answer)
        self.block_size = min(granted.get("blksize", BLOCK_SIZE), self.block_size)
        return granted.get("tsize", 0)

    async def _get(self) -> None:
        packet = request(READ, self.remote, self._options(0))
        number = 1
        kind, data = await self.peer.exchange(packet, {OPTIONS: None, DATA: number})
        if kind == OPTIONS:
            self.bar.begin(self._agree(data))
            packet = pack("!HH", ACKNOWLEDGE, 0)
            _, data = await self.peer.exchange(packet, {DATA: number})
        else:
            self.block_size = BLOCK_SIZE
        fd = 1 if self.local == "-" else await self._create()
        while True:
            await self.proc.write(fd, data)
            self.done += len(data)
            await self.bar.update(self.done)
            if len(data) < self.block_size:
                self.peer.send(ACKNOWLEDGE, number)
                return
            packet = pack("!HH", ACKNOWLEDGE, number)
            number = number + 1 & 0xFFFF
            _, data = await self.peer.exchange(packet, {DATA: number})

    async def _create(self) -> int:
        try:
            fd = await self.proc.open(self.local, O_WRONLY | O_CREAT | O_TRUNC)
        except OSError as error:
            self.call.die(f"can't open '{self.local}': {strerror(error.errno or 0)}")
        self._made = True
        return fd

    async def _put(self) -> None:
        reader = await self.call.open_or_die(self.local)
        size = 0 if self.local == "-" else self.proc.fstat(reader.fd).size
        self.bar.begin(size)
        packet = request(WRITE, self.remote, self._options(size))
        kind, answer = await self.peer.exchange(packet, {OPTIONS: None, ACKNOWLEDGE: 0})
        if kind == OPTIONS:
            self._agree(answer)
        else:
            self.block_size = BLOCK_SIZE
        number = 0
        while True:
            data = await reader.read_exactly(self.block_size)
            number = number + 1 & 0xFFFF
            await self.peer.exchange(pack("!HH", DATA, number) + data, {ACKNOWLEDGE: number})
            self.done += len(data)
            await self.bar.update(self.done)
            if len(data) < self.block_size:
                return


@applet("tftp", "l:r:gpb:", operands=(1, 2))
async def tftp(call: Call) -> int:
    """Takes (`-g`) or brings (`-p`) a file."""
    options, proc = call.options, call.proc
    put = "p" in options
    local, remote = options.get("l"), options.get("r")
    if put is ("g" in options):
        call.usage()
    local = local or (last_component(remote) if remote else None)
    remote = remote or local
    if local is None or remote is None:
        call.usage()
    text = options.get("b") or str(BLOCK_SIZE)
    block_size = int(text) if text.isdigit() else 0
    if not SMALLEST_BLOCK <= block_size <= LARGEST_BLOCK:
        call.die(f"bad blocksize '{text}'")
    port: int | None = PORT
    if len(call.operands) > 1:
        port = await port_number(call, call.operands[1], "udp")
    if port is None:
        call.die(f"bad port '{call.operands[1]}'")
    ip = await resolve(call, call.operands[0])
    peer = Peer(proc, proc.socket(family_of(ip), SOCK_DGRAM), (ip, port))
    return await Client(call, peer, local, remote, block_size).run(put)
