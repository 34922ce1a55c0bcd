"""reformime: takes a message of several parts apart."""

import base64
import re
from collections.abc import Awaitable, Callable
from typing import Final

from podlab.mock.kernel import MICROSECOND
from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGABRT, SIGPIPE, SIGSEGV, Disposition
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.paths import last_component
from podlab.mock.programs.mail.client import crash
from podlab.mock.programs.process.running import execute, wait_for
from podlab.mock.programs.streams import Writer, to_bytes, to_text

MOST_TOKENS: Final = 31
FAILED: Final = 20
"""Added to the exit code of the program that failed."""
DEEPEST: Final = 100
"""A message whose parts lie deeper than this is not taken apart: the real program's stack ends, too."""
_LETTERS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_DELIMITERS: Final = re.compile(rb'[;=" \t\n]+')


@applet("reformime", "x:Xdeis:r:c:m:h:o:O:")
async def reformime(call: Call) -> int:
    """Writes each part into a file, or gives it to a program."""
    if "x" in call.options and "X" in call.options:
        call.usage()
    if "m" in call.options:
        crash(call, SIGSEGV)  # there is no place for its list
    return await Parser(call).parse(b"")


class Parser:
    """One run."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.proc = call.proc
        self._over = False

    async def _header(self) -> bytes | None:
        """All up to an empty line, without carriage returns; None at the end of the input."""
        header = b""
        while not self._over and (line := await self.call.stdin.line()):
            line = line.replace(b"\r", b"")
            if line == b"\n" and header:
                return header
            header += line
        return header or None

    def _tokens(self, header: bytes) -> list[bytes]:
        """The words of a header, from the last Content-Type: on."""
        start = 0
        for found in re.finditer(rb"\n(?=content-type:)", header, re.IGNORECASE):
            start = found.end()
        return [word for word in _DELIMITERS.split(header[start:].partition(b"\0")[0]) if word][:MOST_TOKENS]

    async def parse(self, boundary: bytes, depth: int = 0) -> int:
        """Takes apart what a boundary divides. Returns the exit code."""
        while True:
            header = await self._header()
            tokens = self._tokens(header) if header is not None else []
            if not tokens:
                return 0
            kind = _after(tokens, b"Content-Type:") or b"text/plain"
            if kind.lower().startswith(b"multipart/"):
                await self._multipart(tokens, kind, depth)
                continue
            code, ended = await self._part(tokens, kind, boundary)
            if code or ended:
                return code

    async def _multipart(self, tokens: list[bytes], kind: bytes, depth: int) -> None:
        if kind[10:].lower() != b"mixed":
            self.call.die(f"no support of content type '{to_text(kind)}'")
        boundary = _after(tokens, b"boundary")
        if boundary is None:
            self.call.die("not found: 'boundary'")
        if depth < DEEPEST:
            await self.parse(boundary, depth + 1)

    async def _part(self, tokens: list[bytes], kind: bytes, boundary: bytes) -> tuple[int, bool]:
        """Writes one part. Returns the exit code, and whether it was the last."""
        proc = self.proc
        charset = _after(tokens, b"charset") or b"us-ascii"
        encoding = _after(tokens, b"Content-Transfer-Encoding:") or b"7bit"
        await proc.settle()  # so that no two have one name
        given = to_text(_after(tokens, b"filename") or b"")
        name = last_component(given) if given else f"{proc.kernel.now_ns // MICROSECOND}.{proc.pid}"
        is_part = not given.startswith(name) and bool(given)
        if "X" not in self.call.options:
            path = (self.call.options.get("x") or "") + name
            try:
                fd = await proc.open(path, O_WRONLY | O_CREAT | O_TRUNC)
            except OSError as error:
                self.call.die(f"can't open '{path}': {strerror(error.errno or 0)}")
            await self._free(is_part)
            ended = await self._write(fd, encoding, boundary)
            proc.close(fd)
            return 0, ended
        variables = {"CONTENT_TYPE": kind, "CHARSET": charset, "ENCODING": encoding, "FILENAME": to_bytes(name)}
        child, fd = self._filter({key: to_text(value) for key, value in variables.items()})
        proc.signal(SIGPIPE, Disposition.IGNORE)
        await self._free(is_part)
        ended = await self._write(fd, encoding, boundary)
        proc.close(fd)
        result = await wait_for(proc, child)
        proc.signal(SIGPIPE, Disposition.DEFAULT)
        return (result.status + FAILED if result.status else 0), ended

    async def _free(self, is_part: bool) -> None:
        """Ends the run where a name was the part of another behind a slash."""
        if is_part:
            await self.call.error("free(): invalid pointer\n")
            crash(self.call, SIGABRT)

    def _filter(self, variables: dict[str, str]) -> tuple[Process, int]:
        """Starts the program. Returns it, and where to write to."""
        proc = self.proc
        reader, writer = proc.pipe()

        async def body(child: Process) -> int:
            child.close(writer)
            child.dup2(reader, 0)
            if reader:
                child.close(reader)
            child.env.update(variables)
            code = await execute(Call(self.call.applet, child), self.call.operands)
            self._over = True  # the child, which shares its parent's memory, has read all of the input at its end
            return code

        child = proc.fork(body)
        proc.close(reader)
        return child, writer

    async def _write(self, fd: int, encoding: bytes, boundary: bytes) -> bool:
        """Writes what a part holds. Returns whether it was the last."""
        out = Writer(self.proc, fd)

        async def write(data: bytes) -> None:
            try:
                await out.write(data)
            except OSError:  # nobody looks whether it can be written
                out.failed = None

        ended = False
        if encoding.lower() == b"base64":
            await self._decode(write)
        elif encoding.lower() not in (b"7bit", b"8bit"):
            self.call.die(f"encoding '{to_text(encoding)}' not supported")
        else:
            ended = await self._copy(write, boundary)
        try:
            await out.flush()
        except OSError:
            out.failed = None
        return ended

    async def _copy(self, write: Callable[[bytes], Awaitable[None]], boundary: bytes) -> bool:
        """Copies lines up to a boundary. Returns whether it was the last."""
        while line := await self.call.stdin.line():
            if line.startswith(b"--" + boundary):
                return line[2 + len(boundary) :].startswith(b"--")
            await write(line)
        return False

    async def _decode(self, write: Callable[[bytes], Awaitable[None]]) -> None:
        """Decodes up to a dash. Dies when a group of four is not whole then."""
        quad = b""
        while True:
            byte = await self.call.stdin.read_exactly(1)
            if byte in (b"-", b""):
                break
            if byte[0] in _LETTERS or (byte == b"=" and len(quad) >= 2):
                quad += byte
            if len(quad) == 4:
                await write(base64.b64decode(quad))
                quad = b""
        if quad:
            self.call.die("truncated input")


def _after(tokens: list[bytes], key: bytes) -> bytes | None:
    """The word that follows another."""
    for index, token in enumerate(tokens):
        if token.lower() == key.lower():
            return tokens[index + 1] if index + 1 < len(tokens) else None
    return None
