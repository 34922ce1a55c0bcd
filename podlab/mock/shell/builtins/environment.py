"""Built-ins on variables, parameters, options and aliases."""

from collections.abc import Container
from typing import TYPE_CHECKING, Final

from podlab.mock.shell import options as option_table
from podlab.mock.shell.arithmetic import evaluate
from podlab.mock.shell.builtin import OptionParser, number
from podlab.mock.shell.encoding import single_quote
from podlab.mock.shell.errors import ShellError
from podlab.mock.shell.expansion import FIELD_BYTES
from podlab.mock.shell.jobcontrol import follow_monitor
from podlab.mock.shell.variables import EXPORTED, READ_ONLY, check_name, name_of, table_bucket
from podlab.mock.shell.words import NAME

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

_MANY: Final = 256


async def export(shell: "Shell", argv: list[str]) -> int:
    """Marks variables as exported, or (`readonly`) as not to be changed; lists them without operands."""
    options = OptionParser(argv, "np")
    off = False
    while letter := options.next():
        off = off or letter == "n"
    flag = READ_ONLY if argv[0] == "readonly" else EXPORTED
    off = off and flag == EXPORTED
    if not options.rest:
        _show(shell, flag, argv[0] + " ")
        return 0
    variables = shell.variables
    for operand in options.rest:
        name, equals, value = operand.partition("=")
        check_name(name)
        if equals:
            shell.assign(name, value, 0 if off else flag)
        if off:
            variables.flags[name] = variables.flags.get(name, 0) & ~EXPORTED
        elif not equals:
            variables.flags[name] = variables.flags.get(name, 0) | flag
    return 0


def _show(shell: "Shell", flag: int, prefix: str) -> None:
    for name, value in shell.variables.listing(flag):
        good = NAME.match(name)
        shown = good[0] if good else ""
        shell.out(f"{prefix}{shown}\n" if value is None or shown != name else f"{prefix}{name}={single_quote(value)}\n")


async def unset(shell: "Shell", argv: list[str]) -> int:
    """Forgets variables or functions."""
    options = OptionParser(argv, "vf")
    kind = "v"
    while letter := options.next():
        kind = letter
    for operand in options.rest:
        if kind == "f":
            shell.functions.pop(operand, None)
            continue
        name = name_of(operand)
        shell.variables.unset(name)
        charged = shell.charged.pop(name, 0)
        if charged:
            shell.process.charge_memory(-charged)
    return 0


async def local(shell: "Shell", argv: list[str]) -> int:
    """Makes variables local to the function that runs; `-` does so with the options."""
    if not shell.variables.scopes:
        raise ShellError("not in a function")
    for operand in argv[1:]:
        name, equals, value = operand.partition("=")
        if operand == "-":
            shell.save_options()
            continue
        if not equals:
            check_name(name)
        shell.variables.make_local(name, value if equals else None)
    return 0


async def set_(shell: "Shell", argv: list[str]) -> int:
    """Sets options and positional parameters; lists all variables without operands."""
    if len(argv) == 1:
        _show(shell, 0, "")
        return 0
    if argv[1] == "--":
        set_parameters(shell, argv[2:])
        return 0
    return await _set_options(shell, argv[1:])


async def _set_options(shell: "Shell", operands: list[str]) -> int:
    """`set` with options, and perhaps operands after them."""
    while operands and operands[0][:1] in ("-", "+"):
        word = operands.pop(0)
        on = word[0] == "-"
        if on and word == "-":
            shell.options.xtrace = shell.options.verbose = False
            break
        if word == "--":
            if not operands:
                set_parameters(shell, [])
            break
        for letter in word[1:]:
            if letter != "o":
                set_option_letter(shell, letter, on)
            elif not await set_option_name(shell, operands, on):
                return 1
    shell.options_changed()
    await follow_monitor(shell)
    if operands:
        set_parameters(shell, operands)
    return 0


def set_parameters(shell: "Shell", values: list[str]) -> None:
    """Gives the shell new positional parameters; many of them count as memory of the container."""
    before = len(shell.parameters) if len(shell.parameters) > _MANY else 0
    now = len(values) if len(values) > _MANY else 0
    if before != now:
        shell.process.charge_memory(FIELD_BYTES * (now - before))
    shell.parameters = list(values)
    shell.option_index, shell.option_offset = 1, -1


def set_option_letter(shell: "Shell", letter: str, on: bool) -> None:
    """Turns an option on or off by its letter. Raises ShellError when there is none."""
    name = option_table.LETTERS.get(letter)
    if name is None:
        raise ShellError(f"illegal option {'-' if on else '+'}{letter}")
    setattr(shell.options, name, on)


