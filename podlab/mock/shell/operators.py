"""What the operators of `${name...}` make of a value: its length, a part of it, or it with something taken away or replaced.

For trimming and replacing in all parameters at once see `joined`.
"""

from podlab.mock.shell.arithmetic import Variables, evaluate
from podlab.mock.shell.encoding import count_characters
from podlab.mock.shell.patterns import compile_pattern
from podlab.mock.shell.syntax import Operator


def length(name: str, value: str) -> str:
    """`${#name}`: characters of a variable or positional parameter, bytes of what is special."""
    special = not (name[0].isalnum() or name[0] == "_")
    return str(len(value) if special else count_characters(value))


def trim(value: str, pattern: str, operator: Operator) -> str:
    """Takes the shortest or longest match of `pattern` off the start or the end of `value`."""
    compiled = compile_pattern(pattern)
    if operator in (Operator.TRIM_PREFIX, Operator.TRIM_PREFIX_MAX):
        end = compiled.prefix_end(value, longest=operator is Operator.TRIM_PREFIX_MAX)
        return value[end:] if end >= 0 else value
    start = compiled.suffix_start(value, longest=operator is Operator.TRIM_SUFFIX_MAX)
    return value[:start] if start >= 0 else value


def replace(value: str, pattern: str, replacement: str, everywhere: bool) -> str:
    """Replaces the first, or each, longest match of `pattern`."""
    compiled = compile_pattern(pattern)
    literal = compiled.literal
    if literal == "":
        return value
    if literal is not None and everywhere:
        return value.replace(literal, replacement)
    if literal is not None:
        before, found, after = value.partition(literal)
        return f"{before}{replacement}{after}" if found else value
    if not value:
        return replacement if compiled.matches("") else ""
    first, stars = compiled.segments[0], len(compiled.segments) > 1
    out: list[str] = []
    index = kept = 0
    while index < len(value):
        index = first.find(value, index, len(value))
        end = compiled.prefix_end(value, longest=True, start=index) if index >= 0 else -1
        if end < 0 and (index < 0 or stars):
            break  # what comes after the first star is not there, nor will it be further on
        if end <= index:
            if end == index and not everywhere:
                return f"{value[:index]}{replacement}{value[index:]}"
            index += 1
            continue
        if not everywhere:
            return f"{value[:index]}{replacement}{value[end:]}"
        out += (value[kept:index], replacement)
        index = kept = end
    return "".join((*out, value[kept:]))


def substring(value: str, operand: str, variables: Variables) -> str:
    """`${name:offset:length}`; negative numbers count from the end."""
    offset_text, colon, length_text = operand.partition(":")
    offset = evaluate(offset_text, variables)
    size = len(value)
    length = evaluate(length_text, variables) if colon else size
    if offset < 0:
        offset += size
    if offset < 0 or offset >= size:
        return ""
    if length < 0:
        length += size - offset
        if length < 0:
            length = size
    return value[offset : offset + length]
