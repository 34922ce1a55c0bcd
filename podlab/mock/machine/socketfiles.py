"""Sockets as files: what a socket's descriptor refers to, and a Unix socket's name."""

import errno
import stat as st
from typing import TYPE_CHECKING, Final

from podlab.mock.kernel import WaitQueue
from podlab.mock.machine.descriptors import O_NONBLOCK, O_RDWR, OpenFile
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import FileSystem, Inode
from podlab.mock.machine.mailboxes import Mailbox
from podlab.mock.machine.network import Endpoint, Listener, UdpSocket
from podlab.mock.machine.network.addresses import ANY4, ANY6, Address, mapped
from podlab.mock.machine.network.fabric import Attempt
from podlab.mock.machine.network.ports import Binding

if TYPE_CHECKING:
    from podlab.mock.machine.core import ProcessCore

AF_UNIX: Final = 1
AF_INET: Final = 2
AF_INET6: Final = 10
SOCK_STREAM: Final = 1
SOCK_DGRAM: Final = 2
SHUT_RD: Final = 0
SHUT_WR: Final = 1
SHUT_RDWR: Final = 2
SOMAXCONN: Final = 4096


class SocketInode(Inode):
    """A Unix socket's name in a file system; `listener` is who listens there, `mailbox` who gets datagrams."""

    __slots__ = ("listener", "mailbox")
    kind = st.S_IFSOCK

    def __init__(self, fs: FileSystem, permissions: int, uid: int = 0, gid: int = 0) -> None:
        super().__init__(fs, permissions, uid, gid)
        self.listener: Listener | None = None
        self.mailbox: Mailbox | None = None

    def open(self, proc: "ProcessCore", flags: int) -> OpenFile:
        """Refuses: a socket is connected to, not opened."""
        raise unix_error(errno.ENXIO)


