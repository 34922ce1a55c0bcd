"""inetd: the server."""

import errno
from contextlib import suppress
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror, unix_error
from podlab.mock.machine.network.addresses import ANY4, ANY6, Address
from podlab.mock.machine.process import Process
from podlab.mock.machine.resolver import UnknownHost
from podlab.mock.machine.signals import SIGALRM, SIGCHLD, SIGHUP, SIGINT, SIGPIPE, SIGTERM, Disposition
from podlab.mock.machine.sockets import AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import family_of, port_number
from podlab.mock.programs.net.inetd.config import ANY_HOST, UNKNOWN_KIND, Entry, parse
from podlab.mock.programs.net.inetd.internal import FORKING, Datagrams, serve_stream
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.process.identities import become
from podlab.mock.programs.process.running import daemonize, execvp, reaped, rest
from podlab.mock.programs.streams import to_bytes
from podlab.mock.programs.system.syslogs import FACILITIES, PRIORITIES, SystemLog
from podlab.mock.programs.users import User, read_accounts

CONFIG: Final = "/etc/inetd.conf"
PID_FILE: Final = "/var/run/inetd.pid"
BACKLOG: Final = 128
INTERVAL: Final = 60
"""Seconds in which connections are counted."""
RETRY: Final = 60
"""Seconds after which a socket is tried again."""
DAEMON_ERROR: Final = FACILITIES["daemon"] << 3 | PRIORITIES["err"]
_NO_SOCKET: Final = {UNKNOWN_KIND: errno.EINVAL, 3: errno.EPROTONOSUPPORT}
"""What Linux says of kinds of sockets; of others that the type is not supported."""


@applet("inetd", "R:feq:")
async def inetd(call: Call) -> int:
    """Serves until SIGTERM or SIGINT."""
    options, proc = call.options, call.proc
    most = unsigned(options.get("R", "0"), 0, INT_MAX)
    backlog = unsigned(options.get("q", str(BACKLOG)), 0, INT_MAX)
    path = call.operands[0] if call.operands else CONFIG if proc.uid == 0 else None
    if path is None:
        call.die("non-root must specify config file")

    async def body(child: Process) -> int:
        inner = Call(call.applet, child)
        inner.options = options
        return await Server(inner, path, most, backlog).run()

    if "f" in options:
        return await body(proc)
    daemonize(proc, body)
    return 0


