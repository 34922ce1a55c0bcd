"""The second connection of FTP, over which files and listings go: the server's side."""

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network.addresses import Address
from podlab.mock.programs.applet import Call
from podlab.mock.programs.net.hosts import family_of, plain


class NoConnection(Exception):
    """There is no data connection; the text says why, if the server dies of it."""


class DataChannel:
    """How the next data connection comes about: the client comes (PASV, EPSV), or the server goes to it (PORT)."""

    def __init__(self, call: Call) -> None:
        self.proc = call.proc
        self._listener = -1
        self._target: Address | None = None

    @property
    def ready(self) -> bool:
        """Whether the client has said how."""
        return self._listener >= 0 or self._target is not None

    def close(self) -> None:
        """Forgets what was said."""
        if self._listener >= 0:
            self.proc.close(self._listener)
        self._listener, self._target = -1, None

    def listen(self) -> int:
        """Waits for the client at a port of its own. Returns the port."""
        self.close()
        ip = self.proc.getsockname(0)[0]
        self._listener = self.proc.socket(family_of(ip))
        self.proc.setsockopt(self._listener, reuse=True)
        self.proc.bind(self._listener, (ip, 0))
        self.proc.listen(self._listener, 1)
        return self.proc.getsockname(self._listener)[1]

    def listen_old(self) -> str:
        """As `listen`. Returns PASV's answer."""
        port = self.listen()
        numbers = plain(self.proc.getsockname(0)[0]).replace(".", ",")
        return f"227 PASV ok ({numbers},{port >> 8},{port & 255})"

    def use_port(self, where: str) -> bool:
        """Takes the port of PORT's argument; the address is the client's, whatever it says. False when it is wrong."""
        self.close()
        words = where.split(",")
        if len(words) < 3 or not all(word.isdigit() and int(word) < 256 for word in words[-2:]):
            return False
        self._target = (self.proc.getpeername(0)[0], int(words[-2]) << 8 | int(words[-1]))
        return True

    async def connect(self) -> int:
        """The connection's descriptor. Raises NoConnection."""
        listener, target = self._listener, self._target
        try:
            if listener >= 0:
                return (await self.proc.accept(listener))[0]
            if target is not None:
                return await self._go(target)
        except OSError as error:
            raise NoConnection from error
        finally:
            self.close()
        raise NoConnection

    async def _go(self, target: Address) -> int:
        fd = self.proc.socket(family_of(target[0]))
        try:
            await self.proc.connect(fd, target)
        except OSError as error:
            reason = strerror(error.errno or 0)
            raise NoConnection(f"can't connect to remote host ({plain(target[0])}): {reason}") from error
        return fd
