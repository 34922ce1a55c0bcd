"""su, setuidgid, envuidgid, envdir: programs that run as somebody else, or in another environment."""

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.paths import join, last_component
from podlab.mock.programs.process.running import DEFAULT_PATH, SHELL, execute
from podlab.mock.programs.streams import to_text
from podlab.mock.programs.users import Accounts, User, read_accounts


def become(proc: Process, accounts: Accounts, user: User, with_groups: bool = True) -> None:
    """Gives a process the numbers of a user."""
    proc.groups = tuple(accounts.groups_of(user.name, user.gid)) if with_groups else (user.gid,)
    proc.gid = user.gid
    proc.uid = user.uid


@applet("su", "mplc:s:", operands=(0, None))
async def su(call: Call) -> int:
    """Runs a shell as another user; only root may."""
    proc, words = call.proc, list(call.operands)
    login = "l" in call.options
    if words[:1] == ["-"]:
        login = True
        words.pop(0)
    name = words.pop(0) if words else "root"
    accounts = await read_accounts(proc)
    if proc.uid != 0:
        call.die("must be suid to work properly")
    user = accounts.user(name)
    if user is None:
        call.die(f"unknown user {name}")
    keep = call.options.any("mp") and not login
    shell = call.options.get("s") or (proc.env.get("SHELL") if keep else None) or user.shell or SHELL
    become(proc, accounts, user)
    await _environment(call, user, shell, login, keep)
    name0 = last_component(shell)
    command = call.options.get("c")
    arguments = (["-c", command] if command is not None else []) + words
    try:
        await call.finish()
        await proc.exec(shell, [f"-{name0}" if login else name0, *arguments])
    except OSError as error:
        call.die(f"can't execute '{shell}': {strerror(error.errno or 0)}")
    raise AssertionError("exec returned")


async def _environment(call: Call, user: User, shell: str, login: bool, keep: bool) -> None:
    proc = call.proc
    if login:
        proc.env = {key: value for key, value in proc.env.items() if key == "TERM"}
        proc.env["PATH"] = DEFAULT_PATH if user.uid == 0 else "/bin:/usr/bin"
        try:
            proc.chdir(user.home)
        except OSError as error:
            await call.warn(f"can't change directory to '{user.home}': {strerror(error.errno or 0)}")
            proc.chdir("/")
    if not keep:
        proc.env.update({"HOME": user.home, "SHELL": shell})
        if login or user.uid:
            proc.env.update({"USER": user.name, "LOGNAME": user.name})


async def _user(call: Call, name: str) -> tuple[Accounts, User]:
    accounts = await read_accounts(call.proc)
    user = accounts.user(name)
    if user is None:
        call.die(f"unknown user/group {name}")
    return accounts, user


@applet("setuidgid", None, operands=(2, None))
async def setuidgid(call: Call) -> int:
    """Runs a program as a user, without other groups."""
    accounts, user = await _user(call, call.operands[0])
    become(call.proc, accounts, user, with_groups=False)
    return await execute(call, call.operands[1:])


@applet("envuidgid", None, operands=(2, None))
async def envuidgid(call: Call) -> int:
    """Runs a program with a user's numbers in its environment."""
    _, user = await _user(call, call.operands[0])
    call.proc.env.update({"UID": str(user.uid), "GID": str(user.gid)})
    return await execute(call, call.operands[1:])


@applet("envdir", None, operands=(2, None))
async def envdir(call: Call) -> int:
    """Runs a program with an environment that the files of a directory give: an empty file takes a variable away."""
    await read_environment(call, call.operands[0])
    return await execute(call, call.operands[1:])


async def read_environment(call: Call, folder: str) -> None:
    """Sets variables as the files of a directory tell: the first line of each; an empty one takes a variable away."""
    proc = call.proc
    try:
        names = proc.listdir(folder)
    except OSError as error:
        call.die(f"can't change directory to '{folder}': {strerror(error.errno or 0)}")
    for name in names:
        if name.startswith("."):
            continue
        reader = await call.open(join(folder, name))
        data = await reader.read_all()
        reader.close()
        if data:
            proc.env[name] = to_text(data.partition(b"\n")[0].replace(b"\0", b"\n")).rstrip(" \t\n")
        else:
            proc.env.pop(name, None)
