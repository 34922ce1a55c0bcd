"""mkdir, mkfifo, mknod, mktemp, touch and truncate."""

import errno
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_CREAT, O_EXCL, O_RDWR, O_WRONLY
from podlab.mock.machine.errors import unix_error
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.paths import FILE_COST_NS, join
from podlab.mock.programs.modes import parse_mode
from podlab.mock.programs.numbers import KMG, LLONG_MAX, unsigned
from podlab.mock.programs.system.datewords import parse_date, this_moment
from podlab.mock.programs.timezones import parse_zone

LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def _mode(call: Call, default: int) -> int:
    """The mode that -m asks for. Dies of a wrong one."""
    text = call.options.get("m")
    if text is None:
        return default
    mode = parse_mode(text, default, call.proc.umask)
    if mode is None:
        call.die(f"invalid mode '{text}'")
    return mode


@applet("mkdir", "m:pv", long_options={"mode": "m", "parents": "p", "verbose": "v"}, operands=(1, None))
async def mkdir(call: Call) -> int:
    """Makes directories."""
    mode = _mode(call, 0o777)
    explicit = "m" in call.options
    code = 0
    for path in call.operands:
        if not await make_directory(call, path, mode, "p" in call.options, explicit):
            code = 1
    return code


async def make_directory(call: Call, path: str, mode: int, parents: bool, explicit_mode: bool = False) -> bool:
    """Makes a directory, with `parents` those above it too. Returns False, after saying why, when it could not."""
    proc = call.proc
    at = 0
    while True:
        await proc.cpu(FILE_COST_NS)
        at = path.find("/", at + 1) if parents else -1
        while at > 0 and path[at - 1] == "/":
            at = path.find("/", at + 1)
        last = at < 0 or not path[at:].strip("/")
        here = path if last else path[: at + 1]
        try:
            proc.mkdir(here, mode & 0o7777 if last else 0o777)
            if last and explicit_mode:
                proc.chmod(here, mode)
        except OSError as error:
            if not (parents and error.errno in (errno.EEXIST, errno.EISDIR) and _is_directory(call, here)):
                if parents and error.errno == errno.EEXIST and here.endswith("/") and not _is_directory(call, here):
                    error = unix_error(errno.ENOTDIR)
                await call.warn_of(f"can't create directory '{here}'", error)
                return False
        else:
            if "v" in call.options:
                await call.out.write_text(f"created directory: '{here}'\n")
        if last:
            return True


def _is_directory(call: Call, path: str) -> bool:
    try:
        call.proc.listdir(path)
    except OSError as error:
        return error.errno == errno.EACCES
    return True


@applet("mkfifo", "m:", long_options={"mode": "m"}, operands=(1, None))
async def mkfifo(call: Call) -> int:
    """Makes named pipes."""
    mode = _mode(call, 0o666)
    code = 0
    for path in call.operands:
        try:
            call.proc.mkfifo(path, mode)
            if "m" in call.options:
                call.proc.chmod(path, mode)
        except OSError as error:
            await call.warn_of(path, error)
            code = 1
    return code


_MAJORS, _MINORS = 0xFFF, 0xFFFFF
"""The greatest numbers of a device."""


@applet("mknod", "m:", long_options={"mode": "m"}, operands=(2, None))
async def mknod(call: Call) -> int:
    """Makes a named pipe; devices are refused, as they are in a container."""
    mode = _mode(call, 0o666)
    name, kind, *numbers = call.operands
    device = kind[:1] in ("b", "c", "u")
    if not device and kind[:1] != "p":
        call.usage()
    if device and len(numbers) < 2:
        call.usage()
    if device:
        unsigned(numbers[1], 0, _MINORS, wide=True)
        unsigned(numbers[0], 0, _MAJORS, wide=True)
    if len(numbers) > (2 if device else 0):
        call.usage()
    if device:
        call.die(f"{name}: Operation not permitted")
    try:
        call.proc.mkfifo(name, mode)
    except OSError as error:
        call.die_of(name, error)
    return 0


