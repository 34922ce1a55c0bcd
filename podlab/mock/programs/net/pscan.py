"""pscan: which ports of a host are open."""

import errno
from typing import Final

from podlab.mock.kernel import MILLISECOND
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import family_of, resolve, service_name
from podlab.mock.programs.numbers import INT_MAX, unsigned

LAST_PORT: Final = 65_535
COLUMNS: Final = " Port\tProto\tState\tService\n"


@applet("pscan", "cbp:P:t:T:", operands=(1, 1))
async def pscan(call: Call) -> int:
    """Tries one port after another."""
    options, host = call.options, call.operands[0]
    last = unsigned(options.get("P", "1024"), 1, LAST_PORT)
    first = unsigned(options.get("p", "1"), 1, last)
    wait_ns = unsigned(options.get("t", "5000"), 0, INT_MAX) * MILLISECOND
    unsigned(options.get("T", "5"), 0, INT_MAX)
    ip = await resolve(call, host)
    await call.out.write_text(f"Scanning {host} ports {first} to {last}\n{COLUMNS}")
    counts = {"closed": 0, "open": 0, "blocked": 0}
    shown = {"open", *(("closed",) if "c" in options else ()), *(("blocked",) if "b" in options else ())}
    for port in range(first, last + 1):
        state = await _state(call, ip, port, wait_ns)
        counts[state] += 1
        if state in shown:
            await call.out.write_text(f"{port:5}\ttcp\t{state}\t{await service_name(call, port)}\n")
    closed, opened, blocked = counts.values()
    await call.out.write_text(f"{closed} closed, {opened} open, {blocked} timed out (or blocked) ports\n")
    return 0


async def _state(call: Call, ip: str, port: int, wait_ns: int) -> str:
    """What becomes of a connection to a port: `open`, `closed`, or `blocked` when nothing answers in time."""
    proc = call.proc
    fd = proc.socket(family_of(ip))
    proc.setsockopt(fd, send_timeout_ns=wait_ns)
    try:
        await proc.connect(fd, (ip, port))
    except OSError as error:
        return "closed" if error.errno == errno.ECONNREFUSED else "blocked"
    finally:
        proc.close(fd)
    return "open"