class Socket(OpenFile):
    """A socket of any family; one of `endpoint`, `listener`, `datagrams` is set once it is connected, listens, or is bound."""

    __slots__ = (
        "_number", "attempt", "binding", "datagrams", "endpoint", "family", "kind", "listener", "mailbox", "name", "only6",
        "proc_net", "receive_timeout_ns", "reuse", "send_timeout_ns", "target",
    )  # fmt: skip

    def __init__(self, proc: "ProcessCore", family: int, kind: int) -> None:
        self._number = proc.machine.network.new_socket_number()
        super().__init__(O_RDWR, None, f"socket:[{self._number}]")
        self.family = family
        self.kind = kind
        self.proc_net = proc.net
        self.reuse = False
        self.only6 = False
        self.receive_timeout_ns: int | None = None
        self.send_timeout_ns: int | None = None
        self.binding: Binding | None = None
        self.name: SocketInode | None = None
        self.listener: Listener | None = None
        self.endpoint: Endpoint | None = None
        self.attempt: Attempt | None = None
        self.datagrams: UdpSocket | None = None
        self.mailbox: Mailbox | None = None
        self.target: Mailbox | None = None
        if family == AF_UNIX and kind == SOCK_DGRAM:
            self.mailbox = Mailbox(proc.kernel, proc.machine.network.pressure)

    @property
    def number(self) -> int:
        """Its inode's, as /proc/net/tcp has it."""
        return self._number

    @property
    def mode(self) -> int:
        """A socket."""
        return st.S_IFSOCK | 0o777

    def shown(self, address: Address) -> Address:
        """An address in this socket's family."""
        return (mapped(address[0]), address[1]) if self.family == AF_INET6 else address

    # --- as a file ---

    def _connected(self) -> Endpoint:
        if self.attempt is not None and self.attempt.done:
            self.endpoint, self.attempt = self.attempt.endpoint, None
        if self.endpoint is None:
            raise unix_error(errno.ENOTCONN)
        return self.endpoint

    async def read(self, proc: "ProcessCore", count: int) -> bytes:
        """Receives; see `Endpoint.try_recv`. With a time-out that passes: EAGAIN."""
        if self.mailbox is not None:
            while (letter := self.mailbox.try_receive()) is None:
                await self._wait(proc, self.mailbox.readers, self.receive_timeout_ns)
            return letter[:count]
        if self.kind == SOCK_DGRAM:
            return (await self.receive(proc))[0][:count]
        endpoint = self._connected()
        while (data := endpoint.try_recv(count)) is None:
            await self._wait(proc, endpoint.readers, self.receive_timeout_ns)
        return data

    async def write(self, proc: "ProcessCore", data: bytes) -> int:
        """Sends; see `Endpoint.try_send`. SIGPIPE goes with EPIPE."""
        if self.mailbox is not None:
            return await self._post(proc, data)
        if self.kind == SOCK_DGRAM:
            return self.bound_datagrams().send_to(data)
        try:
            endpoint = self._connected()
            while not (sent := endpoint.try_send(data)) and data:
                await self._wait(proc, endpoint.writers, self.send_timeout_ns)
        except OSError as error:
            if error.errno in (errno.EPIPE, errno.ENOTCONN):
                proc.raise_sigpipe()
                raise unix_error(errno.EPIPE) from None
            raise
        return sent

    async def _post(self, proc: "ProcessCore", data: bytes) -> int:
        """Sends a datagram to another's mailbox."""
        if self.target is None:
            raise unix_error(errno.ENOTCONN)
        while not self.target.try_send(data):
            await self._wait(proc, self.target.writers, self.send_timeout_ns)
        return len(data)

    async def receive(self, proc: "ProcessCore") -> tuple[bytes, Address]:
        """The next datagram, and whence it came."""
        datagrams = self.bound_datagrams()
        while (found := datagrams.try_receive()) is None:
            await self._wait(proc, datagrams.readers, self.receive_timeout_ns)
        return found[0], self.shown(found[1])

    async def _wait(self, proc: "ProcessCore", queue: WaitQueue, timeout_ns: int | None) -> None:
        if self.flags & O_NONBLOCK or not await proc.block(queue, timeout_ns):
            raise unix_error(errno.EAGAIN)

    def bound_datagrams(self) -> UdpSocket:
        """The UDP socket, bound to any port if it was not bound before."""
        if self.datagrams is None:
            self.datagrams = self.proc_net.bind_udp((ANY6 if self.family == AF_INET6 else ANY4, 0), self.reuse, self.only6)
        return self.datagrams

    def readable(self) -> bool:
        """Data, an end, an error, or a connection to accept."""
        if self.listener is not None:
            return bool(self.listener.pending)
        if self.mailbox is not None:
            return self.mailbox.waiting > 0
        if self.datagrams is not None:
            return self.datagrams.readable()
        if self.endpoint is not None:
            return self.endpoint.readable()
        return self.attempt.done if self.attempt is not None else self.kind == SOCK_STREAM

    def writable(self) -> bool:
        """Room, an error, or the end of connecting."""
        if self.endpoint is not None:
            return self.endpoint.writable()
        return self.attempt.done if self.attempt is not None else self.listener is None

    def queues(self) -> tuple[WaitQueue, ...]:
        """What is woken when that changes."""
        if self.listener is not None:
            return (self.listener.queue,)
        if self.mailbox is not None:
            return (self.mailbox.readers, *((self.target.writers,) if self.target is not None else ()))
        if self.datagrams is not None:
            return (self.datagrams.readers,)
        if self.endpoint is not None:
            return (self.endpoint.readers, self.endpoint.writers)
        return (self.attempt.queue,) if self.attempt is not None else ()

    def close(self) -> None:
        """The last descriptor is gone."""
        if self.attempt is not None:
            self.attempt.cancel()
        for part in (self.endpoint, self.listener, self.datagrams, self.mailbox):
            if part is not None:
                part.close()
        if self.binding is not None:
            self.proc_net.tcp.release(self.binding)
        if self.name is not None and self.name.listener is self.listener:
            self.name.listener = None
