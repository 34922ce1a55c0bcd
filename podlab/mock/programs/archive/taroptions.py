"""What tar's arguments ask for."""

import fnmatch
from dataclasses import dataclass, field
from typing import Final

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.options import OptionError, Options, parse
from podlab.mock.programs.streams import to_text

EXCLUDE, STRIP, COMMAND, OVERWRITE, NO_RECURSION, NUMERIC, NO_PERMISSIONS, LZMA = "\1\2\3\4\5\6\7\x08"
_SPEC: Final = f"txcC:f:OkvhzjJaT:X:pom{EXCLUDE}:{STRIP}:{COMMAND}:{OVERWRITE}{NO_RECURSION}{NUMERIC}{NO_PERMISSIONS}{LZMA}"
_LONG: Final = {
    "list": "t", "extract": "x", "directory": "C", "file": "f", "to-stdout": "O", "create": "c", "files-from": "T",
    "exclude-from": "X", "dereference": "h", "bzip2": "j", "xz": "J", "lzma": LZMA, "gzip": "z", "auto-compress": "a",
    "same-permissions": "p", "no-same-owner": "o", "keep-old": "k", "touch": "m", "verbose": "v", "exclude": EXCLUDE,
    "overwrite": OVERWRITE, "strip-components": STRIP, "no-recursion": NO_RECURSION, "numeric-owner": NUMERIC,
    "no-same-permissions": NO_PERMISSIONS, "to-command": COMMAND,
}  # fmt: skip
_PACKERS: Final = {"z": "gzip", "j": "bzip2", "J": "xz", LZMA: "lzma"}
_SUFFIXES: Final = {".gz": "gzip", ".tgz": "gzip", ".bz2": "bzip2", ".tbz": "bzip2", ".xz": "xz", ".lzma": "lzma"}


@dataclass(slots=True)
class Wish:
    """What was asked for: the letters of all flags, and the values of some.

    Attributes:
        mode: `c`, `x` or `t`.
        packing: The archive's compression; empty for none, or to find out.
        names: What to take in or out; empty for all.
        chosen: Whether names were given, be they none (an empty -T).
    """

    mode: str
    flags: frozenset[str]
    file: str = "-"
    folder: str = ""
    packing: str = ""
    strip: int = 0
    command: str | None = None
    excluded: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    chosen: bool = False

    def excludes(self, name: str) -> bool:
        """Whether a pattern of -X or --exclude holds for a name, or for the end or beginning of its path."""
        parts = name.rstrip("/").split("/")
        tails = ["/".join(parts[at:]) for at in range(len(parts))] + ["/".join(parts[:at]) for at in range(1, len(parts))]
        return any(fnmatch.fnmatchcase(tail, pattern) for pattern in self.excluded for tail in tails)


async def read_wish(call: Call) -> Wish:
    """Sorts the arguments; ends with the usage text when they are wrong. Enters the folder of -C only for reading later."""
    words = list(call.operands)
    if words and not words[0].startswith("-"):
        words[0] = "-" + words[0]
    try:
        options, names = parse(_SPEC, _LONG, words)
    except OptionError as error:
        await call.error(f"tar: {error}\n")
        call.usage()
    flags = frozenset(letter for letter, _ in options.given)
    modes = flags & frozenset("ctx")
    if len(modes) != 1:
        call.usage()
    wish = Wish("".join(modes), flags, options.get("f") or "-", options.get("C") or "", command=options.get(COMMAND), names=names)
    wish.strip = unsigned(options.get(STRIP, "0"), 0, INT_MAX)
    wish.packing = _packing(options, wish.file)
    wish.excluded = options.all(EXCLUDE) + await _listed(call, options, "X")
    wish.names += await _listed(call, options, "T")
    wish.names = [name.rstrip("/") or "/" for name in wish.names]
    wish.chosen = bool(names) or "T" in options
    return wish


def _packing(options: Options, file: str) -> str:
    letter = options.last_of("zjJ" + LZMA)
    if letter:
        return _PACKERS[letter]
    if "a" in options:
        return next((kind for suffix, kind in _SUFFIXES.items() if file.endswith(suffix)), "")
    return ""


async def _listed(call: Call, options: Options, letter: str) -> list[str]:
    names = []
    for path in options.all(letter):
        try:
            reader = await call.open(path)
        except OSError as error:
            call.die_of(path, error)
        text = to_text(await reader.read_all())
        reader.close()
        names += [line for line in text.split("\n") if line]
    return names


def make_parents(proc: Process, path: str) -> None:
    """Makes the directories that a path leads through. Raises OSError."""
    folder = ""
    for part in path.split("/")[:-1]:
        folder += part + "/"
        if not proc.exists(folder):
            proc.mkdir(folder, 0o777)


def enter(call: Call, folder: str) -> None:
    """Changes to the folder of -C, or dies."""
    try:
        call.proc.chdir(folder)
    except OSError as error:
        call.die(f"can't change directory to '{folder}': {strerror(error.errno or 0)}")
