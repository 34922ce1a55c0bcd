"""The applet awk: its options, and the program's text."""

import re
from collections.abc import Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.awk.arrays import Array
from podlab.mock.programs.awk.compiler import compile_program
from podlab.mock.programs.awk.interpreter import ASSIGNMENT, Interpreter, environment
from podlab.mock.programs.awk.lexer import AwkError
from podlab.mock.programs.awk.values import InputText
from podlab.mock.programs.options import OptionError, Options, parse
from podlab.mock.programs.streams import to_bytes
from podlab.mock.shell import trampoline

_SPECIFICATION: Final = "+F:v:f:e:W:E:"


def _latin(text: str) -> str:
    return to_bytes(text).decode("latin-1")


def _parse(words: list[str]) -> tuple[Options, list[str]]:
    """Options and operands; after -E there are no options. Raises OptionError."""
    for count in range(1, len(words)):
        with suppress(OptionError):
            options, operands = parse(_SPECIFICATION, None, words[:count])
            if operands:
                break
            if "E" in options:
                return options, words[count:]
    return parse(_SPECIFICATION, None, words)


@applet("awk", None, ignores_output_errors=True)
async def awk(call: Call) -> int:
    """Runs an awk program."""
    call.options, call.operands = _parse(call.operands)
    options, files = call.options, call.operands
    for assignment in options.all("v"):
        if not ASSIGNMENT.fullmatch(assignment):
            call.usage()
    name, source = "cmd. line", ""
    if options.any("feE"):
        for letter, argument in options.given:
            if letter in "fE":
                name, source = argument, source + ("\n" if source else "") + await _read_program(call, argument)
            elif letter == "e":
                source += ("\n" if source else "") + _latin(argument)
    else:
        if not files:
            call.usage()
        source, files = _latin(files[0]), files[1:]
    if "W" in options:
        await call.warn("warning: option -W is ignored")
    try:
        program = compile_program(source)
        interpreter = Interpreter(call, program)
        _set_up(call, interpreter, files)
        return await interpreter.run(partial(trampoline.run, pause=call.proc.give_way) if program.recursive else _run)
    except AwkError as error:
        call.die(f"{name}:{error.line or 1}: {error.message}")


async def _run(routine: Coroutine[Any, Any, None]) -> None:
    await routine


async def _read_program(call: Call, path: str) -> str:
    reader = await call.open_or_die(path)
    text = (await reader.read_all()).decode("latin-1")
    reader.close()
    return re.sub(r"\A#![^\n]*", "", text)


def _set_up(call: Call, interpreter: Interpreter, files: list[str]) -> None:
    """ARGV, ENVIRON, FS and the variables of -v."""
    arguments = Array()
    for number, word in enumerate(["awk", *files]):
        arguments[str(number)] = InputText(_latin(word))
    interpreter.names["a_ARGV"] = arguments
    interpreter.names["v_ARGC"] = float(len(arguments))
    interpreter.names["a_ENVIRON"] = environment(call.proc.env)
    separator = call.options.get("F")
    if separator is not None:
        interpreter.set_variable("FS", _latin(separator))
    for assignment in call.options.all("v"):
        name, _, value = assignment.partition("=")
        interpreter.set_variable(name, _latin(value))
