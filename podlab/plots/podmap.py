"""A map of a pod: containers side by side, their ports above, shared volumes below, the services that lead to it on top."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from podlab.plots.picture import BLUE, GREEN, INK, ORANGE, PURPLE, Picture, canvas, drawn, listed

Obj = Mapping[str, Any]

BOX_WIDTH, GAP = 2.1, 0.35
CONTAINER_BOTTOM, CONTAINER_HEIGHT = 1.9, 1.25
VOLUME_BOTTOM, VOLUME_HEIGHT = 0.0, 0.62
HALF_A_LETTER = 0.12
COLOURS = {"init": ORANGE, "sidecar": PURPLE, "app": BLUE}
_VOLUME_KINDS = ("emptyDir", "configMap", "secret", "downwardAPI", "projected", "hostPath", "persistentVolumeClaim")


@dataclass(frozen=True, slots=True)
class Box:
    """A container on the map.

    Attributes:
        name: of the container.
        role: `init`, `sidecar` or `app`.
        image: its image.
        ports: its ports, in words.
        mounts: (volume, path, read-only) for each mount of a volume that the manifest itself declares.
    """

    name: str
    role: str
    image: str
    ports: tuple[str, ...]
    mounts: tuple[tuple[str, str, bool], ...]


@drawn
def pod_map(pod: Obj, services: Sequence[Obj] = (), links: Sequence[tuple[str, str, str]] = ()) -> Picture:
    """Draw what is in a pod and what is shared.

    Args:
        pod: the pod, as `lab.get("pod/web")` returns it, or its manifest.
        services: services that may select it.
        links: who talks to whom, as (from, to, what), by the containers' names.
    """
    volumes = {
        volume["name"]: _volume_kind(volume) for volume in pod["spec"].get("volumes") or [] if not _is_system(volume["name"])
    }
    boxes = list(_boxes(pod, volumes))
    leading = [service for service in services if _selects(service, pod)]
    width = max(3, len(boxes), len(volumes)) * (BOX_WIDTH + GAP) + GAP
    left = (width - len(boxes) * (BOX_WIDTH + GAP) + GAP) / 2
    lowest = VOLUME_BOTTOM - 0.7 if volumes else CONTAINER_BOTTOM
    figure, (axes,) = canvas(4.0 + (0.6 if leading else 0) - (0 if volumes else 1.6))
    _frame(axes, width, lowest, pod, len(leading))
    places = {box.name: (left + n * (BOX_WIDTH + GAP), box) for n, box in enumerate(boxes)}
    for x, box in places.values():
        _container(axes, x, box)
    step = (width - GAP) / max(1, len(volumes))
    spots = {name: GAP / 2 + step * (n + 0.5) for n, name in enumerate(volumes)}
    for name, kind in volumes.items():
        _volume(axes, spots[name], name, kind)
    for x, box in places.values():
        _mounts(axes, x, box, spots)
    for start, end, text in links:
        _link(axes, places[start][0], places[end][0], text)
    for n, service in enumerate(leading):
        _service(axes, n, service, places)
    return Picture(figure, _words(pod, boxes, volumes, leading, links))


def _boxes(pod: Obj, volumes: Mapping[str, str]) -> Iterator[Box]:
    for field in ("initContainers", "containers"):
        for container in pod["spec"].get(field) or []:
            role = "app" if field == "containers" else "sidecar" if container.get("restartPolicy") == "Always" else "init"
            ports = tuple(f"{port.get('name', '')} {port['containerPort']}".strip() for port in container.get("ports") or [])
            mounts = tuple(
                (mount["name"], mount["mountPath"], bool(mount.get("readOnly")))
                for mount in container.get("volumeMounts") or []
                if mount["name"] in volumes
            )
            yield Box(container["name"], role, str(container.get("image", "")), ports, mounts)


def _frame(axes: Axes, width: float, lowest: float, pod: Obj, services: int) -> None:
    axes.set_xlim(-0.1, width + 0.1)
    bottom, title = (lowest - 0.7, lowest - 0.35) if services else (lowest - 0.25, 4.45)  # services' arrows come from above
    axes.set_ylim(bottom - 0.15, 5.55 + 0.35 * services if services else 4.9)
    axes.set_axis_off()
    axes.add_patch(
        FancyBboxPatch(
            (0, bottom), width, 4.6 - bottom, boxstyle="round,pad=0,rounding_size=0.15", fill=False, edgecolor=INK, linewidth=1.4
        )
    )
    address = (pod.get("status") or {}).get("podIP")
    axes.text(
        0.15,
        title,
        f"pod {pod['metadata'].get('name', '')}{f'  {address}' if address else ''}",
        va="top",
        fontsize=11,
        fontweight="bold",
    )
    axes.text(width - 0.15, title, "one network: localhost", va="top", ha="right", fontsize=9)


def _container(axes: Axes, x: float, box: Box) -> None:
    style: Any = {"linestyle": (0, (4, 2))} if box.role == "init" else {}
    axes.add_patch(
        FancyBboxPatch(
            (x, CONTAINER_BOTTOM),
            BOX_WIDTH,
            CONTAINER_HEIGHT,
            boxstyle="round,pad=0,rounding_size=0.08",
            fill=False,
            edgecolor=COLOURS[box.role],
            linewidth=2,
            **style,
        )
    )
    middle = x + BOX_WIDTH / 2
    axes.text(middle, CONTAINER_BOTTOM + 0.95, box.name, ha="center", va="center", fontweight="bold")
    axes.text(middle, CONTAINER_BOTTOM + 0.6, _short(box.image), ha="center", va="center", fontsize=8)
    axes.text(
        middle,
        CONTAINER_BOTTOM + 0.26,
        {"init": "init container", "app": "container"}.get(box.role, box.role),
        ha="center",
        va="center",
        fontsize=8,
        style="italic",
    )
    for n, port in enumerate(box.ports[:3]):
        axes.text(
            x + 0.2 + n * 0.75,
            CONTAINER_BOTTOM + CONTAINER_HEIGHT + 0.06,
            f":{port.split()[-1]}",
            fontsize=9,
            color="white",
            va="bottom",
            bbox={"facecolor": BLUE, "edgecolor": "none", "pad": 1.5},
        )


def _volume(axes: Axes, middle: float, name: str, kind: str) -> None:
    left = middle - BOX_WIDTH / 2
    axes.add_patch(
        FancyBboxPatch(
            (left, VOLUME_BOTTOM - 0.7),
            BOX_WIDTH,
            VOLUME_HEIGHT,
            boxstyle="round,pad=0,rounding_size=0.2",
            fill=False,
            edgecolor=GREEN,
            linewidth=1.6,
        )
    )
    axes.text(middle, VOLUME_BOTTOM - 0.28, name, ha="center", va="center", fontweight="bold", fontsize=9)
    axes.text(middle, VOLUME_BOTTOM - 0.53, kind, ha="center", va="center", fontsize=8)


def _mounts(axes: Axes, x: float, box: Box, spots: Mapping[str, float]) -> None:
    for n, (volume, path, read_only) in enumerate(box.mounts):
        start = x + BOX_WIDTH * (n + 1) / (len(box.mounts) + 1)
        line: Any = {"linestyle": (0, (3, 2))} if read_only else {}
        top, bottom = CONTAINER_BOTTOM, VOLUME_BOTTOM + VOLUME_HEIGHT - 0.7
        axes.plot([start, spots[volume]], [top, bottom], color=GREEN, linewidth=1.4, zorder=0, **line)
        share = 0.16 + 0.2 * (n % 3)
        side = -1 if spots[volume] > start else 1  # where the line does not go
        aside = 0.07 + HALF_A_LETTER * abs(spots[volume] - start) / (top - bottom)  # a flat line needs more room
        where = (start + (spots[volume] - start) * share + aside * side, top + (bottom - top) * share)
        text = f"{path}{' (ro)' if read_only else ''}"
        axes.text(*where, text, fontsize=8, ha="right" if side < 0 else "left", va="center")


def _link(axes: Axes, start: float, end: float, text: str) -> None:
    left, right = start + BOX_WIDTH / 2, end + BOX_WIDTH / 2
    height = CONTAINER_BOTTOM + CONTAINER_HEIGHT
    curve = -0.3 if right > left else 0.3
    arrow = {"arrowstyle": "-|>", "color": INK, "connectionstyle": f"arc3,rad={curve}", "linewidth": 1.3}
    axes.annotate("", xy=(right, height), xytext=(left, height), arrowprops=arrow)
    axes.text((left + right) / 2, height + 0.3 + 0.17 * abs(right - left), text, ha="center", va="center", fontsize=8)


def _service(axes: Axes, row: int, service: Obj, places: Mapping[str, tuple[float, Box]]) -> None:
    ports = service["spec"].get("ports") or []
    words = ", ".join(f"{port['port']} → {port.get('targetPort', port['port'])}" for port in ports)
    wanted = {str(port.get("targetPort", port["port"])) for port in ports}
    targets = [left + 0.35 for left, box in places.values() if any(wanted & set(port.split()) for port in box.ports)]
    height = 5.5 + 0.35 * row
    axes.text(
        min(targets, default=GAP),
        height,
        f"service {service['metadata']['name']}  {words}",
        va="center",
        fontsize=9,
        fontweight="bold",
    )
    for left in targets:
        tip, start = (left, CONTAINER_BOTTOM + CONTAINER_HEIGHT + 0.42), (min(targets) + 0.1 * row, height - 0.15)
        axes.annotate("", xy=tip, xytext=start, arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.3})


def _selects(service: Obj, pod: Obj) -> bool:
    selector = service["spec"].get("selector") or {}
    return bool(selector) and selector.items() <= (pod["metadata"].get("labels") or {}).items()


def _volume_kind(volume: Obj) -> str:
    kind = next((key for key in _VOLUME_KINDS if key in volume), "volume")
    source = volume.get(kind) or {}
    name = source.get("name") or source.get("secretName") or ""
    return f"{kind} {name}".strip()


def _is_system(name: str) -> bool:
    return name.startswith("kube-api-access-")


def _short(image: str) -> str:
    return image.rsplit("/", 1)[-1][:24]


def _words(
    pod: Obj, boxes: Sequence[Box], volumes: Mapping[str, str], services: Sequence[Obj], links: Sequence[tuple[str, str, str]]
) -> str:
    roles = {"init": "init container", "sidecar": "sidecar", "app": "container"}
    parts = [f"Map of pod {pod['metadata'].get('name', '')}: {len(boxes)} containers that share one network."]
    for box in boxes:
        ports = f", ports {', '.join(box.ports)}" if box.ports else ""
        mounts = [f"{volume} at {path}{' (read-only)' if read_only else ''}" for volume, path, read_only in box.mounts]
        parts.append(f"The {roles[box.role]} {box.name} ({box.image}{ports}) mounts {listed(mounts) or 'no volume'}.")
    parts += [f"Volume {name} is of the kind {kind}." for name, kind in volumes.items()]
    parts += [f"Service {service['metadata']['name']} leads to it." for service in services]
    parts += [f"{start} talks to {end} ({text})." for start, end, text in links]
    return " ".join(parts)
