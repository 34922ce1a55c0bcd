"""whois: asks a server of the directory about names, and the servers to which it refers."""

from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import connect
from podlab.mock.programs.numbers import unsigned
from podlab.mock.programs.streams import Reader, to_bytes, to_text

PORT: Final = 43
SERVER: Final = "whois.iana.org"
LINE_BYTES: Final = 2046
ANSWER_BYTES: Final = 32 * 1024
FOUND: Final = ("domain:", "domain name:")
REFERRED: Final = ("whois server:", "whois:")


class _Answer:
    """What a server says, and what it means."""

    def __init__(self) -> None:
        self.text = bytearray()
        self.found = False
        self.referred: str | None = None

    def take(self, line: bytes) -> None:
        """Keeps a line."""
        line = line.partition(b"\n")[0].partition(b"\r")[0]
        self.text += line + b"\n"
        words = to_text(line).strip().lower()
        if not self.found:
            self.found = words.startswith(FOUND)
        elif self.referred is None:
            mark = next((mark for mark in REFERRED if words.startswith(mark)), None)
            self.referred = None if mark is None else words.removeprefix(mark).lstrip()


async def _ask(call: Call, host: str, port: int, question: str) -> _Answer:
    await call.out.write_text(f"[Querying {host}:{port} '{question}']\n")
    await call.out.flush()
    fd = await connect(call, host, port)
    await call.proc.write(fd, to_bytes(f"{question}\r\n"))
    reader, answer = Reader(call.proc, fd), _Answer()
    while len(answer.text) < ANSWER_BYTES and (line := await reader.line()):
        for start in range(0, len(line), LINE_BYTES):
            answer.take(line[start : start + LINE_BYTES])
    call.proc.close(fd)
    return answer


@applet("whois", "ih:p:", operands=(1, None))
async def whois(call: Call) -> int:
    """Asks about each name."""
    first = call.options.get("h") or SERVER
    first_port = unsigned(call.options.get("p", str(PORT)), 0, 0xFFFF_FFFF)
    for name in call.operands:
        host: str | None = first
        port = first_port
        while host is not None:
            answer = await _ask(call, host, port, name)
            if not answer.found:
                answer = await _ask(call, host, port, f"domain {name}")
            referred = answer.referred if answer.referred != host else None
            if referred is None or "i" in call.options:
                await call.out.write_text(f"[{host}]\n")
                await call.out.write(bytes(answer.text))
            if referred is not None:
                await call.out.write_text(f"[Redirected to {referred}]\n")
            host, port = referred, PORT
    return 0
