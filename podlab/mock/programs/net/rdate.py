"""rdate: asks another host for the time, by RFC 868."""

import errno
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.signals import SIGALRM
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.dates import local_time, strftime
from podlab.mock.programs.net.hosts import family_of, host_and_port
from podlab.mock.programs.timezones import parse_zone

PORT: Final = 37
PATIENCE: Final = 10
EPOCH_1900: Final = 2_208_988_800


@applet("rdate", "sp", operands=(1, None))
async def rdate(call: Call) -> int:
    """Prints the time there; the clock is the node's, which a container may not set."""
    options, kernel = call.options, call.proc.kernel
    late: list[int] = []
    call.proc.signal(SIGALRM, late.append)
    timer = kernel.call_at(kernel.now_ns + PATIENCE * SECOND, call.proc.deliver, SIGALRM)
    try:
        there = await _ask(call, call.operands[0])
    except InterruptedError:
        call.die("timeout connecting to time server")
    finally:
        timer.cancel()
    if "p" not in options:
        if kernel.wall_ns // SECOND != there:
            call.die(f"settimeofday: {strerror(errno.EPERM)}")
        await call.warn("current time matches remote time")
    if "p" in options or "s" not in options:
        moment = local_time(there, parse_zone(call.proc.env.get("TZ")))
        await call.out.write_text(strftime("%a %b %e %H:%M:%S %Y\n", moment))
    return 0


async def _ask(call: Call, host: str) -> int:
    """The time of a host as Unix time: of all that its four bytes can mean the one that is nearest to now."""
    proc = call.proc
    address = await host_and_port(call, host, PORT)
    fd = proc.socket(family_of(address[0]))
    try:
        await proc.connect(fd, address)
    except InterruptedError:
        raise
    except OSError as error:
        call.die(f"can't connect to remote host ({address[0]}): {strerror(error.errno or 0)}")
    data = await proc.read(fd, 4)
    if len(data) != 4:
        call.die(f"{host}: short read")
    now = proc.kernel.wall_ns // SECOND
    ahead = (int.from_bytes(data, "big") - EPOCH_1900 - now) & 0xFFFF_FFFF
    return now + (ahead - (1 << 32) if ahead >= 1 << 31 else ahead)
