"""syslogd: takes messages at /dev/log, and keeps them in files, in memory, or on another host."""

import errno
import re
import stat
from contextlib import suppress
from typing import Final, NoReturn

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.ipc import Segment, Semaphores
from podlab.mock.machine.process import Process
from podlab.mock.machine.resolver import UnknownHost
from podlab.mock.machine.signals import SIGHUP, SIGINT, SIGTERM, Disposition
from podlab.mock.machine.sockets import AF_UNIX, SOCK_DGRAM
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import family_of
from podlab.mock.programs.numbers import unsigned
from podlab.mock.programs.process.running import daemonize
from podlab.mock.programs.streams import to_bytes
from podlab.mock.programs.system.syslogrules import Rule, read_rules
from podlab.mock.programs.system.syslogs import KEY, LOG_PATH, USER_NOTICE, priority_name, stamp

MAX_READ: Final = 255
BUFFER: Final = 16 << 10
HEADER: Final = 9
"""What of the memory is not for messages, and its last byte stays 0."""
FILE_SIZE: Final = 200 << 10
SYSLOG_INFO: Final = 5 << 3 | 6
PORT: Final = 514
DNS_PATIENCE_NS: Final = 120 * SECOND
VERSION: Final = "BusyBox v1.37.0"
PID_FILE: Final = "/var/run/syslogd.pid"
_CONTROL: Final = re.compile(rb"[\x01-\x08\x0b-\x1f]")
_INT_MAX_KB: Final = ((1 << 31) - 1) // 1024


@applet("syslogd", "m:nO:l:Sts:b:R:LC::Df:K", operands=(0, 0))
async def syslogd(call: Call) -> int:
    """Keeps the log until it is told to end."""
    options, proc = call.options, call.proc
    daemon = Daemon(call)
    daemon.rules = await read_rules(call, options.get("f"))
    daemon.open()
    if "K" in options:
        await call.open_or_die("/dev/kmsg")
    if "n" in options:
        return await daemon.run()

    async def body(child: Process) -> int:
        daemon.proc = child
        return await daemon.run()

    daemonize(proc, body, "/")
    return 0


class File:
    """A file that messages go into, opened anew each second, so that it may be moved away."""

    __slots__ = ("fd", "opened_at", "path", "regular", "size")

    def __init__(self, path: str) -> None:
        self.path = path
        self.fd = -1
        self.opened_at = -1
        self.regular = False
        self.size = 0


