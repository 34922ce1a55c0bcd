"""Every flag that a real busybox's usage names, and what the mock makes of it.

python -m tests.shell.flags        prints the flags that are neither refused by name nor used by a recorded script
"""

import re
from collections import defaultdict
from functools import cache
from importlib import import_module
from pathlib import Path

from podlab.mock.programs.applet import APPLETS
from podlab.mock.programs.catalogue import MODULE_OF
from podlab.mock.programs.options import parse_spec
from podlab.mock.programs.usage import usage_text
from tests.shell.recording import scripts

NO_FLAGS = {
    "dd": "bcifos", "echo": "", "find": "", "expr": "", "test": "", "[": "", "[[": "", "ip": "", "ipaddr": "", "iplink": "",
    "iproute": "", "iprule": "", "ipneigh": "", "dc": "", "route": "h", "tcpsvd": "", "stty": "",
}  # fmt: skip
"""Applets whose words in the usage with a dash in front are no flags, or flags of a language of their own."""
NOT_FLAGS = {
    "getopt": ("b", "c", "bb"),
    "stat": ("l",),
    "ln": ("t",),
    "df": ("B",),
    "flock": ("c",),
    "less": ("~", "h"),
    "last": ("H",),
    "sendmail": tuple("mLOGIN"),
}
"""Letters that look like flags in a usage text, and are none (or not in the image's build)."""

NETWORK = Path(__file__).parent.parent / "mock/programs/net/scripts"
_LINE_FLAG = re.compile(r"(?<![\w-])-([A-Za-z0-9?#@])(?![a-z-])")
_LONG = re.compile(r"(?<![\w-])--([a-z][\w-]+)")
_BRACKETED = re.compile(r"\[-([A-Za-z0-9]+)(?=[\] |=A-Z\[]|$)")


def usage_flags(name: str) -> set[str]:
    """The flags of an applet's usage: letters, and long names."""
    if name in NO_FLAGS:
        return set()
    text = usage_text(name)
    synopsis = re.split(r"\n\n", text, maxsplit=1)[0]
    found = set(_LONG.findall(text)) - {"help"}
    for cluster in _BRACKETED.findall(synopsis):
        found |= set(cluster) if cluster == cluster[:1] or cluster.isalnum() else set()
    for line in text.splitlines():
        if re.match(r"\s+-", line):
            head = re.split(r"\t|  +", line.strip())[0]
            found |= set(_LINE_FLAG.findall(head))
    return found - set(NOT_FLAGS.get(name, ()))


def declared(name: str) -> tuple[set[str] | None, set[str]]:
    """The flags that an applet takes in the mock (None: it reads its arguments itself), and those that it refuses."""
    import_module(MODULE_OF[name])
    applet = APPLETS[name]
    if applet.options is None:
        return None, set(applet.refused)
    return set(parse_spec(applet.options)) | set(applet.long_options or ()), set(applet.refused) | {
        long for long, letter in (applet.long_options or {}).items() if letter in applet.refused
    }


@cache
def flags_in_scripts() -> dict[str, set[str]]:
    """By applet, the flags with which recorded scripts call it."""
    used: dict[str, set[str]] = defaultdict(set)
    for path in [*scripts(), *sorted(NETWORK.glob("*.sh"))]:
        text = path.read_bytes().decode("utf-8", "surrogateescape").replace("\\\n", " ")
        for command in re.split(r"[|;&\n()`{}]|\bdo\b|\bthen\b|\bif\b|\bexec\b", text):
            words = command.split()
            for place, word in enumerate(words):
                if word in MODULE_OF:
                    for flag in words[place + 1 :]:
                        if flag.startswith("--"):
                            used[word].add(flag[2:].partition("=")[0])
                        elif flag.startswith("-"):
                            used[word] |= set(flag[1:])
    return used


def unaccounted(name: str) -> set[str]:
    """Flags of the usage that the applet neither takes nor refuses by name."""
    takes, refuses = declared(name)
    return set() if takes is None else usage_flags(name) - takes - refuses


def unplayed(name: str) -> set[str]:
    """Flags that are not refused, and that no recorded script uses."""
    _, refuses = declared(name)
    return usage_flags(name) - refuses - flags_in_scripts()[name]


def main() -> None:
    """Prints the table."""
    for name in sorted(MODULE_OF):
        missing, silent = unaccounted(name), unplayed(name)
        if missing or silent:
            print(f"{name:12} not taken: {' '.join(sorted(missing)) or '-':12} not played: {' '.join(sorted(silent)) or '-'}")


if __name__ == "__main__":
    main()
