"""httpd: a web server for files and scripts; a process for each connection."""

from dataclasses import dataclass
from typing import Final

from podlab.mock.machine.network.addresses import ANY6, Address
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGCHLD, SIGHUP, SIGPIPE, Disposition
from podlab.mock.machine.sockets import AF_INET6
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import family_of, host_and_port
from podlab.mock.programs.net.httpd.config import DEFAULT_PATH, FILE_NAME, Config
from podlab.mock.programs.net.httpd.connection import Connection
from podlab.mock.programs.net.httpd.request import decode
from podlab.mock.programs.passwords import ALPHABET, is_modelled, md5_crypt
from podlab.mock.programs.process.running import daemonize
from podlab.mock.programs.streams import to_bytes

DEFAULT_PORT: Final = 80
BACKLOG: Final = 9
REALM: Final = "Web Server Authentication"


@dataclass(slots=True)
class Settings:
    """What the options say.

    Attributes:
        home: The directory that is served, as SCRIPT_FILENAME shows it.
        config_file: Empty for the default places.
    """

    home: str
    realm: str
    verbose: int
    config_file: str


@applet("httpd", "c:d:h:e:r:m:u:p:ifv")
async def httpd(call: Call) -> int:
    """Serves until it is killed."""
    options, proc = call.options, call.proc
    for letter, convert in (("d", _url_decode), ("e", _html_encode), ("m", _encrypt)):
        text = options.get(letter)
        if text is not None:
            await call.out.write(convert(proc, text))
            return 0
    settings = Settings(options.get("h") or proc.cwd, options.get("r") or REALM, options.count("v"), options.get("c") or "")
    home = options.get("h")
    if home is not None:
        try:
            proc.chdir(home)
        except OSError as error:
            call.die(f"can't change directory to '{home}': {error.strerror}")
    listener = -1
    owner = await _owner(call, options.get("u"))
    if "i" not in options:
        listener = await _listen(call, options.get("p"))
    if owner is not None:
        proc.uid, proc.gid = owner
        proc.groups = (owner[1],)
    config = await _read_config(call, settings, first=True)
    if config.home:
        proc.chdir(config.home)
    server = Server(call, settings, config)
    if "i" in options:
        return await server.serve_one()
    if "f" in options:
        return await server.serve(proc, listener)
    daemonize(proc, lambda child: server.serve(child, listener))
    return 0


class Server:
    """Accepts connections, and reads the configuration again at SIGHUP."""

    def __init__(self, call: Call, settings: Settings, config: Config) -> None:
        self.call = call
        self.settings = settings
        self.config = config
        self._reload = False

    async def serve(self, proc: Process, listener: int) -> int:
        """Never ends by itself."""
        proc.signal(SIGCHLD, Disposition.IGNORE)
        proc.signal(SIGHUP, self._on_hangup)
        while True:
            if self._reload:
                self._reload = False
                self.config = await _read_config(self.call, self.settings, first=False)
            try:
                fd, peer = await proc.accept(listener)
            except InterruptedError:
                continue
            except OSError:
                return 1
            self._start(proc, listener, fd, peer)
            proc.close(fd)

    def _on_hangup(self, number: int) -> None:
        self._reload = True

    def _start(self, proc: Process, listener: int, fd: int, peer: Address) -> None:
        async def body(child: Process) -> int:
            child.signal(SIGPIPE, Disposition.IGNORE)
            child.close(listener)
            child.dup2(fd, 0)
            child.dup2(fd, 1)
            if fd > 1:
                child.close(fd)
            return await Connection(child, self.settings, self.config, peer).serve()

        try:
            proc.fork(body)
        except OSError:  # no more processes: the client sees its connection end, as with a fork that fails
            return

    async def serve_one(self) -> int:
        """A connection that somebody else has accepted (inetd)."""
        proc = self.call.proc
        proc.signal(SIGPIPE, Disposition.IGNORE)
        try:
            peer: Address | None = proc.getpeername(0)
        except OSError:
            peer = None
        return await Connection(proc, self.settings, self.config, peer).serve()


async def _listen(call: Call, where: str | None) -> int:
    proc = call.proc
    if where is None or (where.isdigit() and 0 < int(where) < 65_536):
        address: Address = (ANY6, int(where or DEFAULT_PORT))
    else:
        address = await host_and_port(call, where, DEFAULT_PORT)
    fd = proc.socket(family_of(address[0]) if address[0] != ANY6 else AF_INET6)
    proc.setsockopt(fd, reuse=True)
    try:
        proc.bind(fd, address)
    except OSError as error:
        call.die(f"bind: {error.strerror}")
    try:
        proc.listen(fd, BACKLOG)
    except OSError as error:
        call.die(f"listen: {error.strerror}")
    return fd


async def _owner(call: Call, text: str | None) -> tuple[int, int] | None:
    """Whom `-u user[:group]` names. Dies when there is none."""
    if text is None:
        return None
    user, colon, group = text.partition(":")
    uid, gid = await _lookup(call, "/etc/passwd", user)
    if colon:
        gid = (await _lookup(call, "/etc/group", group))[0]
    if uid < 0 or gid < 0:
        call.die(f"unknown user/group {text}")
    return uid, gid


async def _lookup(call: Call, path: str, name: str) -> tuple[int, int]:
    for line in (await call.proc.read_text(path)).splitlines():
        fields = line.split(":")
        if len(fields) >= 4 and name in (fields[0], fields[2]) and fields[2].isdigit():
            return int(fields[2]), int(fields[3]) if fields[3].isdigit() else 0
    return (int(name), int(name)) if name.isdigit() else (-1, -1)


async def _read_config(call: Call, settings: Settings, first: bool) -> Config:
    config = Config()
    proc = call.proc
    for path in [settings.config_file] if settings.config_file else [f"{DEFAULT_PATH}/{FILE_NAME}", FILE_NAME]:
        try:
            fd = await proc.open(path)
        except OSError as error:
            if settings.config_file and first:
                call.die(f"{path}: {error.strerror}")
            continue
        text = (await proc.read_all(fd)).decode(errors="surrogateescape")
        proc.close(fd)
        for line in config.read(text):
            await call.warn(f"config error '{line}' in '{path}'")
        for login in config.logins:
            if not is_modelled(login.password):
                call.die(f"the scheme of the password of '{login.user}' in '{path}' is not modelled by podlab")
        break
    return config


def _url_decode(proc: Process, text: str) -> bytes:
    return to_bytes(decode_loosely(text))


def decode_loosely(text: str) -> str:
    """Undoes %XX and `+`; what is malformed stays."""
    parts = text.replace("+", " ").split("%")
    return parts[0] + "".join(decode(f"%{part}", of_path=False) or f"%{part}" for part in parts[1:])


def _html_encode(proc: Process, text: str) -> bytes:
    return b"".join(bytes((byte,)) if bytes((byte,)).isalnum() and byte < 128 else b"&#%d;" % byte for byte in to_bytes(text))


def _encrypt(proc: Process, text: str) -> bytes:
    salt = "".join(proc.kernel.random("crypt").choice(ALPHABET) for _ in range(8))
    return md5_crypt(text, salt).encode() + b"\n"
