"""Options as getopt(3) reads them: clustered letters, arguments attached or apart, long names, and operands between them.

A specification is getopt's: letters, each followed by `:` when it takes an argument (`::` when it may take one, attached). A
leading `+` ends the options at the first operand.
"""

from collections.abc import Mapping
from typing import overload

NEEDS = ":"
MAY = "::"


class OptionError(Exception):
    """What getopt prints after the program's name."""


class Options:
    """The options that were given, in order.

    Attributes:
        given: Pairs of letter and argument (empty when it takes none).
    """

    __slots__ = ("given",)

    def __init__(self) -> None:
        self.given: list[tuple[str, str]] = []

    def __contains__(self, letter: str) -> bool:
        return any(given == letter for given, _ in self.given)

    def any(self, letters: str) -> bool:
        """Whether any of these was given."""
        return any(given in letters for given, _ in self.given)

    def count(self, letter: str) -> int:
        """How often it was given."""
        return sum(given == letter for given, _ in self.given)

    @overload
    def get(self, letter: str) -> str | None: ...
    @overload
    def get(self, letter: str, default: str) -> str: ...
    def get(self, letter: str, default: str | None = None) -> str | None:
        """The argument given last, which may be empty, or the default."""
        return next((argument for given, argument in reversed(self.given) if given == letter), default)

    def all(self, letter: str) -> list[str]:
        """All arguments that it was given with."""
        return [argument for given, argument in self.given if given == letter]

    def last_of(self, letters: str) -> str:
        """Which of these was given last; empty when none was."""
        return next((given for given, _ in reversed(self.given) if given in letters), "")


def parse_spec(spec: str) -> dict[str, str]:
    """What each letter takes: "", NEEDS or MAY."""
    takes: dict[str, str] = {}
    letter = ""
    for char in spec.lstrip("+"):
        if char == ":":
            takes[letter] += ":"
        else:
            letter = char
            takes[letter] = ""
    return takes


def parse(spec: str, long_options: Mapping[str, str] | None, words: list[str], permute: bool = True) -> tuple[Options, list[str]]:
    """Sorts the words of a command into options and operands.

    Args:
        spec: See the module's text.
        long_options: Long names (without dashes), each with the letter that it stands for; None where `--` begins
            letters like any dash.
        words: The arguments, without the command's name.
        permute: Whether operands may stand between options.

    Raises:
        OptionError: In getopt's words.
    """
    takes = parse_spec(spec)
    options = Options()
    operands: list[str] = []
    permute = permute and not spec.startswith("+")
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        if word == "--":
            break
        if len(word) < 2 or word[0] != "-":
            operands.append(word)
            if not permute:
                break
        elif word.startswith("--") and long_options is not None:
            index = _long(word, long_options, takes, words, index, options)
        else:
            index = _short(word, takes, words, index, options)
    return options, operands + words[index:]


def _short(word: str, takes: Mapping[str, str], words: list[str], index: int, options: Options) -> int:
    at = 1
    while at < len(word):
        letter = word[at]
        at += 1
        kind = takes.get(letter)
        if kind is None or letter in ":;":
            raise OptionError(f"invalid option -- '{letter}'")
        if not kind:
            options.given.append((letter, ""))
            continue
        argument = word[at:]
        if not argument and kind == NEEDS:
            if index == len(words):
                raise OptionError(f"option requires an argument -- '{letter}'")
            argument = words[index]
            index += 1
        options.given.append((letter, argument))
        break
    return index


def _long(
    word: str, long_options: Mapping[str, str], takes: Mapping[str, str], words: list[str], index: int, options: Options
) -> int:
    name, equals, argument = word[2:].partition("=")
    full = _complete(name, word, long_options)
    letter = long_options[full]
    kind = takes.get(letter, "")
    if not kind:
        if equals:
            raise OptionError(f"option '--{full}' doesn't allow an argument")
    elif not equals and kind == NEEDS:
        if index == len(words):
            raise OptionError(f"option '--{full}' requires an argument")
        argument = words[index]
        index += 1
    options.given.append((letter, argument))
    return index


def _complete(name: str, word: str, long_options: Mapping[str, str]) -> str:
    """The long option that a name, or its beginning, means."""
    if name in long_options:
        return name
    matches = [full for full in long_options if full.startswith(name)]
    if not matches:
        raise OptionError(f"unrecognized option '{word}'")
    if len({long_options[full] for full in matches}) > 1:
        listed = "".join(f" '--{full}'" for full in matches)
        raise OptionError(f"option '{word}' is ambiguous; possibilities:{listed}")
    return matches[0]