async def set_option_name(shell: "Shell", operands: list[str], on: bool) -> bool:
    """Turns an option on or off by the name that is the next operand (which is taken); lists all when there is none."""
    if not operands:
        list_options(shell, [name for name in option_table.NAMES if getattr(shell.options, name)], on)
        return True
    name = operands.pop(0)
    if name not in option_table.NAMES:
        await shell.warn(f"illegal option {'-' if on else '+'}o {name}")
        return False
    if name not in option_table.WITHOUT_EFFECT:
        setattr(shell.options, name, on)
    return True


def list_options(shell: "Shell", those_on: Container[str], for_people: bool) -> None:
    """Lists all options and whether they are on, for people or as commands."""
    for name in option_table.NAMES:
        value = name in those_on
        shell.out(f"{name:<16}{'on' if value else 'off'}\n" if for_people else f"set {'-' if value else '+'}o {name}\n")


async def shift(shell: "Shell", argv: list[str]) -> int:
    """Drops the first positional parameters."""
    count = number(argv[1]) if len(argv) > 1 else 1
    if count > len(shell.parameters):
        return 1
    set_parameters(shell, shell.parameters[max(count, 0) :])
    return 0


async def let(shell: "Shell", argv: list[str]) -> int:
    """Evaluates expressions; fails when the last is 0."""
    if len(argv) == 1:
        raise ShellError("expression expected")
    value = 0
    for expression in argv[1:]:
        value = evaluate(expression, shell.variables)
    return int(value == 0)


async def getopts(shell: "Shell", argv: list[str]) -> int:
    """Takes the next option from the positional parameters, or from the operands."""
    if len(argv) < 3:
        raise ShellError("usage: getopts optstring var [arg]")
    words = argv[3:] if len(argv) > 3 else shell.parameters
    if not 0 < shell.option_index <= len(words) + 1:
        shell.option_index, shell.option_offset = 1, -1
    index, offset = shell.option_index, shell.option_offset
    word = words[index - 2] if index > 1 else ""
    rest = word[offset:] if index > 1 and 0 <= offset <= len(word) else ""
    done = False
    if not rest:
        current = words[index - 1] if index <= len(words) else ""
        if not current.startswith("-") or current == "-":
            done = True
        else:
            index += 1
            rest = current[1:]
            done = rest == "-"
    letter = "?"
    if done:
        shell.variables.unset("OPTARG")
        rest = ""
    else:
        letter, rest, index = await _option(shell, argv[1], words, rest, index)
    shell.variables.values["OPTIND"] = str(index)
    shell.option_index = -1  # it begins anew when the name turns out to be bad or read-only
    shell.assign(name_of(argv[2]), letter)
    shell.option_index = index
    shell.option_offset = len(words[index - 2]) - len(rest) if rest else -1
    return int(done)


async def _option(shell: "Shell", letters: str, words: list[str], rest: str, index: int) -> tuple[str, str, int]:
    """Reads one option off `rest`: what the variable becomes, what is left of the word, and the next word's index."""
    letter, rest = rest[0], rest[1:]
    quiet = letters.startswith(":") or shell.variables.get("OPTERR") == "0"
    variables = shell.variables
    position = 0  # a colon in front is an option to ash, those after letters are not
    while position < len(letters) and letters[position] != letter:
        position += 2 if letters[position + 1 : position + 2] == ":" else 1
    if position >= len(letters):
        await _bad_option(shell, letter, f"Illegal option -{letter}\n", quiet)
        return "?", rest, index
    if letters[position + 1 : position + 2] != ":":
        variables.set("OPTARG", "")
        return letter, rest, index
    if not rest:
        if index > len(words):
            await _bad_option(shell, letter, f"No arg for -{letter} option\n", quiet)
            return (":" if quiet else "?"), "", index
        rest = words[index - 1]
        index += 1
    variables.set("OPTARG", rest)
    return letter, "", index


async def _bad_option(shell: "Shell", letter: str, message: str, quiet: bool) -> None:
    if quiet:
        shell.variables.set("OPTARG", letter)
    else:
        await shell.err(message)
        shell.variables.unset("OPTARG")


async def alias(shell: "Shell", argv: list[str]) -> int:
    """Sets aliases, or shows them."""
    status = 0
    if len(argv) == 1:
        for name in sorted(shell.aliases, key=table_bucket):
            shell.out(f"{name}={single_quote(shell.aliases[name])}\n")
        return 0
    for operand in argv[1:]:
        name, equals, value = operand[:1] + operand[1:].partition("=")[0], "=" in operand[1:], operand[1:].partition("=")[2]
        if equals:
            shell.aliases[name] = value
        elif name in shell.aliases:
            shell.out(f"{name}={single_quote(shell.aliases[name])}\n")
        else:
            await shell.err(f"alias: {name} not found\n")
            status = 1
    return status


async def unalias(shell: "Shell", argv: list[str]) -> int:
    """Forgets aliases."""
    options = OptionParser(argv, "a")
    if options.next():
        shell.aliases.clear()
        return 0
    status = 0
    for name in options.rest:
        if shell.aliases.pop(name, None) is None:
            await shell.err(f"unalias: {name} not found\n")
            status = 1
    return status
