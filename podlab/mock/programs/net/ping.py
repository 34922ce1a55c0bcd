"""ping and ping6: echo requests, and traceroute, which asks who is on the way."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from podlab.mock.kernel import MICROSECOND, MILLISECOND, SECOND
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network.addresses import is_ipv6
from podlab.mock.machine.signals import SIGINT
from podlab.mock.machine.sockets import AF_INET, AF_INET6
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.durations import parse_duration
from podlab.mock.programs.net.hosts import name_of, resolve
from podlab.mock.programs.numbers import INT_MAX, unsigned

DATA: Final = 56
WAIT_SECONDS: Final = 10
TTL: Final = 64
HEADER: Final = 8


@dataclass(slots=True)
class Pinging:
    """What is asked for, and the count of what came back."""

    host: str
    ip: str
    size: int
    limit: int
    interval_ns: int
    wait_ns: int
    deadline_ns: int | None
    quiet: bool
    adaptive: bool
    sent: int = 0
    received: int = 0
    least: int = 0
    most: int = 0
    total: int = 0

    def count(self, took_ns: int) -> None:
        """An answer came."""
        self.received += 1
        self.total += took_ns
        self.least = min(self.least or took_ns, took_ns)
        self.most = max(self.most, took_ns)

    def statistics(self) -> str:
        """What stands at the end."""
        lost = 100 * (self.sent - self.received) // self.sent if self.sent else 0
        text = f"\n--- {self.host} ping statistics ---\n{self.sent} packets transmitted, {self.received} packets received, " + (
            f"{lost}% packet loss\n" if self.sent else ""
        )
        if self.received:
            times = (self.least, self.total // self.received, self.most)
            text += "round-trip min/avg/max = " + "/".join(map(milliseconds, times)) + " ms\n"
        return text


def milliseconds(time_ns: int) -> str:
    """`0.048`."""
    return f"{time_ns // MILLISECOND}.{time_ns // MICROSECOND % 1000:03}"


_NUMBERS: Final = (("c", 0), ("W", WAIT_SECONDS), ("w", 0))
"""Options that are looked at before the operands are, with what they are by default."""


@applet("ping ping6", "46qAc:s:t:I:W:w:i:p:")
async def ping(call: Call) -> int:
    """Sends echo requests until it has sent enough, or is told to stop."""
    options = call.options
    family = AF_INET6 if call.name == "ping6" or "6" in options else AF_INET if "4" in options else None
    limit, wait, lifetime = (unsigned(options.get(letter, str(usual)), 0, INT_MAX) for letter, usual in _NUMBERS)
    if len(call.operands) != 1:
        call.usage()
    size = unsigned(options.get("s", str(DATA)), 0, 65_535)
    interval = parse_duration(options.get("i", "1"))
    host = call.operands[0]
    ip = await resolve(call, host, family)
    proc = call.proc
    deadline = proc.kernel.now_ns + lifetime * SECOND if "w" in options else None
    task = Pinging(host, ip, size, limit, int(interval * SECOND), wait * SECOND, deadline, "q" in options, "A" in options)
    source = options.get("I")
    if source is not None and source not in ("lo", "eth0"):
        await resolve(call, source)
    origin = f" from {source}" if source is not None and (source[0].isdigit() or ":" in source) else ""
    await call.out.write_text(f"PING {host} ({ip}){origin}: {size} data bytes\n")
    await call.out.flush()
    proc.signal(SIGINT, lambda _: None)
    with suppress(InterruptedError):
        await _run(call, task)
    await call.out.write_text(task.statistics())
    return 0 if task.received else 1


async def _run(call: Call, task: Pinging) -> None:
    proc = call.proc
    while not task.limit or task.sent < task.limit:
        if task.deadline_ns is not None and proc.kernel.now_ns >= task.deadline_ns:
            return
        begun = proc.kernel.now_ns
        number, task.sent = task.sent, task.sent + 1
        try:
            took = proc.machine.network.echo(proc.net, task.ip)
        except OSError as error:
            call.die(f"sendto: {strerror(error.errno or 0)}")
        if took is not None:
            await proc.sleep(took / SECOND)
            task.count(took)
            if not task.quiet:
                await call.out.write_text(
                    f"{task.size + HEADER} bytes from {task.ip}: seq={number} ttl={TTL} time={milliseconds(took)} ms\n"
                )
                await call.out.flush()
        if task.limit and task.sent >= task.limit and task.received == task.sent:
            return
        if task.adaptive and took is not None:
            continue
        await proc.sleep(_pause(task, begun, proc.kernel.now_ns) / SECOND)


def _pause(task: Pinging, begun_ns: int, now_ns: int) -> int:
    """How long until the next request, or the end."""
    last = bool(task.limit) and task.sent >= task.limit
    until = begun_ns + (task.wait_ns if last else task.interval_ns)
    if task.deadline_ns is not None:
        until = min(until, task.deadline_ns)
    return max(until - now_ns, 0)


@applet("traceroute traceroute6", "46FIlnrvf:m:q:p:s:i:t:w:z:g:d", operands=(1, 2))
async def traceroute(call: Call) -> int:
    """Prints who is on the way: the node for other pods, nobody for oneself."""
    options, proc = call.options, call.proc
    host = call.operands[0]
    ip = await resolve(call, host)
    hops = unsigned(options.get("m", "30"), 1, 255)
    probes = unsigned(options.get("q", "3"), 1)
    wait = unsigned(options.get("w", "3"), 1)
    length = 46 if not is_ipv6(ip) else 72
    await call.out.write_text(f"traceroute to {host} ({ip}), {hops} hops max, {length} byte packets\n")
    network = proc.machine.network
    for hop in range(unsigned(options.get("f", "1"), 1), hops + 1):
        who = _hop(call, ip, hop)
        await call.out.write_text(f"{hop:2}")
        name = (await name_of(call, who) or who) if who is not None and "n" not in options else who
        for probe in range(probes):
            if who is None:
                await proc.sleep(wait)
                await call.out.write_text("  *")
                continue
            took = network.round_trip_ns // 4 if who != ip else network.echo(proc.net, ip) or 0
            await proc.sleep(took / SECOND)
            shown = "" if probe else (f"  {who}" if "n" in options else f"  {name} ({who})")
            await call.out.write_text(f"{shown}  {milliseconds(took)} ms")
        await call.out.write_text("\n")
        await call.out.flush()
        if who == ip:
            return 0
    return 0


def _hop(call: Call, ip: str, hop: int) -> str | None:
    """Who answers for that many hops: the gateway first, then the target."""
    net = call.proc.net
    gateway = next((route.gateway for route in net.routes() if route.gateway), None)
    direct = net.owns(ip)
    if hop == 1 and not direct:
        return gateway
    try:
        return ip if call.proc.machine.network.echo(net, ip) is not None else None
    except OSError as error:
        call.die(f"sendto: {strerror(error.errno or 0)}")
