"""How wget reaches a server: over a socket, and under TLS through a child that encrypts, as busybox has it."""

import errno
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network.addresses import Address
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, Die
from podlab.mock.programs.net.hosts import family_of
from podlab.mock.programs.numbers import INT_MAX, unsigned

TIMEOUT_SECONDS: Final = 900


class Connector:
    """Opens connections.

    Attributes:
        timeout_ns: How long to wait for anything; None for ever.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._proc = call.proc
        self._noted = "\6" in call.options
        seconds = unsigned(call.options.get("T", str(TIMEOUT_SECONDS)), 0, INT_MAX)
        self.timeout_ns = (seconds * SECOND) or None

    async def open(self, address: Address) -> int:
        """A connection's descriptor. Dies when there is none."""
        proc = self._proc
        fd = proc.socket(family_of(address[0]))
        proc.setsockopt(fd, send_timeout_ns=self.timeout_ns or 0)
        try:
            await proc.connect(fd, address)
        except OSError as error:
            if error.errno == errno.EINPROGRESS:
                self._call.die("download timed out")
            self._call.die(f"can't connect to remote host ({address[0]}): {strerror(error.errno or 0)}")
        return fd

    async def secure(self, fd: int, host: str, until_input_ends: bool = False) -> None:
        """Puts TLS between a descriptor and its connection, which a child has from now on.

        Args:
            fd: The connection's descriptor.
            host: As the URL has it, with its port.
            until_input_ends: Whether the child ends when nobody can send any more.
        """
        from podlab.mock.programs.net.tls import talk  # OpenSSL takes long to load, and most containers never need it

        if not self._noted:
            self._noted = True
            await self._call.warn("note: TLS certificate validation not implemented")
        name = host.rpartition(":")[0] if ":" in host else host
        proc = self._proc
        mine, its = proc.socketpair()

        async def body(child: Process) -> int:
            call = Call(self._call.applet, child)
            child.close(mine)
            child.dup2(its, 0)
            child.dup2(0, 1)
            child.close(its)
            try:
                await talk(call, fd, fd, name, until_input_ends)
            except Die as death:
                if death.message:
                    await call.warn(death.message)
                return call.error_code
            return 0

        proc.fork(body)
        proc.close(its)
        proc.dup2(mine, fd)
        proc.close(mine)
