"""The multi-call binary: which applet a command is, and what `busybox` itself does."""

from importlib import import_module

from podlab.mock.machine.process import Process, Program
from podlab.mock.programs.applet import APPLETS, run
from podlab.mock.programs.catalogue import APPLETS as NAMES
from podlab.mock.programs.catalogue import MODULE_OF
from podlab.mock.programs.streams import to_bytes
from podlab.mock.programs.usage import BANNER, banner_text, install_paths, usage_text

SHELLS = ("sh", "ash")
NO_HELP_OPTION = frozenset(("test", "[", "[[", "true", "false", "echo"))
NOT_FOUND = 127


async def busybox(proc: Process) -> int:
    """Runs the applet that `argv[0]` names, or the one that `busybox NAME` does."""
    name = proc.argv[0].rpartition("/")[2].removeprefix("-")
    if name == "busybox":
        if len(proc.argv) == 1 or proc.argv[1] == "--help":
            return await _help(proc)
        if proc.argv[1].startswith("--list"):
            return await _list(proc)
        proc.argv = proc.argv[1:]
        name = proc.argv[0].rpartition("/")[2]
    return await _run(name, proc)


async def _run(name: str, proc: Process) -> int:
    if proc.argv[1:2] == ["--help"] and name in NAMES and name not in NO_HELP_OPTION:
        await proc.write(2, to_bytes(f"{BANNER}\n\n{usage_text(name)}"))
        return 0
    if name in SHELLS:
        shell: Program = import_module("podlab.mock.shell").main
        return await shell(proc)
    if name in MODULE_OF:
        if name not in APPLETS:
            import_module(MODULE_OF[name])
        return await run(APPLETS[name], proc)
    if name in NAMES:
        await proc.write(2, to_bytes(f"{name}: not modelled by podlab\n"))
        return 1
    await proc.write(2, to_bytes(f"{name}: applet not found\n"))
    return NOT_FOUND


async def _help(proc: Process) -> int:
    await proc.write(1, to_bytes(banner_text(NAMES)))
    return 0


async def _list(proc: Process) -> int:
    names = install_paths() if proc.argv[1] == "--list-full" else NAMES
    await proc.write(1, to_bytes("".join(f"{name}\n" for name in names)))
    return 0
