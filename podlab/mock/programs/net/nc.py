"""nc: connects, listens, runs programs on connections, and copies in both directions.

Busybox is built with one of two: a small one of its own (`ncplain`; so has Debian's package, from which the recorded cluster's
image was made), and one that follows nc 1.10 (so has Docker's image). They share the options -l -p -w -i -e, and differ in when
they end and what they say: the small one ends with the network, the other only when standard input has ended, too. The options
tell which one a script was written for: here is the second, which is meant as soon as an option is used that only it has.
"""

import errno
from contextlib import suppress
from copy import copy
from typing import Final, NoReturn

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network.addresses import ANY4, ANY6, Address
from podlab.mock.machine.process import Process
from podlab.mock.machine.resolver import UnknownHost
from podlab.mock.machine.signals import SIGINT, SIGPIPE, SIGQUIT, SIGTERM, Disposition
from podlab.mock.machine.sockets import AF_INET, AF_INET6, SHUT_WR, SOCK_DGRAM, SOCK_STREAM
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import dotted, family_of, plain, port_number, resolve
from podlab.mock.programs.net.ncplain import LETTERS, PlainNetcat
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.options import Options, parse
from podlab.mock.programs.streams import to_bytes

BUFFER: Final = 8192
NET_TRIES: Final = 2
"""How often nothing may have come within `-w` before it ends."""
BACKLOG: Final = 1
TIMED_OUT: Final = (errno.EINPROGRESS, errno.ETIMEDOUT)
CAUGHT: Final = (SIGINT, SIGQUIT, SIGTERM)
OUTPUT_TRIES: Final = 3
"""How often it writes the same again before it gives up (a datagram's error is told only once)."""
OPTIONS: Final = "np:s:uvw:lki:o:zbf:"


class Interrupted(Exception):
    """A signal ended it."""


