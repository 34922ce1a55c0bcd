"""run-parts: the programs of a directory, one after the other."""

import re
import stat as st
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.paths import join
from podlab.mock.programs.numbers import unsigned
from podlab.mock.programs.process.running import run
from podlab.mock.programs.streams import to_bytes

_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")
_LONG: Final = {"arg": "a", "umask": "u", "test": "t", "exit-on-error": "e", "reverse": "r", "list": "L"}


@applet("run-parts", "a:u:terL", long_options=_LONG, operands=(1, 1))
async def run_parts(call: Call) -> int:
    """Runs, or with --test lists, what is executable in a directory."""
    folder = call.operands[0]
    if (mask := call.options.get("u")) is not None:
        call.proc.umask = unsigned(mask, 0, 0o7777, base=8)
    code = 0
    try:
        if not st.S_ISDIR(call.proc.stat(folder).mode):
            return 0
        names = sorted(call.proc.listdir(folder), key=to_bytes, reverse="r" in call.options)
    except OSError as error:
        await call.warn_of(folder, error)
        return 0
    for name in names:
        path = join(folder, name)
        if not _NAME.fullmatch(name) or not _is_chosen(call, path):
            continue
        if call.options.any("tL"):
            await call.out.write_text(path + "\n")
            continue
        result = await run(call, [path, *call.options.all("a")])
        if result.status:
            code = 1
            await call.warn(f"{path}: exit status {result.status & 255}")
            if "e" in call.options:
                return 1
    return code


def _is_chosen(call: Call, path: str) -> bool:
    try:
        mode = call.proc.stat(path).mode
    except OSError:
        return False
    return st.S_ISREG(mode) and (bool(mode & 0o111) or "L" in call.options)
