"""busybox' own TLS, as a client: ssl_client, and what wget does under https.

The protocol is OpenSSL's, kept to what busybox speaks (TLS 1.2 and its list of ciphers; no certificate is checked). What goes
wrong on the wire is told in busybox' words, and so records are looked at before OpenSSL gets them.
"""

from functools import cache
from typing import Final, NoReturn

from OpenSSL import SSL

from podlab.mock.kernel import MILLISECOND
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import connect
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.streams import BYTE_COST_NS
from podlab.mock.programs.tls import TlsSide, on_fatal_alert

PORT: Final = 443
CIPHERS: Final = (
    "ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA256:"
    "ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA:AES256-SHA:AES128-SHA256:"
    "AES256-SHA256:AES128-GCM-SHA256:@SECLEVEL=0"
)
"""What busybox offers, in its order."""
NAME_MAX: Final = 127 - 5
HEADER: Final = 5
RECORD_MAX: Final = HEADER + (1 << 14) + 2048
CHUNK: Final = 16_384
CHANGE_CIPHER, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
TLS_1_2: Final = b"\x03\x03"
DUMPED: Final = 99
"""So many bytes of a bad record are shown."""
ALERTS: Final = {
    20: "bad MAC", 40: "handshake failure", 50: "decode error", 51: "decrypt error", 80: "internal error",
    112: "unrecognized name",
}  # fmt: skip
HANDSHAKE_COST_NS: Final = MILLISECOND
MEMORY_BYTES: Final = 128 << 10
"""What the state of a connection is charged as."""


@cache
def _context() -> SSL.Context:
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_max_proto_version(SSL.TLS1_2_VERSION)
    context.set_cipher_list(CIPHERS.encode())
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_options(SSL.OP_NO_TICKET)
    on_fatal_alert(context, lambda connection, number: connection.get_app_data().told(number))
    return context


