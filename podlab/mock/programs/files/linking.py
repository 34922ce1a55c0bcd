"""ln, link, readlink and realpath."""

import errno
import stat as st
from contextlib import suppress

from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.paths import FILE_COST_NS, join, last_component

LN_LONG = {
    "symbolic": "s",
    "force": "f",
    "no-dereference": "n",
    "backup": "b",
    "suffix": "S",
    "no-target-directory": "T",
    "verbose": "v",
}


@applet("ln", "sfnbS:vT", long_options=LN_LONG, operands=(1, None))
async def ln(call: Call) -> int:
    """Makes links."""
    operands = call.operands
    if len(operands) == 1:
        operands = [operands[0], last_component(operands[0])]
    elif "T" in call.options and len(operands) > 2:
        call.die("-T accepts 2 args max")
    code = 0
    for target in operands[:-1]:
        if not await _link(call, target, operands[-1]):
            code = 1
    return code


async def _link(call: Call, target: str, name: str) -> bool:
    """Makes one link. Returns False, after saying why, when it could not."""
    options, proc = call.options, call.proc
    await proc.cpu(FILE_COST_NS)
    if _is_directory(call, name, follow=not options.any("nT")):
        if "T" in options:
            call.die(f"'{name}' is a directory")
        name = join(name, last_component(target))
    if "s" not in options:
        try:
            proc.lstat(target)
        except OSError as error:
            await call.warn_of(target, error)
            return False
    try:
        if "b" in options:
            _back_up(call, name)
        elif "f" in options:
            with suppress(OSError):
                proc.unlink(name)
        if "v" in options:
            await call.out.write_text(f"'{name}' -> '{target}'\n")
        (proc.symlink if "s" in options else proc.link)(target, name)
    except OSError as error:
        await call.warn_of(name, error)
        return False
    return True


def _back_up(call: Call, name: str) -> None:
    """Gives what is in the way another name."""
    with suppress(FileNotFoundError):
        call.proc.rename(name, name + (call.options.get("S") or "~"))


def _is_directory(call: Call, path: str, follow: bool) -> bool:
    try:
        return st.S_ISDIR((call.proc.stat if follow else call.proc.lstat)(path).mode)
    except OSError:
        return False


@applet("link", operands=(2, 2))
async def link(call: Call) -> int:
    """Makes one hard link."""
    old, new = call.operands
    try:
        call.proc.link(old, new)
    except OSError as error:
        call.die_of(f"can't create hardlink '{new}' to '{old}'", error)
    return 0


def canonical(call: Call, path: str) -> str:
    """The canonical path; its last component may be missing, unless it is all there is. Raises OSError."""
    if "/" not in path:
        call.proc.lstat(path)
    return call.proc.realpath(path)


@applet("readlink", "fnvsq", operands=(1, 1))
async def readlink(call: Call) -> int:
    """Prints where a symbolic link leads."""
    path = call.operands[0]
    try:
        text = canonical(call, path) if "f" in call.options else call.proc.readlink(path)
    except OSError as error:
        if "v" in call.options:
            reason = "not a symlink" if error.errno == errno.EINVAL else strerror(error.errno or 0)
            await call.warn(f"{path}: cannot read link: {reason}")
        return 1
    await call.out.write_text(text if "n" in call.options else text + "\n")
    return 0


@applet("realpath", None)
async def realpath(call: Call) -> int:
    """Prints canonical paths."""
    if not call.operands:
        call.usage()
    code = 0
    for path in call.operands:
        try:
            text = canonical(call, path)
        except OSError as error:
            await call.warn_of(path, error)
            code = 1
        else:
            await call.out.write_text(text + "\n")
    return code