class Daemon:
    """The server."""

    def __init__(self, call: Call) -> None:
        options = call.options
        self.proc = call.proc
        self.call = call
        self.rules: list[Rule] = []
        self.level = unsigned(options.get("l", "8"), 1, 8)
        self.most = unsigned(options.get("s", str(FILE_SIZE >> 10)), 0, _INT_MAX_KB) << 10
        self.kept = unsigned(options.get("b", "1"), 0, 99)
        self.memory = unsigned(options.get("C") or str(BUFFER >> 10), 4, _INT_MAX_KB) << 10
        self.hosts = options.all("R")
        self.locally = "L" in options or not self.hosts
        self.hostname = call.proc.uts.hostname.partition(".")[0][:64]
        self.segment: Segment | None = None
        self._guards: Semaphores | None = None
        self._files: dict[str, File] = {}
        self._addresses: dict[str, tuple[str, int]] = {}
        self._asked_at: dict[str, int] = {}
        self._senders: dict[int, int] = {}
        self._fd = -1
        self._signal = 0

    def open(self) -> None:
        """Takes /dev/log, and memory when that is asked for."""
        proc = self.proc
        with suppress(OSError):
            proc.unlink(LOG_PATH)
        self._fd = proc.socket(AF_UNIX, SOCK_DGRAM)
        try:
            proc.bind(self._fd, (LOG_PATH, 0))
        except OSError as error:
            self.call.die_of("bind", error)
        proc.chmod(LOG_PATH, 0o666)
        if "C" in self.call.options:
            proc.cgroup.charge(self.memory)
            self._share()

    async def run(self) -> int:
        """Until SIGTERM or SIGINT."""
        proc = self.proc
        proc.dup2(self._fd, 0)
        if self._fd:
            proc.close(self._fd)
        for number in (SIGTERM, SIGINT):
            proc.signal(number, self._on_signal)
        proc.signal(SIGHUP, Disposition.IGNORE)
        await self._say("syslogd started: " + VERSION)
        await self._write_pid()
        last = b""
        while not self._signal:
            try:
                data = (await proc.read(0, MAX_READ)).rstrip(b"\0\n")
            except InterruptedError:
                continue
            if not data or ("D" in self.call.options and data == last):
                continue
            last = data
            await self._forward(data + b"\n")
            if "L" in self.call.options:  # 1.37 forgets its default here: without -L it logs nothing but its own messages
                await self._split(data)
        await self._say("syslogd exiting")
        with suppress(OSError):
            proc.unlink(PID_FILE)
        if self.segment is not None:
            self._unshare(self.segment)
        proc.signal(self._signal, Disposition.DEFAULT)
        proc.kill(proc.pid, self._signal)
        return 128 + self._signal

    def _share(self) -> None:
        """Makes what logread finds by its key: the memory, and two semaphores that guard it."""
        proc, ipc = self.proc, self.proc.container.ipc
        memory = Segment(data=bytearray(self.memory - HEADER), size=self.memory, key=KEY)
        guards = Semaphores(values=[0, 0], users=[proc.pid, proc.pid], key=KEY, mode=0o777)
        for what in (memory, guards):
            what.uid, what.gid, what.creator, what.user = proc.uid, proc.gid, proc.pid, proc.pid
            what.changed_ns = what.used_ns = proc.kernel.wall_ns
        self.segment, self._guards = ipc.segments.add(memory), ipc.semaphores.add(guards)

    async def _die_without_guards(self, segment: Segment) -> NoReturn:
        """Somebody has removed the semaphores."""
        self.proc.container.ipc.segments.detach(segment, self.proc.kernel.wall_ns)
        self.proc.cgroup.charge(-self.memory)
        with suppress(OSError):
            await self.proc.write(2, to_bytes(f"syslogd: SMwdn: {strerror(errno.EINVAL)}\n"))
        self.proc.exit(1)

    def _unshare(self, segment: Segment) -> None:
        ipc = self.proc.container.ipc
        ipc.segments.detach(segment, self.proc.kernel.wall_ns)
        ipc.segments.remove(segment)
        if self._guards is not None:
            ipc.semaphores.remove(self._guards)
        self.proc.cgroup.charge(-self.memory)

    def _on_signal(self, number: int) -> None:
        self._signal = number

    async def _write_pid(self) -> None:
        with suppress(OSError):
            fd = await self.proc.open(PID_FILE, O_WRONLY | O_CREAT, 0o666)
            await self.proc.write(fd, f"{self.proc.pid}\n".encode())
            self.proc.close(fd)

    # --- messages ---

    async def _say(self, text: str) -> None:
        """Logs something of its own."""
        if self.locally:
            await self._log(SYSLOG_INFO, text.encode(), stamped=False)

    async def _split(self, data: bytes) -> None:
        """Logs the messages that NULs divide, with their controls made visible."""
        for part in data.split(b"\0"):
            priority = USER_NOTICE
            if part.startswith(b"<"):
                digits = part[1 : 1 + len(part) - 1 - len(part[1:].lstrip(b"0123456789"))]
                part = part[1 + len(digits) :].removeprefix(b">")
                number = int(digits) if digits else -1
                priority = number if 0 <= number < 1 << 10 else USER_NOTICE
            await self._log(priority, _visible(part))

    async def _log(self, priority: int, message: bytes, stamped: bool = True) -> None:
        time = to_bytes(stamp(self.proc))
        if stamped and _is_stamped(message):
            if "t" not in self.call.options:
                time = message[:15]
            message = message[16:]
        if "S" in self.call.options:
            line = time + b" " + message + b"\n"
        else:
            line = b"%s %s %s %s\n" % (time, to_bytes(self.hostname), priority_name(priority).encode(), message)
        matching = [rule for rule in self.rules if priority >> 3 < 24 and rule.matches(priority)]
        for rule in matching:
            await self._write(rule.path, line)
        if not matching and priority & 7 < self.level:
            if self.segment is not None:
                if all(each is not self._guards for each in self.proc.container.ipc.semaphores):
                    await self._die_without_guards(self.segment)
                _into(self.segment, line + b"\0")
            else:
                await self._write(self.call.options.get("O") or "/var/log/messages", line)

    # --- where they go ---

    async def _write(self, path: str, line: bytes) -> None:
        proc = self.proc
        if path == "-":
            with suppress(OSError):
                await proc.write(1, line)
            return
        file = self._files.setdefault(path, File(path))
        try:
            await self._reopen(file)
            if self.most and file.regular and file.size > self.most:
                self._rotate(file)
                await self._reopen(file)
            file.size += await proc.write(file.fd, line)
        except OSError:
            with suppress(OSError):
                await proc.write(2, line)

    async def _reopen(self, file: File) -> None:
        now = self.proc.kernel.now_ns // SECOND
        if file.fd >= 0 and file.opened_at == now:
            return
        if file.fd >= 0:
            self.proc.close(file.fd)
            file.fd = -1
        file.fd = await self.proc.open(file.path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK, 0o666, lowest=3)
        file.opened_at = now
        status = self.proc.fstat(file.fd)
        file.regular, file.size = stat.S_ISREG(status.mode), status.size

    def _rotate(self, file: File) -> None:
        proc = self.proc
        for number in range(self.kept - 1, 0, -1):
            with suppress(OSError):
                proc.rename(f"{file.path}.{number - 1}", f"{file.path}.{number}")
        if self.kept:
            with suppress(OSError):
                proc.rename(file.path, f"{file.path}.0")
        with suppress(OSError):
            proc.unlink(file.path)
        proc.close(file.fd)
        file.fd = -1

    async def _forward(self, data: bytes) -> None:
        """Sends a message to the other hosts, as far as their names are known."""
        for host in self.hosts:
            address = await self._address(host)
            if address is None:
                continue
            family = family_of(address[0])
            if family not in self._senders:
                self._senders[family] = self.proc.socket(family, SOCK_DGRAM)
            with suppress(OSError):
                self.proc.sendto(self._senders[family], data, address)

    async def _address(self, host: str) -> tuple[str, int] | None:
        now = self.proc.kernel.now_ns
        if host not in self._addresses and now - self._asked_at.get(host, -DNS_PATIENCE_NS) >= DNS_PATIENCE_NS:
            self._asked_at[host] = now
            name, _, port = host.partition(":")
            with suppress(OSError, UnknownHost):
                found = await self.proc.resolve(name)
                self._addresses[host] = found[0], int(port or PORT)
        return self._addresses.get(host)


def _visible(message: bytes) -> bytes:
    """A message without newlines, and with its other controls as ^X."""
    return _CONTROL.sub(lambda found: b"^" + bytes((found[0][0] + 64,)), message.replace(b"\n", b" "))


def _is_stamped(message: bytes) -> bool:
    """Whether a message begins with a time of its own."""
    return len(message) >= 16 and (message[3:4], message[6:7], message[9:10], message[12:13], message[15:16]) == (
        b" ", b" ", b":", b":", b" ",
    )  # fmt: skip


def _into(segment: Segment, line: bytes) -> None:
    """Writes into the memory, round and round; its last byte stays 0."""
    size = len(segment.data) - 1
    while True:
        room = size - segment.tail
        if len(line) < room:
            segment.data[segment.tail : segment.tail + len(line)] = line
            segment.tail += len(line)
            return
        segment.data[segment.tail : size] = line[:room]
        line = line[room:]
        segment.tail = 0
