"""dnsd: a name server that knows the addresses of a file."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address
from struct import pack, unpack
from typing import Final

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network.addresses import ANY4, is_ipv6, parse_host_ip
from podlab.mock.machine.network.dns import NOTIMP, NXDOMAIN, PORT, TYPES
from podlab.mock.machine.process import Process
from podlab.mock.machine.sockets import SOCK_DGRAM
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import dotted, family_of, is_literal
from podlab.mock.programs.numbers import UINT_MAX, unsigned
from podlab.mock.programs.process.running import daemonize
from podlab.mock.programs.streams import to_bytes, to_text
from podlab.mock.programs.system.syslogs import FACILITIES, PRIORITIES, SystemLog

CONFIG: Final = "/etc/dnsd.conf"
TTL: Final = 120
LARGEST: Final = 512
HEADER: Final = 12
RESPONSE: Final = 0x8000
OPCODES: Final = 0x7800
AUTHORITATIVE: Final = 0x0400
INTERNET: Final = 1
ENTRY_BYTES: Final = 200
ENTRY_COST_NS: Final = 60
ANY_NAME: Final = b"\x01*"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the file: the name in a message's form, without its end; the address; and what a question for it begins with."""

    name: bytes
    address: bytes
    reversed: bytes


class Negative(Exception):
    """There is no answer. Its arguments are why, and the flags that say so."""


def labels(name: bytes) -> bytes:
    """A name as messages have it, without the zero at its end."""
    return b"".join(bytes((len(part) & 255,)) + part for part in name.split(b"."))


@applet("dnsd", "vsi:c:t:p:d")
async def dnsd(call: Call) -> int:
    """Answers until it is killed."""
    options, proc = call.options, call.proc
    ttl = unsigned(options.get("t", str(TTL)), 1, UINT_MAX)
    port = unsigned(options.get("p", str(PORT)), 1, 0xFFFF)

    async def body(child: Process) -> int:
        inner = Call(call.applet, child)
        inner.options = options
        return await Server(inner, ttl).run(port)

    if "d" in options:
        daemonize(proc, body)
        return 0
    return await body(proc)


class Server:
    """One run."""

    def __init__(self, call: Call, ttl: int) -> None:
        self.call = call
        self.proc = call.proc
        self.ttl = ttl
        self.verbose, self.silent = "v" in call.options, "s" in call.options
        self.entries: list[Entry] = []

    async def _say(self, text: str, level: str = "info") -> None:
        """Tells the terminal, or with -d the system's log."""
        if "d" in self.call.options:
            log = SystemLog(self.proc, to_bytes(f"dnsd[{self.proc.pid}]"), FACILITIES["daemon"] << 3 | PRIORITIES[level])
            await log.send(to_bytes(text))
        else:
            await self.call.warn(text)

    async def run(self, port: int) -> int:
        """Until it is killed."""
        proc = self.proc
        await self._read_config(self.call.options.get("c") or CONFIG)
        ip = self.call.options.get("i") or ANY4
        if not is_literal(ip):
            await self._say(f"bad address '{ip}'", "err")
            return 1
        fd = proc.socket(family_of(ip), SOCK_DGRAM)
        try:
            proc.bind(fd, (ip, port))
        except OSError as error:
            await self._say(f"bind: {strerror(error.errno or 0)}", "err")
            return 1
        await self._say(f"accepting UDP packets on {dotted((ip, port))}")
        while True:
            packet, source = await proc.recvfrom(fd, LARGEST + 1)
            if not HEADER <= len(packet) <= LARGEST:
                await self._say(f"packet size {len(packet)}, ignored", "err")
                continue
            if self.verbose:
                await self._say("got UDP packet")
            if answer := await self._answer(packet):
                proc.sendto(fd, answer, source)

    async def _read_config(self, path: str) -> None:
        reader = None
        try:
            reader = await self.call.open(path)
        except OSError as error:
            await self._say(f"{path}: {strerror(error.errno or 0)}", "err")
            return
        data = await reader.read_all()
        reader.close()
        for number, line in enumerate(data.split(b"\n"), 1):
            words = re.split(rb"[ \t]+", line.partition(b"#")[0].strip(b" \t"), maxsplit=1)
            if words == [b""]:
                continue
            if len(words) < 2:
                await self._say(f"bad line {number}: {len(words)} tokens found, 2 needed", "err")
                continue
            await self._take(number, *words)
        self.proc.charge_memory(ENTRY_BYTES * len(self.entries) - len(data))

    async def _take(self, number: int, name: bytes, address: bytes) -> None:
        ip = parse_host_ip(to_text(address))
        if ip is None or is_ipv6(ip):
            await self._say(f"error at line {number}, skipping", "err")
            return
        if self.verbose:
            await self._say(f"name:{to_text(name)}, ip:{to_text(address)}")
        packed = IPv4Address(ip).packed
        self.entries.append(Entry(labels(name), packed, labels(b".".join(b"%d" % byte for byte in reversed(packed)))))

    # --- answering ---

    async def _answer(self, packet: bytes) -> bytes:
        """The answer to a packet; empty when there is to be none."""
        number, flags, questions = unpack("!HHH", packet[:6])
        if not questions:
            await self._say("packet has 0 queries, ignored", "err")
            return b""
        if flags & RESPONSE:
            await self._say("response packet, ignored", "err")
            return b""
        end = packet.find(b"\0", HEADER)
        end = (len(packet) if end < 0 else end) + 5
        if len(packet) < end:
            await self._say("packet too short", "err")
            return b""
        question = packet[HEADER:end]
        try:
            record = await self._record(flags, question)
        except Negative as negative:
            why, answer_flags = negative.args
            if self.verbose:
                await self._say(f"{why}, {'dropping query' if self.silent else 'sending error reply'}", "err")
            if self.silent:
                return b""
            return pack("!HHHHHH", number, flags | answer_flags, 1, unpack("!H", packet[6:8])[0], 0, 0) + question
        if self.verbose:
            await self._say("returning positive reply")
        return pack("!HHHHHH", number, flags | RESPONSE | AUTHORITATIVE, 1, 1, 0, 0) + question + record

    async def _record(self, flags: int, question: bytes) -> bytes:
        """The record that answers a question. Raises Negative."""
        kind, family = unpack("!HH", question[-4:])
        if flags & OPCODES:
            raise Negative("opcode != 0", RESPONSE | NOTIMP)
        if family != INTERNET:
            raise Negative("class != 1", RESPONSE | NOTIMP)
        if kind not in (TYPES["A"], TYPES["PTR"]):
            raise Negative("type is !REQ_A and !REQ_PTR", RESPONSE | NOTIMP)
        await self.proc.cpu(ENTRY_COST_NS * len(self.entries))
        data = self._look_up(kind, question[:-5])
        if data is None or HEADER + 2 * len(question) + 6 + len(data) > LARGEST:
            raise Negative("name is not found", RESPONSE | AUTHORITATIVE | NXDOMAIN)
        return question + pack("!IH", self.ttl, len(data)) + data

    def _look_up(self, kind: int, name: bytes) -> bytes | None:
        wanted = name.lower()
        for entry in self.entries:
            if kind == TYPES["A"]:
                if entry.name == ANY_NAME or entry.name.lower() == wanted:
                    return entry.address
            elif entry.name != ANY_NAME and name.startswith(entry.reversed):
                return entry.name + b"\0"
        return None
