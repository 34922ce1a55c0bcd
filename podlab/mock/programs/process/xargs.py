"""xargs: runs a command with arguments from its input, as they come."""

from collections.abc import AsyncIterator
from typing import Final

from podlab.mock.machine.descriptors import O_RDONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.process.running import execvp
from podlab.mock.programs.streams import Reader, to_text

MAX_BYTES: Final = 32_768 * 4 - 2048
LONG_OPTIONS: Final = {"no-run-if-empty": "r", "null": "0", "arg-file": "a", "interactive": "p", "verbose": "t"}


class _Stop(Exception):
    """A command said that no more shall be run."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class _Runner:
    """Runs command lines, up to -P of them at once, and sums up how they end."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.code = 0
        self._most = unsigned(call.options.get("P", "1"), 0, INT_MAX) or INT_MAX
        self._running: dict[int, str] = {}

    async def run(self, words: list[str]) -> None:
        """Runs one. Raises _Stop."""
        call = self.call
        if call.options.any("tp"):
            await call.out.flush()
            await call.error(" ".join(words) + ("" if "p" in call.options else "\n"))
            if "p" in call.options and not await self._confirmed():
                return
        while len(self._running) >= self._most:
            await self._reap()

        if "o" in call.options:
            try:
                call.proc.close(await call.proc.open("/dev/tty", O_RDONLY))
            except OSError as error:
                call.die_of("can't open '/dev/tty'", error)

        async def body(child: Process) -> int:
            await _redirect_input(child, "/dev/tty" if "o" in call.options else "/dev/null", "a" not in call.options)
            try:
                await execvp(child, words)
            except OSError as error:
                await Call(call.applet, child).warn(f"{words[0]}: {strerror(error.errno or 0)}")
                return 127 if isinstance(error, FileNotFoundError) else 126
            return 126

        child = call.proc.fork(body)
        self._running[child.pid] = words[0]
        if self._most == 1:
            await self._reap()

    async def _confirmed(self) -> bool:
        try:
            reader = Reader(self.call.proc, await self.call.proc.open("/dev/tty"))
        except OSError as error:
            self.call.die_of("can't open '/dev/tty'", error)
        await self.call.error(" ?...")
        return (await reader.line())[:1] in (b"y", b"Y")

    async def _reap(self) -> None:
        result = await self.call.proc.waitpid(-1)
        assert result is not None
        name = self._running.pop(result.pid, "")
        if result.signal:
            await self.call.warn(f"'{name}' terminated by signal {result.signal}")
            raise _Stop(125)
        if result.code == 255:
            await self.call.warn(f"{name}: exited with status 255; aborting")
            raise _Stop(124)
        if result.code in (126, 127):
            raise _Stop(result.code)
        if result.code:
            self.code = 123

    async def finish(self) -> None:
        """Waits for those that still run. Raises _Stop."""
        while self._running:
            await self._reap()


async def _redirect_input(child: Process, path: str, wanted: bool) -> None:
    if wanted:
        fd = await child.open(path, O_RDONLY)
        child.dup2(fd, 0)
        child.close(fd)


@applet("xargs", "+0a:rtopE:e::n:s:I:i::xP:", long_options=LONG_OPTIONS)
async def xargs(call: Call) -> int:
    """Builds command lines."""
    options = call.options
    words = call.operands or ["echo"]
    reader = await call.open_or_die(options.get("a") or "-")
    replace = options.get("I") or ("{}" if "i" in options else None)
    if "i" in options and options.last_of("iI") == "i":
        replace = options.get("i") or "{}"
    runner = _Runner(call)
    try:
        if replace is not None:
            async for line in _lines(call, reader):
                await runner.run([word.replace(replace, line) for word in words])
        else:
            await _batches(call, runner, words, _items(call, reader))
        await runner.finish()
    except _Stop as stop:
        return stop.code
    return runner.code


async def _batches(call: Call, runner: _Runner, words: list[str], items: AsyncIterator[str]) -> None:
    """Runs the command with as many items as -n and -s allow, as soon as there are so many."""
    most = unsigned(call.options.get("n", str(INT_MAX)), 1, INT_MAX)
    size = unsigned(call.options.get("s", str(MAX_BYTES)), 1, INT_MAX)
    room = size - sum(len(word) + 1 for word in words)
    batch: list[str] = []
    used = 0
    ran = False
    async for item in items:
        if batch and used + len(item) + 1 > room:
            if "x" in call.options:
                call.die("argument line too long")
            await runner.run(words + batch)
            ran, batch, used = True, [], 0
        if len(item) + 1 > room:
            call.die("argument line too long")
        batch.append(item)
        used += len(item) + 1
        if len(batch) == most:
            await runner.run(words + batch)
            ran, batch, used = True, [], 0
    if batch or not (ran or "r" in call.options):
        await runner.run(words + batch)


async def _lines(call: Call, reader: Reader) -> AsyncIterator[str]:
    """The lines that -I takes: without leading blanks, empty ones left out; with -0 what stands between NULs."""
    end = b"\0" if "0" in call.options else b"\n"
    while line := await reader.line(end):
        text = to_text(line.removesuffix(end))
        if "0" not in call.options:
            text = text.lstrip(" \t")
        if text:
            yield text


async def _items(call: Call, reader: Reader) -> AsyncIterator[str]:
    """The items of the input, up to the one that -E names."""
    options = call.options
    if "0" in options:
        while line := await reader.line(b"\0"):
            yield to_text(line.removesuffix(b"\0"))
        return
    end = options.get("E") if "E" in options else options.get("e")
    splitter = _Splitter(call)
    while line := await reader.line():
        for item in splitter.split(to_text(line)):
            if end and item == end:
                return
            yield item
    for item in splitter.finish():
        if not end or item != end:
            yield item


class _Splitter:
    """Cuts lines into items at blanks; quotes and backslashes keep them together."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._word = ""
        self._some = False
        self._escaped = False

    def split(self, line: str) -> list[str]:
        """The items that end in a line. Dies of a quote that is not closed in it."""
        items: list[str] = []
        quote = ""
        for char in line:
            if self._escaped:
                self._word, self._some, self._escaped = self._word + char, True, False
            elif quote:
                quote = self._quoted(char, quote)
            elif char in "\"'":
                quote, self._some = char, True
            elif char == "\\":
                self._escaped = True
            elif char in " \t\n":
                items += self.finish()
            else:
                self._word, self._some = self._word + char, True
        if quote:
            self._call.die(f"unmatched {'single' if quote == chr(39) else 'double'} quote")
        return items

    def _quoted(self, char: str, quote: str) -> str:
        if char == quote:
            return ""
        self._word += char
        return quote

    def finish(self) -> list[str]:
        """The item that ends here, if there is one."""
        items = [self._word] if self._some else []
        self._word, self._some = "", False
        return items
