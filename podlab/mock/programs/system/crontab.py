"""crontab: a user's table of commands at times, shown, deleted, replaced or edited."""

from typing import Final

from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.process.identities import become
from podlab.mock.programs.process.running import SHELL, execvp, wait_for
from podlab.mock.programs.streams import Reader, to_bytes
from podlab.mock.programs.users import Accounts, User, read_accounts

FOLDER: Final = "/var/spool/cron/crontabs"
_UPDATE: Final = "cron.update"
_EDITOR: Final = "vi"


@applet("crontab", "u:c:lerd", operands=(0, 1))
async def crontab(call: Call) -> int:
    """Shows (-l), deletes (-r), edits (-e) or replaces a user's table."""
    options, proc = call.options, call.proc
    accounts = await read_accounts(proc)
    wanted = options.get("u")
    user = accounts.user(wanted) if wanted is not None else accounts.user_of(proc.uid)
    if user is None:
        call.die(f"unknown user {wanted}" if wanted is not None else f"unknown uid {proc.uid}")
    actions = {"r" if letter == "d" else letter for letter in "lerd" if letter in options}
    if len(actions) > 1 or not (actions or call.operands):
        call.usage()
    source = None if actions else await call.open_or_die(call.operands[0])
    folder = options.get("c") or FOLDER
    try:
        proc.chdir(folder)
    except OSError as error:
        call.die(f"can't change directory to '{folder}': {strerror(error.errno or 0)}")
    if "l" in actions:
        await call.out.write(await (await call.open_or_die(user.name)).read_all())
        return 0
    if "r" in actions:
        if proc.exists(user.name):
            proc.unlink(user.name)
    elif source is not None:
        await _replace(call, user, folder, source)
    else:
        edited = f"{folder}.{proc.pid}"
        await _edit(call, accounts, user, edited)
        await _replace(call, user, folder, await call.open_or_die(edited))
        proc.unlink(edited)
    try:
        await _put(proc, _UPDATE, O_APPEND, to_bytes(f"{user.name}\n"))
    except OSError:
        await call.warn(f"can't append to {folder}/{_UPDATE}")
    return 0


async def _replace(call: Call, user: User, folder: str, source: Reader) -> None:
    """Makes what is read the user's table, at once."""
    new = f"{user.name}.new"
    try:
        await _put(call.proc, new, O_TRUNC, await source.read_all())
        call.proc.rename(new, user.name)
    except OSError:
        await call.warn(f"can't create {folder}/{new}")


async def _put(proc: Process, path: str, flag: int, data: bytes) -> None:
    fd = await proc.open(path, O_WRONLY | O_CREAT | flag, 0o600)
    await proc.write(fd, data)
    proc.close(fd)


async def _edit(call: Call, accounts: Accounts, user: User, path: str) -> None:
    """Lets the user change a copy of the table, in $VISUAL, $EDITOR or vi; how that ends does not matter."""
    proc = call.proc
    try:
        fd = await proc.open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
    except OSError as error:
        call.die_of(f"can't open '{path}'", error)
    proc.chown(path, user.uid, user.gid)
    if proc.exists(user.name):
        table = await proc.open(user.name, O_RDONLY)
        while data := await proc.read(table, 1 << 16):
            await proc.write(fd, data)
        proc.close(table)
    proc.close(fd)

    async def body(child: Process) -> int:
        inner = Call(call.applet, child)
        become(child, accounts, user)
        await _go_home(inner, user)
        env = child.env
        env.update({"HOME": user.home, "SHELL": user.shell or SHELL})
        if user.uid:
            env.update({"USER": user.name, "LOGNAME": user.name})
        editor = env.get("VISUAL", env.get("EDITOR", _EDITOR))
        try:
            await execvp(child, [editor, path])
        except OSError as error:
            await inner.warn(f"can't execute '{editor}': {strerror(error.errno or 0)}")
        return 1

    await call.finish()
    await wait_for(proc, proc.fork(body))


async def _go_home(call: Call, user: User) -> None:
    try:
        call.proc.chdir(user.home)
    except OSError as error:
        await call.warn(f"can't change directory to '{user.home}': {strerror(error.errno or 0)}")
        call.proc.chdir("/tmp")
