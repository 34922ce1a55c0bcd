"""telnet: a terminal's line to a server, with as much of the protocol as a plain server needs."""

from typing import Final

from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import family_of, port_number, resolve

IAC: Final = 255
DONT: Final = 254
DO: Final = 253
WONT: Final = 252
WILL: Final = 251
SB: Final = 250
SE: Final = 240
ECHO: Final = 1
GO_AHEAD: Final = 3
PORT: Final = 23
CHARACTER_MODE: Final = "\r\nEntering character mode\r\nEscape character is '^]'.\r\n\r"


class Session:
    """A connection: bytes from the server are searched for commands, bytes to it are escaped."""

    def __init__(self, call: Call, fd: int) -> None:
        self.call = call
        self.proc = call.proc
        self.fd = fd
        self.character_mode = False
        self._command = bytearray()
        self._answered: dict[tuple[int, int], None] = {}

    async def receive(self, data: bytes) -> bytes:
        """Takes the commands out of what came, and answers them. Returns the rest."""
        text = bytearray()
        for byte in data:
            command = self._command
            if command:
                command.append(byte)
                if await self._complete(command, text):
                    command.clear()
            elif byte == IAC:
                command.append(byte)
            else:
                text.append(byte)
        return bytes(text)

    async def _complete(self, command: bytearray, text: bytearray) -> bool:
        if command[1] == IAC:
            text.append(IAC)
            return True
        if command[1] == SB:
            return command[-2:] == bytes((IAC, SE))
        if command[1] in (DO, DONT, WILL, WONT):
            if len(command) < 3:
                return False
            await self._negotiate(command[1], command[2])
        return True

    async def _negotiate(self, verb: int, option: int) -> None:
        """Lets the server echo and go on without go-ahead; declines all else."""
        if (verb, option) in self._answered:
            return
        self._answered[verb, option] = None
        if verb == WILL:
            answer = DO if option in (ECHO, GO_AHEAD) else DONT
            if option == ECHO and not self.character_mode:
                self.character_mode = True
                await self.call.out.write_text(CHARACTER_MODE)
        elif verb == DO:
            answer = WONT
        else:
            return
        await self.proc.write(self.fd, bytes((IAC, answer, option)))


@applet("telnet", "al:", operands=(1, 2))
async def telnet(call: Call) -> int:
    """Connects, and copies both ways until one side ends."""
    proc = call.proc
    port = await port_number(call, call.operands[1]) if len(call.operands) > 1 else PORT
    if port is None:
        call.die(f"bad port '{call.operands[1]}'")
    ip = await resolve(call, call.operands[0])
    fd = proc.socket(family_of(ip))
    try:
        await proc.connect(fd, (ip, port))
    except OSError as error:
        call.die(f"can't connect to remote host ({ip}): {strerror(error.errno or 0)}")
    await call.out.write_text(f"Connected to {call.operands[0]}\n")
    session = Session(call, fd)
    while True:
        ready, _ = await proc.poll((0, fd))
        if 0 in ready:
            data = await proc.read(0, 128)
            if not data:
                return 0
            await proc.write(fd, data.replace(b"\xff", b"\xff\xff").replace(b"\n", b"\r\n"))
        if fd in ready:
            try:
                data = await proc.read(fd, 128)
            except OSError:
                data = b""
            if not data:
                await proc.write(1, b"Connection closed by foreign host\r\n")
                return 1
            await proc.write(1, await session.receive(data))
