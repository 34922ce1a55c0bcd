"""grep, egrep and fgrep."""

import stat as st
from collections import deque
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.paths import join
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.streams import Reader, to_bytes
from podlab.mock.programs.text.matching import Pattern, Span
from podlab.mock.shell.trampoline import Call as Deep

LINE_COST_NS: Final = 300
COLOR: Final = "\x01"
LINE_BUFFERED: Final = "\x02"


class Grep:
    """One run of grep: its patterns, and how it prints what it finds."""

    def __init__(self, call: Call, patterns: list[Pattern], with_name: bool) -> None:
        options = call.options
        self.call = call
        self.out = call.out
        self.patterns = patterns
        self.invert = "v" in options
        self.with_name = with_name
        self.with_number = "n" in options
        self.only_matching = "o" in options
        self.counts = "c" in options
        self.first_only = options.any("qlL")
        self.most = unsigned(options.get("m", "0"), 0, INT_MAX) if "m" in options else -1
        self.before, self.after = _context(call)
        self.flushes = LINE_BUFFERED in options
        self._printed = False
        self._last_printed = -1

    async def match(self, line: bytes) -> tuple[Pattern | None, Span]:
        """The first pattern that the line has, and where."""
        for pattern in self.patterns:
            found = await pattern.find_slowly(line, self.call.proc.cpu) if pattern.slow else pattern.find(line)
            if found is not None:
                return pattern, found
        return None, (0, 0)

    async def file(self, reader: Reader, name: str) -> bool:
        """Looks through one file. Returns whether it has a selected line."""
        self._last_printed = -1
        matches = await self._lines(reader, to_bytes(name))
        if self.counts and not (matches and self.first_only):
            await self.out.write_text(f"{name + ':' if self.with_name else ''}{matches}\n")
        return matches > 0

    async def _lines(self, reader: Reader, prefix: bytes) -> int:
        """Prints what is to be printed of a file's lines; returns how many are selected (1 when one is enough)."""
        matches = number = pending = 0
        held: deque[tuple[int, bytes]] = deque(maxlen=self.before)
        while lines := await reader.lines():
            await self.call.proc.cpu(LINE_COST_NS * len(lines) * len(self.patterns))
            for line in _at_nuls(lines, reader.unterminated):
                number += 1
                pattern, span = await self.match(line)
                if (pattern is None) == self.invert:
                    matches += 1
                    if self.first_only:
                        return 1
                    if 0 <= self.most < matches:  # only what follows the last one is still printed
                        return matches
                    if not self.counts:
                        while held:
                            await self.print(prefix, *held.popleft(), b"-")
                        await self._print_selected(prefix, number, line, pattern, span)
                        pending = self.after
                else:
                    pending = await self._beside(prefix, number, line, held, pending)
                if matches == self.most and not pending:
                    return matches
        return matches

    async def _beside(self, prefix: bytes, number: int, line: bytes, held: "deque[tuple[int, bytes]]", pending: int) -> int:
        """A line that is not selected: printed behind one that was, or held for one that may follow. Returns how many are due."""
        if pending:
            await self.print(prefix, number, line, b"-")
            return pending - 1
        if self.before:
            held.append((number, line))
        return 0

    async def _print_selected(self, prefix: bytes, number: int, line: bytes, pattern: Pattern | None, span: Span) -> None:
        if not self.only_matching:
            await self.print(prefix, number, line, b":")
            return
        if pattern is None:  # -ov prints nothing
            return
        if pattern.fixed is not None:
            await self.print(prefix, number, pattern.fixed, b":")
            return
        found: Span | None = span
        while found is not None:
            begin, end = found
            if end > begin:
                await self.print(prefix, number, line[begin:end], b":")
            if end >= len(line):
                break
            found = await pattern.next_match(line, end if end > begin else end + 1, self.call.proc.cpu)

    async def print(self, prefix: bytes, number: int, line: bytes, mark: bytes) -> None:
        """Prints a line, after `--` when it does not follow the one printed last."""
        out = self.out
        if (self.before or self.after) and self._printed and self._last_printed < number - 1:
            await out.write(b"--\n")
        self._printed = True
        self._last_printed = number
        if self.with_name:
            line = prefix + mark + (b"%d%s" % (number, mark) if self.with_number else b"") + line
        elif self.with_number:
            line = b"%d%s%s" % (number, mark, line)
        await out.write(line.partition(b"\0")[0] + b"\n")
        if self.flushes:
            await out.flush()


