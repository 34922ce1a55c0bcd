"""tcpsvd and udpsvd: run a program for each connection, or for each peer that sends datagrams."""

from typing import Final

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network.addresses import Address
from podlab.mock.machine.process import Process, WaitResult
from podlab.mock.machine.signals import SIGCHLD, SIGPIPE, SIGTERM, Disposition
from podlab.mock.machine.sockets import SOCK_DGRAM, SOCK_STREAM
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import dotted, family_of, plain, port_number, resolve
from podlab.mock.programs.numbers import unsigned

CONNECTIONS: Final = 30
BACKLOG: Final = 20


@applet("tcpsvd udpsvd", "+c:C:b:u:l:Ehvp", operands=(3, None), refused="Cuhlp")
async def svd(call: Call) -> int:
    """Serves until it is killed."""
    options, proc = call.options, call.proc
    host, port_text, *program = call.operands
    udp = call.name == "udpsvd"
    most = unsigned(options.get("c", str(CONNECTIONS)), 1)
    port = await port_number(call, port_text, "udp" if udp else "tcp")
    if port is None:
        call.die(f"bad port '{port_text}'")
    ip = await resolve(call, host)
    fd = proc.socket(family_of(ip), SOCK_DGRAM if udp else SOCK_STREAM)
    proc.setsockopt(fd, reuse=True)
    try:
        proc.bind(fd, (ip, port))
        if not udp:
            proc.listen(fd, unsigned(options.get("b", str(BACKLOG))))
    except OSError as error:
        call.die(f"bind: {strerror(error.errno or 0)}")
    server = (PeerServer if udp else Server)(call, fd, program, most)
    if server.verbose:
        await call.warn(f"listening on {dotted(proc.getsockname(fd))}, starting")
    return await server.run()


class Server:
    """Accepts, and keeps count of its children."""

    protocol = "TCP"

    def __init__(self, call: Call, fd: int, program: list[str], most: int) -> None:
        self.call = call
        self.proc = call.proc
        self.fd = fd
        self.program = program
        self.most = most
        self.verbose = "v" in call.options
        self.plain = "E" in call.options
        self.children = 0
        self._stop = False

    async def run(self) -> int:
        """Until SIGTERM."""
        self.proc.signal(SIGPIPE, Disposition.IGNORE)
        self.proc.signal(SIGTERM, self._on_term)
        self.proc.signal(SIGCHLD, lambda _: None)
        while not self._stop:
            try:
                if self.children >= self.most:
                    await self._ended(await self.proc.waitpid())
                await self._serve()
            except InterruptedError:
                while self.children and (ended := await self.proc.waitpid(nohang=True)) is not None:
                    await self._ended(ended)
        if self.verbose:
            await self.call.warn("got signal 15, exit")
        self.proc.signal(SIGTERM, Disposition.DEFAULT)
        self.proc.kill(self.proc.pid, SIGTERM)
        return 128 + SIGTERM

    def _on_term(self, number: int) -> None:
        self._stop = True

    async def _serve(self) -> None:
        connection, peer = await self.proc.accept(self.fd)
        await self._start(connection, peer)

    async def _start(self, connection: int, peer: Address) -> None:
        local = self.proc.getsockname(connection)

        async def body(child: Process) -> int:
            return await self._execute(child, connection, local, peer)

        child = self.proc.fork(body)
        self.proc.close(connection)
        self.children += 1
        if self.verbose:
            await self.call.warn(f"start {child.pid} {dotted(local)}-{dotted(peer)}")
            await self.call.warn(f"status {self.children}/{self.most}")

    async def _ended(self, ended: WaitResult | None) -> None:
        if ended is None:
            return
        self.children -= 1
        if self.verbose:
            code = f"exit {ended.code}" if not ended.signal else f"signal {ended.signal}"
            await self.call.warn(f"end {ended.pid} {code}")
            await self.call.warn(f"status {self.children}/{self.most}")

    async def _execute(self, child: Process, connection: int, local: Address, peer: Address) -> int:
        if self.fd != connection:
            child.close(self.fd)
        child.dup2(connection, 0)
        child.dup2(connection, 1)
        child.close(connection)
        child.signal(SIGPIPE, Disposition.DEFAULT)
        if not self.plain:
            child.env["PROTO"] = self.protocol
            child.env[f"{self.protocol}LOCALADDR"] = _shown(local)
            child.env[f"{self.protocol}REMOTEADDR"] = _shown(peer)
        name = self.program[0]
        try:
            await child.exec(child.container.find(child, name), self.program)
        except OSError as error:
            await child.write(2, f"{self.call.name}: can't execute '{name}': {strerror(error.errno or 0)}\n".encode())
            return 127


class PeerServer(Server):
    """Gives its socket, connected to the peer whose datagram waits in it, to a child, and goes on with a new one."""

    protocol = "UDP"

    async def _serve(self) -> None:
        proc, socket = self.proc, self.fd
        peer = await proc.peekfrom(socket)
        local = proc.getsockname(socket)
        await proc.connect(socket, peer)
        await self._start(socket, peer)
        self.fd = proc.socket(family_of(local[0]), SOCK_DGRAM)
        proc.setsockopt(self.fd, reuse=True)
        proc.bind(self.fd, local)


def _shown(address: Address) -> str:
    return dotted((plain(address[0]), address[1]))