class Netcat:
    """One run.

    Attributes:
        net: The socket.
        sent, received: Bytes, for `-vv`.
    """

    def __init__(self, call: Call, options: Options, program: list[str]) -> None:
        self.call = call
        self.proc: Process = call.proc
        self.options = options
        self.program = program
        self.verbose = options.count("v")
        self.udp = "u" in options
        self.wait_ns: int | None = None
        self.interval = 0
        self.net = self.listener = -1
        self.sent = self.received = 0
        self.dump = -1
        self._dumped = {">": 0, "<": 0}
        self._signal = 0

    # --- messages and the end ---

    async def say(self, text: str) -> None:
        """On standard error, without the program's name."""
        await self.call.error(text + "\n")

    async def totals(self) -> None:
        """What `-vv` prints at the end."""
        if self.verbose > 1:
            await self.say(f"sent {self.sent}, rcvd {self.received}")

    def catch(self) -> None:
        """Signals that end it are told of."""
        self.proc.signal(SIGPIPE, Disposition.IGNORE)
        for number in CAUGHT:
            self.proc.signal(number, self._on_signal)

    def _on_signal(self, number: int) -> None:
        self._signal = number

    def check(self) -> None:
        """Raises Interrupted when a signal came while it did not wait."""
        if self._signal:
            raise Interrupted

    async def punt(self) -> int:
        """Ends as the signal would have ended it."""
        await self.totals()
        await self.say("punt!")
        self.proc.signal(self._signal, Disposition.DEFAULT)
        self.proc.kill(self.proc.pid, self._signal)
        return 128 + self._signal

    def timed_out(self) -> NoReturn:
        """The wait for a connection was too long."""
        self.call.die("timeout")

    # --- connecting ---

    def socket(self, family: int) -> int:
        """A new socket."""
        fd = self.proc.socket(family, SOCK_DGRAM if self.udp else SOCK_STREAM)
        self.proc.setsockopt(fd, reuse=True)
        return fd

    def bind(self, family: int, local: Address) -> None:
        """Makes the socket, at its own address."""
        self.net = self.socket(family)
        try:
            self.proc.bind(self.net, local)
        except OSError as error:
            self.call.die(f"bind: {strerror(error.errno or 0)}")

    async def connect(self, host: str, ip: str, port: int) -> bool:
        """Connects. Returns whether it did; says why not as loudly as it was asked to."""
        proc = self.proc
        target = (ip, port)
        if self.wait_ns is not None:
            proc.setsockopt(self.net, send_timeout_ns=self.wait_ns)
        try:
            await proc.connect(self.net, target)
            if self.udp and "z" in self.options:
                await self._probe()
        except InterruptedError:
            raise
        except OSError as error:
            reason = "Connection timed out" if error.errno in TIMED_OUT else strerror(error.errno or 0)
            if self.verbose > 1 or (self.verbose and reason != "Connection refused"):
                await self.call.warn(f"{host} ({dotted(target)}): {reason}")
            return False
        proc.setsockopt(self.net, send_timeout_ns=0)
        if self.verbose:
            await self.say(f"{host} ({dotted(target)}) open")
        return True

    async def _probe(self) -> None:
        """Whether anybody listens for datagrams: nobody is told of by the second. Raises OSError."""
        await self.proc.write(self.net, b" ")
        await self.proc.sleep(self.wait_ns / SECOND if self.wait_ns else 0.01)
        await self.proc.write(self.net, b" ")

    # --- listening ---

    async def listen(self, remote: Address | None) -> None:
        """Waits for a client (from `remote` alone, if given)."""
        proc = self.proc
        if not self.udp:
            proc.listen(self.net, BACKLOG)
        if self.verbose:
            await self.say(f"listening on {dotted(proc.getsockname(self.net))} ...")
        await self.accept(remote)

    async def accept(self, remote: Address | None) -> None:
        """The next client that may come in becomes the connection."""
        proc = self.proc
        deadline = None if self.wait_ns is None else proc.kernel.now_ns + self.wait_ns
        while True:
            left = None if deadline is None else max(deadline - proc.kernel.now_ns, 0)
            if not (await proc.poll((self.net,), (), left))[0]:
                self.timed_out()
            if self.udp:
                peer, fd = await proc.peekfrom(self.net), self.net
            else:
                fd, peer = await proc.accept(self.net)
            if remote is None or _fits(peer, remote):
                break
            if self.verbose:
                await self.call.warn(f"connect from wrong ip/port {dotted(peer)} ignored")
            if self.udp:
                await proc.recvfrom(fd)
            else:
                proc.close(fd)
        if self.udp:
            await proc.connect(fd, peer)
        await self._introduce(fd, peer)
        self.listener, self.net = self.net, fd
        if "k" not in self.options and not self.udp:
            proc.close(self.listener)

    async def _introduce(self, fd: int, peer: Address) -> None:
        if self.verbose:
            name = dotted(peer)
            if "n" not in self.options:
                try:
                    found = await self.proc.name_of(peer[0])
                    name = f"{found}:{peer[1]}" if found else name
                except UnknownHost:
                    name = "(null)"
            await self.say(f"connect to {dotted(self.proc.getsockname(fd))} from {name} ({dotted(peer)})")

    # --- running a program ---

    async def execute(self) -> int:
        """Becomes the program, on the connection."""
        proc, words = self.proc, self.program
        net = self.net
        for number in (*CAUGHT, SIGPIPE):
            proc.signal(number, Disposition.DEFAULT)
        proc.dup2(net, 0)
        proc.dup2(net, 1)
        if net > 2:
            proc.close(net)
        try:
            await proc.exec(proc.container.find(proc, words[0]), words)
        except OSError as error:
            await self.call.warn(f"can't execute '{words[0]}': {strerror(error.errno or 0)}")
            return 127 if error.errno == errno.ENOENT else 126

    async def serve(self) -> int:
        """Runs the program for one client after another, each in a process of its own (-lk)."""
        while True:
            self.proc.fork(copy(self)._child)
            self.proc.close(self.net)
            self.net = self.listener
            await self.accept(None)
            while await self._reap():
                pass

    async def _reap(self) -> bool:
        try:
            return await self.proc.waitpid(nohang=True) is not None
        except OSError:
            return False

    async def _child(self, child: Process) -> int:
        child.close(self.listener)
        self.proc = child
        return await self.execute()

    # --- copying ---

    async def shovel(self) -> int:
        """Copies both ways until both have ended."""
        proc = self.proc
        if self.interval:
            await proc.sleep(self.interval)
        fds = {"in": 0, "net": self.net}
        tries = NET_TRIES
        outgoing = b""
        while fds:
            self.check()
            waiting = tuple(fd for name, fd in fds.items() if name == "net" or not outgoing)
            ready, _ = await proc.poll(waiting, (), 0 if outgoing else self.wait_ns)
            if not ready and not outgoing:
                tries -= 1
                if tries == 0:
                    if self.verbose > 1:
                        await self.say("net timeout")
                    break
                continue
            if self.net in ready and "net" in fds and not await self._from_net():
                del fds["net"]
            if 0 in ready and not outgoing:
                outgoing = await self._from_stdin()
                if not outgoing:
                    del fds["in"]
            if outgoing:
                outgoing = await self._to_net(outgoing)
        return 0

    async def _from_net(self) -> bool:
        """Moves a piece from the network to standard output. Returns whether there may be more."""
        try:
            data = await self.proc.read(self.net, BUFFER)
        except InterruptedError:
            raise
        except OSError as error:
            if self.verbose > 1:
                await self.call.warn(f"net read: {strerror(error.errno or 0)}")
            return False
        self.received += len(data)
        await self._record("<", data)
        if data:
            await self._insist(1, data)
        return bool(data)

    async def _from_stdin(self) -> bytes:
        try:
            data = await self.proc.read(0, BUFFER)
        except InterruptedError:
            raise
        except OSError:
            data = b""
        if not data and not self.udp:
            with suppress(OSError):
                self.proc.shutdown(self.net, SHUT_WR)
        return data

    async def _to_net(self, data: bytes) -> bytes:
        """Sends a piece: a line at a time with `-i`. Returns what is left."""
        end = data.find(b"\n") + 1 if self.interval else 0
        piece = data[:end] if end else data
        await self._insist(self.net, piece)
        self.sent += len(piece)
        await self._record(">", piece)
        if self.interval:
            await self.proc.sleep(self.interval)
        return data[len(piece) :]

    async def _insist(self, fd: int, data: bytes) -> None:
        """Writes; gives up only after many tries."""
        for _ in range(OUTPUT_TRIES):
            try:
                await self.proc.write(fd, data)
            except InterruptedError:
                raise
            except OSError:
                continue
            return
        if self.verbose > 1:
            await self.call.warn("too many output retries")
        await self.totals()
        self.call.die("", 1)

    async def _record(self, direction: str, data: bytes) -> None:
        """A hex dump of what passes (-o)."""
        if self.dump < 0:
            return
        for at in range(0, len(data), 16):
            row = data[at : at + 16]
            shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
            text = f"{direction} {self._dumped[direction]:08x} {row.hex(' ') + ' ':<48}# {shown}\n"
            self._dumped[direction] += len(row)
            await self.proc.write(self.dump, to_bytes(text))