def _at_nuls(lines: list[bytes], unterminated: bool) -> list[bytes]:
    """Lines as busybox reads them: a NUL ends one as a newline does."""
    if not any(b"\0" in line for line in lines):
        return lines
    parts = [part for line in lines for part in line.split(b"\0")]
    return parts[:-1] if unterminated and not parts[-1] else parts


def _context(call: Call) -> tuple[int, int]:
    """How many lines before and after a match are printed."""
    options = call.options
    around = unsigned(options.get("C", "0"), 0, INT_MAX)
    after = unsigned(options.get("A", "0"), 0, INT_MAX)
    before = unsigned(options.get("B", "0"), 0, INT_MAX)
    if options.any("clLq"):
        return 0, 0
    return before or around, after or around


async def _patterns(call: Call) -> list[Pattern]:
    """The patterns of -e and -f, or the first operand."""
    options = call.options
    texts: list[bytes] = []
    for letter, argument in options.given:
        if letter == "e":
            texts += to_bytes(argument).split(b"\n")
    for path in options.all("f"):
        try:
            reader = await call.open(path)
        except OSError as error:
            call.die_of(path, error)
        while lines := await reader.lines():
            texts += lines
        reader.close()
    if not options.any("ef"):
        if not call.operands:
            call.usage()
        texts = to_bytes(call.operands.pop(0)).split(b"\n")
    texts.reverse()  # busybox tries the last one first, which -o shows
    fixed = "F" in options or call.name == "fgrep"
    extended = "E" in options or call.name == "egrep"
    ignore_case, words, lines_only = options.any("iy"), "w" in options, "x" in options
    return [Pattern(text, fixed, extended, ignore_case, words, lines_only) for text in texts]


@applet(
    "grep egrep fgrep",
    "lnqvscFiHhe:f:LorRm:wxA:B:C:EaI" + COLOR + "::" + LINE_BUFFERED,
    long_options={"color": COLOR, "line-buffered": LINE_BUFFERED},
    error_code=2,
    ignores_output_errors=True,
)
async def grep(call: Call) -> int:
    """Prints lines that match."""
    options = call.options
    patterns = await _patterns(call)
    recursive = options.any("rR")
    names = call.operands or ["-"]
    with_name = "H" in options or (len(names) > 1 and "h" not in options)
    run = Grep(call, patterns, with_name)
    selected = failed = False
    for name in names:
        found = await _look(run, name, recursive, top=True)
        if found is None:
            failed = True
        elif found and "q" in options:
            return 0
        elif found != ("L" in options):
            selected = True
    if failed:
        return 2
    return 0 if selected else 1


async def _look(run: Grep, name: str, recursive: bool, top: bool) -> bool | None:
    """Looks through a file or, with -r, a tree: whether it has a selected line; None when it could not be opened."""
    call = run.call
    if recursive and name != "-":
        try:
            mode = (call.proc.stat if top or "R" in call.options else call.proc.lstat)(name).mode
        except OSError:
            mode = 0
        if st.S_ISDIR(mode):
            return await _look_below(run, name)
        if st.S_ISLNK(mode) and _leads_to_directory(call, name):
            return False
    try:
        reader = await call.open(name)
    except OSError as error:
        if "s" not in call.options:
            await call.warn_of(name, error)
        return None
    shown = "(standard input)" if name == "-" else name
    found = await run.file(reader, shown)
    reader.close()
    if call.options.any("lL") and found != ("L" in call.options):
        await call.out.write_text(shown + "\n")
    return found


def _leads_to_directory(call: Call, name: str) -> bool:
    try:
        return st.S_ISDIR(call.proc.stat(name).mode)
    except OSError:
        return False


async def _look_below(run: Grep, path: str) -> bool | None:
    run.with_name = "h" not in run.call.options
    try:
        names = run.call.proc.listdir(path)
    except OSError as error:
        await run.call.warn_of(path, error)
        return None
    selected: bool | None = False
    for name in names:
        found = await Deep(_look(run, join(path, name), True, top=False))
        if found:
            selected = True
            if "q" in run.call.options:
                break
    return selected
