"""nslookup: asks name servers, all questions at once."""

import ipaddress
from dataclasses import dataclass
from typing import Final

from podlab.mock.kernel import MILLISECOND, SECOND
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network.addresses import Address, parse_host_ip
from podlab.mock.machine.network.dns import PORT, BadMessage, DnsRecord, Message, decode, encode_query
from podlab.mock.machine.resolver import ResolvConf
from podlab.mock.machine.sockets import SOCK_DGRAM
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import dotted, family_of, host_and_port
from podlab.mock.programs.numbers import unsigned

TYPES: Final = ("soa", "ns", "a", "aaaa", "cname", "mx", "txt", "ptr", "srv", "any")
RCODES: Final = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED")
VALUED: Final = ("type", "querytype", "port", "retry", "timeout")


@dataclass(slots=True)
class Query:
    """A question, and what was answered."""

    name: str
    type: str
    message: Message | None = None
    took_ns: int = 0


@dataclass(slots=True)
class Server:
    """Who is asked. `shown` is as it was given."""

    shown: str
    address: Address
    fd: int = -1


@dataclass(slots=True)
class Settings:
    """What the options say."""

    types: list[str]
    port: int = PORT
    retry: int = 2
    timeout: int = 5
    debug: bool = False


def _parse(call: Call, words: list[str]) -> tuple[Settings, list[str]]:
    settings = Settings([])
    while words and words[0].startswith("-"):
        word = words.pop(0)[1:]
        name, _, value = word.partition("=")
        full = "timeout" if name == "t" else next((each for each in (*VALUED, "debug") if name and each.startswith(name)), "")
        if not full:
            call.usage()
        if full == "debug":
            settings.debug = True
        elif full in ("type", "querytype"):
            if value.lower() not in TYPES:
                call.die(f'invalid query type "{value}"')
            settings.types.append(value.upper())
        elif full == "port":
            settings.port = unsigned(value, 1, 65_535)
        elif full == "retry":
            settings.retry = unsigned(value, 1)
        else:
            settings.timeout = unsigned(value, 1)
    return settings, words


def _questions(settings: Settings, conf: ResolvConf, name: str) -> list[Query]:
    """What is asked for: names without a point with each search domain."""
    literal = parse_host_ip(name)
    if literal is not None and not settings.types:
        return [Query(ipaddress.ip_address(literal).reverse_pointer, "PTR")]
    names = [f"{name}.{domain}" for domain in conf.search] if conf.search and "." not in name else [name]
    return [Query(each, kind) for kind in settings.types or ["A", "AAAA"] for each in (names if kind != "PTR" else [name])]


