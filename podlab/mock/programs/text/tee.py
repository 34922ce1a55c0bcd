"""tee: to standard output and to files."""

from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.machine.signals import SIGINT, SIGPIPE, Disposition
from podlab.mock.programs.applet import Call, applet


@applet("tee", "ai")
async def tee(call: Call) -> int:
    """Copies as it comes; a file that fails does not stop the others."""
    proc, code = call.proc, 0
    if "i" in call.options:
        proc.signal(SIGINT, Disposition.IGNORE)
    proc.signal(SIGPIPE, Disposition.IGNORE)
    flags = O_WRONLY | O_CREAT | (O_APPEND if "a" in call.options else O_TRUNC)
    files = [1]
    for name in call.operands:
        if name == "-":
            files.append(1)
            continue
        try:
            files.append(await proc.open(name, flags, 0o666))
        except OSError as error:
            await call.warn_of(name, error)
            code = 1
    while data := await call.stdin.read():
        for fd in list(files):
            try:
                await proc.write(fd, data)
            except OSError:  # said nothing of, as busybox does
                files.remove(fd)
    return code
