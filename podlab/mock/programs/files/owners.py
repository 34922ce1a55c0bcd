"""chmod, chown and chgrp."""

import stat as st
from collections.abc import Awaitable, Callable

from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.files.paths import FILE_COST_NS, join
from podlab.mock.programs.modes import mode_string, parse_mode
from podlab.mock.programs.numbers import ULLONG_MAX
from podlab.mock.programs.options import parse
from podlab.mock.programs.users import Accounts, read_accounts
from podlab.mock.shell.trampoline import Call as Deep

Change = Callable[[str, bool], Awaitable[bool]]


async def _walk(call: Call, path: str, change: Change, follow: bool, first: bool = True) -> bool:
    """Changes a path and, with -R, what is below it (after it). Returns whether all went well."""
    recursive = "R" in call.options
    await call.proc.cpu(FILE_COST_NS)
    try:
        mode = (call.proc.stat if follow else call.proc.lstat)(path).mode
    except OSError as error:
        await call.warn_of(path, error)
        return False
    done = await change(path, first)
    if recursive and st.S_ISDIR(mode):
        try:
            names = call.proc.listdir(path)
        except OSError as error:
            await call.warn_of(path, error)
            return False
        below = follow and "L" in call.options
        for name in names:
            done &= await Deep(_walk(call, join(path, name), change, below, first=False))
    return done


@applet("chmod", None)
async def chmod(call: Call) -> int:
    """Changes permissions."""
    words, hidden = list(call.operands), ""
    for index, word in enumerate(words):  # `chmod -r FILE`: a mode that looks like options
        if not word.startswith("-"):
            break
        if word[1:2] not in "-Rcvf":
            hidden, words[index] = word, "a" + word[1:]
            break
    call.options, operands = parse("Rcvf", {"recursive": "R", "changes": "c", "silent": "f", "verbose": "v"}, words)
    if len(operands) < 2:
        call.usage()
    text, *paths = [hidden, *operands[1:]] if hidden and operands[0] == "a" + hidden[1:] else operands

    async def change(path: str, first: bool) -> bool:
        return await _chmod(call, path, text, first)

    code = 0
    for path in paths:
        if not await _walk(call, path, change, follow=True):
            code = 1
    return code


async def _chmod(call: Call, path: str, text: str, first: bool) -> bool:
    proc = call.proc
    await proc.cpu(2_000)
    try:
        if not first and st.S_ISLNK(proc.lstat(path).mode):
            return True
        before = proc.stat(path).mode
        mode = parse_mode(text, before, proc.umask)
        if mode is None:
            call.die(f"invalid mode '{text}'")
        proc.chmod(path, mode)
    except OSError as error:
        if "f" not in call.options:
            await call.warn_of(path, error)
        return False
    if "v" in call.options or ("c" in call.options and before & 0o7777 != mode):
        await call.out.write_text(f"mode of '{path}' changed to {mode:04o} ({mode_string(mode | st.S_IFMT(before))[1:]})\n")
    return True


def parse_owner(text: str, accounts: Accounts) -> tuple[int, int]:
    """Reads `USER[:[GROUP]]` or `:GROUP`: user and group number, -1 for what is not named. Raises Die."""
    user_text, mark, group_text = text.partition(":")
    uid = gid = -1
    if user_text or not mark:
        user = accounts.user(user_text)
        if user is None and not _is_number(user_text):
            raise Die(f"unknown user {user_text}")
        uid = user.uid if user else int(user_text)
        if mark and not group_text and user:
            gid = user.gid
    if group_text:
        gid = parse_group(group_text, accounts)
    return uid, gid


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and int(text) <= ULLONG_MAX


def parse_group(text: str, accounts: Accounts) -> int:
    """The number of a group given by name or number. Raises Die."""
    group = accounts.group(text)
    if group is None and not _is_number(text):
        raise Die(f"unknown group {text}")
    return group.gid if group else int(text)


@applet("chown chgrp", "RchvfHLP", operands=(2, None))
async def chown(call: Call) -> int:
    """Changes owners and groups."""
    accounts = await read_accounts(call.proc)
    text, *paths = call.operands
    uid, gid = (-1, parse_group(text, accounts)) if call.name == "chgrp" else parse_owner(text, accounts)

    async def change(path: str, first: bool) -> bool:
        return await _chown(call, path, uid, gid)

    code = 0
    for path in paths:
        if not await _walk(call, path, change, follow=not call.options.any("hR") or call.options.any("HL")):
            code = 1
    return code


async def _chown(call: Call, path: str, uid: int, gid: int) -> bool:
    proc = call.proc
    options = call.options
    follow = "h" not in options and ("R" not in options or options.any("HL"))
    await proc.cpu(2_000)
    try:
        before = (proc.stat if follow else proc.lstat)(path)
        proc.chown(path, uid, gid, follow)
    except OSError as error:
        if "f" not in call.options:
            await call.warn_of(path, error)
        return False
    after = (before.uid if uid == -1 else uid, before.gid if gid == -1 else gid)
    if "v" in call.options or ("c" in call.options and after != (before.uid, before.gid)):
        await call.out.write_text(f"changed ownership of '{path}' to {after[0]}:{after[1]}\n")
    return True
