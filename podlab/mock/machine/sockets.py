"""The system calls on sockets: a part of `Process`.

A socket is an open file description, so that read, write, poll, dup2 and inheritance work as for any other. Addresses are (IP
text, port) for the families inet and inet6 (where IPv4 addresses show as `::ffff:...`), and (path, 0) for unix.
"""

import errno

from podlab.mock.machine.descriptors import O_NONBLOCK
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.files import FileCalls
from podlab.mock.machine.network import Endpoint, Listener, parse_ip
from podlab.mock.machine.network.addresses import ANY4, ANY6, Address, is_ipv6, is_wildcard
from podlab.mock.machine.network.tcp import connect_pair
from podlab.mock.machine.resolver import ResolverCalls
from podlab.mock.machine.socketfiles import (
    AF_INET,
    AF_INET6,
    AF_UNIX,
    SHUT_RD,
    SHUT_RDWR,
    SHUT_WR,
    SOCK_DGRAM,
    SOCK_STREAM,
    SOMAXCONN,
    Socket,
    SocketInode,
)

__all__ = [
    "AF_INET", "AF_INET6", "AF_UNIX", "SHUT_RD", "SHUT_RDWR", "SHUT_WR", "SOCK_DGRAM", "SOCK_STREAM", "SOMAXCONN", "Socket",
    "SocketCalls", "SocketInode",
]  # fmt: skip


