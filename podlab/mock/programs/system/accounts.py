"""adduser, addgroup, deluser, delgroup: users and groups of a container."""

import stat as st
from typing import Final

from podlab.mock.programs.accountfiles import GROUP, PASSWD, SHADOW, Fields, append, change, today
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.copying import Copier, CopyOptions
from podlab.mock.programs.files.paths import join
from podlab.mock.programs.files.removing import Remover
from podlab.mock.programs.numbers import INT_MAX, UINT_MAX, unsigned
from podlab.mock.programs.system.crypt import change_password
from podlab.mock.programs.users import Accounts, User, read_accounts

FIRST_ID, LAST_ID = 1000, 59_999
FIRST_SYSTEM_ID, LAST_SYSTEM_ID = 100, 999
_HOME_MODE: Final = 0o2755


@applet("adduser", "h:g:s:G:DSHu:k:", long_options={
    "home": "h", "gecos": "g", "shell": "s", "ingroup": "G", "disabled-password": "D", "system": "S", "no-create-home": "H",
    "uid": "u", "skel": "k",
}, operands=(1, 2))  # fmt: skip
async def adduser(call: Call) -> int:
    """Makes a user, or puts one into a group."""
    options, proc = call.options, call.proc
    _must_be_root(call)
    name = call.operands[0]
    if len(call.operands) == 2 and not options.given:
        call.name = "addgroup"
        return await _join(call, name, call.operands[1])
    accounts = await read_accounts(proc)
    if accounts.user(name) is not None:
        call.die(f"user '{name}' in use")
    wanted = options.get("G") or ("nogroup" if "S" in options else None)
    group = accounts.group(wanted) if wanted is not None else None
    if wanted is not None and group is None:
        call.die(f"unknown group {wanted}")
    uid = _free_id(call, accounts, options.get("u"), "uid", with_group=group is None)
    gid = group.gid if group is not None else uid
    home = options.get("h") or f"/home/{name}"
    default_shell = "/bin/false" if "S" in options else proc.env.get("SHELL") or "/bin/sh"
    comment = options.get("g") or ("Linux User" + ("" if "S" in options else ",,,"))
    user = User(name, uid, gid, home, options.get("s") or default_shell)
    await append(proc, PASSWD, [name, "x", str(uid), str(gid), comment, home, user.shell])
    await append(proc, SHADOW, [name, "!", today(proc), "0", "99999", "7", "", "", ""])
    if group is None:
        await append(proc, GROUP, [name, "x", str(gid), ""])
    elif "G" in options:
        await _add_member(call, name, group.name)
    if "H" not in options:
        await _make_home(call, user)
    if "D" not in options:
        await change_password(call, name, "passwd")
    return 0


def _must_be_root(call: Call) -> None:
    if call.proc.uid != 0:
        call.die("permission denied (are you root?)")


def _free_id(call: Call, accounts: Accounts, text: str | None, kind: str, with_group: bool) -> int:
    """The number that was asked for, or the first that is free."""
    users = {user.uid for user in accounts.users} if kind == "uid" else set()
    groups = {group.gid for group in accounts.groups} if with_group else set()
    if text is not None:
        if text.isdigit() and int(text) > UINT_MAX:
            call.die(f"invalid number '{text}'")
        number = unsigned(text, 0, INT_MAX)
        if number in (users if kind == "uid" else groups):
            call.die(f"{kind} '{text}' in use")
        return number
    first, last = (FIRST_SYSTEM_ID, LAST_SYSTEM_ID) if "S" in call.options else (FIRST_ID, LAST_ID)
    free = next((number for number in range(first, last + 1) if number not in users | groups), None)
    if free is None:
        call.die(f"no {kind}s left")
    return free


