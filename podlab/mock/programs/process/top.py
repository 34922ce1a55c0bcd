"""top, in batch mode: what processes take, each so many seconds."""

from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.machine.procfs.process import state_of, virtual_bytes
from podlab.mock.programs import terminal
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.durations import parse_duration
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.process.table import command_line, processes, scaled, state_column
from podlab.mock.programs.users import Accounts, read_accounts

_HEADING: Final = "  PID  PPID USER     STAT   VSZ %VSZ %CPU COMMAND"
_WIDE: Final = 512


class _Sample:
    """The processor time of all processes at a moment."""

    def __init__(self, proc: Process) -> None:
        self.now_ns = proc.kernel.now_ns
        self.used_ns = {process.pid: process.cpu_ns for process in processes(proc)}


@applet("top", "d:n:bHm", operands=(0, None))
async def top(call: Call) -> int:
    """Shows processes, those that compute most first."""
    if "b" not in call.options and call.proc.isatty(0):
        call.die("not modelled by podlab without -b")
    rounds = unsigned(call.options.get("n") or "0", 0, INT_MAX)
    delay = parse_duration(call.options.get("d") or "5")
    accounts = await read_accounts(call.proc)
    before = _Sample(call.proc)
    done = 0
    while True:
        now = _Sample(call.proc)
        for line in _screen(call.proc, before, now, accounts):
            await call.out.write_text(line + "\n")
        await call.out.flush()
        done += 1
        if done == rounds:
            return 0
        before = now
        await call.proc.sleep(delay)


def _screen(proc: Process, before: _Sample, now: _Sample, accounts: Accounts) -> list[str]:
    """All lines of one round."""
    table = processes(proc)
    elapsed = max(now.now_ns - before.now_ns, 1)
    shares = {pid: max(used - before.used_ns.get(pid, used), 0) * 100 // elapsed for pid, used in now.used_ns.items()}
    lines = [*_summary(proc, min(sum(shares.values()), 100), table), _HEADING]
    total = _node_memory(proc)[0]
    width = terminal.width(proc) if proc.isatty(1) else _WIDE
    for process in sorted(table, key=lambda each: (-shares.get(each.pid, 0), each.pid)):
        lines.append(_row(process, shares.get(process.pid, 0), total, accounts)[: width - 1])
    return [*lines, ""]


def _node_memory(proc: Process) -> tuple[int, int]:
    """The node's memory, and what is used of it, in bytes."""
    group = proc.cgroup
    while group.parent is not None:
        group = group.parent
    return group.memory_bytes or 0, group.memory_used


def _summary(proc: Process, busy: int, table: list[Process]) -> list[str]:
    total, used = _node_memory(proc)
    running = sum(state_of(process).startswith("R") for process in table)
    return [
        f"Mem: {used // 1024}K used, {(total - used) // 1024}K free, 0K shrd, 0K buff, 0K cached",
        f"CPU: {busy:3d}% usr   0% sys   0% nic {100 - busy:3d}% idle   0% io   0% irq   0% sirq",
        f"Load average: 0.00 0.00 0.00 {max(running, 1)}/{len(table)} {max(process.pid for process in table)}",
    ]


def _row(process: Process, share: int, total: int, accounts: Accounts) -> str:
    size = virtual_bytes(process)
    part = size * 100 // total if total else 0
    return (
        f"{process.pid:5d} {process.ppid:5d} {accounts.user_name(process.uid)[:8]:<8} {state_column(process):<4}"
        f"{scaled(size // 1024, 5)} {part:3d}% {share:3d}% {command_line(process)}"
    )
