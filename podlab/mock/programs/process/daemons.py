"""start-stop-daemon: starts a program unless it runs already, or signals what runs."""

from typing import Final

from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_RDWR, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGTERM
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.owners import parse_group
from podlab.mock.programs.numbers import INT_MAX, signed
from podlab.mock.programs.process.identities import become
from podlab.mock.programs.process.running import execvp, wait_for
from podlab.mock.programs.process.signals import signal_number
from podlab.mock.programs.process.table import processes
from podlab.mock.programs.process.wrappers import make_nicer
from podlab.mock.programs.streams import to_text
from podlab.mock.programs.users import User, read_accounts, read_file

_LONG: Final = {
    "stop": "K", "start": "S", "background": "b", "quiet": "q", "test": "t", "make-pidfile": "m", "output": "O", "oknodo": "o",
    "verbose": "v", "nicelevel": "N", "startas": "a", "name": "n", "signal": "s", "user": "u", "chuid": "c", "chdir": "d",
    "exec": "x", "pidfile": "p",
}  # fmt: skip


@applet("start-stop-daemon", "+KSbqtma:n:s:u:c:d:x:p:O:ovN:", long_options=_LONG)
async def start_stop_daemon(call: Call) -> int:
    """Starts (-S) or stops (-K)."""
    options = call.options
    stop = "K" in options
    if stop == ("S" in options) or (stop and not options.any("xpun")) or (not stop and not options.any("xa")):
        call.usage()
    if "m" in options and "p" not in options:
        call.usage()
    number = SIGTERM
    if (name := options.get("s")) is not None:
        found = signal_number(name)
        if found is None:
            call.usage()
        number = found
    matching = await _matching(call)
    if stop:
        return await _stop(call, matching, number)
    program = options.get("x") or options.get("a") or ""
    if matching:
        if "q" not in options:
            await call.out.write_text(f"{program} is already running\n")
        return int("o" not in options)
    return await _start(call, program)


async def _matching(call: Call) -> list[int]:
    """The numbers of the processes for which all conditions hold, the newest first."""
    options, proc = call.options, call.proc
    uid = None
    if (name := options.get("u")) is not None:
        user = (await read_accounts(proc)).user(name)
        if user is None and not name.isdigit():
            call.die(f"unknown user {name}")
        uid = user.uid if user is not None else int(name)

    def holds(process: Process) -> bool:
        if (program := options.get("x")) is not None and process.exe != program:
            return False
        if (comm := options.get("n")) is not None and process.comm != comm[:15]:
            return False
        return uid is None or process.uid == uid

    if (path := options.get("p")) is not None:
        text = to_text(await read_file(proc, path)).strip()
        if not text.isdigit():
            return []
        pid = int(text)
        process = proc.pid_namespace.processes.get(pid)
        if process is None:
            return [] if options.any("xnu") else [pid]
        return [pid] if holds(process) else []
    return [process.pid for process in reversed(processes(proc)) if process is not proc and not process.ended and holds(process)]


async def _stop(call: Call, pids: list[int], number: int) -> int:
    options = call.options
    what = options.get("n") or options.get("x")
    if what is None:
        what = f"process in pidfile '{options.get('p')}'" if "p" in options else f"process(es) owned by '{options.get('u')}'"
    quiet, code = "q" in options, int("o" not in options)
    if not pids:
        missing = "p" in options and not call.proc.exists(options.get("p") or "")
        if not quiet and not missing:
            await call.out.write_text(f"no {what} found; none killed\n")
        return code
    killed = []
    for pid in pids:
        try:
            call.proc.kill(pid, 0 if "t" in options else number)
        except OSError as error:
            await call.warn(f"warning: killing process {pid}: {strerror(error.errno or 0)}")
        else:
            killed.append(pid)
    if killed and not quiet:
        await call.out.write_text(f"stopped {what} (pid {' '.join(map(str, killed))})\n")
    return 0 if killed else code


async def _start(call: Call, program: str) -> int:
    """Becomes the program, in the background in a child."""
    options, proc = call.options, call.proc
    words = [options.get("a") or program, *call.operands]
    if "b" not in options:
        return await _become(call, proc, program, words)

    async def body(child: Process) -> int:
        child.setsid()
        fd = await child.open("/dev/null", O_RDWR)
        for stream in (0, 1, 2):
            child.dup2(fd, stream)
        child.close(fd)
        return await _become(Call(call.applet, child), child, program, words, options_of=call)

    async def start(child: Process) -> int:
        child.fork(body)
        return 0

    await wait_for(proc, proc.fork(start))  # by way of a child, as daemons are made
    return 0


async def _become(call: Call, proc: Process, program: str, words: list[str], options_of: Call | None = None) -> int:
    options = (options_of or call).options
    if (log := options.get("O")) is not None:
        fd = await proc.open(log, O_WRONLY | O_CREAT | O_APPEND, 0o666)
        proc.dup2(fd, 1)
        proc.dup2(fd, 2)
        proc.close(fd)
    if "m" in options:
        fd = await proc.open(options.get("p") or "", O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        await proc.write(fd, f"{proc.pid}\n".encode())
        proc.close(fd)
    if (owner := options.get("c")) is not None:
        await _change_user(call, proc, owner)
    if (change := options.get("N")) is not None:
        make_nicer(call, signed(change, -INT_MAX, INT_MAX), proc)
    if (folder := options.get("d")) is not None:
        try:
            proc.chdir(folder)
        except OSError as error:
            call.die(f"can't change directory to '{folder}': {strerror(error.errno or 0)}")
    await call.out.flush()
    try:
        if "/" in program:
            await proc.exec(program, words)
        await execvp(proc, [program, *words[1:]])
    except OSError as error:
        await call.warn(f"can't execute '{program}': {strerror(error.errno or 0)}")
    return 1


async def _change_user(call: Call, proc: Process, owner: str) -> None:
    accounts = await read_accounts(proc)
    name, colon, group = owner.partition(":")
    user = accounts.user(name)
    if user is None and not name.isdigit():
        call.die(f"unknown user/group {owner}")
    user = user or User(name, int(name), int(name), "", "")
    gid = parse_group(group, accounts) if colon and group else user.gid
    become(proc, accounts, User(user.name, user.uid, gid, user.home, user.shell), with_groups=not colon)
