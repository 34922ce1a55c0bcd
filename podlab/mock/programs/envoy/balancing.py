"""Which host is chosen next: a priority by the health of all, then one of its hosts by the cluster's policy."""

from random import Random
from typing import Final

from podlab.mock.programs.envoy.hosts import Host
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.stats import Stats

OVERPROVISIONING: Final = 140
"""How much of its share a priority can still carry: with 72 % of its hosts well it carries all."""


class Balancer:
    """Chooses hosts by the cluster's policy."""

    def __init__(self, config: Obj, stats: Stats, prefix: str, random: Random) -> None:
        self._policy = config.get("lb_policy", "ROUND_ROBIN")
        self._panic: float = config.get("common_lb_config", {}).get("healthy_panic_threshold", {}).get("value", 50.0)
        policy = config.get("load_assignment", {}).get("policy", {})
        self._factor: int = policy.get("overprovisioning_factor", OVERPROVISIONING)
        self._stats = stats
        self._prefix = prefix
        self._random = random
        self._turn: dict[int, float] = {}
        self._next = random.randrange(1 << 16)

    def choose(self, hosts: list[Host], avoid: tuple[Host, ...] = (), attempts: int = 1) -> Host | None:
        """A host for a request, None when there is none. Those in `avoid` are not taken, as long as `attempts` choices last."""
        able = self._able(hosts)
        if not able:
            return None
        found = self._pick(able)
        for _ in range(attempts if avoid else 0):
            if found not in avoid:
                break
            found = self._pick(able)
        return found

    def _able(self, hosts: list[Host]) -> list[Host]:
        """The hosts of one priority that may be asked: the healthy ones, or in panic all."""
        well = [host for host in hosts if host.taken_for_healthy]
        if well and len(well) == len(hosts) and not hosts[-1].priority:
            return hosts
        levels: dict[int, list[Host]] = {}
        for host in hosts:
            levels.setdefault(host.priority, []).append(host)
        ordered = [levels[number] for number in sorted(levels)]
        health = [min(100, self._factor * sum(host.taken_for_healthy for host in level) // len(level)) for level in ordered]
        chosen = ordered[self._level(ordered, health)] if ordered else []
        able = [host for host in chosen if host.taken_for_healthy]
        enough = min(100, sum(health)) == 100
        if not chosen or (not enough and 100 * len(able) < self._panic * len(chosen)):
            self._stats.add(f"{self._prefix}lb_healthy_panic")
            return chosen
        return able

    def _level(self, levels: list[list[Host]], health: list[int]) -> int:
        """Which priority: each takes what it can carry of what those before it left over."""
        if len(levels) == 1:
            return 0
        total = min(100, sum(health))
        if total == 0:  # all are ill: by how many hosts they have
            loads = [100 * len(level) // sum(map(len, levels)) for level in levels]
            rest = 100 - sum(loads)
        else:
            loads, rest = [], 100
            for one in health:
                loads.append(min(rest, one * 100 // total))
                rest -= loads[-1]
        loads[next((n for n, load in enumerate(loads) if load), 0)] += rest
        point = self._random.randrange(100)
        for n, load in enumerate(loads):
            point -= load
            if point < 0:
                return n
        return 0

    def _pick(self, hosts: list[Host]) -> Host:
        if len(hosts) == 1:
            return hosts[0]
        if self._policy == "RANDOM":
            return hosts[self._random.randrange(len(hosts))]
        weighted = len({host.weight for host in hosts}) > 1
        if self._policy == "LEAST_REQUEST" and not weighted:
            first, second = (hosts[self._random.randrange(len(hosts))] for _ in range(2))
            return second if second.active < first.active else first
        if not weighted:
            self._next += 1
            return hosts[self._next % len(hosts)]
        return self._earliest(hosts)

    def _earliest(self, hosts: list[Host]) -> Host:
        """Earliest deadline first: each host comes as often as its weight says."""
        known = self._turn
        base = min((known[id(host)] for host in hosts if id(host) in known), default=0.0)
        for host in hosts:
            if id(host) not in known:
                known[id(host)] = base + self._random.random() / host.weight
        found = min(hosts, key=lambda host: known[id(host)])
        known[id(found)] += 1 / host_weight(found, self._policy)
        return found


def host_weight(host: Host, policy: str) -> float:
    """A host's weight; with least request it counts less the busier the host is."""
    return host.weight / (host.active + 1) if policy == "LEAST_REQUEST" else float(host.weight)
