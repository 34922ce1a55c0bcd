"""mount and umount: the list of mounts, and why a container makes and ends none."""

from typing import Final

from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.paths import join
from podlab.mock.programs.options import Options, parse


@applet("mount", None)
async def mount(call: Call) -> int:
    """Lists mounts; makes none, for a container may not."""
    settings = [word[2:] for word in call.operands if word.startswith("--")]
    options, names = parse(_MOUNT_OPTIONS, {}, [word for word in call.operands if not word.startswith("--")])
    settings = [each for text in [*options.all("o"), *settings] for each in text.split(",")]
    if not names and "a" not in options:
        return await _list_mounts(call, options.get("t"))
    if len(names) > 2:
        call.usage()
    if len(names) == 2:
        return await _refuse_mount(call, options, names[0], names[1])
    if names and any(each.removeprefix("make-").removeprefix("r") in _PROPAGATIONS for each in settings):
        call.die(f"{names[0]}: Operation not permitted")
    if names and "remount" in settings:
        call.die(f"can't find {names[0]} in /proc/mounts")
    table = options.get("T") or "/etc/fstab"
    entries = await _read_table(call, table)
    if not names:
        wanted = [fields for fields in entries if _chosen(options, fields[2], fields[3:])]
        return sum([bool(await _refuse_mount(call, options, *fields[:2])) for fields in wanted])
    place = join(call.proc.cwd, names[0])
    found = next((fields for fields in entries if names[0] in fields[:2] or place == fields[1]), None)
    if found is None:
        call.die(f"can't find {names[0]} in {table}")
    return await _refuse_mount(call, options, *found[:2])


_MOUNT_OPTIONS: Final = "o:t:rwanvfO:sT:"
_PROPAGATIONS: Final = ("shared", "slave", "private", "unbindable")
_FAILED: Final = 255


async def _refuse_mount(call: Call, options: Options, source: str, place: str) -> int:
    """What comes of a mount: nothing in a dry run, else an error."""
    if "f" in options:
        return 0
    try:
        call.proc.stat(place)
    except OSError as error:
        await call.warn(f"mounting {source} on {place} failed: {strerror(error.errno or 0)}")
    else:
        call.die("permission denied (are you root?)")
    return _FAILED


async def _list_mounts(call: Call, kinds: str | None) -> int:
    table = await call.open("/proc/mounts")
    while line := await table.line():
        source, place, kind, options = line.decode("utf-8", "surrogateescape").split()[:4]
        if kinds is None or kind == kinds:
            await call.out.write_text(f"{source} on {place} type {kind} ({options})\n")
    return 0


async def _read_table(call: Call, path: str) -> list[list[str]]:
    """The entries of a table of mounts: device, place, type, options."""
    try:
        reader = await call.open(path)
    except OSError as error:
        call.die(f"can't read '{path}': {strerror(error.errno or 0)}")
    lines = (await reader.read_all()).decode("utf-8", "surrogateescape").splitlines()
    return [fields for line in lines if len(fields := line.split()) > 2 and not fields[0].startswith("#")]


def _is_of(kind: str, kinds: str | None) -> bool:
    """Whether a file system is of the kinds of -t; `no` before them means all others."""
    return kinds is None or (kind in kinds.removeprefix("no").split(",")) != kinds.startswith("no")


def _chosen(options: Options, kind: str, rest: list[str]) -> bool:
    """Whether -a means an entry of the table: one of the types of -t, with an option of -O, and not to be left out."""
    has = rest[0].split(",") if rest else []
    wanted = options.get("O")
    fits = wanted is None or any(each in has for each in wanted.split(","))
    return fits and "noauto" not in has and kind != "swap" and _is_of(kind, options.get("t"))


@applet("umount", "fldnrat:", operands=(0, None))
async def umount(call: Call) -> int:
    """Ends no mounts: a container may not."""
    names = call.operands
    if "a" in call.options:
        wanted = call.options.get("t")
        lines = (await (await call.open("/proc/mounts")).read_all()).decode("utf-8", "surrogateescape").splitlines()
        table = [line.split() for line in lines]
        names = [fields[1] for fields in table if _is_of(fields[2], wanted)][::-1]
    elif not names:
        call.usage()
    for name in names:
        try:
            call.proc.stat(name)
        except OSError as error:
            await call.warn_of(f"can't unmount {name}", error)
            continue
        await call.warn(f"can't unmount {name}: Operation not permitted")
    return int(bool(names))
