"""What a pod, or the template of one, says that is deprecated, hidden by something else, or will not do what it seems to."""

from collections.abc import Iterator
from typing import Any, Final

from podlab.mock.api.errors import quote
from podlab.mock.api.warnings.addresses import address_warnings
from podlab.mock.api.warnings.labels import OLD_LABELS, term_warnings
from podlab.mock.api.warnings.others import claim_spec_warnings
from podlab.mock.api.warnings.quantities import fractions

Obj = dict[str, Any]

_ANNOTATIONS: Final = {
    "scheduler.alpha.kubernetes.io/critical-pod": 'non-functional in v1.16+; use the "priorityClassName" field instead',
    "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
    "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
}
_SECCOMP: Final = 'non-functional in v1.27+; use the "seccompProfile" field instead'
_APP_ARMOR: Final = 'deprecated since v1.30; use the "appArmorProfile" field instead'
_VOLUMES: Final = {
    "photonPersistentDisk": "deprecated in v1.11, non-functional in v1.16+",
    "gitRepo": "deprecated in v1.11, and disabled by default in v1.33+",
    "scaleIO": "deprecated in v1.16, non-functional in v1.22+",
    "flocker": "deprecated in v1.22, non-functional in v1.25+",
    "storageos": "deprecated in v1.22, non-functional in v1.25+",
    "quobyte": "deprecated in v1.22, non-functional in v1.25+",
    "glusterfs": "deprecated in v1.25, non-functional in v1.26+",
    "cephfs": "deprecated in v1.28, non-functional in v1.31+",
    "rbd": "deprecated in v1.28, non-functional in v1.31+",
}
_SHOWN: Final = {"storageos": "storageOS"}
_PROJECTED: Final = (("configMap", "configMap"), ("secret", "secrets"), ("downwardAPI", "downwardAPI"))
"""The fields of a projected volume's source that have items, as they are and as they are told."""
_NO_SELECTOR: Final = "a null labelSelector results in matching no pod"
_HARD: Final = "requiredDuringSchedulingIgnoredDuringExecution"
_SOFT: Final = "preferredDuringSchedulingIgnoredDuringExecution"


def pod_warnings(pod: Obj, path: str) -> list[str]:
    """What there is to warn of in a pod (``path`` is ``""``) or a template (``spec.template.``), defaulted and sound."""
    spec, notes = pod.get("spec") or {}, (pod.get("metadata") or {}).get("annotations") or {}
    parts = (
        _selection(spec, f"{path}spec"),
        _annotations(notes, path),
        _volumes(spec, f"{path}spec"),
        _hidden_tokens(spec, f"{path}spec"),
        _repeated(spec, f"{path}spec"),
        _pod_amounts(spec, notes, path),
        (each for container, at in _containers(spec, f"{path}spec") for each in _container(container, at, notes, path)),
        _ports(spec, f"{path}spec"),
        _rest(spec, f"{path}spec"),
    )
    return [warning for part in parts for warning in part]


def _containers(spec: Obj, path: str) -> Iterator[tuple[Obj, str]]:
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in enumerate(spec.get(kind) or ()):
            yield container, f"{path}.{kind}[{index}]"


def _selection(spec: Obj, path: str) -> Iterator[str]:
    for key in spec.get("nodeSelector") or ():
        if key in OLD_LABELS:
            yield f"{path}.nodeSelector[{key}]: {OLD_LABELS[key]}"
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    at = f"{path}.affinity.nodeAffinity"
    for index, term in enumerate((affinity.get(_HARD) or {}).get("nodeSelectorTerms") or ()):
        yield from term_warnings(term, f"{at}.{_HARD}.nodeSelectorTerms[{index}]")
    for index, term in enumerate(affinity.get(_SOFT) or ()):
        yield from term_warnings(term.get("preference") or {}, f"{at}.{_SOFT}[{index}].preference", values=True)
    for index, constraint in enumerate(spec.get("topologySpreadConstraints") or ()):
        at, key = f"{path}.topologySpreadConstraints[{index}]", constraint["topologyKey"]
        if key in OLD_LABELS:
            yield f"{at}.topologyKey: {key} is {OLD_LABELS[key]}"
        if constraint.get("labelSelector") is None:
            yield f"{at}.labelSelector: {_NO_SELECTOR}"


def _annotations(notes: Obj, path: str) -> Iterator[str]:
    for key, words in _ANNOTATIONS.items():
        if key in notes:
            yield f"{path}metadata.annotations[{key}]: {words}"


def _volumes(spec: Obj, path: str) -> Iterator[str]:
    for index, volume in enumerate(spec.get("volumes") or ()):
        at = f"{path}.volumes[{index}]"
        for kind, words in _VOLUMES.items():
            if kind in volume:
                yield f"{at}.{_SHOWN.get(kind, kind)}: {words}"
        template = (volume.get("ephemeral") or {}).get("volumeClaimTemplate")
        if template:
            yield from claim_spec_warnings(template.get("spec") or {}, f"{at}.ephemeral.volumeClaimTemplate.spec")