class Lookup:
    """Questions on their way to the servers."""

    def __init__(self, call: Call, settings: Settings, servers: list[Server], queries: list[Query]) -> None:
        self.call = call
        self.proc = call.proc
        self.settings = settings
        self.servers = servers
        self.queries = queries
        self.server: Server | None = None

    async def open(self) -> None:
        """Makes a socket for each server. Dies when one cannot be reached at all."""
        for server in self.servers:
            server.fd = self.proc.socket(family_of(server.address[0]), SOCK_DGRAM)
            try:
                await self.proc.connect(server.fd, server.address)
            except OSError as error:
                self.call.die(f"can't connect to remote host ({server.address[0]}): {strerror(error.errno or 0)}")

    async def run(self) -> None:
        """Sends, and sends again, until all is answered or the time is up."""
        now = self.proc.kernel.now_ns
        begun, deadline = now, now + self.settings.timeout * SECOND
        interval = self.settings.timeout * SECOND // self.settings.retry
        resend = now
        while self._open_questions() and self.proc.kernel.now_ns < deadline:
            now = self.proc.kernel.now_ns
            if now >= resend:
                await self._send()
                resend = now + interval
            alive = tuple(server.fd for server in self.servers if server.fd >= 0)
            if not alive:
                return
            ready, _ = await self.proc.poll(alive, (), max(0, min(resend, deadline) - now))
            for server in self.servers:
                if server.fd in ready:
                    await self._receive(server, begun)

    def _open_questions(self) -> bool:
        return any(query.message is None for query in self.queries)

    async def _send(self) -> None:
        for server in self.servers:
            for number, query in enumerate(self.queries):
                if query.message is None and server.fd >= 0:
                    try:
                        await self.proc.write(server.fd, encode_query(number + 1, query.name, query.type))
                    except BadMessage:
                        self.call.die(f"can't resolve '{query.name}'")
                    except OSError as error:
                        await self._lost(server, error)

    async def _lost(self, server: Server, error: OSError) -> None:
        await self.call.warn(f"write to '{server.shown}': {strerror(error.errno or 0)}")
        self.proc.close(server.fd)
        server.fd = -1

    async def _receive(self, server: Server, begun_ns: int) -> None:
        try:
            message = decode(await self.proc.read(server.fd))
        except BadMessage:
            return
        except OSError as error:
            await self._lost(server, error)
            return
        if message.response and 0 < message.id <= len(self.queries) and self.queries[message.id - 1].message is None:
            query = self.queries[message.id - 1]
            query.message, query.took_ns = message, self.proc.kernel.now_ns - begun_ns
            self.server = self.server or server


@applet("nslookup", None)
async def nslookup(call: Call) -> int:
    """Prints what name servers know of a host."""
    settings, words = _parse(call, list(call.operands))
    if not 1 <= len(words) <= 2:
        call.usage()
    conf = await call.proc.resolv_conf()
    shown = [words[1]] if len(words) > 1 else conf.servers
    servers = [Server(each, await host_and_port(call, each, settings.port)) for each in shown]
    lookup = Lookup(call, settings, servers, _questions(settings, conf, words[0]))
    await lookup.open()
    await lookup.run()
    if lookup.server is None:
        await call.out.write_text(";; connection timed out; no servers could be reached\n\n")
        return 1
    await call.out.write_text(f"Server:\t\t{lookup.server.shown}\nAddress:\t{dotted(lookup.server.address)}\n\n")
    code = 0
    for number, query in enumerate(lookup.queries):
        code |= await _print(call, settings, number, query)
    return code


async def _print(call: Call, settings: Settings, number: int, query: Query) -> int:
    message = query.message
    text = ""
    code = 0
    if message is None:
        text, code = f"*** Can't find {query.name}: No answer\n", 1
    else:
        if settings.debug:
            text += f"Query #{number} completed in {query.took_ns // MILLISECOND}ms:\n"
        if message.rcode:
            reason = RCODES[message.rcode] if message.rcode < len(RCODES) else f"Unknown error {message.rcode}"
            text += f"** server can't find {query.name}: {reason}\n"
            code = 1
        else:
            if not message.authoritative:
                text += "Non-authoritative answer:\n"
            elif settings.debug:
                text += "authoritative answer:\n"
            text += "".join(map(_record, message.records))
    await call.out.write_text(text + "\n")
    return code


def _record(record: DnsRecord) -> str:
    name, data = record.name, record.data
    match record.type:
        case "A" | "AAAA":
            return f"Name:\t{name}\nAddress: {data}\n"
        case "CNAME":
            return f"{name}\tcanonical name = {data}\n"
        case "NS":
            return f"{name}\tnameserver = {data}\n"
        case "PTR":
            return f"{name}\tname = {data}\n"
        case "MX":
            return f"{name}\tmail exchanger = {data}\n"
        case "TXT":
            return f'{name}\ttext = "{data}"\n'
        case "SRV":
            return f"{name}\tservice = {data}\n"
    labels = ("origin", "mail addr", "serial", "refresh", "retry", "expire", "minimum")
    return f"{name}\n" + "".join(f"\t{label} = {value}\n" for label, value in zip(labels, data.split(), strict=False))
