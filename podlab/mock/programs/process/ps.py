"""ps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.machine.procfs.process import resident_bytes, virtual_bytes
from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.process.table import (
    clock,
    command_line,
    cpu_seconds,
    elapsed_seconds,
    processes,
    scaled,
    state_column,
    threads,
)
from podlab.mock.programs.terminal import width as terminal_width
from podlab.mock.programs.users import Accounts, read_accounts

UNLIMITED: Final = 2047
DEFAULT_COLUMNS: Final = "pid,user,args"
"""Without the time: that is how the recorded image was built (FEATURE_PS_TIME off)."""

Show = Callable[[Process, Accounts, int], str]


@dataclass(slots=True)
class Column:
    """A column: its name for -o, how wide it is, its header, and what it shows of a process."""

    name: str
    width: int
    header: str
    show: Show


def _tty(process: Process, accounts: Accounts, width: int) -> str:
    name = process.tty.name if process.tty is not None else ""
    return "136," + name.rpartition("/")[2] if name else "?"


def _state(process: Process, accounts: Accounts, width: int) -> str:
    return state_column(process)


COLUMNS: Final = (
    Column("user", 8, "USER", lambda p, accounts, w: accounts.user_name(p.uid)),
    Column("group", 8, "GROUP", lambda p, accounts, w: accounts.group_name(p.gid)),
    Column("comm", 16, "COMMAND", lambda p, a, w: p.comm),
    Column("args", UNLIMITED, "COMMAND", lambda p, a, width: command_line(p)[:width]),
    Column("pid", 5, "PID", lambda p, a, width: f"{p.pid:{width}d}"),
    Column("ppid", 5, "PPID", lambda p, a, width: f"{p.ppid:{width}d}"),
    Column("pgid", 5, "PGID", lambda p, a, width: f"{p.pgid:{width}d}"),
    Column("etime", 7, "ELAPSED", lambda p, a, w: clock(elapsed_seconds(p))),
    Column("nice", 5, "NI", lambda p, a, width: f"{p.scheduling.nice:{width}d}"),
    Column("rgroup", 8, "RGROUP", lambda p, accounts, w: accounts.group_name(p.gid)),
    Column("ruser", 8, "RUSER", lambda p, accounts, w: accounts.user_name(p.uid)),
    Column("time", 5, "TIME", lambda p, a, w: clock(cpu_seconds(p))),
    Column("tty", 6, "TT", _tty),
    Column("vsz", 4, "VSZ", lambda p, a, w: scaled(virtual_bytes(p) // 1024, 4)),
    Column("sid", 5, "SID", lambda p, a, width: f"{p.sid:{width}d}"),
    Column("stat", 4, "STAT", _state),
    Column("rss", 4, "RSS", lambda p, a, w: scaled(resident_bytes(p) // 1024, 4)),
)


def parse_columns(text: str) -> list[Column]:
    """Reads the argument of -o: names separated by commas or spaces, the last perhaps with `=HEADER`. Raises Die."""
    columns = []
    while text:
        end = min((at for at in (text.find(","), text.find(" ")) if at >= 0), default=len(text))
        equals = text.find("=")
        header = None
        name, rest = text[:end], text[end + 1 :]
        if 0 <= equals < end:
            name = text[:equals]
            header, _, rest = text[equals + 1 :].partition(",")
        known = next((column for column in COLUMNS if column.name == name), None)
        if known is None:
            supported = ",".join(column.name for column in COLUMNS)
            raise Die(f"bad -o argument '{name}', supported arguments: {supported}")
        columns.append(known if header is None else Column(known.name, len(header) or known.width, header, known.show))
        text = rest
    return columns


def format_row(cells: list[str], columns: list[Column]) -> str:
    """Cells in their columns, the last one unpadded."""
    padded = [cell.ljust(column.width) for cell, column in zip(cells[:-1], columns, strict=False)]
    return " ".join([*padded, cells[-1]])


@applet("ps", "Zo:aAdeflT")
async def ps(call: Call) -> int:
    """Lists processes."""
    texts = call.options.all("o")
    columns = [column for text in texts for column in parse_columns(text)] if texts else parse_columns(DEFAULT_COLUMNS)
    accounts = await read_accounts(call.proc)
    limit = terminal_width(call.proc) if call.proc.isatty(1) else UNLIMITED
    headers = [column.header for column in columns]
    if any(headers):
        await call.out.write_text(format_row(headers, columns)[:limit] + "\n")
    table = threads(call.proc) if "T" in call.options else processes(call.proc)
    await call.proc.cpu(20_000 * len(table))
    for process in table:
        cells = [column.show(process, accounts, column.width) for column in columns]
        await call.out.write_text(format_row(cells, columns)[:limit] + "\n")
    return 0
