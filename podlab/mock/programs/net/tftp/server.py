"""tftpd: answers the request that waits in the socket on its standard input, which udpsvd has connected."""

from struct import pack, unpack

from podlab.mock.machine.descriptors import O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.tftp.transfer import (
    ACKNOWLEDGE,
    BLOCK_SIZE,
    DATA,
    ERROR,
    LARGEST_BLOCK,
    LARGEST_PACKET,
    OPTIONS,
    READ,
    SMALLEST_BLOCK,
    WRITE,
    Failed,
    FailedThere,
    Peer,
    TimedOut,
    decode_options,
    encode_options,
)
from podlab.mock.programs.options import parse
from podlab.mock.programs.process.identities import become
from podlab.mock.programs.streams import to_bytes, to_text
from podlab.mock.programs.users import read_accounts

UNREADABLE = 1
"""The protocol's number for a file that cannot be opened."""


class Server:
    """One transfer."""

    def __init__(self, call: Call, peer: Peer) -> None:
        self.call = call
        self.proc = call.proc
        self.peer = peer
        self.block_size = BLOCK_SIZE

    async def serve(self, packet: bytes) -> None:
        """Does what is asked. Raises Failed."""
        kind = unpack("!H", packet[:2])[0] if len(packet) > 2 else 0
        name, _, rest = packet[2:].partition(b"\0")
        mode, _, options = rest.partition(b"\0")
        if kind not in (READ, WRITE) or mode.lower() != b"octet":
            raise Failed("malformed packet")
        path = to_text(name)
        if path.startswith(".") or "/." in path:
            raise Failed("dot in file name")
        if kind == READ:
            await self._send(path, decode_options(options))
        elif "r" in self.call.options:
            raise Failed("write error")
        else:
            await self._receive(path, decode_options(options))

    async def _open(self, path: str, flags: int) -> int:
        try:
            return await self.proc.open(path, flags)
        except OSError as error:
            await self.call.warn(f"can't open '{path}': {strerror(error.errno or 0)}")
            self.peer.send(ERROR, UNREADABLE, b"can't open file\0")
            raise FailedThere from error

    def _grant(self, asked: dict[str, int], size: int | None) -> bytes:
        """The packet that grants options; empty when none was asked for that is known."""
        granted: dict[str, int] = {}
        if SMALLEST_BLOCK <= asked.get("blksize", 0) <= LARGEST_BLOCK:
            self.block_size = granted["blksize"] = asked["blksize"]
        if "tsize" in asked and size is not None:
            granted["tsize"] = size
        return pack("!H", OPTIONS) + encode_options(granted) if granted else b""

    async def _send(self, path: str, asked: dict[str, int]) -> None:
        fd = await self._open(path, O_RDONLY)
        grant = self._grant(asked, self.proc.fstat(fd).size)
        if grant:
            await self.peer.exchange(grant, {ACKNOWLEDGE: 0})
        number = 0
        while True:
            try:
                data = await self._block(fd)
            except OSError as error:
                raise Failed("read error") from error
            number = number + 1 & 0xFFFF
            await self.peer.exchange(pack("!HH", DATA, number) + data, {ACKNOWLEDGE: number})
            if len(data) < self.block_size:
                return

    async def _block(self, fd: int) -> bytes:
        """A full block, except at the end of the file."""
        block = b""
        while len(block) < self.block_size and (data := await self.proc.read(fd, self.block_size - len(block))):
            block += data
        return block

    async def _receive(self, path: str, asked: dict[str, int]) -> None:
        create = O_CREAT if "c" in self.call.options else 0
        fd = await self._open(path, O_WRONLY | O_TRUNC | create)
        packet = self._grant(asked, asked.get("tsize")) or pack("!HH", ACKNOWLEDGE, 0)
        number = 1
        while True:
            _, data = await self.peer.exchange(packet, {DATA: number})
            try:
                await self.proc.write(fd, data)
            except OSError as error:
                raise Failed("write error") from error
            packet = pack("!HH", ACKNOWLEDGE, number)
            if len(data) < self.block_size:
                self.peer.send_packet(packet)
                return
            number = number + 1 & 0xFFFF


@applet("tftpd", None)
async def tftpd(call: Call) -> int:
    """Serves one request."""
    proc = call.proc
    try:
        proc.getsockname(0)
    except OSError:
        call.usage()
    call.options, call.operands = parse("rcu:l", {}, call.operands)
    if "l" in call.options:
        call.refuse("-l")
    if len(call.operands) > 1:
        call.usage()
    user_name = call.options.get("u")
    accounts = await read_accounts(proc)
    user = accounts.user(user_name) if user_name is not None else None
    if user_name is not None and user is None:
        call.die(f"unknown user {user_name}")
    packet, source = await proc.recvfrom(0, LARGEST_PACKET)
    for path in call.operands:
        _enter(call, path)
    if user is not None:
        become(proc, accounts, user)
    peer = Peer(proc, 0, source)
    peer.known = True
    return await _serve(call, peer, packet)


def _enter(call: Call, path: str) -> None:
    """Makes the directory the client's whole world where the process may, and else goes there."""
    proc = call.proc
    try:
        proc.chdir(path)
    except OSError as error:
        call.die(f"can't change root directory to '{path}': {strerror(error.errno or 0)}")
    if proc.uid == 0:
        proc.root = proc.cwd


async def _serve(call: Call, peer: Peer, packet: bytes) -> int:
    """Does what is asked, and tells the client and the log what went wrong. Returns the exit code."""
    try:
        await Server(call, peer).serve(packet)
    except Failed as error:
        await call.warn(str(error))
        peer.send(ERROR, error.number, to_bytes(f"{error}\0"))
        return 1
    except FailedThere as error:
        if str(error):
            await call.warn(f"client error: {error}")
        return 1
    except TimedOut:
        await call.warn("timeout")
        return 1
    return 0