@applet("mktemp", "dqtp:u", operands=(0, 1))
async def mktemp(call: Call) -> int:
    """Makes a file or directory of a new name."""
    options = call.options
    proc = call.proc
    template = call.operands[0] if call.operands else "tmp.XXXXXX"
    if not call.operands or options.any("tp"):
        template = join(options.get("p", proc.env.get("TMPDIR") or "/tmp"), template)
    if not template.endswith("XXXXXX"):
        return await _complain(call, "Invalid argument")
    random = proc.kernel.random("mktemp")
    while True:
        path = template[:-6] + "".join(random.choice(LETTERS) for _ in range(6))
        try:
            if "u" in options:
                if proc.exists(path):
                    continue
            elif "d" in options:
                proc.mkdir(path, 0o700)
            else:
                proc.close(await proc.open(path, O_RDWR | O_CREAT | O_EXCL, 0o600))
        except FileExistsError:
            continue
        except OSError as error:
            return await _complain(call, error.strerror or "")
        await call.out.write_text(path + "\n")
        return 0


async def _complain(call: Call, reason: str) -> int:
    """Prints mktemp's message, from which the C library has taken the template."""
    if "q" not in call.options:
        await call.warn(f": {reason}")
    return 1


TOUCH_LONG: Final = {"no-create": "c", "reference": "r", "date": "d"}


@applet("touch", "chamr:d:t:f", long_options=TOUCH_LONG, operands=(1, None))
async def touch(call: Call) -> int:
    """Sets times of files, making those that are not there."""
    options = call.options
    proc = call.proc
    now = proc.kernel.wall_ns
    access = change = now
    zone = parse_zone(proc.env.get("TZ"))
    if (reference := options.get("r")) is not None:
        try:
            times = proc.stat(reference)
        except OSError as error:
            call.die_of(f"can't stat '{reference}'", error)
        access, change = times.atime_ns, times.mtime_ns
    for letter in "dt":
        if (text := options.get(letter)) is not None:
            access = change = parse_date(text, this_moment(now, zone), zone) * SECOND
    only = options.any("am") and not ("a" in options and "m" in options)
    wanted = (None if only and "m" in options else access, None if only and "a" in options else change)
    code = 0
    for path in call.operands:
        if not await _touch(call, path, wanted):
            code = 1
    return code


async def _touch(call: Call, path: str, times: tuple[int | None, int | None]) -> bool:
    proc = call.proc
    await proc.cpu(FILE_COST_NS)
    follow = "h" not in call.options
    try:
        if call.options.any("rdtam"):
            proc.utime(path, *times, follow)
        else:
            proc.utime_now(path, follow)
    except OSError as error:
        if error.errno != errno.ENOENT:
            await call.warn_of(path, error)
            return False
        if call.options.any("ch"):
            return True
        try:
            proc.close(await proc.open(path, O_RDWR | O_CREAT, 0o666))
            if call.options.any("rdt"):
                proc.utime(path, *times)
        except OSError as again:
            await call.warn_of(path, again)
            return False
    return True


@applet("truncate", "cs:", operands=(1, None))
async def truncate(call: Call) -> int:
    """Sets the size of files."""
    text = call.options.get("s")
    if text is None:
        call.usage()
    size = unsigned(text, 0, LLONG_MAX, KMG)
    code = 0
    for path in call.operands:
        try:
            fd = await call.proc.open(path, O_WRONLY | (0 if "c" in call.options else O_CREAT))
        except OSError as error:
            if not ("c" in call.options and error.errno == errno.ENOENT):
                await call.warn_of(f"{path}: open", error)
                code = 1
            continue
        try:
            call.proc.ftruncate(fd, size)
        except OSError as error:
            await call.warn_of(f"{path}: truncate", error)
            code = 1
        call.proc.close(fd)
    return code
