"""cp and mv."""

import errno
import stat as st
from typing import Final, NoReturn

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.asking import confirmed
from podlab.mock.programs.files.copying import Copier, CopyOptions
from podlab.mock.programs.files.paths import join, last_component
from podlab.mock.programs.files.removing import Remover

REMOVE_DESTINATION: Final = "\x01"
PARENTS: Final = "\x02"

CP_LONG: Final = {
    "archive": "a",
    "force": "f",
    "interactive": "i",
    "no-clobber": "n",
    "link": "l",
    "dereference": "L",
    "no-dereference": "P",
    "recursive": "R",
    "symbolic-link": "s",
    "no-target-directory": "T",
    "target-directory": "t",
    "verbose": "v",
    "update": "u",
    "remove-destination": REMOVE_DESTINATION,
    "parents": PARENTS,
}
MV_LONG: Final = {
    "interactive": "i",
    "force": "f",
    "no-clobber": "n",
    "no-target-directory": "T",
    "target-directory": "t",
    "verbose": "v",
}


class _Target:
    """Where sources go: a directory, or one path."""

    def __init__(self, call: Call) -> None:
        directory = call.options.get("t")
        self.sources = call.operands if directory is not None else call.operands[:-1]
        if not self.sources:
            call.usage()
        self.path = directory if directory is not None else call.operands[-1]
        self.given = directory is not None


def _kind(call: Call, path: str, follow: bool) -> int:
    """The mode of what is at a path, 0 when nothing is. Dies of other errors."""
    try:
        return (call.proc.stat if follow else call.proc.lstat)(path).mode
    except OSError as error:
        if error.errno == errno.ENOENT:
            return 0
        call.die_of(f"can't stat '{path}'", error)


@applet("cp", "pdRfinlsLHarPvuTt:" + REMOVE_DESTINATION + PARENTS, long_options=CP_LONG)
async def cp(call: Call) -> int:
    """Copies files."""
    options = call.options
    recursive = options.any("aRr")
    follow = "L" in options or not (recursive or options.any("dP"))
    copier = Copier(
        call,
        CopyOptions(
            recursive=recursive,
            follow=follow,
            follow_first="H" in options,
            preserve=options.any("ap"),
            interactive=options.last_of("fi") == "i" and "n" not in options,
            no_overwrite="n" in options,
            hard_link="l" in options,
            symbolic_link="s" in options,
            update="u" in options,
            verbose="v" in options,
        ),
    )
    target = _Target(call)
    single = len(target.sources) == 1 and not target.given
    if single:
        source_mode, target_mode = _kind(call, target.sources[0], follow), _kind(call, target.path, True)
        to_directory = st.S_ISDIR(target_mode)
        if "T" in options and to_directory and not st.S_ISDIR(source_mode):
            call.die(f"'{target.path}' is a directory")
        if PARENTS in options and not to_directory:
            call.die("with --parents, the destination must be a directory")
        if (
            not (st.S_ISDIR(source_mode) or to_directory)
            or (recursive and st.S_ISDIR(source_mode) and not target_mode)
            or "T" in options
        ):
            return 0 if await copier.copy(target.sources[0], target.path) else 1
    elif "T" in options:
        call.die("too many arguments")
    code = 0
    for source in target.sources:
        if PARENTS in options:
            path = join(target.path, source)
            await _make_parents(call, path)
        else:
            path = join(target.path, last_component(source))
        if not await copier.copy(source, path):
            code = 1
    return code


async def _make_parents(call: Call, path: str) -> None:
    """Makes, for cp --parents, the directories above a path."""
    at = path.find("/", 1)
    while at > 0:
        if not call.proc.exists(path[:at]):
            call.proc.mkdir(path[:at])
        at = path.find("/", at + 1)


@applet("mv", "finTt:v", long_options=MV_LONG)
async def mv(call: Call) -> int:
    """Renames files."""
    options = call.options
    target = _Target(call)
    to_directory = target.given
    if not target.given:
        target_mode = _kind(call, target.path, True)
        to_directory = st.S_ISDIR(target_mode)
        if len(target.sources) == 1:
            if "T" in options and to_directory and not st.S_ISDIR(_kind(call, target.sources[0], False)):
                call.die(f"'{target.path}' is a directory")
            to_directory = to_directory and "T" not in options
        elif "T" in options:
            call.die("too many arguments")
        else:
            to_directory = True
    code = 0
    for source in target.sources:
        path = join(target.path, last_component(source)) if to_directory else target.path
        if not await _move(call, source, path):
            code = 1
    return code


async def _move(call: Call, source: str, target: str) -> bool:
    """Moves one file. Returns False, after saying why, when it could not."""
    proc = call.proc
    try:
        if not await _may_overwrite(call, target):
            return True
    except OSError as error:
        await call.warn_of(f"can't stat '{target}'", error)
        return False
    try:
        proc.rename(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            await call.warn_of(f"can't rename '{source}'", error)
            return False
        return await _move_across(call, source, target)
    if "v" in call.options:
        await call.out.write_text(f"'{source}' -> '{target}'\n")
    return True


async def _may_overwrite(call: Call, target: str) -> bool:
    """Whether there is nothing in the way, or it may go: -n never, -i asks, -f does not. Raises OSError."""
    last = call.options.last_of("fin")
    try:
        mode = call.proc.lstat(target).mode
    except FileNotFoundError:
        return True
    if last in ("f", "n"):
        return last == "f"
    unwritable = False
    if call.proc.isatty(0) and not st.S_ISLNK(mode):
        try:
            call.proc.access(target, 2)
        except OSError:
            unwritable = True
    return not (last == "i" or unwritable) or await confirmed(call, f"overwrite '{target}'")


async def _move_across(call: Call, source: str, target: str) -> bool:
    """Moves to another file system: copies, then removes."""
    try:
        source_mode = call.proc.lstat(source).mode
    except OSError as error:
        await call.warn_of(f"can't rename '{source}'", error)
        return False
    target_mode = _kind(call, target, False)
    if target_mode:
        if st.S_ISDIR(target_mode) and not st.S_ISDIR(source_mode):
            _refuse(call, "cannot overwrite directory with non-directory")
        if st.S_ISDIR(source_mode) and not st.S_ISDIR(target_mode):
            _refuse(call, "cannot overwrite non-directory with directory")
        try:
            (call.proc.rmdir if st.S_ISDIR(target_mode) else call.proc.unlink)(target)
        except OSError as error:
            await call.warn_of(f"can't remove '{target}'", error)
            return False
    copier = Copier(call, CopyOptions(recursive=True, preserve=True, verbose="v" in call.options))
    return await copier.copy(source, target) and await Remover(call, force=True, recursive=True).remove(source)


def _refuse(call: Call, message: str) -> NoReturn:
    call.die(message)