def _hidden_tokens(spec: Obj, path: str) -> Iterator[str]:
    volumes = [(volume.get("projected") or {}).get("sources") or () for volume in spec.get("volumes") or ()]
    tokens = [source.get("serviceAccountToken") or {} for sources in volumes for source in sources]
    paths = {token["path"] for token in tokens if "path" in token}
    for index, sources in enumerate(volumes):
        for source in sources:
            for field, shown in _PROJECTED:
                for place, item in enumerate((source.get(field) or {}).get("items") or ()):
                    if item.get("path") in paths:
                        at = f"{path}.volumes[{index}].projected.sources.{shown}[{place}]"
                        yield f"{at}: has duplicated path with ServiceAccountToken {quote(item['path'])}"


def _repeated(spec: Obj, path: str) -> Iterator[str]:
    for field, key in (("hostAliases", "ip"), ("imagePullSecrets", "name")):
        seen: set[str] = set()
        for index, each in enumerate(spec.get(field) or ()):
            value = each.get(key) or ""
            if value in seen:
                yield f"{path}.{field}[{index}].{key}: duplicate {key} {quote(value)}"
            seen.add(value)
    for index, each in enumerate(spec.get("imagePullSecrets") or ()):
        if not each.get("name"):
            yield f'{path}.imagePullSecrets[{index}].name: invalid empty name ""'


def _pod_amounts(spec: Obj, notes: Obj, path: str) -> Iterator[str]:
    for name in ("memory", "ephemeral-storage"):
        yield from fractions(spec.get("overhead"), name, f"{path}spec.overhead")
    key = "seccomp.security.alpha.kubernetes.io/pod"
    if key in notes and not (spec.get("securityContext") or {}).get("seccompProfile"):
        yield f"{path}metadata.annotations[{key}]: {_SECCOMP}"


def _container(container: Obj, at: str, notes: Obj, path: str) -> Iterator[str]:
    secure = container.get("securityContext") or {}
    for prefix, field, words in (
        ("container.seccomp.security.alpha.kubernetes.io/", "seccompProfile", _SECCOMP),
        ("container.apparmor.security.beta.kubernetes.io/", "appArmorProfile", _APP_ARMOR),
    ):
        key = prefix + container["name"]
        if key in notes and not secure.get(field):
            yield f"{path}metadata.annotations[{key}]: {words}"
    resources = container.get("resources") or {}
    for name in ("memory", "ephemeral-storage"):
        for kind in ("limits", "requests"):
            yield from fractions(resources.get(kind), name, f"{at}.resources.{kind}")
    seen: set[str] = set()
    for index, variable in enumerate(container.get("env") or ()):
        name = variable["name"]
        grows = f"$({name})" in variable.get("value", "") and variable["value"] != f"$({name})"
        if name in seen and ("valueFrom" in variable or not grows):
            yield f"{at}.env[{index}]: hides previous definition of {quote(name)}, which may be dropped when using apply"
        seen.add(name)


def _ports(spec: Obj, path: str) -> Iterator[str]:
    known: dict[tuple[int, str], list[tuple[str, Obj]]] = {}
    for container, place in _containers(spec, path):
        for index, port in enumerate(container.get("ports") or ()):
            at = f"{place}.ports[{index}]"
            if port.get("hostIP") and not port.get("hostPort"):
                yield f"{at}: hostIP set without hostPort: {_as_go(port)}"
            others = known.setdefault((port["containerPort"], port.get("protocol", "TCP")), [])
            for where, other in others:
                words = _clash(port, other)
                if words:
                    yield f"{at}: {words} port definition with {where}"
            others.append((at, port))


def _clash(port: Obj, other: Obj) -> str:
    ip, other_ip = port.get("hostIP", ""), other.get("hostIP", "")
    number, other_number = port.get("hostPort", 0), other.get("hostPort", 0)
    if (ip, number) == (other_ip, other_number):
        return "duplicate"
    if not number or not other_number:
        return "overlapping"
    return "dangerously ambiguous" if number == other_number and bool(ip) != bool(other_ip) else ""


def _as_go(port: Obj) -> str:
    """As Go prints the struct."""
    name, number, inner = port.get("name", ""), port.get("hostPort", 0), port["containerPort"]
    return f"{{Name:{name} HostPort:{number} ContainerPort:{inner} Protocol:{port.get('protocol', '')} HostIP:{port['hostIP']}}}"


def _rest(spec: Obj, path: str) -> Iterator[str]:
    if (spec.get("terminationGracePeriodSeconds") or 0) < 0:
        yield f"{path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"
    for kind in ("podAffinity", "podAntiAffinity"):
        affinity = (spec.get("affinity") or {}).get(kind) or {}
        for index, term in enumerate(affinity.get(_HARD) or ()):
            if term.get("labelSelector") is None:
                yield f"{path}.affinity.{kind}.{_HARD}[{index}].labelSelector: {_NO_SELECTOR}"
        for index, term in enumerate(affinity.get(_SOFT) or ()):
            if (term.get("podAffinityTerm") or {}).get("labelSelector") is None:
                yield f"{path}.affinity.{kind}.{_SOFT}[{index}].podAffinityTerm.labelSelector: {_NO_SELECTOR}"
    for index, address in enumerate((spec.get("dnsConfig") or {}).get("nameservers") or ()):
        yield from address_warnings(f"{path}.dnsConfig.nameservers[{index}]", address)
    for index, alias in enumerate(spec.get("hostAliases") or ()):
        yield from address_warnings(f"{path}.hostAliases[{index}].ip", alias.get("ip") or "")