def _fits(peer: Address, remote: Address) -> bool:
    return plain(peer[0]) == remote[0] and remote[1] in (0, peer[1])


@applet("nc", None)
async def nc(call: Call) -> int:
    """Connects or listens, and copies or runs a program."""
    words = call.operands
    program = words[words.index("-e") + 1 :] if "-e" in words else []
    if "-e" in words:
        words = words[: words.index("-e")]
        if not program:
            call.usage()
    options, operands = parse(OPTIONS, {}, words)
    wait = unsigned(options.get("w", "0"), 0, INT_MAX)
    if len(operands) > 2 or (not operands and not options.any("lf")):
        call.usage()
    if all(letter in LETTERS for letter, _ in options.given):
        return await PlainNetcat(call, options, operands, program).run()
    netcat = Netcat(call, options, program)
    netcat.wait_ns = wait * SECOND or None
    netcat.interval = unsigned(options.get("i", "0"), 0, 0xFFFF)
    netcat.catch()
    try:
        return await _run(netcat, operands)
    except (InterruptedError, Interrupted):
        return await netcat.punt()


async def _run(netcat: Netcat, operands: list[str]) -> int:
    call, options = netcat.call, netcat.options
    local_port = await _port(netcat, options.get("p") or "0")
    source = options.get("s")
    remote_ip = await resolve(call, operands[0]) if operands else None
    source_ip = await resolve(call, source) if source is not None else None
    remote_port = await _port(netcat, operands[1]) if len(operands) > 1 else 0
    known = source_ip or remote_ip
    family = family_of(known) if known else AF_INET6
    any_ip = ANY4 if family == AF_INET else ANY6
    path = options.get("o")
    if path is not None:
        netcat.dump = await _open_dump(netcat, path)
    if "l" in options or source_ip is not None or local_port:
        netcat.bind(family, (source_ip or any_ip, local_port))
    else:
        netcat.net = netcat.socket(family)
    if "l" in options:
        await netcat.listen((remote_ip, remote_port) if remote_ip is not None else None)
        if netcat.program and "k" in options:
            return await netcat.serve()
    elif remote_ip is None or not await netcat.connect(operands[0], remote_ip, remote_port):
        await netcat.totals()
        return 1
    if netcat.program:
        return await netcat.execute()
    code = 0 if "z" in options else await netcat.shovel()
    await netcat.totals()
    return code


async def _port(netcat: Netcat, text: str) -> int:
    number = await port_number(netcat.call, text, "udp" if netcat.udp else "tcp")
    if number is None:
        netcat.call.die(f"bad port '{text}'")
    return number


async def _open_dump(netcat: Netcat, path: str) -> int:
    try:
        return await netcat.proc.open(path, O_WRONLY | O_CREAT | O_TRUNC)
    except OSError as error:
        netcat.call.die(f"can't open '{path}': {strerror(error.errno or 0)}")
