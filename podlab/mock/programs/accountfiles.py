"""Changing /etc/passwd, /etc/group and /etc/shadow: lines of fields between colons, rewritten beside the old file."""

from collections.abc import Callable
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.machine.process import Process
from podlab.mock.programs.streams import to_bytes, to_text
from podlab.mock.programs.users import read_file

PASSWD: Final = "/etc/passwd"
GROUP: Final = "/etc/group"
SHADOW: Final = "/etc/shadow"
_DAY: Final = 86_400

Fields = list[str]


async def change(proc: Process, path: str, change_line: Callable[[Fields], Fields | None]) -> bool:
    """Puts each line through a function; None takes a line out.

    Returns:
        Whether a line was changed or taken out.

    Raises:
        OSError: The file cannot be written.
    """
    old = [line.split(":") for line in to_text(await read_file(proc, path)).splitlines()]
    new = [fields for line in old if (fields := change_line(list(line))) is not None]
    if new != old:
        await write(proc, path, new)
    return new != old


async def append(proc: Process, path: str, fields: Fields) -> None:
    """Adds a line. Raises OSError."""
    old = [line.split(":") for line in to_text(await read_file(proc, path)).splitlines()]
    await write(proc, path, [*old, fields])


async def write(proc: Process, path: str, lines: list[Fields]) -> None:
    """Writes a file of lines by way of a new one. Raises OSError."""
    mode = proc.stat(path).mode & 0o7777 if proc.exists(path) else 0o644
    fd = await proc.open(f"{path}+", O_WRONLY | O_CREAT | O_TRUNC, mode)
    await proc.write(fd, to_bytes("".join(":".join(fields) + "\n" for fields in lines)))
    proc.close(fd)
    proc.chmod(f"{path}+", mode)
    proc.rename(f"{path}+", path)


def today(proc: Process) -> str:
    """The day since 1970 on which a password is changed now."""
    return str(proc.kernel.wall_ns // SECOND // _DAY)
