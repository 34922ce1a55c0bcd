"""The scheme's defaults for pod specs, wherever they stand (pods and templates), and those for pods alone."""

import re
from collections.abc import Iterator
from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.quantity import Quantity, QuantityError

_COMPONENT: Final = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL: Final = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_HOST: Final = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_DIGEST: Final = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_REFERENCE: Final = re.compile(
    rf"(?:{_HOST}/)?{_COMPONENT}(?:/{_COMPONENT})*(?::(?P<tag>\w[\w.-]{{0,127}}))?(?:@(?P<digest>{_DIGEST}))?", re.ASCII
)
_IDENTIFIER: Final = re.compile(r"[a-f0-9]{64}")
_LONGEST_REFERENCE: Final = 1024
PROBES: Final = ("livenessProbe", "readinessProbe", "startupProbe")


def default_pod(pod: Obj) -> None:
    """What is defaulted in a pod but not in a template: requests from limits, service links, ports on the host's network."""
    spec = pod["spec"]
    for container in [*items(spec, "containers"), *items(spec, "initContainers")]:
        resources = container.setdefault("resources", {})
        if resources.get("limits"):
            resources["requests"] = {**resources["limits"], **resources.get("requests", {})}
    _default_pod_level_requests(spec)
    spec.setdefault("enableServiceLinks", True)
    if spec.get("hostNetwork"):
        for container in [*items(spec, "containers"), *items(spec, "initContainers")]:
            for port in items(container, "ports"):
                if not port.get("hostPort") and port.get("containerPort"):
                    port["hostPort"] = port["containerPort"]
    default_pod_spec(spec)


def default_pod_spec(spec: Obj) -> None:
    """The defaults of a pod spec in a pod or a template."""
    for key, value in (("dnsPolicy", "ClusterFirst"), ("restartPolicy", "Always"), ("schedulerName", "default-scheduler")):
        if not spec.get(key):
            spec[key] = value
    spec.setdefault("securityContext", {})
    spec.setdefault("terminationGracePeriodSeconds", 30)
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        spec["serviceAccountName"] = spec["serviceAccount"] = account
    for volume in items(spec, "volumes"):
        default_volume(volume)
    for container in containers_of(spec):
        _default_container(container)
    round_resources(spec.get("overhead"))
    for kind in ("limits", "requests"):
        round_resources(spec.get("resources", {}).get(kind))


def items(obj: Obj, key: str) -> list[Obj]:
    """The list ``obj[key]``, empty if it is absent or null."""
    return obj.get(key) or []


def containers_of(spec: Obj) -> Iterator[Obj]:
    """Init, plain and ephemeral containers of a pod spec."""
    for key in ("initContainers", "containers", "ephemeralContainers"):
        yield from items(spec, key)


_CONTAINER_DEFAULTS: Final = (("terminationMessagePath", "/dev/termination-log"), ("terminationMessagePolicy", "File"))


def _default_container(container: Obj) -> None:
    container.setdefault("resources", {})
    for key, value in _CONTAINER_DEFAULTS:
        if not container.get(key):
            container[key] = value
    if not container.get("imagePullPolicy"):
        container["imagePullPolicy"] = pull_policy(container.get("image", ""))
    for port in items(container, "ports"):
        if not port.get("protocol"):
            port["protocol"] = "TCP"
    for variable in items(container, "env"):
        _default_sources(variable.get("valueFrom"))
    for kind in ("limits", "requests"):
        round_resources(container["resources"].get(kind))
    _default_actions(container)


def _default_actions(container: Obj) -> None:
    for name in PROBES:
        if container.get(name) is not None:
            _default_probe(container[name])
    for handler in (container.get("lifecycle") or {}).values():
        if isinstance(handler, dict):
            _default_http(handler)


def pull_policy(image: str) -> str:
    """``Always`` for an image with the tag ``latest``, or with neither tag nor digest; what cannot be read has no such tag.

    >>> pull_policy("busybox"), pull_policy("busybox:1.37"), pull_policy("r:5000/a@sha256:" + "0" * 64), pull_policy("Bad Name")
    ('Always', 'IfNotPresent', 'IfNotPresent', 'IfNotPresent')
    """
    match = _REFERENCE.fullmatch(image) if len(image) <= _LONGEST_REFERENCE else None
    if match is None or _IDENTIFIER.fullmatch(image):
        return "IfNotPresent"
    return "Always" if match["tag"] == "latest" or not (match["tag"] or match["digest"]) else "IfNotPresent"


