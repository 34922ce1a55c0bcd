"""rm, rmdir and unlink."""

import errno
import stat as st
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.asking import confirmed
from podlab.mock.programs.files.paths import join, last_component
from podlab.mock.shell.trampoline import Call as Deep

IGNORE_NOT_EMPTY: Final = "\x01"


class Remover:
    """Removes files and trees.

    Args:
        call: Who says so.
        force: Neither asks nor minds what is not there.
        interactive: Asks each time.
        recursive: Removes directories with what is in them.
    """

    def __init__(self, call: Call, force: bool, interactive: bool = False, recursive: bool = False) -> None:
        self.call = call
        self.force = force
        self.interactive = interactive
        self.recursive = recursive

    async def remove(self, path: str) -> bool:
        """Removes a path. Returns False, after saying why, when it could not."""
        call = self.call
        await call.proc.cpu(2_000)
        try:
            mode = call.proc.lstat(path).mode
        except OSError as error:
            if error.errno != errno.ENOENT:
                await call.warn_of(f"can't stat '{path}'", error)
                return False
            if not self.force:
                await call.warn_of(f"can't remove '{path}'", error)
            return self.force
        if st.S_ISDIR(mode):
            return await self._remove_directory(path)
        if self._must_ask(path, mode) and not await confirmed(call, f"remove '{path}'"):
            return True
        try:
            call.proc.unlink(path)
        except OSError as error:
            await call.warn_of(f"can't remove '{path}'", error)
            return False
        return True

    def _must_ask(self, path: str, mode: int) -> bool:
        if self.interactive:
            return True
        if self.force or st.S_ISLNK(mode) or not self.call.proc.isatty(0):
            return False
        try:
            self.call.proc.access(path, 2)
        except OSError:
            return True
        return False

    async def _remove_directory(self, path: str) -> bool:
        call = self.call
        if not self.recursive:
            await call.warn(f"'{path}' is a directory")
            return False
        asks = self._must_ask(path, st.S_IFDIR)
        if asks and not await confirmed(call, f"descend into directory '{path}'"):
            return True
        try:
            names = call.proc.listdir(path)
        except OSError as error:
            await call.warn_of(f"can't open '{path}'", error)
            return False
        done = True
        for name in names:
            done &= await Deep(self.remove(join(path, name)))
        if asks and not await confirmed(call, f"remove directory '{path}'"):
            return done
        await call.proc.cpu(2_000)
        try:
            call.proc.rmdir(path)
        except OSError as error:
            await call.warn_of(f"can't remove '{path}'", error)
            return False
        return done


@applet("rm", "fiRrv")
async def rm(call: Call) -> int:
    """Removes files."""
    last = call.options.last_of("fi")
    remover = Remover(call, last == "f", last == "i", call.options.any("Rr"))
    if not call.operands and not remover.force:
        call.usage()
    code = 0
    for path in (operand.rstrip("/") or operand[:1] for operand in call.operands):
        if last_component(path) in (".", ".."):
            await call.warn("can't remove '.' or '..'")
        elif await remover.remove(path):
            continue
        code = 1
    return code


@applet(
    "rmdir",
    "pv" + IGNORE_NOT_EMPTY,
    long_options={"parents": "p", "ignore-fail-on-non-empty": IGNORE_NOT_EMPTY},
    operands=(1, None),
)
async def rmdir(call: Call) -> int:
    """Removes empty directories."""
    code = 0
    for path in call.operands:
        while True:
            try:
                call.proc.rmdir(path)
            except OSError as error:
                if not (IGNORE_NOT_EMPTY in call.options and error.errno == errno.ENOTEMPTY):
                    await call.warn_of(f"'{path}'", error)
                    code = 1
                break
            if "p" not in call.options:
                break
            path = path.rstrip("/").rpartition("/")[0]
            if not path or path in (".", "/"):
                break
    return code


@applet("unlink", operands=(1, 1))
async def unlink(call: Call) -> int:
    """Removes one name."""
    try:
        call.proc.unlink(call.operands[0])
    except OSError as error:
        call.die_of(f"can't remove file '{call.operands[0]}'", error)
    return 0