class Server:
    """One run.

    Attributes:
        entries: What is served, the newest first.
    """

    def __init__(self, call: Call, path: str, most: int, backlog: int) -> None:
        self.call = call
        self.proc = call.proc
        self.path = path
        self.most = most
        self.backlog = backlog
        self.uid = call.proc.uid
        self.entries: list[Entry] = []
        self.datagrams = Datagrams()
        self._retry_ns: int | None = None
        self._arrived: set[int] = set()
        self._log = None if "e" in call.options else _log(call.proc)

    async def _say(self, text: str, error: OSError | None = None) -> None:
        text += f": {strerror(error.errno or 0)}" if error is not None else ""
        if self._log is not None:
            await self._log.send(to_bytes(text))
        else:
            await self.call.warn(text)

    async def run(self) -> int:
        """Until it is told to end."""
        proc = self.proc
        if self.uid == 0:
            proc.groups = (proc.gid,)
        await self._write_pid()
        for number in (SIGALRM, SIGHUP, SIGCHLD, SIGTERM, SIGINT):
            proc.signal(number, self._arrived.add)
        proc.signal(SIGPIPE, Disposition.IGNORE)
        await self._read_config()
        while not self._arrived & {SIGTERM, SIGINT}:
            ready = await self._wait()
            await self._deal_with_signals()
            for entry in self.entries:
                if entry.listens and entry.fd in ready and proc.file(entry.fd).readable():
                    await self._serve(entry)
        for entry in self.entries:
            if entry.fd >= 0 and entry.family == AF_UNIX:
                self._unlink(entry)
        with suppress(OSError):
            proc.unlink(PID_FILE)
        return 0

    async def _write_pid(self) -> None:
        with suppress(OSError):
            fd = await self.proc.open(PID_FILE, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
            await self.proc.write(fd, f"{self.proc.pid}\n".encode())
            self.proc.close(fd)

    async def _wait(self) -> list[int]:
        """Waits until somebody asks, a signal comes, or it is time to try again."""
        if self._arrived:
            return []
        fds = tuple(entry.fd for entry in self.entries if entry.listens)
        patience = None if self._retry_ns is None else max(0, self._retry_ns - self.proc.kernel.now_ns)
        try:
            return (await self.proc.poll(fds, (), patience))[0]
        except InterruptedError:
            return []

    async def _deal_with_signals(self) -> None:
        arrived = set(self._arrived)
        self._arrived -= arrived & {SIGALRM, SIGHUP, SIGCHLD}
        if SIGCHLD in arrived:
            await self._reap()
        if SIGHUP in arrived:
            await self._read_config()
        if SIGALRM in arrived or (self._retry_ns is not None and self.proc.kernel.now_ns >= self._retry_ns):
            self._retry_ns = None
            for entry in self.entries:
                if entry.fd < 0:
                    await self._listen(entry)

    async def _reap(self) -> None:
        async for ended in reaped(self.proc):
            for entry in self.entries:
                if entry.child == ended.pid:
                    if ended.status:
                        how = f"signal {ended.signal}" if ended.signal else f"status {ended.code}"
                        await self._say(f"{entry.program}: exit {how}")
                    entry.child, entry.listens = 0, entry.fd >= 0

    # --- what is to be served ---

    async def _read_config(self) -> None:
        """Reads the table, opens what is new in it, and closes what is there no more."""
        try:
            fd = await self.proc.open(self.path)
        except OSError as error:
            await self._say(self.path, error)
            return
        data = await self.proc.read_all(fd)
        self.proc.close(fd)
        for entry in self.entries:
            entry.seen = False
        for found in parse(data, self.most):
            if isinstance(found, Entry):
                await self._take(found)
            else:
                number, text = found
                if text:
                    await self._say(text)
                await self._say(f"parse error on line {number}, line is ignored")
        for entry in self.entries:
            if not entry.seen:
                self._close(entry)
                if entry.family == AF_UNIX:
                    self._unlink(entry)
        self.entries = [entry for entry in self.entries if entry.seen]

    async def _take(self, new: Entry) -> None:
        entry = next((each for each in self.entries if each.is_same(new)), None)
        if entry is None:
            entry = new
            self.entries.insert(0, entry)
        else:
            entry.take_over(new)
            if not new.waits:
                entry.child, entry.listens = 0, entry.fd >= 0
        entry.seen = True
        address = await self._address(entry)
        if address is None:
            return
        if address != entry.address:
            self._close(entry)
            entry.address = address
        if entry.fd < 0:
            await self._listen(entry)

    async def _address(self, entry: Entry) -> Address | None:
        """Where an entry listens; None, after saying so, when that is not known."""
        if entry.family == AF_UNIX:
            return entry.service, 0
        port = await port_number(self.call, entry.service, entry.protocol[:3])
        if port is None:
            await self._say(f"{entry.name}: unknown service")
            return None
        if entry.host == ANY_HOST:
            return (ANY6 if entry.family == AF_INET6 else ANY4), port
        found: list[str] = []
        try:
            found = await self.proc.resolve(entry.host.removeprefix("[").removesuffix("]"))
        except UnknownHost as error:
            await self._say(str(error))
        found = [ip for ip in found if family_of(ip) == entry.family]
        if not found:
            await self._say(f"{entry.name}: unknown host '{entry.host}'")
            return None
        return found[0], port

    def _close(self, entry: Entry) -> None:
        if entry.fd >= 0:
            self.proc.close(entry.fd)
        entry.fd, entry.listens = -1, False

    def _unlink(self, entry: Entry) -> None:
        with suppress(OSError):
            self.proc.unlink(entry.service)

    def _arm(self) -> None:
        """Tries again what is not open, in a minute."""
        if self._retry_ns is None:
            self._retry_ns = self.proc.kernel.now_ns + RETRY * SECOND

    async def _listen(self, entry: Entry) -> None:
        """Opens an entry's socket."""
        proc = self.proc
        if entry.address is None:
            return
        try:
            if entry.kind not in (SOCK_STREAM, SOCK_DGRAM):
                raise unix_error(_NO_SOCKET.get(entry.kind, errno.ESOCKTNOSUPPORT))
            fd = proc.socket(entry.family, entry.kind)
        except OSError as error:
            await self._say("socket", error)
            return
        proc.setsockopt(fd, reuse=True)
        if entry.family == AF_UNIX:
            self._unlink(entry)
        try:
            proc.bind(fd, entry.address)
            if entry.kind == SOCK_STREAM:
                proc.listen(fd, self.backlog)
        except OSError as error:
            await self._say(f"{entry.name}: bind", error)
            proc.close(fd)
            self._arm()
            return
        entry.fd, entry.listens = fd, True

    # --- serving ---

    async def _serve(self, entry: Entry) -> None:
        """Serves whoever asks now."""
        proc = self.proc
        fd, fresh = entry.fd, -1
        if not entry.waits and entry.kind == SOCK_STREAM:
            try:
                fd, _ = await proc.accept(entry.fd)
            except OSError as error:
                await self._say(f"accept (for {entry.service})", error)
                return
        elif not entry.waits and entry.family != AF_UNIX:
            fresh = await self._part(entry)
            if fresh < 0:
                return
        if entry.is_internal and (entry.kind == SOCK_DGRAM or entry.service not in FORKING):
            await self._serve_here(entry, fd)
        elif await self._is_too_often(entry):
            for each in (fresh, fd):
                if each >= 0 and each in proc.fds:
                    proc.close(each)
        else:
            await self._start(entry, fd, fresh)

    async def _part(self, entry: Entry) -> int:
        """Gives the socket to the peer whose datagram waits in it. Returns another, bound likewise, for all others, or -1."""
        proc = self.proc
        assert entry.address is not None
        fresh = -1
        try:
            await proc.connect(entry.fd, await proc.peekfrom(entry.fd))
            fresh = proc.socket(entry.family, SOCK_DGRAM)
            proc.setsockopt(fresh, reuse=True)
            proc.bind(fresh, entry.address)
        except OSError:
            if fresh >= 0:
                proc.close(fresh)
            with suppress(OSError):
                await proc.recvfrom(entry.fd)
            return -1
        return fresh

    async def _serve_here(self, entry: Entry, fd: int) -> None:
        if entry.kind == SOCK_DGRAM:
            await self.datagrams.serve(entry.service, self.proc, fd)
        else:
            await serve_stream(entry.service, self.proc, fd)
            self.proc.close(fd)

    async def _is_too_often(self, entry: Entry) -> bool:
        """Counts, and lets the service pause when it is asked for too often."""
        if not entry.most:
            return False
        now = self.proc.kernel.now_ns // SECOND
        entry.count += 1
        if entry.count == 1:
            entry.since = now
        elif entry.count >= entry.most:
            entry.count = 0
            if now - entry.since <= INTERVAL:
                await self._say(f"{entry.name}: too many connections, pausing")
                self._close(entry)
                self._arm()
                return True
        return False

    async def _start(self, entry: Entry, fd: int, fresh: int) -> None:
        """Starts the service in a child."""
        proc = self.proc

        async def body(child: Process) -> int:
            if entry.is_internal:
                child.close(entry.fd)
                await serve_stream(entry.service, child, fd)
                return 1
            return await self._become(entry, child, fd, fresh)

        try:
            child = proc.fork(body)
        except OSError as error:
            await self._say("fork", error)
            await rest(proc, 1)
            for each in {fresh, fd} - {-1, entry.fd}:
                proc.close(each)
            return
        if entry.waits:
            entry.child, entry.listens = child.pid, False
        elif fresh >= 0:
            proc.close(entry.fd)
            entry.fd = fresh
        else:
            proc.close(fd)

    async def _become(self, entry: Entry, child: Process, fd: int, fresh: int) -> int:
        """Becomes the program, as its user, on the socket."""
        child.setsid()
        if fresh >= 0:
            child.close(fresh)
        if (reason := await self._change_user(entry, child)) is not None:
            await self._say_in(child, reason)
            return 1
        for stream in (0, 1) if entry.waits else (0, 1, 2):
            child.dup2(fd, stream)
        for each in {fd, *(other.fd for other in self.entries)}:
            if each > 2 and each in child.fds:
                child.close(each)
        child.signal(SIGPIPE, Disposition.DEFAULT)
        try:
            await execvp(child, entry.words, entry.program)
        except OSError as error:
            await self._say_in(child, f"can't execute '{entry.program}': {strerror(error.errno or 0)}")
        return 1

    async def _change_user(self, entry: Entry, child: Process) -> str | None:
        """Makes a child an entry's user's. Returns why it cannot be, if so."""
        accounts = await read_accounts(child)
        user = accounts.user(entry.user)
        if user is None:
            return f"{entry.user}: no such user"
        group = accounts.group(entry.group) if entry.group is not None else None
        if entry.group is not None and group is None:
            return f"{entry.group}: no such group"
        if self.uid not in (0, user.uid):
            return "non-root must run services as himself"
        if user.uid != self.uid:
            gid = user.gid if group is None else group.gid
            become(child, accounts, User(user.name, user.uid, gid, user.home, user.shell))
        elif group is not None:
            child.gid, child.groups = group.gid, (group.gid,)
        return None

    async def _say_in(self, child: Process, text: str) -> None:
        if self._log is not None:
            await _log(child).send(to_bytes(text))
        else:
            await Call(self.call.applet, child).warn(text)


def _log(proc: Process) -> SystemLog:
    return SystemLog(proc, to_bytes(f"inetd[{proc.pid}]"), DAEMON_ERROR)
