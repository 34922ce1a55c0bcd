"""basename, dirname, which and pwd: names of files."""

from podlab.mock.programs.applet import Call, applet


@applet("basename", "as:", operands=(1, None), write_error=None)
async def basename(call: Call) -> int:
    """Strips the directory, and a suffix."""
    suffix = call.options.get("s")
    names = call.operands
    if suffix is None and "a" not in call.options:
        if len(names) > 2:
            call.usage()
        suffix = names[1] if len(names) == 2 else None
        names = names[:1]
    for name in names:
        last = name.rstrip("/").rpartition("/")[2] or ("/" if name.startswith("/") else "")
        if suffix and last.endswith(suffix) and last != suffix:
            last = last[: -len(suffix)]
        await call.out.write_text(last + "\n")
    return 0


@applet("dirname", None, write_error=None)
async def dirname(call: Call) -> int:
    """Strips the last component."""
    names = call.operands[1:] if call.operands[:1] == ["--"] else call.operands
    if len(names) != 1:
        call.usage()
    path = names[0].rstrip("/")
    if not path:
        folder = "/" if names[0] else "."
    else:
        head, slash, _ = path.rpartition("/")
        folder = (head.rstrip("/") or ("//" if path.startswith("//") else "/")) if slash else "."
    await call.out.write_text(folder + "\n")
    call.error_code = 255  # when that cannot be written
    return 0


@applet("which", "a", operands=(1, None))
async def which(call: Call) -> int:
    """Finds commands in PATH."""
    missing = 0
    for name in call.operands:
        if "/" in name:
            found = [name] if _runs(call, name) else []
        else:
            folders = call.proc.env.get("PATH", "/sbin:/usr/sbin:/bin:/usr/bin").split(":")
            found = [path for folder in folders if _runs(call, path := f"{folder or '.'}/{name}")]
        missing |= not found
        for path in found if "a" in call.options else found[:1]:
            await call.out.write_text(path + "\n")
    return int(missing)


def _runs(call: Call, path: str) -> bool:
    try:
        call.proc.access(path, 1)
        return call.proc.stat(path).mode & 0o170000 == 0o100000
    except OSError:
        return False


@applet("pwd", "LP")
async def pwd(call: Call) -> int:
    """Prints the working directory."""
    try:
        path = call.proc.getcwd()
    except OSError as error:
        call.die_of("getcwd", error)
    await call.out.write_text(path + "\n")
    return 0
