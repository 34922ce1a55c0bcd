"""setpriv, unshare, nsenter: other privileges and other namespaces, as far as a container may have them."""

import errno
import re
from dataclasses import replace
from typing import Final

from podlab.mock.machine import capabilities
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.process.running import execute, wait_for
from podlab.mock.programs.process.wrappers import enter_root
from podlab.mock.programs.ptys import shell_name
from podlab.mock.programs.users import read_accounts

# --- setpriv ---


@applet("setpriv", "+dNI:A:", long_options={"dump": "d", "nnp": "N", "no-new-privs": "N", "inh-caps": "I", "ambient-caps": "A"})
async def setpriv(call: Call) -> int:
    """Runs a program with other privileges, or shows them."""
    options, proc = call.options, call.proc
    if "d" in options:
        if call.operands or options.any("NIA"):
            call.usage()
        await call.out.write_text(_dump(proc))
        return 0
    if "N" in options:
        proc.privileges = replace(proc.privileges, no_new=True)
    if (text := options.get("I")) is not None:
        _set_inheritable(call, text)
    if (text := options.get("A")) is not None:
        await _set_ambient(call, text)
    if not call.operands:
        call.usage()
    return await execute(call, call.operands)


def _dump(proc: Process) -> str:
    groups = ",".join(map(str, proc.groups)) or "[none]"
    return (
        f"uid: {proc.uid}\neuid: {proc.uid}\ngid: {proc.gid}\negid: {proc.gid}\nSupplementary groups: {groups}\n"
        f"no_new_privs: {int(proc.privileges.no_new)}\nInheritable capabilities: {_shown(proc.privileges.inheritable)}\n"
        f"Ambient capabilities: {_shown(capabilities.ambient(proc))}\nCapability bounding set: {_shown(capabilities.BOUNDING)}\n"
    )


def _shown(mask: int) -> str:
    names = [*capabilities.NAMES, *(f"cap_{number}" for number in range(len(capabilities.NAMES), capabilities.LAST + 1))]
    return ",".join(name for number, name in enumerate(names) if mask >> number & 1) or "[none]"


def _capability(call: Call, text: str) -> int:
    """The number of `+NAME` or `-NAME`. Dies of what is neither."""
    if text[:1] not in ("-", "+"):
        call.die(f"invalid capability '{text}'")
    name = text[1:]
    match = re.match(r"cap_\s*(\d+)", name)
    number = int(match[1]) if match else -1
    if match is None and name.lower() in capabilities.NAMES:
        number = capabilities.NAMES.index(name.lower())
    if not 0 <= number <= capabilities.LAST:
        call.die(f"unknown capability '{name}'")
    return number


def _set_inheritable(call: Call, text: str) -> None:
    mask = call.proc.privileges.inheritable
    for word in filter(None, text.split(",")):
        bit = 1 << _capability(call, word)
        mask = mask | bit if word[0] == "+" else mask & ~bit
    try:
        capabilities.set_inheritable(call.proc, mask)
    except OSError as error:
        call.die_of("capset", error)


async def _set_ambient(call: Call, text: str) -> None:
    for word in filter(None, text.split(",")):
        number, on = _capability(call, word), word[0] == "+"
        try:
            capabilities.set_ambient(call.proc, number, on)
        except OSError as error:
            await call.warn_of(f"cap_ambient_{'raise' if on else 'lower'}", error)


# --- unshare ---

FLAGS: Final = {"m": 0x20000, "u": 0x4000000, "i": 0x8000000, "n": 0x40000000, "p": 0x20000000}
"""The kernel's numbers of the namespaces that one needs CAP_SYS_ADMIN to leave."""
FILES_OF: Final = {"1": "m", "2": "u", "3": "i", "4": "n", "5": "p", "6": "U"}
LONG_OPTIONS: Final = {
    "mount": "1", "uts": "2", "ipc": "3", "net": "4", "pid": "5", "user": "6", "fork": "f", "map-root-user": "r",
    "mount-proc": "7", "propagation": "8", "setgroups": "9",
}  # fmt: skip
PROPAGATIONS: Final = ("private", "unchanged", "shared", "slave")


