"""pwdx, pstree, fuser, lsof, killall5: processes by what they use, and as a tree."""

import errno

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGTERM
from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.numbers import INT_MAX, INT_MIN, UINT_MAX, signed, unsigned
from podlab.mock.programs.process.signals import list_signals, take_signal
from podlab.mock.programs.process.table import processes
from podlab.mock.programs.users import read_accounts


@applet("pwdx", "", operands=(1, None))
async def pwdx(call: Call) -> int:
    """Prints the working directories of processes."""
    for word in call.operands:
        text = word.removeprefix("/proc/")
        try:
            pid = unsigned(text, 0, UINT_MAX)
        except Die:
            call.die(f"invalid process id: '{text}'")
        try:
            folder = call.proc.readlink(f"/proc/{pid}/cwd")
        except OSError as error:
            folder = strerror(errno.ESRCH if error.errno == errno.ENOENT else error.errno or 0)
        await call.out.write_text(f"{word}: {folder}\n")
    return 0


# --- pstree ---


@applet("pstree", "p", operands=(0, 1))
async def pstree(call: Call) -> int:
    """Draws the processes below the first one, one, or those of a user."""
    table = processes(call.proc)
    roots = [process for process in table if process.pid == 1]
    if call.operands:
        word = call.operands[0]
        user = (await read_accounts(call.proc)).user(word)
        if "0" <= word[:1] <= "9":
            pid = signed(word, INT_MIN, INT_MAX)
            roots = [process for process in table if process.pid == pid]
        elif user is None:
            call.die(f"unknown user {word}")
        else:
            mine = [process for process in table if process.uid == user.uid]
            roots = [process for process in mine if process.parent not in mine]
    for root in roots:
        for line in _tree(root, table, "p" in call.options):
            await call.out.write_text(line + "\n")
    return 0


def _tree(process: Process, table: list[Process], with_pids: bool) -> list[str]:
    """The lines of a process and those below it: children that look alike are drawn once, with their number."""
    name = f"{process.comm}({process.pid})" if with_pids else process.comm
    drawn = [_tree(child, table, with_pids) for child in table if child.parent is process]
    drawn.sort(key=lambda lines: lines[0])
    groups: list[tuple[int, list[str]]] = []
    for lines in drawn:
        if groups and groups[-1][1] == lines and not with_pids:
            groups[-1] = (groups[-1][0] + 1, lines)
        else:
            groups.append((1, lines))
    result: list[str] = []
    for index, (count, lines) in enumerate(groups):
        last = index == len(groups) - 1
        later = " " * (len(name) + 1) + ("`-" if last else "|-")
        head = later if index else f"{name}-{'-' if last else '+'}-"
        times = f"{count}*[" if count > 1 else ""
        below = " " * (len(name) + 1) + (" " if last else "|") + " " * (1 + len(times))
        result.append(f"{head}{times}{lines[0]}{']' if times else ''}")
        result += [below + line for line in lines[1:]]
    return result or [name]


# --- open files ---


@applet("lsof", None)
async def lsof(call: Call) -> int:
    """Lists the open files of all processes."""
    for process in processes(call.proc):
        for fd in sorted(process.fds) if process is not call.proc else ():
            try:
                target = call.proc.readlink(f"/proc/{process.pid}/fd/{fd}")
                program = call.proc.readlink(f"/proc/{process.pid}/exe")
            except OSError:
                continue
            await call.out.write_text(f"{process.pid}\t{program}\t{fd}\t{target}\n")
    return 0


@applet("killall5", None)
async def killall5(call: Call) -> int:
    """Signals all processes of other sessions; only when there are such does it look at the words after the signal."""
    words = list(call.operands)
    if words[:1] == ["-l"]:
        return await list_signals(call, words[1:])
    number = SIGTERM
    if words[:1] == ["--"]:
        call.die("bad signal name '-'")
    if words and words[0].startswith("-") and not words[0].startswith("-o"):
        number, words = take_signal(call, words)
    others = [each for each in processes(call.proc) if each.sid != call.proc.sid and each.pid not in (1, call.proc.pid)]
    spared = _spared(call, words) if others else []
    chosen = [each for each in others if each.pid not in spared]
    for process in chosen:
        call.proc.kill(process.pid, number)
    return 0 if chosen else 2


def _spared(call: Call, words: list[str]) -> list[int]:
    """The processes that `-o PID` names."""
    pids = []
    while words:
        word = words.pop(0)
        if not word.startswith("-o"):
            call.die(f"bad option '{word}'")
        text = word[2:] or (words.pop(0) if words else "")
        pids.append(signed(text, INT_MIN, INT_MAX))
    return pids
