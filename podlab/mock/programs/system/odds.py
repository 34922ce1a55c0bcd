"""ascii, add-shell, remove-shell, man, pipe_progress, resize, runlevel, volname, wall: seldom needed in a container."""

from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.programs import terminal
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.streams import to_bytes, to_text
from podlab.mock.programs.users import read_file

_CONTROL: Final = [
    "NUL",
    "SOH",
    "STX",
    "ETX",
    "EOT",
    "ENQ",
    "ACK",
    "BEL",
    "BS",
    "HT",
    "NL",
    "VT",
    "FF",
    "CR",
    "SO",
    "SI",
    "DLE",
    "DC1",
    "DC2",
    "DC3",
    "DC4",
    "NAK",
    "SYN",
    "ETB",
    "CAN",
    "EM",
    "SUB",
    "ESC",
    "FS",
    "GS",
    "RS",
    "US",
]
_SHELLS: Final = "/etc/shells"
_STEP: Final = 0x10


@applet("ascii", None, ignores_output_errors=True)
async def ascii_table(call: Call) -> int:
    """Prints the table of characters."""
    await call.out.write(b"Dec Hex    Dec Hex    Dec Hex  Dec Hex  Dec Hex  Dec Hex   Dec Hex   Dec Hex\n")
    for row in range(_STEP):
        cells = [f"{row:3d} {row:02x} {_CONTROL[row]:<3s}", f"{row + 16:3d} {row + 16:02x} {_CONTROL[row + 16]:<3s}"]
        for column in range(2, 8):
            code = column * _STEP + row
            shown = "DEL" if code == 127 else chr(code)
            cells.append(f"{code:{4 if column > 5 else 3}d} {code:02x} {shown}")
        await call.out.write_text(f"{' '.join(cells)}\n")
    return 0


@applet("add-shell remove-shell", None)
async def shells(call: Call) -> int:
    """Adds names to /etc/shells, each once, or takes them out."""
    lines = to_text(await read_file(call.proc, _SHELLS)).splitlines()
    wanted = call.operands
    if call.name == "add-shell":
        lines += [name for name in dict.fromkeys(wanted) if name not in lines]
    else:
        lines = [line for line in lines if line not in wanted]
    fd = await call.proc.open(_SHELLS, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    await call.proc.write(fd, to_bytes("".join(f"{line}\n" for line in lines)))
    call.proc.close(fd)
    return 0


@applet("man", "+aw", operands=(1, None))
async def man(call: Call) -> int:
    """Tells where pages are, with -w; the image has none, and nothing to show one with."""
    code = 0
    for name in call.operands:
        pages = [path for path in _pages(call, name) if call.proc.exists(path)]
        if pages and "w" not in call.options:
            call.refuse("to show a page")
        for path in pages if "a" in call.options else pages[:1]:
            await call.out.write_text(path + "\n")
        if not pages:
            await call.warn(f"no manual entry for '{name}'")
            code = 1
    return code


_MAN_SECTIONS: Final = "123456789"


def _pages(call: Call, name: str) -> list[str]:
    """Where a page may be."""
    folders = (call.proc.env.get("MANPATH") or "/usr/share/man").split(":")
    return [f"{folder}/man{section}/{name}.{section}" for folder in folders for section in _MAN_SECTIONS]


@applet("pipe_progress", None)
async def pipe_progress(call: Call) -> int:
    """Copies, with a dot on standard error for each second."""
    kernel, shown = call.proc.kernel, call.proc.kernel.now_ns // 10**9
    while data := await call.stdin.read():
        now = kernel.now_ns // 10**9
        if now != shown:
            shown = now
            await call.error(".")
        await call.out.write(data)
    await call.error("\n")
    return 0


@applet("resize", None)
async def resize(call: Call) -> int:
    """Tells the size of the terminal as a shell's assignment."""
    if not call.proc.isatty(0):
        call.die("not modelled by podlab without a terminal")
    columns, rows = terminal.size(call.proc, 0)
    await call.out.write_text(f"COLUMNS={columns};LINES={rows};export COLUMNS LINES;\n")
    return 0


@applet("runlevel", None)
async def runlevel(call: Call) -> int:
    """Knows of none: nobody writes a utmp file in a container."""
    await call.out.write(b"unknown\n")
    return 1


@applet("volname", None, operands=(0, 1))
async def volname(call: Call) -> int:
    """Reads the name of a CD."""
    reader = await call.open_or_die(call.operands[0] if call.operands else "/dev/cdrom")
    data = (await reader.read_exactly(32_808 + 32))[32_808:]
    if len(data) < 32:
        call.die("short read")
    await call.out.write(data + b"\n")
    return 0


@applet("wall", None)
async def wall(call: Call) -> int:
    """Tells all who are logged in, of whom there are none."""
    reader = await call.open_or_die(call.operands[0] if call.operands else "-")
    await reader.read_all()
    return 0
