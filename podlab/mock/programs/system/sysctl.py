"""sysctl: the files below /proc/sys under their dotted names."""

import errno
import stat as st
from typing import Final

from podlab.mock.machine.descriptors import O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror, unix_error
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.paths import join
from podlab.mock.programs.streams import to_bytes, to_text

_ROOT: Final = "/proc/sys"


@applet("sysctl", "+neAapwq")
async def sysctl(call: Call) -> int:
    """Shows and sets."""
    if call.options.any("aA"):
        await _show_tree(call, "")
        return 0
    if "p" in call.options:
        for path in call.operands or ["/etc/sysctl.conf"]:
            await _set_all(call, path)
        return 0
    code = 0
    for setting in call.operands:
        name, equals, value = setting.partition("=")
        code |= await (_set(call, name, value) if equals else _show(call, name))
    return code


async def _set_all(call: Call, path: str) -> None:
    """Sets what a file says. What is wrong with it is told, and makes no difference to the exit code."""
    reader = await call.fopen_or_warn(path)
    if reader is None:
        return
    for number, raw in enumerate((await reader.read_all()).split(b"\n"), 1):
        line = to_text(raw).strip()
        if not line or line[0] in "#;":
            continue
        name, equals, value = line.partition("=")
        if equals:
            await _set(call, name.strip(), value.strip())
        else:
            await call.warn(f"bad line {number}: 1 tokens found, 2 needed")
    reader.close()


def _path(name: str) -> str:
    return name if "/" in name else name.replace(".", "/")


async def _show_tree(call: Call, below: str) -> None:
    for name in sorted(call.proc.listdir(join(_ROOT, below))):
        path = f"{below}/{name}" if below else name
        if st.S_ISDIR(call.proc.stat(join(_ROOT, path)).mode):
            await _show_tree(call, path)
        else:
            await _show(call, path)


async def _unknown(call: Call, path: str, error: OSError) -> int:
    if "e" in call.options:
        return 1
    if error.errno == 2:
        await call.warn(f"error: '{path}' is an unknown key")
    else:
        await call.warn(f"error {'setting' if error.errno in (1, 30) else 'reading'} key '{path}': {strerror(error.errno or 0)}")
    return 1


async def _show(call: Call, name: str) -> int:
    path = _path(name)
    try:
        if not name:
            raise unix_error(errno.ENOENT)
        reader = await call.open(join(_ROOT, path))
        text = to_text(await reader.read_all())
        reader.close()
    except OSError as error:
        return await _unknown(call, path, error)
    for line in text.removesuffix("\n").split("\n"):
        head = "" if "n" in call.options else path.replace("/", ".") + " = "
        await call.out.write_text(f"{head}{line}\n")
    return 0


async def _set(call: Call, name: str, value: str) -> int:
    path = _path(name)
    try:
        fd = await call.proc.open(join(_ROOT, path), O_WRONLY | O_TRUNC)
        await call.proc.write(fd, to_bytes(value))
        call.proc.close(fd)
    except OSError as error:
        return await _unknown(call, path, error)
    if not call.options.any("nq"):
        await call.out.write_text(f"{path.replace('/', '.')} = {value}\n")
    return 0