@applet("unshare", "+muinpUfr1::2::3::4::5::6::7::8:9:", long_options=LONG_OPTIONS, refused="Ur")
async def unshare(call: Call) -> int:
    """Runs a program in namespaces of its own: a container may have none but those of a user, which are not modelled."""
    options = call.options
    if "6" in options:
        call.refuse("--user")
    setgroups = options.get("9")
    if setgroups not in (None, "allow", "deny"):
        call.die(f"unrecognized: --setgroups={setgroups}")
    given = {FILES_OF.get(letter, letter) for letter, _ in options.given} | ({"m"} if "7" in options else set())
    propagation = options.get("8") or PROPAGATIONS[0]
    if "m" in given and propagation not in PROPAGATIONS:
        call.die(f"unrecognized: --propagation={propagation}")
    flags = sum(number for letter, number in FLAGS.items() if letter in given)
    if flags:
        call.die(f"unshare(0x{flags:x}): {strerror(errno.EPERM)}")
    if setgroups is not None:
        call.refuse("--setgroups")
    return await _run(call, call.operands, fork="f" in options)


async def _run(call: Call, words: list[str], fork: bool) -> int:
    """Becomes a program, or the user's shell; with `fork` in a child, as which it then ends."""
    shell = shell_name(call.proc, await read_accounts(call.proc)) if "SHELL" in call.proc.env else "/bin/sh"
    if not fork:
        return await _become(call, words, shell)
    await call.finish()

    async def body(child: Process) -> int:
        return await _become(Call(call.applet, child), words, shell)

    ended = await wait_for(call.proc, call.proc.fork(body))
    if ended.signal:
        call.proc.kill(call.proc.pid, ended.signal)
    return ended.status


async def _become(call: Call, words: list[str], shell: str) -> int:
    if words:
        return await execute(call, words)
    name = shell.rpartition("/")[2]
    try:
        await call.proc.exec(shell, [f"-{name}"])
    except OSError as error:
        call.die(f"can't execute '{shell}': {strerror(error.errno or 0)}")


# --- nsenter ---

NAMESPACES: Final = {"U": "user", "i": "ipc", "u": "uts", "n": "net", "p": "pid", "m": "mnt"}
"""In the order in which they are entered."""
ENTER_LONG: Final = {
    "user": "U", "ipc": "i", "uts": "u", "net": "n", "pid": "p", "mount": "m", "target": "t", "setuid": "S", "setgid": "G",
    "root": "r", "wd": "w", "no-fork": "F", "preserve-credentials": "P",
}  # fmt: skip


@applet("nsenter", "+U::i::u::n::p::m::t:S:G:r::w::FP", long_options=ENTER_LONG)
async def nsenter(call: Call) -> int:
    """Runs a program in another process' namespaces: a container may enter none; but a root, a directory, and a user."""
    options, proc = call.options, call.proc
    target, uid, gid = (unsigned(options.get(letter, "0"), 0, INT_MAX) for letter in "tSG")
    places = {}
    for letter, name in (("r", "root"), ("w", "cwd")):
        if letter in options:
            places[letter] = await _place(call, options.get(letter), target, name)
    opened = []
    for letter, name in NAMESPACES.items():
        if letter in options:
            place = await _place(call, options.get(letter), target, f"ns/{name}")
            opened.append((name, re.fullmatch(r"/proc/(\d+|self)/ns/\w+", place) is not None))
    for name, is_namespace in opened:
        reason = errno.EPERM if is_namespace and name != "user" else errno.EINVAL
        call.die(f"setns(): can't reassociate to namespace '{name}': {strerror(reason)}")
    if "r" in places:
        before = proc.cwd
        enter_root(call, places["r"])
        proc.cwd = before
    if "w" in places:
        proc.cwd = places["w"]
    if "G" in options:
        proc.groups, proc.gid = (), gid
    if "S" in options:
        proc.uid = uid
    return await _run(call, call.operands, fork=False)


async def _place(call: Call, path: str | None, target: int, name: str) -> str:
    """A file or directory that was given, or one of the target process. Dies of what cannot be opened."""
    if not path:
        if not target:
            call.usage()
        path = f"/proc/{target}/{name}"
    try:
        call.proc.close(await call.proc.open(path))
        return call.proc.realpath(path) if name in ("root", "cwd") else path
    except OSError as error:
        call.die(f"can't open '{path}': {strerror(error.errno or 0)}")
