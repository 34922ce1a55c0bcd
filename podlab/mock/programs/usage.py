"""busybox's own usage texts, and the list of all that `busybox` can be called as.

They stand in `usage.txt`, a section for each applet headed by `== ` and the place where `busybox --install` would put it.
"""

import textwrap
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Final

BANNER: Final = "BusyBox v1.37.0 (2024-09-26 21:31:42 UTC) multi-call binary."
NO_HELP: Final = "No help available\n"


@cache
def _sections() -> dict[str, tuple[str, str]]:
    """Applet name to (install path, usage text)."""
    text = resources.files(__package__).joinpath("usage.txt").read_text(encoding="utf-8")
    sections = {}
    for section in text.removeprefix("== ").removesuffix("\n").split("\n== "):
        path, _, usage = section.partition("\n")
        sections[path.rpartition("/")[2]] = (path, f"{usage}\n" if usage else NO_HELP)
    return sections


def usage_text(name: str) -> str:
    """The text that `NAME --help` prints below the banner."""
    return _sections().get(name, ("", NO_HELP))[1]


def install_paths() -> list[str]:
    """What `busybox --list-full` prints."""
    return [path for path, _ in _sections().values()]


_INTRODUCTION: Final = """\
BusyBox is copyrighted by many authors between 1998-2015.
Licensed under GPLv2. See source distribution for detailed
copyright notices.

Usage: busybox [function [arguments]...]
   or: busybox --list[-full]
   or: busybox --show SCRIPT
   or: busybox --install [-s] [DIR]
   or: function [arguments]...

	BusyBox is a multi-call binary that combines many common Unix
	utilities into a single executable.  Most people will create a
	link to busybox for each function they wish to use and BusyBox
	will act like whatever it was invoked as.

Currently defined functions:
"""
_WIDTH: Final = 71


def banner_text(names: Sequence[str]) -> str:
    """What `busybox` prints when it is called by its own name."""
    lines = textwrap.wrap(", ".join(names), _WIDTH, break_long_words=False, break_on_hyphens=False)
    return f"{BANNER}\n{_INTRODUCTION}" + "".join(f"\t{line}\n" for line in lines)
