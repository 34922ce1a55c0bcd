"""How an applet is declared, and what it is given when it runs.

    @applet("head", "n:c:qv")
    async def head(call: Call) -> int:
        ...

An applet reads its options and operands from the call, writes to `call.out`, and returns its exit code. It fails by
`call.die(...)`. What it does not catch itself ends it as it ends busybox: an OSError as `NAME: PATH: REASON`, a wrong option with
the usage text.
"""

from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NoReturn

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.programs.options import OptionError, Options, parse
from podlab.mock.programs.streams import Reader, Writer, to_bytes
from podlab.mock.programs.usage import BANNER, usage_text
from podlab.mock.shell import trampoline

Main = Callable[["Call"], Coroutine[Any, Any, int]]

NO_LONG_OPTIONS: Final[Mapping[str, str]] = MappingProxyType({})


class Die(Exception):
    """Ends an applet with a message.

    Args:
        message: Printed after the applet's name; empty for none.
        code: Exit code, or None for the applet's own (`Applet.error_code`).
    """

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Refused(Exception):
    """Ends an applet with the name of what is not modelled, and its usage text."""


class ShowUsage(Exception):
    """Ends an applet with its usage text."""


@dataclass(frozen=True, slots=True)
class Applet:
    """What is declared of an applet.

    Attributes:
        name: As it is called.
        main: What it does.
        options: getopt's specification; None when it reads its arguments itself.
        long_options: Long name (without dashes) to letter; None when it does not know what a long name is.
        error_code: Exit code when it dies or is used wrongly.
        min_operands, max_operands: Other numbers of operands show the usage text.
        ignores_output_errors: Whether it ends well even when its output could not be written, as some do.
        write_error: What stands in the message about output that could not be written; None when it says nothing.
        refused: Letters of options that busybox has and the mock refuses, by name.
    """

    name: str
    main: Main
    options: str | None
    long_options: Mapping[str, str] | None
    error_code: int
    min_operands: int
    max_operands: int | None
    ignores_output_errors: bool
    write_error: str | None
    refused: str


APPLETS: Final[dict[str, Applet]] = {}
"""All applets whose modules have been imported."""


def applet(
    names: str,
    options: str | None = "",
    *,
    long_options: Mapping[str, str] | None = NO_LONG_OPTIONS,
    error_code: int = 1,
    operands: tuple[int, int | None] = (0, None),
    ignores_output_errors: bool = False,
    write_error: str | None = "standard output",
    refused: str = "",
) -> Callable[[Main], Main]:
    """Declares a function as the applets `names` (separated by spaces). `operands` is (least, most); see `Applet`."""

    def declare(main: Main) -> Main:
        for name in names.split():
            APPLETS[name] = Applet(
                name, main, options, long_options, error_code, *operands, ignores_output_errors, write_error, refused
            )
        return main

    return declare


