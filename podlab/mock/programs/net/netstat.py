"""netstat: the sockets of the pod, and its routes."""

from typing import Final

from podlab.mock.machine.network.addresses import Address, is_wildcard, mapped
from podlab.mock.machine.process import Process
from podlab.mock.machine.procfs.net import sockets
from podlab.mock.machine.sockets import AF_INET6, AF_UNIX, SOCK_DGRAM, Socket
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import name_of
from podlab.mock.programs.net.interfaces import print_routes

WIDTH: Final = 23
WIDE: Final = 51


class Table:
    """What is printed, as the options have it."""

    def __init__(self, call: Call) -> None:
        options = call.options
        self.call = call
        self.numeric = "n" in options
        self.width = WIDE if "W" in options else WIDTH
        self.programs = "p" in options
        self.listening = options.any("al")
        self.connected = "a" in options or "l" not in options

    @property
    def words(self) -> str:
        """What the head says is shown."""
        return (
            "servers and established"
            if self.connected and self.listening
            else "only servers"
            if self.listening
            else "w/o servers"
        )

    async def head(self) -> None:
        """Above the Internet sockets."""
        width = self.width
        text = f"Active Internet connections ({self.words})\nProto Recv-Q Send-Q "
        text += f"{'Local Address':<{width}} {'Foreign Address':<{width}} "
        await self.call.out.write_text(text + f"{'State':<12}{'PID/Program name    ' if self.programs else ''}\n")

    async def line(
        self, protocol: str, queues: tuple[int, int], local: Address, peer: Address, state: str, owner: Process | None, wide: bool
    ) -> None:
        """One socket."""
        width = self.width
        text = f"{protocol:<3}   {queues[0]:6} {queues[1]:6} "
        text += f"{await self._shown(local, wide):<{width}} {await self._shown(peer, wide):<{width}} {state:<12}"
        if self.programs:
            text += f"{owner.pid}/{owner.comm}" if owner is not None else "-"
        await self.call.out.write_text(text + "\n")

    async def _shown(self, address: Address, wide: bool) -> str:
        ip, port = address
        host = mapped(ip) if wide and not is_wildcard(ip) else ip
        if not self.numeric and not is_wildcard(ip) and host == ip:
            host = await name_of(self.call, ip) or ip
        return f"{host[: self.width - 6]}:{port or '*'}"


@applet("netstat", "laentuwxrWp")
async def netstat(call: Call) -> int:
    """Prints sockets, or with `-r` routes."""
    options = call.options
    if "r" in options:
        await print_routes(call, "n" in options, extended=True)
        return 0
    every = not options.any("tuwx")
    table = Table(call)
    if every or options.any("tuw"):
        await table.head()
        if every or "t" in options:
            await _tcp(call, table)
        if every or "u" in options:
            await _udp(call, table)
    if every or "x" in options:
        await call.out.write_text(
            f"Active UNIX domain sockets ({table.words})\nProto RefCnt Flags       Type       State         I-Node "
            f"{'PID/Program name    ' if table.programs else ''}Path\n"
        )
    return 0


def _visible(proc: Process, owner: Process) -> Process | None:
    return owner if owner.pid_namespace is proc.pid_namespace else None


async def _tcp(call: Call, table: Table) -> None:
    proc = call.proc
    found = [
        (socket, owner) for socket, owner in sockets(proc.net, proc) if socket.kind != SOCK_DGRAM and socket.family != AF_UNIX
    ]
    for wide in (False, True):
        mine = [(socket, owner) for socket, owner in found if (socket.family == AF_INET6) is wide]
        if table.listening:
            for socket, owner in mine:
                await _listening(table, proc, socket, owner, wide)
        if table.connected:
            for socket, owner in mine:
                end = socket.endpoint
                if end is not None:
                    queues = end.unread_bytes, end.unsent_bytes
                    await table.line("tcp", queues, end.local, end.peer, end.state, _visible(proc, owner), wide)
            if not wide:
                for local, peer in proc.net.time_wait():
                    await table.line("tcp", (0, 0), local, peer, "TIME_WAIT", None, wide)


async def _listening(table: Table, proc: Process, socket: Socket, owner: Process, wide: bool) -> None:
    if socket.listener is not None:
        nowhere = ("::" if wide else "0.0.0.0", 0)
        queues = len(socket.listener.pending), 0
        await table.line("tcp", queues, socket.listener.address, nowhere, "LISTEN", _visible(proc, owner), wide)


async def _udp(call: Call, table: Table) -> None:
    proc = call.proc
    for wide in (False, True):
        for socket, owner in sockets(proc.net, proc):
            datagrams = socket.datagrams
            if datagrams is None or (socket.family == AF_INET6) is not wide:
                continue
            if (datagrams.peer is None and table.listening) or (datagrams.peer is not None and table.connected):
                peer = datagrams.peer or ("::" if wide else "0.0.0.0", 0)
                state = "ESTABLISHED" if datagrams.peer else ""
                queues = datagrams.unread_bytes, 0
                await table.line("udp", queues, datagrams.local, peer, state, _visible(proc, owner), wide)
