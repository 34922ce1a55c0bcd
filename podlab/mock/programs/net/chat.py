"""chat: says what a script has, answer by answer, to whoever is at its standard streams."""

from contextlib import suppress
from typing import Final

from podlab.mock.kernel import MILLISECOND
from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.signals import SIGHUP, SIGINT, SIGPIPE, SIGTERM, Disposition
from podlab.mock.machine.termios import ECHO, ICANON, ICRNL, IEXTEN, ISIG, IXON, OPOST, Termios
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.process.running import rest
from podlab.mock.programs.streams import to_bytes

PATIENCE_MS: Final = 45_000
BUFFER: Final = 1024
TOO_LONG, BROKEN, LATE, ABORTED = 1, 2, 3, 4
"""Exit codes; ABORTED and above tell which of the strings to abort at came."""
DIRECTIVES: Final = ("HANGUP", "ABORT", "CLR_ABORT", "TIMEOUT", "ECHO", "SAY", "RECORD")
_LETTERS: Final = {"a": 7, "b": 8, "e": 27, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92}
_PAUSES: Final = {b"d": 1.0, b"p": 0.01, b"K": 0.0}
"""What a backslash and a letter in what is sent wait for, in seconds; the last is a break, which nobody here notices."""


@applet("chat", "vVsSE", error_code=BROKEN)
async def chat(call: Call) -> int:
    """Waits for each answer and says what follows it. The exit code tells why it ended early."""
    proc = call.proc
    modes = proc.tcgetattr(0) if proc.isatty(0) else None
    if modes is not None:
        await proc.tcsetattr(0, _raw(modes), flush=True)
    talk = Talk(call)
    try:
        return await talk.run(list(call.operands))
    finally:
        if modes is not None:
            proc.terminal_at(0).set_modes(modes)


def _raw(modes: Termios) -> Termios:
    """Modes in which nothing is done to what comes and goes."""
    raw = modes.copy()
    raw.iflag &= ~(ICRNL | IXON)
    raw.oflag &= ~OPOST
    raw.lflag &= ~(ECHO | ICANON | ISIG | IEXTEN)
    return raw


def unescape(text: bytes) -> tuple[bytes, bool]:
    """What a text with escapes stands for, and whether `c`, escaped, said that no return is to follow."""
    out = bytearray()
    at, bare = 0, False
    while at < len(text):
        char = text[at : at + 1]
        at += 1
        if char == b"^" and at < len(text):
            out.append(text[at] - ord("@") & 255)
            at += 1
        elif char != b"\\" or at == len(text):
            out += char
        elif (letter := text[at : at + 1]) == b"c":
            bare = True
            at += 1
        elif letter in (b"N", b"s") or (letter == b"-" and at == 1):
            out += {b"N": b"\0", b"s": b" "}.get(letter, letter)
            at += 1
        else:
            byte, at = _escape(text, at)
            out.append(byte)
    return bytes(out), bare


def _escape(text: bytes, at: int) -> tuple[int, int]:
    """The byte that the escape after a backslash means, and where to go on; a backslash where there is none."""
    base, start = (16, at + 1) if text[at : at + 1] == b"x" else (8, at)
    most = start + (2 if base == 16 else 3)
    value, end = 0, start
    digits = b"0123456789abcdef"[:base]
    while end < min(most, len(text)) and (digit := digits.find(text[end : end + 1].lower())) >= 0 and value * base + digit < 256:
        value = value * base + digit
        end += 1
    if end > start:
        return value, end
    if base == 16:
        return ord("\\"), at
    known = _LETTERS.get(chr(text[at]))
    return (ord("\\"), at) if known is None else (known, at + 1)


