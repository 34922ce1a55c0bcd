"""The protocol of TFTP, which is the same on both sides once a transfer has begun: blocks, and what acknowledges them.

A transfer ends with a block that is not full. Whoever waits in vain sends its last packet again, ever more patiently.
"""

from struct import pack, unpack
from typing import Final

from podlab.mock.kernel import MILLISECOND
from podlab.mock.machine.network.addresses import Address
from podlab.mock.machine.process import Process
from podlab.mock.programs.streams import to_bytes, to_text

READ: Final = 1
WRITE: Final = 2
DATA: Final = 3
ACKNOWLEDGE: Final = 4
ERROR: Final = 5
OPTIONS: Final = 6

BLOCK_SIZE: Final = 512
SMALLEST_BLOCK: Final = 8
LARGEST_BLOCK: Final = 65_564
LARGEST_PACKET: Final = 65_507
FIRST_WAIT_NS: Final = 100 * MILLISECOND
LONGEST_WAIT_NS: Final = 2000 * MILLISECOND
TRIES: Final = 12


class Failed(Exception):
    """A transfer that failed here: the text is for the other side, and for whoever reads the log."""

    def __init__(self, text: str, number: int = 0) -> None:
        super().__init__(text)
        self.number = number


class FailedThere(Exception):
    """The other side gave up, and said why."""


class TimedOut(Exception):
    """Nothing comes any more."""


def request(kind: int, name: str, options: dict[str, int]) -> bytes:
    """The packet that asks for a transfer."""
    return pack("!H", kind) + to_bytes(f"{name}\0octet\0") + encode_options(options)


def encode_options(options: dict[str, int]) -> bytes:
    """Options as they stand in a packet."""
    return to_bytes("".join(f"{name}\0{value}\0" for name, value in options.items()))


def decode_options(data: bytes) -> dict[str, int]:
    """The options in a packet that have numbers; names in small letters."""
    words = to_text(data).split("\0")
    return {name.lower(): int(value) for name, value in zip(words[::2], words[1::2], strict=False) if value.isdigit()}


class Peer:
    """The other side: packets go there, and come from there alone once it has answered."""

    def __init__(self, proc: Process, fd: int, address: Address) -> None:
        self.proc = proc
        self.fd = fd
        self.address = address
        self.known = False

    def send(self, kind: int, number: int, rest: bytes = b"") -> None:
        """Sends a packet of a block."""
        self.send_packet(pack("!HH", kind, number & 0xFFFF) + rest)

    def send_packet(self, packet: bytes) -> None:
        """Sends a packet."""
        self.proc.sendto(self.fd, packet, self.address)

    async def exchange(self, packet: bytes, wanted: dict[int, int | None]) -> tuple[int, bytes]:
        """Sends a packet until an answer comes that is `wanted`: by kind, with the block's number (None: any).

        Returns:
            The answer's kind, and what follows it (and its number).

        Raises:
            FailedThere: It answered with an error.
            TimedOut: It does not answer.
        """
        wait = FIRST_WAIT_NS
        for _ in range(TRIES):
            self.send_packet(packet)
            deadline = self.proc.kernel.now_ns + wait
            while (left := deadline - self.proc.kernel.now_ns) > 0:
                ready, _ = await self.proc.poll((self.fd,), timeout_ns=left)
                if not ready:
                    break
                answer = await self._receive(wanted)
                if answer is not None:
                    return answer
            wait = min(wait + wait // 2, LONGEST_WAIT_NS)
        raise TimedOut

    async def _receive(self, wanted: dict[int, int | None]) -> tuple[int, bytes] | None:
        data, source = await self.proc.recvfrom(self.fd, LARGEST_PACKET)
        if len(data) < 4 or (self.known and source != self.address):
            return None
        kind, number = unpack("!HH", data[:4])
        self.known, self.address = True, source
        if kind == ERROR:
            raise FailedThere(f"({number}) {to_text(data[4:].partition(bytes(1))[0])}")
        if kind not in wanted:
            return None
        if kind == OPTIONS:
            return kind, data[2:]
        return (kind, data[4:]) if wanted[kind] in (None, number) else None