def _default_probe(probe: Obj) -> None:
    for key, value in (("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)):
        if not probe.get(key):
            probe[key] = value
    _default_http(probe)
    if probe.get("grpc") is not None and probe["grpc"].get("service") is None:
        probe["grpc"]["service"] = ""


def _default_http(handler: Obj) -> None:
    http = handler.get("httpGet")
    if http is not None:
        if not http.get("path"):
            http["path"] = "/"
        if not http.get("scheme"):
            http["scheme"] = "HTTP"


def _default_sources(source: Obj | None) -> None:
    if not source:
        return
    if source.get("fieldRef") is not None and not source["fieldRef"].get("apiVersion"):
        source["fieldRef"]["apiVersion"] = "v1"
    if source.get("fileKeyRef") is not None:
        source["fileKeyRef"].setdefault("optional", False)


_MODES: Final = ("secret", "configMap", "downwardAPI", "projected")
_SOURCE_DEFAULTS: Final[dict[str, dict[str, object]]] = {
    "iscsi": {"iscsiInterface": "default"},
    "rbd": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "azureDisk": {"cachingMode": "ReadWrite", "fsType": "ext4", "readOnly": False, "kind": "Shared"},
    "scaleIO": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
    "hostPath": {"type": ""},
}


def default_volume(volume: Obj) -> None:
    """The defaults of one volume: an emptyDir if it names no source, modes, and what lies in its source."""
    sources = [key for key in volume if key != "name"]
    if not sources:
        volume["emptyDir"] = {}
    default_volume_source(volume)
    for key in _MODES:
        if volume.get(key) is not None:
            volume[key].setdefault("defaultMode", 420)
    for file in items(volume.get("downwardAPI") or {}, "items"):
        _default_sources(file)
    for source in items(volume.get("projected") or {}, "sources"):
        for file in items(source.get("downwardAPI") or {}, "items"):
            _default_sources(file)
        if source.get("serviceAccountToken") is not None:
            source["serviceAccountToken"].setdefault("expirationSeconds", 3600)
    if volume.get("image") is not None and not volume["image"].get("pullPolicy"):
        volume["image"]["pullPolicy"] = pull_policy(volume["image"].get("reference", ""))
    template = (volume.get("ephemeral") or {}).get("volumeClaimTemplate")
    if template:
        default_claim_spec(template.setdefault("spec", {}))


def default_volume_source(volume: Obj) -> None:
    """The defaults of sources that volumes and persistent volumes share."""
    for source, defaults in _SOURCE_DEFAULTS.items():
        if volume.get(source) is not None:
            for key, value in defaults.items():
                volume[source].setdefault(key, value)


def default_claim_spec(spec: Obj) -> None:
    """The defaults of a persistent volume claim's spec."""
    spec.setdefault("volumeMode", "Filesystem")
    for kind in ("limits", "requests"):
        round_resources(spec.setdefault("resources", {}).get(kind))


def round_resources(resources: dict[str, str] | None) -> None:
    """Nothing finer than a thousandth in a list of resources."""
    for name, text in (resources or {}).items():
        if text.isalnum() and text[-1] not in "nu":
            continue
        try:
            quantity = Quantity.parse(text)
        except QuantityError:
            continue
        if quantity.nanos % 10**6:
            assert resources is not None
            resources[name] = str(quantity.rounded_up_to_millis())


def _default_pod_level_requests(spec: Obj) -> None:
    from podlab.mock.api.defaulting.resources import aggregate  # the two modules know each other

    own = spec.get("resources") or {}
    if not own.get("limits"):
        return
    requests = dict(own.get("requests") or {})
    for name, quantity in aggregate(spec, "requests").items():
        if name in ("cpu", "memory"):
            requests.setdefault(name, str(quantity))
    for name, text in own["limits"].items():
        if name in ("cpu", "memory") or name.startswith("hugepages-"):
            requests.setdefault(name, text)
    if requests:
        own["requests"] = requests