class Talk:
    """One run.

    Attributes:
        code: Why it is over, once it is.
    """

    def __init__(self, call: Call) -> None:
        self.call = call
        self.proc = call.proc
        self.code = 0
        self.aborts: list[bytes] = []
        self.patience_ms = PATIENCE_MS
        self.echo = False
        self.record = -1
        for number in (SIGHUP, SIGINT, SIGTERM, SIGPIPE):
            self.proc.signal(number, self._on_signal)

    def _on_signal(self, number: int) -> None:
        self.code = BROKEN

    async def run(self, words: list[str]) -> int:
        """Goes through the script. Returns the exit code."""
        while words:
            word = words.pop(0)
            if word in DIRECTIVES:
                if not words:
                    self.call.usage()
                await self._direct(word, words.pop(0))
                continue
            if not await self._expect(word, words):
                break
            if words and not await self._send(words.pop(0)):
                break
        return self.code

    async def _direct(self, word: str, value: str) -> None:
        """Does what a directive says."""
        on = value != "OFF"
        match word:
            case "HANGUP":
                self.proc.signal(SIGHUP, self._on_signal if on else Disposition.IGNORE)
            case "ABORT":
                self.aborts.append(to_bytes(value))
            case "CLR_ABORT":
                self.aborts = [each for each in self.aborts if each != to_bytes(value)]
            case "TIMEOUT":
                self.patience_ms = _leading_number(value) * 1000 or PATIENCE_MS
            case "ECHO":
                self.echo = on
            case "SAY":
                await self.call.warn(value)
            case _:
                await self._record_into(value if on else None)

    async def _record_into(self, path: str | None) -> None:
        if self.record > 0:
            self.proc.close(self.record)
        self.record = -1
        if path is not None:
            try:
                self.record = await self.proc.open(path, O_WRONLY | O_CREAT | O_TRUNC)
            except OSError as error:
                self.call.die(f"can't open '{path}': {strerror(error.errno or 0)}")

    # --- expecting ---

    async def _expect(self, word: str, words: list[str]) -> bool:
        """Waits for an answer. One that begins with a dash need not come: when it does, what is for that case is left out."""
        optional = word.startswith("-")
        wanted, _ = unescape(to_bytes(word.removeprefix("-")))
        if wanted and max(len(wanted), *map(len, self.aborts), 0) >= BUFFER:
            self.code = TOO_LONG
        elif wanted:
            self.code = await self._wait_for(wanted)
        if optional:
            if not self.code:
                while len(words) > 1 and words[1].startswith("-"):
                    del words[:2]
                if len(words) < 2:
                    return False
                del words[:2]
            if self.code != BROKEN:
                self.code = 0
        return not self.code

    async def _wait_for(self, wanted: bytes) -> int:
        """Reads until what is wanted, or what is to be aborted at, has come. Returns the exit code."""
        proc, seen = self.proc, b""
        longest = max(len(wanted), *map(len, self.aborts), 0)
        patience = None if self.patience_ms < 0 else self.patience_ms * MILLISECOND
        while not self.code:
            try:
                if not (await proc.poll((0,), (), patience))[0]:
                    break
                byte = await proc.read(0, 1)
            except InterruptedError:
                break
            except OSError:
                byte = b""
            if not byte:
                return BROKEN
            await self._note(byte)
            seen = (seen + byte)[-longest:]
            for number, abort in enumerate(self.aborts):
                if seen.endswith(abort):
                    return ABORTED + number
            if seen.endswith(wanted):
                return 0
        return LATE

    async def _note(self, byte: bytes) -> None:
        with suppress(OSError):
            if self.record > 0:
                await self.proc.write(self.record, byte)
            if self.echo:
                await self.proc.write(2, byte)

    # --- sending ---

    async def _send(self, word: str) -> bool:
        """Says something, or what is in a file."""
        text = to_bytes(word)
        loaded = text.startswith(b"@")
        if loaded:
            path = word[1:].strip()
            try:
                reader = await self.call.open(path)
            except OSError as error:
                self.call.die(f"can't read '{path}': {strerror(error.errno or 0)}")
            text = await reader.read_all()
            reader.close()
            text = text.partition(b"\0")[0]
        data, bare = unescape(text)
        try:
            await self._write(data)
            if not loaded and not bare:
                await self.proc.write(1, b"\r")
        except OSError:
            self.code = BROKEN
        return not self.code

    async def _write(self, data: bytes) -> None:
        """Writes a byte after the other, with pauses; a letter that means one is sent all the same, and the last byte is not."""
        at = 0
        left = len(data)
        while left and not self.code:
            if data[at : at + 1] == b"\\" and (pause := _PAUSES.get(data[at + 1 : at + 2])) is not None:
                at += 1
                if pause:
                    await rest(self.proc, pause)
            else:
                await self.proc.write(1, data[at : at + 1])
                at += 1
            left -= 1


def _leading_number(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    digits = digits[: len(digits) - len(digits.lstrip("0123456789"))]
    return sign * int(digits or "0")