async def _make_home(call: Call, user: User) -> None:
    proc = call.proc
    try:
        proc.mkdir(user.home, 0o755)
    except FileExistsError:
        pass
    except OSError as error:
        await call.warn_of(user.home, error)
        return
    else:
        skeleton = call.options.get("k") or "/etc/skel"
        copier = Copier(call, CopyOptions(recursive=True))
        if proc.exists(skeleton):
            for name in proc.listdir(skeleton):
                await copier.copy(join(skeleton, name), join(user.home, name))
        elif "k" in call.options:
            await call.warn(f"can't stat '{skeleton}': No such file or directory")
    proc.chown(user.home, user.uid, user.gid)
    proc.chmod(user.home, _HOME_MODE)


@applet("addgroup", "g:S", long_options={"gid": "g", "system": "S"}, operands=(1, 2))
async def addgroup(call: Call) -> int:
    """Makes a group, or puts a user into one."""
    _must_be_root(call)
    if len(call.operands) == 2:
        return await _join(call, *call.operands)
    name = call.operands[0]
    accounts = await read_accounts(call.proc)
    if accounts.group(name) is not None:
        call.die(f"group '{name}' in use")
    gid = _free_id(call, accounts, call.options.get("g"), "gid", with_group=True)
    await append(call.proc, GROUP, [name, "x", str(gid), ""])
    return 0


async def _join(call: Call, user: str, group: str) -> int:
    accounts = await read_accounts(call.proc)
    found = accounts.group(group)
    if found is None:
        call.die(f"unknown group {group}")
    if accounts.user(user) is None:
        call.die(f"unknown user {user}")
    if user not in found.members:
        await _add_member(call, user, group)
    return 0


async def _add_member(call: Call, user: str, group: str) -> None:
    def add(fields: Fields) -> Fields:
        if fields[0] == group and len(fields) > 3:
            fields[3] = ",".join([*filter(None, fields[3].split(",")), user])
        return fields

    await change(call.proc, GROUP, add)


async def _take_out(call: Call, user: str, group: str | None) -> None:
    """Takes a user out of a group's members, or out of all groups'; says so when there was nothing to do."""

    def remove(fields: Fields) -> Fields:
        if len(fields) > 3 and group in (None, fields[0]):
            fields[3] = ",".join(member for member in fields[3].split(",") if member != user)
        return fields

    if not await change(call.proc, GROUP, remove):
        await call.warn(f"can't find {user} in {GROUP}")


@applet("delgroup", None, operands=(1, 2))
async def delgroup(call: Call) -> int:
    """Removes a group, or takes a user out of one."""
    _must_be_root(call)
    name = call.operands[-1]
    accounts = await read_accounts(call.proc)
    group = accounts.group(name)
    if group is None:
        call.die(f"unknown group {name}")
    if len(call.operands) == 2:
        await _take_out(call, call.operands[0], name)
        return 0
    for user in accounts.users:
        if user.gid == group.gid:
            call.die(f"'{user.name}' still has '{name}' as their primary group!")
    await change(call.proc, GROUP, lambda fields: None if fields[0] == name else fields)
    return 0


@applet("deluser", "", long_options={"remove-home": "\1"}, operands=(1, 1))
async def deluser(call: Call) -> int:
    """Removes a user, the group of the same name, and with --remove-home the directory."""
    _must_be_root(call)
    name, proc = call.operands[0], call.proc
    accounts = await read_accounts(proc)
    user = accounts.user(name)
    if user is None:
        call.die(f"unknown user {name}")
    if "\1" in call.options and st.S_ISDIR(proc.stat(user.home).mode if proc.exists(user.home) else 0):
        await Remover(call, force=True, recursive=True).remove(user.home)
    for path in (PASSWD, SHADOW):
        await change(proc, path, lambda fields: None if fields[0] == name else fields)
    await _take_out(call, name, None)
    own = accounts.group(name)
    if own is not None and not any(other.gid == own.gid for other in accounts.users if other.name != name):
        await change(proc, GROUP, lambda fields: None if fields[0] == name else fields)
    return 0
