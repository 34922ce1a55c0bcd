"""Pathname expansion: the files that a pattern stands for."""

import re
from collections.abc import Callable, Generator
from typing import Final, NamedTuple

from podlab.mock.shell.encoding import QUOTE, SHIFT, from_machine, plain, to_machine
from podlab.mock.shell.patterns import compile_pattern

_SLASH: Final = chr(ord("/") + SHIFT)
_PARTS: Final = re.compile(r"[^/]+|/+")
_BACKSLASHED: Final = re.compile(r"\\(.)", re.DOTALL)
PATH_BYTES: Final = 100
"""What a path takes in memory besides its text."""
_ACTIVE: Final = re.compile(r"(?:\\.|[^*?\[\\])*(?:[*?]|\[)", re.DOTALL)


class Looked(NamedTuple):
    """A part of the work: how many names were looked at, and how many bytes of paths are held since."""

    names: int
    held_bytes: int


def expand_pattern(
    pattern: str, list_directory: Callable[[str], list[str]], exists: Callable[[str], bool]
) -> Generator[Looked, None, list[str]]:
    """The paths that match `pattern`, sorted by byte; yields after each directory, so that others may run.

    Args:
        pattern: In the form of `encoding`.
        list_directory: Gives a directory's names; raises OSError.
        exists: Whether a path exists (a dangling symbolic link does).
    """
    parts = _PARTS.findall(pattern.replace(QUOTE, "").replace(_SLASH, "/"))
    actives = [_is_active(part) for part in parts]
    found: list[str] = []
    todo = [("", 0)]
    while todo:
        prefix, index = todo.pop()
        matched = index > 0
        while index < len(parts) and not actives[index]:
            prefix += plain(_BACKSLASHED.sub(r"\1", parts[index]))
            index += 1
        if index == len(parts):
            if matched and exists(to_machine(prefix)):
                found.append(prefix)
            yield Looked(1 + prefix.count("/"), 0)
            continue
        try:
            names = [from_machine(name) for name in list_directory(to_machine(prefix) or ".")]
        except OSError:
            continue
        matching = _matching(names, parts[index])
        last = index + 1 == len(parts)
        if last:
            found += [prefix + name for name in matching]
        else:
            todo += [(prefix + name, index + 1) for name in matching]
        yield Looked(1 + len(names) + prefix.count("/"), sum(map(len, matching)) + len(matching) * (PATH_BYTES + len(prefix)))
    return sorted(found)


def _matching(names: list[str], part: str) -> list[str]:
    """The names that match a component; those with a dot in front only when it stands in the pattern, too."""
    matches = compile_pattern(part).matches
    if part.startswith((".", "\\.")):
        return [name for name in (".", "..", *names) if matches(name)]
    return [name for name in names if name[0] != "." and matches(name)]


def _is_active(part: str) -> bool:
    """Whether a component of a path is a pattern: it has a star, a question mark, or a bracket expression with an end."""
    index = 0
    while match := _ACTIVE.match(part, index):
        index = match.end()
        if part[index - 1] != "[" or "]" in part[index + 1 :]:
            return True
    return False
