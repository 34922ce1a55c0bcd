"""What printers are made of: columns, clocks, and the texts that many kinds share."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.api.selectors import format_labels, from_label_selector
from podlab.mock.kernel import SECOND, Kernel, Time

Obj = dict[str, Any]

NONE: Final = "<none>"
UNKNOWN: Final = "<unknown>"
UNSET: Final = "<unset>"


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment of a request, for ages: times count from the whole second in which they are rendered."""

    now_ns: int
    epoch_ns: int

    @classmethod
    def of(cls, kernel: Kernel) -> "Clock":
        """The clock of this moment."""
        return cls(kernel.now_ns, kernel.epoch_ns)

    def since(self, time: Time | None) -> str:
        """How long ago a moment was, as in the AGE column."""
        if time is None:
            return UNKNOWN
        return human_duration(self.epoch_ns + self.now_ns - self._rendered(time))

    def between(self, start: Time, end: Time) -> str:
        """How long it took."""
        return human_duration(self._rendered(end) - self._rendered(start))

    def _rendered(self, time: Time) -> int:
        return (self.epoch_ns + time.offset_ns) // SECOND * SECOND


Cells = Callable[[Obj, Clock], list[Any]]


@dataclass(frozen=True, slots=True)
class Printer:
    """The columns of a kind and how its rows are filled."""

    columns: tuple[Obj, ...]
    cells: Cells
    conditions: Callable[[Obj], list[Obj] | None] | None = None


def column(name: str, form: str = "", *, kind: str = "string", wide: bool = False, description: str = "") -> Obj:
    """One ``columnDefinitions`` element; ``wide`` is what only ``-o wide`` shows."""
    return {"name": name, "type": kind, "format": form, "description": description, "priority": int(wide)}


NAME: Final = column("Name", "name")
AGE: Final = column("Age")
CREATED_AT: Final = column("Created At", kind="date")
TEMPLATE_COLUMNS: Final = (column("Containers", wide=True), column("Images", wide=True))
SELECTOR: Final = column("Selector", wide=True)


def human_duration(nanoseconds: int) -> str:
    """A duration as ``k8s.io/apimachinery/pkg/util/duration`` words it.

    >>> [human_duration(seconds * 10**9) for seconds in (5, 119, 120, 605, 7200, 90000)]
    ['5s', '119s', '2m', '10m', '120m', '25h']
    """
    seconds = int(nanoseconds / SECOND)
    if seconds < 0:
        return "<invalid>" if seconds < -1 else "0s"
    if seconds < 120:
        return f"{seconds}s"
    minutes, hours = seconds // 60, seconds // 3600
    days = hours // 24
    if minutes < 10:
        return _two(minutes, "m", seconds % 60, "s")
    if minutes < 180:
        return f"{minutes}m"
    if hours < 8:
        return _two(hours, "h", minutes % 60, "m")
    if hours < 48:
        return f"{hours}h"
    if hours < 24 * 8:
        return _two(days, "d", hours % 24, "h")
    if hours < 24 * 365 * 2:
        return f"{days}d"
    if hours < 24 * 365 * 8:
        return _two(days // 365, "y", days % 365, "d")
    return f"{days // 365}y"


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large}{large_unit}{small}{small_unit}" if small else f"{large}{large_unit}"


def name_and_age(obj: Obj, clock: Clock) -> list[Any]:
    """The cells of kinds that show no more."""
    return [obj["metadata"]["name"], age(obj, clock)]


def age(obj: Obj, clock: Clock) -> str:
    """The AGE cell."""
    return clock.since(obj["metadata"].get("creationTimestamp"))


def labels_text(labels: Mapping[str, str] | None) -> str:
    """``k=v,k2=v2``, or ``<none>``."""
    return ",".join(f"{key}={value}" for key, value in sorted((labels or {}).items())) or NONE


def selector_text(selector: Obj | None) -> str:
    """A ``LabelSelector`` on one line, or ``<none>``."""
    requirements = sorted(from_label_selector(selector) or (), key=lambda one: one.key)
    return format_labels(requirements) or NONE


def template_cells(template: Obj | None) -> list[str]:
    """The names and the images of a pod template's containers."""
    containers = ((template or {}).get("spec") or {}).get("containers") or []
    return [",".join(one["name"] for one in containers), ",".join(one.get("image", "") for one in containers)]


def some(items: Iterable[str], empty: str, limit: int = 3) -> str:
    """The first items, and how many more there are."""
    listed = list(items)
    text = ",".join(listed[:limit])
    return f"{text} + {len(listed) - limit} more..." if len(listed) > limit else text or empty


def section(obj: Obj, name: str) -> Obj:
    """``spec`` or ``status``, which may be missing."""
    found: Obj = obj.get(name) or {}
    return found


def boolean(value: bool | None) -> str:
    """A flag that may be missing."""
    return UNSET if value is None else str(bool(value)).lower()
