"""Statistics, named as Envoy names them, and the forms in which the admin interface shows them."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from math import isnan
from typing import Any, Final

from podlab.mock.programs.envoy.histograms import BUCKETS, QUANTILES, Bins, Histogram, approximate_sum, below

_TAGS: Final = (
    ("cluster", re.compile(r"^cluster\.([^.]+)\."), "envoy_cluster_name"),
    ("http", re.compile(r"^http\.([^.]+)\."), "envoy_http_conn_manager_prefix"),
    ("tcp", re.compile(r"^tcp\.([^.]+)\."), "envoy_tcp_prefix"),
    ("listener", re.compile(r"^listener\.((?:\d+\.\d+\.\d+\.\d+|\[[^\]]*\])_\d+|admin)\."), "envoy_listener_address"),
)
_KINDS: Final = ("counter", "gauge", "histogram")
_CODE: Final = re.compile(r"_rq_(\d{3})$")
_CLASS: Final = re.compile(r"_rq_(\d)xx$")


class Stats:
    """All of one Envoy's. Counters and gauges are created at zero by whoever owns them, so that they show before they count.

    Attributes:
        before_reading: Called before values are shown, to bring lazily kept gauges up to date.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        self.counters: dict[str, int] = {}
        self.gauges: dict[str, int] = {}
        self.histograms: dict[str, Histogram] = {}
        self._clock = clock
        self._set: set[str] = set()
        self.before_reading: list[Callable[[], object]] = []

    def declare(self, prefix: str, counters: str, gauges: str = "", histograms: str = "") -> None:
        """Creates statistics at zero; names are separated by blanks."""
        for name in counters.split():
            self.counters.setdefault(prefix + name, 0)
        for name in gauges.split():
            self.gauges.setdefault(prefix + name, 0)
        for name in histograms.split():
            self.histograms.setdefault(prefix + name, Histogram())

    def add(self, name: str, amount: int = 1) -> None:
        """Counts."""
        self.counters[name] = self.counters.get(name, 0) + amount

    def move(self, name: str, amount: int) -> None:
        """Changes a gauge."""
        self.gauges[name] = self.gauges.get(name, 0) + amount
        self._set.add(name)

    def set(self, name: str, value: int) -> None:
        """Sets a gauge."""
        self.gauges[name] = value
        self._set.add(name)

    def sample(self, name: str, value: int) -> None:
        """Records a value (ms) in a histogram."""
        histogram = self.histograms.get(name)
        if histogram is None:
            histogram = self.histograms[name] = Histogram()
        histogram.record(value, self._clock())

    def response(self, prefix: str, status: int) -> None:
        """Counts a response: its code, its class, and that it was completed."""
        for name in _response_names(prefix, status):
            self.add(name)

    def reset_counters(self) -> None:
        """Sets all counters to zero."""
        self.counters = dict.fromkeys(self.counters, 0)

    def _refresh(self) -> None:
        for function in self.before_reading:
            function()

    def _numbers(self, wanted: Callable[[str], bool], used_only: bool) -> list[tuple[str, int]]:
        """Counters and gauges by name. Used is a counter that has counted, and a gauge that was ever set."""
        self._refresh()
        found = [item for item in self.counters.items() if (item[1] or not used_only) and wanted(item[0])]
        found += [item for item in self.gauges.items() if (not used_only or item[0] in self._set) and wanted(item[0])]
        return sorted(found)

    def _summaries(
        self, wanted: Callable[[str], bool], used_only: bool
    ) -> Iterator[tuple[str, list[tuple[float, float]] | None]]:
        for name, histogram in sorted(self.histograms.items()):
            summary = histogram.summary(self._clock()) if wanted(name) else None
            if wanted(name) and (summary is not None or not used_only):
                yield name, summary

    def text(self, wanted: Callable[[str], bool], used_only: bool = False) -> str:
        """As /stats shows them: counters and gauges by name, then histograms."""
        lines = [f"{name}: {value}" for name, value in self._numbers(wanted, used_only)]
        lines += [f"{name}: {_summary(values)}" for name, values in self._summaries(wanted, used_only)]
        return "".join(line + "\n" for line in lines)

    def json(self, wanted: Callable[[str], bool], used_only: bool = False) -> dict[str, Any]:
        """As /stats?format=json shows them."""
        found: list[dict[str, Any]] = [{"name": name, "value": value} for name, value in self._numbers(wanted, used_only)]
        computed = [
            {
                "name": name,
                "values": [{"cumulative": total, "interval": None if isnan(last) else last} for last, total in values],
            }
            for name, values in self._summaries(wanted, used_only)
            if values is not None
        ]
        found.append({"histograms": {"supported_quantiles": list(QUANTILES), "computed_quantiles": computed}})
        return {"stats": found}

    def prometheus(self, wanted: Callable[[str], bool], used_only: bool = False) -> str:
        """As /stats/prometheus shows them: parts of names become labels."""
        families: dict[tuple[int, str], list[str]] = {}
        for name, value in self._numbers(wanted, used_only):
            metric, labels = _metric(name)
            kind = 0 if name in self.counters else 1
            families.setdefault((kind, metric), []).append(f"{metric}{{{labels}}} {value}")
        for name, summary in self._summaries(wanted, used_only):
            metric, labels = _metric(name)
            bins = self.histograms[name].total if summary is not None else {}
            families.setdefault((2, metric), []).extend(_buckets(metric, labels, bins))
        return "".join(
            f"# TYPE {metric} {_KINDS[kind]}\n" + "".join(f"{line}\n" for line in lines)
            for (kind, metric), lines in sorted(families.items())
        )


@lru_cache(1024)
def _response_names(prefix: str, status: int) -> tuple[str, str, str]:
    return f"{prefix}upstream_rq_{status}", f"{prefix}upstream_rq_{status // 100}xx", f"{prefix}upstream_rq_completed"


def _summary(values: list[tuple[float, float]] | None) -> str:
    if values is None:
        return "No recorded values"
    return " ".join(f"P{q:g}({last:g},{total:g})" for q, (last, total) in zip(QUANTILES, values, strict=True))


@lru_cache(4096)
def _metric(name: str) -> tuple[str, str]:
    labels = []
    for pattern, label, rest in ((_CODE, "envoy_response_code", "_rq"), (_CLASS, "envoy_response_code_class", "_rq_xx")):
        found = pattern.search(name)
        if found:
            labels.append(f'{label}="{found[1]}"')
            name = name[: found.start()] + rest
    for head, pattern, label in _TAGS:
        found = pattern.match(name)
        if found:
            labels.append(f'{label}="{found[1]}"')
            name = f"{head}.{name[found.end() :]}"
    return "envoy_" + re.sub(r"[^a-zA-Z0-9_]", "_", name), ",".join(labels)


def _buckets(metric: str, labels: str, bins: Bins) -> Iterator[str]:
    comma = "," if labels else ""
    for limit in BUCKETS:
        yield f'{metric}_bucket{{{labels}{comma}le="{limit:.32g}"}} {below(bins, limit)}'
    count = sum(bins.values())
    yield f'{metric}_bucket{{{labels}{comma}le="+Inf"}} {count}'
    yield f"{metric}_sum{{{labels}}} {approximate_sum(bins):.32g}"
    yield f"{metric}_count{{{labels}}} {count}"