class SocketCalls(ResolverCalls, FileCalls):
    """Calls on sockets. All raise OSError with Linux' errno."""

    __slots__ = ()

    def socket(self, family: int = AF_INET, kind: int = SOCK_STREAM, cloexec: bool = False) -> int:
        """A new socket's descriptor. Raises EAFNOSUPPORT, EPROTONOSUPPORT."""
        if family not in (AF_UNIX, AF_INET, AF_INET6):
            raise unix_error(errno.EAFNOSUPPORT)
        if kind not in (SOCK_STREAM, SOCK_DGRAM):
            raise unix_error(errno.EPROTONOSUPPORT)
        return self.install(Socket(self, family, kind), cloexec=cloexec)

    def socket_at(self, fd: int) -> Socket:
        """The socket behind a descriptor. Raises EBADF, ENOTSOCK."""
        file = self.file(fd)
        if not isinstance(file, Socket):
            raise unix_error(errno.ENOTSOCK)
        return file

    def _target(self, socket: Socket, address: Address) -> Address:
        """An address that a program gave, as the network has it.

        Raises EAFNOSUPPORT when it is of another family, EINVAL when it is none.
        """
        ip = parse_ip(address[0])
        if ip is None or not 0 <= address[1] < 65_536:
            raise unix_error(errno.EINVAL)
        if is_ipv6(ip) and socket.family == AF_INET:
            raise unix_error(errno.EAFNOSUPPORT)
        return ip, address[1]

    def bind(self, fd: int, address: Address) -> None:
        """Gives a socket its address.

        Raises EADDRINUSE, EADDRNOTAVAIL, EINVAL (bound already).
        """
        socket = self.socket_at(fd)
        if socket.binding is not None or socket.datagrams is not None or socket.name is not None:
            raise unix_error(errno.EINVAL)
        if socket.family == AF_UNIX:
            self._bind_path(socket, address[0])
            return
        target = self._target(socket, address)
        if socket.kind == SOCK_DGRAM:
            socket.datagrams = self.net.bind_udp(target, socket.reuse, socket.only6)
        else:
            socket.binding = self.net.bind_tcp(target, socket.reuse, socket.only6)

    def _bind_path(self, socket: Socket, path: str) -> None:
        place = self.mounts.resolve(self, path, follow=False)
        if place.inode is not None:
            raise unix_error(errno.EADDRINUSE)
        inode = self._enter(place, lambda fs: SocketInode(fs, 0o777 & ~self.umask, self.uid, self.gid), path)
        assert isinstance(inode, SocketInode)
        socket.name = inode
        inode.mailbox = socket.mailbox

    def listen(self, fd: int, backlog: int = SOMAXCONN) -> None:
        """Begins to listen; a socket that is not bound gets any port. Raises EADDRINUSE, EOPNOTSUPP."""
        socket = self.socket_at(fd)
        if socket.kind != SOCK_STREAM:
            raise unix_error(errno.EOPNOTSUPP)
        if socket.endpoint is not None:
            raise unix_error(errno.EINVAL)
        backlog = min(backlog, SOMAXCONN)
        if socket.listener is not None:
            socket.listener.backlog = backlog
        elif socket.family == AF_UNIX:
            if socket.name is None:
                raise unix_error(errno.EINVAL)
            socket.listener = socket.name.listener = Listener(self.kernel, (socket.path, 0), backlog)
        else:
            if socket.binding is None:
                socket.binding = self.net.bind_tcp((ANY6 if socket.family == AF_INET6 else ANY4, 0))
            socket.listener = self.net.listen_at(socket.binding, backlog)

    async def accept(self, fd: int) -> tuple[int, Address]:
        """Takes the next connection. Returns its descriptor and the peer's address. Raises EINVAL (does not listen), EAGAIN."""
        socket = self.socket_at(fd)
        listener = socket.listener
        if listener is None:
            raise unix_error(errno.EINVAL)
        while (endpoint := listener.try_accept()) is None:
            if socket.flags & O_NONBLOCK or not await self.block(listener.queue, socket.receive_timeout_ns):
                raise unix_error(errno.EAGAIN)
        accepted = Socket(self, socket.family, SOCK_STREAM)
        accepted.endpoint = endpoint
        return self.install(accepted), accepted.shown(endpoint.peer)

    async def connect(self, fd: int, address: Address) -> None:
        """Connects.

        Raises ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, ETIMEDOUT, EISCONN, EADDRNOTAVAIL; EINPROGRESS when it may not block.
        """
        socket = self.socket_at(fd)
        if socket.family == AF_UNIX:
            self._connect_path(socket, address[0])
            return
        target = self._target(socket, address)
        if socket.kind == SOCK_DGRAM:
            self._connect_datagrams(socket, target)
            return
        if socket.endpoint is not None or socket.listener is not None:
            raise unix_error(errno.EISCONN)
        if socket.attempt is None:
            socket.attempt = self.machine.network.start_connect(self.net, target, self._local_address(socket, target))
        attempt = socket.attempt
        if not attempt.done and socket.flags & O_NONBLOCK:
            raise unix_error(errno.EINPROGRESS)
        if not attempt.done and not await self.block(attempt.queue, socket.send_timeout_ns):
            raise unix_error(errno.EINPROGRESS)
        socket.attempt = None
        if attempt.endpoint is None:
            raise unix_error(attempt.error)
        socket.endpoint = attempt.endpoint

    def _connect_datagrams(self, socket: Socket, target: Address) -> None:
        datagrams = socket.bound_datagrams()
        if self.machine.network.route(self.net, target, "udp").error == errno.ENETUNREACH:
            raise unix_error(errno.ENETUNREACH)
        datagrams.peer = target

    def _local_address(self, socket: Socket, target: Address) -> Address | None:
        """Where a bound socket connects from."""
        binding = socket.binding
        if binding is None:
            return None
        if not is_wildcard(binding.ip):
            return binding.ip, binding.port
        route = self.machine.network.route(self.net, target, "tcp")
        own = route.source if self.net.owns(route.source or ANY4) else self.net.address
        return own or ANY4, binding.port

    def _connect_path(self, socket: Socket, path: str) -> None:
        place = self._existing(path)
        inode = place.inode
        if not isinstance(inode, SocketInode) or (inode.listener is None and inode.mailbox is None):
            raise unix_error(errno.ECONNREFUSED)
        self.check_access(inode, 2, path)
        if (inode.mailbox is None) is not (socket.mailbox is None):
            raise unix_error(errno.EPROTOTYPE)
        if inode.mailbox is not None:
            if inode.mailbox.closed:
                raise unix_error(errno.ECONNREFUSED)
            socket.target = inode.mailbox
            return
        assert inode.listener is not None
        if inode.listener.full:
            raise unix_error(errno.EAGAIN)
        pressure = self.machine.network.pressure
        here = Endpoint(self.kernel, ("", 0), (path, 0), pressure)
        there = Endpoint(self.kernel, (path, 0), ("", 0), pressure)
        connect_pair(here, there)
        socket.endpoint = here
        inode.listener.enqueue(there)

    def socketpair(self) -> tuple[int, int]:
        """Two Unix sockets that are connected to each other."""
        pressure = self.machine.network.pressure
        pair = [Endpoint(self.kernel, ("", 0), ("", 0), pressure) for _ in range(2)]
        connect_pair(*pair)
        fds = []
        for endpoint in pair:
            socket = Socket(self, AF_UNIX, SOCK_STREAM)
            socket.endpoint = endpoint
            fds.append(self.install(socket))
        return fds[0], fds[1]

    async def recvfrom(self, fd: int, count: int = 65_536) -> tuple[bytes, Address]:
        """Receives a datagram, or what a stream has. Returns it and the sender's address."""
        socket = self.socket_at(fd)
        if socket.kind == SOCK_DGRAM and socket.mailbox is None:
            data, source = await socket.receive(self)
            return data[:count], source
        return await socket.read(self, count), self.getpeername(fd)

    async def peekfrom(self, fd: int) -> Address:
        """Waits for a datagram, and tells whence it comes without taking it."""
        socket = self.socket_at(fd)
        datagrams = socket.bound_datagrams()
        while (source := datagrams.peek_source()) is None:
            await self.block(datagrams.readers)
        return socket.shown(source)

    def sendto(self, fd: int, data: bytes, address: Address) -> int:
        """Sends a datagram. Raises EMSGSIZE, ENETUNREACH, ECONNREFUSED."""
        socket = self.socket_at(fd)
        if socket.kind != SOCK_DGRAM:
            raise unix_error(errno.EISCONN if socket.endpoint is not None else errno.ENOTCONN)
        return socket.bound_datagrams().send_to(data, self._target(socket, address))

    def shutdown(self, fd: int, how: int = SHUT_WR) -> None:
        """Ends one direction of a connection, or both. Raises ENOTCONN."""
        endpoint = self.socket_at(fd).endpoint
        if endpoint is None:
            raise unix_error(errno.ENOTCONN)
        if how in (SHUT_RD, SHUT_RDWR):
            endpoint.shutdown_read()
        if how in (SHUT_WR, SHUT_RDWR):
            endpoint.shutdown_write()

    def getsockname(self, fd: int) -> Address:
        """A socket's own address."""
        socket = self.socket_at(fd)
        if socket.family == AF_UNIX:
            return socket.endpoint.local if socket.endpoint is not None else ("", 0)
        if socket.endpoint is not None:
            return socket.shown(socket.endpoint.local)
        if socket.datagrams is not None:
            return socket.shown(socket.datagrams.local)
        if socket.binding is not None:
            return socket.shown((socket.binding.ip, socket.binding.port))
        return (ANY6 if socket.family == AF_INET6 else ANY4), 0

    def getpeername(self, fd: int) -> Address:
        """The address of the other side. Raises ENOTCONN."""
        socket = self.socket_at(fd)
        if socket.endpoint is not None:
            return socket.shown(socket.endpoint.peer) if socket.family != AF_UNIX else socket.endpoint.peer
        if socket.datagrams is not None and socket.datagrams.peer is not None:
            return socket.shown(socket.datagrams.peer)
        raise unix_error(errno.ENOTCONN)

    def setsockopt(
        self,
        fd: int,
        *,
        reuse: bool | None = None,
        only6: bool | None = None,
        receive_timeout_ns: int | None = None,
        send_timeout_ns: int | None = None,
    ) -> None:
        """Sets SO_REUSEADDR, IPV6_V6ONLY, SO_RCVTIMEO, SO_SNDTIMEO (0: none); what is not given stays.

        Others have no effect here.
        """
        socket = self.socket_at(fd)
        if reuse is not None:
            socket.reuse = reuse
        if only6 is not None:
            socket.only6 = only6
        if receive_timeout_ns is not None:
            socket.receive_timeout_ns = receive_timeout_ns or None
        if send_timeout_ns is not None:
            socket.send_timeout_ns = send_timeout_ns or None

    def set_nonblocking(self, fd: int, on: bool = True) -> None:
        """Sets or clears O_NONBLOCK of a description."""
        file = self.file(fd)
        file.flags = file.flags | O_NONBLOCK if on else file.flags & ~O_NONBLOCK
