"""How the balancer learns that hosts have become ill or well: at once, or a little late, several changes in one.

Envoy's main thread tells its workers of each change in a cluster's health when the last one is longer ago than the
`update_merge_window`; one that comes sooner waits for a whole window, and takes with it what changes meanwhile. So a host that
is put aside for less than a second is missed for longer.
"""

from dataclasses import dataclass
from typing import Final

from podlab.mock.kernel import MILLISECOND, SECOND
from podlab.mock.machine.process import Process
from podlab.mock.programs.envoy.hosts import Host
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.stats import Stats

WINDOW_NS: Final = SECOND


@dataclass(slots=True)
class _Level:
    """Changes of one priority: when the balancer was told last, and the number of the delivery that is awaited."""

    told_ns: int | None = None
    awaited: int = 0
    number: int = 0


class Merging:
    """Tells the balancer of one cluster."""

    def __init__(self, config: Obj, hosts: list[Host], proc: Process, stats: Stats) -> None:
        window = config.get("common_lb_config", {}).get("update_merge_window", WINDOW_NS)
        self._window_ns = window // MILLISECOND * MILLISECOND
        self._hosts = hosts
        self._proc = proc
        self._stats = stats
        self._levels: dict[int, _Level] = {}

    def changed(self, host: Host) -> None:
        """A host has become ill or well."""
        now = self._proc.kernel.now_ns
        level = self._levels.setdefault(host.priority, _Level())
        if not self._window_ns:
            self._tell(host.priority, level, "cluster_updated")
        elif level.told_ns is None or (now - level.told_ns) // MILLISECOND * MILLISECOND > self._window_ns:
            self._cancel(level)
            self._count("update_out_of_merge_window")
            self._tell(host.priority, level, "cluster_updated")
        elif not level.awaited:
            level.number += 1
            level.awaited = level.number
            self._proc.thread(self._tell_later(host.priority, level, level.number), "merging")

    def replaced(self) -> None:
        """Hosts have come or gone: all is told at once."""
        for priority in sorted({host.priority for host in self._hosts}):
            level = self._levels.setdefault(priority, _Level())
            self._cancel(level)
            self._tell(priority, level, "cluster_updated")

    def deliver(self, priority: int | None = None) -> None:
        """Lets the balancer see how the hosts (of one priority) are."""
        for host in self._hosts:
            if priority is None or host.priority == priority:
                host.taken_for_healthy = host.healthy

    async def _tell_later(self, priority: int, level: _Level, number: int) -> None:
        await self._proc.kernel.sleep(self._window_ns)
        if level.awaited == number:
            level.awaited = 0
            self._tell(priority, level, "cluster_updated_via_merge")

    def _cancel(self, level: _Level) -> None:
        if level.awaited:
            level.awaited = 0
            self._count("update_merge_cancelled")

    def _tell(self, priority: int, level: _Level, counted: str) -> None:
        level.told_ns = self._proc.kernel.now_ns
        self._count(counted)
        self.deliver(priority)

    def _count(self, name: str) -> None:
        self._stats.add(f"cluster_manager.{name}")