class Call:
    """One run of an applet.

    Attributes:
        proc: The process.
        name: The applet's.
        options, operands: Its arguments, sorted; all of them in `operands` when it has no option table.
        out: Standard output.
        error_code: Exit code when it dies from here on, unless told otherwise.
    """

    __slots__ = ("_stdin", "applet", "error_code", "name", "operands", "options", "out", "proc")

    def __init__(self, applet: Applet, proc: Process) -> None:
        self.applet = applet
        self.proc = proc
        self.name = applet.name
        self.error_code = applet.error_code
        self.options = Options()
        self.operands: list[str] = []
        self.out = Writer(proc)
        self._stdin: Reader | None = None

    @property
    def stdin(self) -> Reader:
        """Standard input."""
        if self._stdin is None:
            self._stdin = Reader(self.proc, 0)
        return self._stdin

    async def open(self, path: str) -> Reader:
        """Opens a file to read; `-` is standard input. Raises OSError."""
        return self.stdin if path == "-" else Reader(self.proc, await self.proc.open(path))

    async def open_or_warn(self, path: str) -> Reader | None:
        """Opens a file to read, or says why it cannot and returns None."""
        try:
            return await self.open(path)
        except OSError as error:
            await self.warn(f"can't open '{path}': {strerror(error.errno or 0)}")
            return None

    async def fopen_or_warn(self, path: str) -> Reader | None:
        """As `open_or_warn`, with the shorter message of applets that open files as streams."""
        try:
            return await self.open(path)
        except OSError as error:
            await self.warn_of(path, error)
            return None

    async def open_or_die(self, path: str) -> Reader:
        """Opens a file to read, or dies of it."""
        try:
            return await self.open(path)
        except OSError as error:
            self.die(f"can't open '{path}': {strerror(error.errno or 0)}")

    async def warn(self, message: str) -> None:
        """Prints `NAME: message` on standard error, after all output so far."""
        with suppress(OSError):
            await self.out.flush()
        await self.error(f"{self.name}: {message}\n")

    async def warn_of(self, what: str, error: OSError) -> None:
        """Prints `NAME: what: REASON`."""
        await self.warn(f"{what}: {strerror(error.errno or 0)}")

    async def error(self, text: str) -> None:
        """Writes to standard error, as it is; what cannot be written is lost."""
        with suppress(OSError):
            await self.proc.write(2, to_bytes(text))

    async def close(self, reader: Reader, name: str) -> int:
        """Closes what was read. Returns 1, after saying so, when reading it had failed, else 0."""
        reader.close()
        if reader.error is None:
            return 0
        await self.warn_of(name, reader.error)
        return 1

    def die(self, message: str, code: int | None = None) -> NoReturn:
        """Ends with a message."""
        raise Die(message, code)

    def die_of(self, what: str, error: OSError, code: int | None = None) -> NoReturn:
        """Ends with `NAME: what: REASON`."""
        raise Die(f"{what}: {strerror(error.errno or 0)}", code)

    def usage(self) -> NoReturn:
        """Ends with the usage text."""
        raise ShowUsage

    def refuse(self, what: str) -> NoReturn:
        """Ends with `NAME: WHAT is not modelled by podlab` and the usage text."""
        raise Refused(what)

    async def finish(self) -> None:
        """Sends buffered output and gives unused input back, as exit(3) does. Raises OSError."""
        await self.out.flush()
        if self._stdin is not None:
            self._stdin.give_back()


async def run(applet: Applet, proc: Process) -> int:
    """Runs an applet as the process' program; `proc.argv` are its arguments. Returns the exit code."""
    call = Call(applet, proc)
    try:
        _read_arguments(call)
        code = int(await trampoline.run(applet.main(call), proc.give_way))
        try:
            await call.finish()
        except OSError as error:
            if error is not call.out.failed or not applet.ignores_output_errors:
                raise
    except OSError as error:
        code = await _fail(call, error)
    except Die as death:
        code = call.error_code if death.code is None else death.code
        if death.message:
            await call.warn(death.message)
        await _finish_quietly(call)
    except OptionError as error:
        await call.error(f"{proc.argv[0]}: {error}\n{BANNER}\n\n{usage_text(applet.name)}")
        code = call.error_code
    except Refused as refused:
        await call.warn(f"{refused} is not modelled by podlab")
        await call.error(f"{BANNER}\n\n{usage_text(applet.name)}")
        code = call.error_code
    except ShowUsage:  # busybox shows it before what it holds back of its output
        await call.error(f"{BANNER}\n\n{usage_text(applet.name)}")
        await _finish_quietly(call)
        code = call.error_code
    return code


def _read_arguments(call: Call) -> None:
    applet, proc = call.applet, call.proc
    words = proc.argv[1:]
    call.operands = words
    if applet.options is not None:
        permute = "POSIXLY_CORRECT" not in proc.env
        call.options, call.operands = parse(applet.options, applet.long_options, words, permute)
    for letter, _ in call.options.given:
        if letter in applet.refused:
            raise Refused(f"-{letter}")
    most = applet.max_operands
    if len(call.operands) < applet.min_operands or (most is not None and len(call.operands) > most):
        raise ShowUsage


async def _fail(call: Call, error: OSError) -> int:
    """An OSError that the applet did not catch: of its output, or of a file that it could not do without."""
    applet = call.applet
    if error is call.out.failed:
        if applet.ignores_output_errors:
            return 0
        if applet.write_error is not None:
            await call.error(f"{call.name}: {applet.write_error}: {strerror(error.errno or 0)}\n")
        return call.error_code
    where = f"{error.filename}: " if error.filename else ""
    await call.warn(f"{where}{strerror(error.errno or 0)}")
    await _finish_quietly(call)
    return call.error_code


async def _finish_quietly(call: Call) -> None:
    with suppress(OSError):
        await call.finish()
