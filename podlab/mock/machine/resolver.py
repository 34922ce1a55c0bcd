"""Name resolution as the C library does it: /etc/hosts, then the servers of /etc/resolv.conf. A part of `Process`."""

import errno
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.core import ProcessCore
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.network.addresses import ANY4, LOOPBACK4, is_ipv6, parse_host_ip, parse_ip
from podlab.mock.machine.network.dns import NOERROR, NXDOMAIN, PORT, BadMessage, Message, decode, encode_query

if TYPE_CHECKING:
    from podlab.mock.machine.process import Process

MAX_SERVERS: Final = 3
MAX_CNAMES: Final = 16


class UnknownHost(OSError):
    """A name that has no address; its text is what busybox prints: `bad address 'name'`.

    Attributes:
        again: Whether it was for want of an answer (EAI_AGAIN), not for a denial (EAI_NONAME).
    """

    def __init__(self, name: str, again: bool = False) -> None:
        super().__init__(errno.ENOENT, f"bad address '{name}'")
        self.again = again

    def __str__(self) -> str:
        return str(self.strerror)


@dataclass(slots=True)
class ResolvConf:
    """What /etc/resolv.conf says."""

    servers: list[str] = field(default_factory=list)
    search: list[str] = field(default_factory=list)
    ndots: int = 1
    timeout_seconds: int = 5
    attempts: int = 2

    @classmethod
    def parse(cls, text: str) -> "ResolvConf":
        """Reads the file's text, as resolv.conf(5) has it."""
        conf = cls()
        for line in text.splitlines():
            words = line.split()
            if len(words) < 2 or line[0] in "#;":
                continue
            if words[0] == "nameserver" and len(conf.servers) < MAX_SERVERS:
                conf.servers.append(words[1])
            elif words[0] in ("search", "domain"):
                conf.search = words[1:]
            elif words[0] == "options":
                conf._set_options(words[1:])
        conf.servers = conf.servers or [LOOPBACK4]
        return conf

    def _set_options(self, options: list[str]) -> None:
        for option in options:
            name, _, value = option.partition(":")
            if value.isdigit():
                if name == "ndots":
                    self.ndots = min(int(value), 15)
                elif name == "timeout":
                    self.timeout_seconds = min(max(int(value), 1), 30)
                elif name == "attempts":
                    self.attempts = min(max(int(value), 1), 5)

    def candidates(self, name: str) -> list[str]:
        """The full names to ask for, in order."""
        if name.endswith("."):
            return [name[:-1]]
        searched = [f"{name}.{domain.rstrip('.')}" for domain in self.search]
        return [name, *searched] if name.count(".") >= self.ndots else [*searched, name]


class ResolverCalls(ProcessCore):
    """getaddrinfo and what it is made of."""

    __slots__ = ()

    async def read_text(self, path: str) -> str:
        """All of a text file, empty when it cannot be read."""
        process: Process = self  # type: ignore[assignment]
        try:
            fd = await process.open(path)
        except OSError:
            return ""
        try:
            return (await process.read_all(fd)).decode(errors="surrogateescape")
        finally:
            process.close(fd)

    async def resolv_conf(self) -> ResolvConf:
        """What /etc/resolv.conf says, with the defaults when it is missing."""
        return ResolvConf.parse(await self.read_text("/etc/resolv.conf"))

    async def hosts(self, name: str) -> list[str]:
        """The addresses of a name in /etc/hosts."""
        found = []
        for line in (await self.read_text("/etc/hosts")).splitlines():
            words = line.partition("#")[0].split()
            if name.lower() in (word.lower() for word in words[1:]):
                ip = parse_ip(words[0])
                if ip is not None and ip not in found:
                    found.append(ip)
        return found

    async def resolve(self, name: str) -> list[str]:
        """The addresses of a host: itself when it is an address, else by /etc/hosts, else by DNS.

        IPv4 first, as busybox prefers it.

        Raises:
            UnknownHost: There is none, or no server answered.
        """
        literal = parse_host_ip(name)
        if literal is not None:
            return [literal]
        found = await self.hosts(name)
        if not found:
            found = await self._resolve_by_dns(name)
        return sorted(found, key=is_ipv6)

    async def name_of(self, ip: str) -> str | None:
        """The name of an address (getnameinfo): by /etc/hosts, else by DNS. None when it has none.

        Raises:
            UnknownHost: No server answered.
        """
        for line in (await self.read_text("/etc/hosts")).splitlines():
            words = line.partition("#")[0].split()
            if len(words) > 1 and parse_ip(words[0]) == ip:
                return words[1]
        answer = await self._ask_all(await self.resolv_conf(), ip_address(ip).reverse_pointer, "PTR")
        if answer is None:
            raise UnknownHost(ip, again=True)
        return next((record.data for record in answer.records if record.type == "PTR"), None)

    async def _resolve_by_dns(self, name: str) -> list[str]:
        if not name or name.startswith("."):
            raise UnknownHost(name)
        conf = await self.resolv_conf()
        again = False
        for candidate in conf.candidates(name):
            found: list[str] = []
            for qtype in ("A", "AAAA"):
                answer = await self._ask_all(conf, candidate, qtype)
                if answer is None:
                    raise UnknownHost(name, again=True)
                again |= answer.rcode not in (NOERROR, NXDOMAIN)
                found += [record.data for record in answer.records if record.type == qtype]
                if answer.rcode == NXDOMAIN:
                    break
            if found:
                return found
        raise UnknownHost(name, again)

    async def _ask_all(self, conf: ResolvConf, name: str, qtype: str) -> Message | None:
        """Asks each server in turn, as often as the configuration says. Returns None when none answered."""
        for _ in range(conf.attempts):
            for server in conf.servers:
                try:
                    return await self.dns_query(server, name, qtype, conf.timeout_seconds * SECOND)
                except BadMessage:
                    raise UnknownHost(name) from None
                except InterruptedError:
                    raise
                except OSError:
                    continue
        return None

    async def dns_query(self, server: str, name: str, qtype: str, timeout_ns: int = 5 * SECOND, port: int = PORT) -> Message:
        """Asks one server one question, over UDP.

        Raises:
            OSError: ETIMEDOUT when no answer came, ECONNREFUSED, ENETUNREACH; EINVAL when `server` is no address.
            BadMessage: The name cannot be asked.
        """
        ip = parse_ip(server)
        if ip is None:
            raise unix_error(errno.EINVAL)
        process: Any = self
        number = self.machine.network.new_socket_number() & 0xFFFF
        query = encode_query(number, name, qtype)
        socket = self.net.bind_udp((ANY4, 0)) if not is_ipv6(ip) else self.net.bind_udp(("::", 0))
        socket.peer = (ip, port)
        try:
            socket.send_to(query)
            deadline = self.kernel.now_ns + timeout_ns
            while True:
                found = socket.try_receive()
                if found is None:
                    if self.kernel.now_ns >= deadline or not await process.block(socket.readers, deadline - self.kernel.now_ns):
                        raise unix_error(errno.ETIMEDOUT)
                    continue
                try:
                    message = decode(found[0])
                except BadMessage:
                    continue
                if message.response and message.id == number:
                    return message
        finally:
            socket.close()