class Client:
    """A connection under TLS between a socket and standard input and output.

    Args:
        call: Whose messages and process.
        source, target: Descriptors to receive from and to send to.
        name: The server name that is asked for, or None.
    """

    def __init__(self, call: Call, source: int, target: int, name: str | None) -> None:
        self._call = call
        self._proc: Process = call.proc
        self._source = source
        self._target = target
        self._side = TlsSide(_context(), server=False, name=(name or "")[:NAME_MAX], app_data=self)
        self._received = b""
        self._alert = 0
        self._expected = "handshake record"
        self._done = False

    def told(self, number: int) -> None:
        """The other side sent a fatal alert."""
        self._alert = number

    async def handshake(self) -> None:
        """Agrees with the server. Dies when that fails."""
        self._proc.charge_memory(MEMORY_BYTES)
        await self._proc.cpu(HANDSHAKE_COST_NS)
        while not self._step():
            await self._send()
            record = await self._record()
            if record is None:
                await self._bad(b"")
            if record[0] == CHANGE_CIPHER:
                self._expected = "'server finished'"
            elif record[0] == ALERT and self._expected != "'server finished'":
                self._read_alert(record)
            elif record[0] != HANDSHAKE:
                await self._bad(record, HEADER)
            self._side.feed(record)
        self._done = True
        self._expected = "encrypted data"
        await self._send()

    def _step(self) -> bool:
        try:
            return self._side.handshake()
        except SSL.Error as error:
            self._die(error)

    def _die(self, error: SSL.Error) -> NoReturn:
        if self._alert:
            self._call.die(f"TLS error from peer (alert code {self._alert}): {ALERTS.get(self._alert, self._alert)}")
        reason = error.args[0][-1][2] if error.args and error.args[0] else "unknown"
        self._call.die(f"tls error: {reason}")

    def _read_alert(self, record: bytes) -> None:
        level, number = record[HEADER : HEADER + 2].ljust(2, b"\0")
        if level == 2:
            self._call.die(f"TLS error from peer (alert code {number}): {ALERTS.get(number, number)}")

    async def _send(self) -> None:
        data = self._side.output()
        if self._expected == "handshake record" and data[:1] == bytes([HANDSHAKE]) and bytes([CHANGE_CIPHER]) + TLS_1_2 in data:
            self._expected = "switch to encrypted traffic"
        if data:
            await self._write(self._target, data)

    async def _write(self, fd: int, data: bytes) -> None:
        try:
            await self._proc.write(fd, data)
        except OSError as error:
            self._call.die(f"write error: {strerror(error.errno or 0)}")

    async def _record(self) -> bytes | None:
        """The next record, with its header; None at the end of the connection. Dies of one that is none."""
        size = 0
        while not size or len(self._received) < size:
            if not size and len(self._received) >= HEADER:
                size = HEADER + int.from_bytes(self._received[3:5])
                if size > RECORD_MAX or self._received[1:3] != TLS_1_2:
                    await self._bad(self._received[:size])
                continue
            data = await self._receive()
            if not data and not self._received:
                return None
            if not data:
                self._call.die(f"short read, have only {len(self._received)}")
            self._received += data
        record, self._received = self._received[:size], self._received[size:]
        return record

    async def _receive(self) -> bytes:
        try:
            return await self._proc.read(self._source, CHUNK)
        except OSError as error:
            self._call.die(f"short read, have only {len(self._received)}: {strerror(error.errno or 0)}")

    async def _bad(self, data: bytes, header: int = 0) -> NoReturn:
        """Dies of bytes that are not what is expected; `header` of them are not counted."""
        length = len(data) - header
        await self._call.warn(f"got bad TLS record (len:{length}) while expecting {self._expected}")
        if length > 0:
            await self._call.error("".join(f" {byte:02x}" for byte in data[: min(length, DUMPED)]) + "\n")
        self._call.die("")

    async def copy(self, until_input_ends: bool) -> None:
        """Copies both ways, until the server ends; or until standard input does."""
        proc, reading = self._proc, True
        if self._whole_record_waits() and not await self._take():
            return
        while True:
            ready = (await proc.poll((0, self._source) if reading else (self._source,)))[0]
            if 0 in ready and reading:
                try:
                    data = await proc.read(0, CHUNK)
                except OSError:
                    data = b""
                if data:
                    await proc.cpu(len(data) * BYTE_COST_NS)
                    self._side.write(data)
                    await self._send()
                elif until_input_ends:
                    return
                else:
                    reading = False
            if self._source in ready and not await self._take():
                return

    async def _take(self) -> bool:
        """Decrypts what has come, a record at least. False when that was the end."""
        while True:
            record = await self._record()
            if record is None:
                return False
            self._side.feed(record)
            try:
                while data := self._side.read(CHUNK):
                    await self._proc.cpu(len(data) * BYTE_COST_NS)
                    await self._write(1, data)
            except SSL.Error as error:
                self._die(error)
            if data == b"":
                return False
            if not self._whole_record_waits():
                return True

    def _whole_record_waits(self) -> bool:
        received = self._received
        return len(received) >= HEADER and len(received) >= HEADER + int.from_bytes(received[3:5])


async def talk(call: Call, source: int, target: int, name: str | None, until_input_ends: bool = False) -> None:
    """Shakes hands, and copies. Dies when something goes wrong."""
    client = Client(call, source, target, name)
    await client.handshake()
    await client.copy(until_input_ends)


@applet("ssl_client", "es:r:n:")
async def ssl_client(call: Call) -> int:
    """Pipes standard input and output through TLS."""
    options, operands = call.options, call.proc.argv[1:]
    name = options.get("n")
    target = unsigned(options.get("s", "0"), 0, INT_MAX)
    source = unsigned(options.get("r", "0"), 0, INT_MAX) if "r" in options else target
    if "s" not in options and "r" not in options:
        if not operands:
            call.usage()
        name = operands[0] if name is None else name
        source = target = await connect(call, operands[0], PORT)
    await talk(call, source, target, name, "e" in options)
    return 0
