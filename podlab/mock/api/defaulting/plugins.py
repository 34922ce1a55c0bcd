"""The mutating admission plugins that a new object passes, in the real server's order.

Each is a function (obj, namespace, context) that changes ``obj`` or raises `Forbidden`. `PLUGINS` says which pass which.
"""

from collections.abc import Callable
from typing import Final

from podlab.mock.api.defaulting.context import AdmissionContext
from podlab.mock.api.defaulting.limits import default_from_limit_ranges
from podlab.mock.api.defaulting.podspecs import items
from podlab.mock.api.defaulting.runtimes import runtime_class
from podlab.mock.api.errors import Forbidden, Obj, quote

_TOKEN_PATH: Final = "/var/run/secrets/kubernetes.io/serviceaccount"
_TOKEN_VOLUME: Final = "kube-api-access-"
_TOKEN_SECONDS: Final = 3607
_MIRROR: Final = "kubernetes.io/config.mirror"
_SYSTEM_PRIORITIES: Final = {"system-node-critical": 2000001000, "system-cluster-critical": 2000000000}
_DEFAULT_CLASS: Final = ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")
_BETA_CLASS: Final = "volume.beta.kubernetes.io/storage-class"


def name_of(obj: Obj) -> str:
    """The name that a refusal speaks of: also a ``generateName``."""
    return obj["metadata"].get("name") or obj["metadata"].get("generateName") or ""


def limit_ranger(pod: Obj, namespace: str, context: AdmissionContext) -> None:
    """Requests and limits that the namespace's LimitRanges default."""
    default_from_limit_ranges(pod, context.list("limitranges", namespace))


def service_account(pod: Obj, namespace: str, context: AdmissionContext) -> None:
    """The account ``default``, its pull secrets, and the token mounted into every container."""
    spec = pod["spec"]
    if _MIRROR in (pod["metadata"].get("annotations") or {}):
        return
    name = spec.get("serviceAccountName") or "default"
    spec["serviceAccountName"] = spec["serviceAccount"] = name
    account = context.get("serviceaccounts", namespace, name)
    if account is None:
        why = f"error looking up service account {namespace}/{name}: serviceaccount {quote(name)} not found"
        raise Forbidden("pods", name_of(pod), why)
    if not spec.get("imagePullSecrets") and account.get("imagePullSecrets"):
        spec["imagePullSecrets"] = [dict(reference) for reference in account["imagePullSecrets"]]
    automount = spec.get("automountServiceAccountToken")
    if automount is None:
        automount = account.get("automountServiceAccountToken")
    if automount is not False:
        _mount_token(spec, context)


def _mount_token(spec: Obj, context: AdmissionContext) -> None:
    volumes = items(spec, "volumes")
    name = next((volume["name"] for volume in volumes if volume.get("name", "").startswith(_TOKEN_VOLUME)), "")
    used = bool(name)
    name = name or _TOKEN_VOLUME + context.random_suffix(5)
    mounted = False
    for container in [*items(spec, "initContainers"), *items(spec, "containers")]:
        mounts = items(container, "volumeMounts")
        if all(mount.get("mountPath") != _TOKEN_PATH for mount in mounts):
            container["volumeMounts"] = [*mounts, {"name": name, "readOnly": True, "mountPath": _TOKEN_PATH}]
            mounted = True
    if mounted and not used:
        spec["volumes"] = [*volumes, {"name": name, "projected": {"sources": _token_sources(), "defaultMode": 420}}]


def _token_sources() -> list[Obj]:
    return [
        {"serviceAccountToken": {"expirationSeconds": _TOKEN_SECONDS, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}},
    ]


def priority(pod: Obj, namespace: str, context: AdmissionContext) -> None:
    """The number of the pod's priority class, and whether it preempts."""
    spec = pod["spec"]
    name = spec.get("priorityClassName")
    found: Obj | None = None
    if name:
        found = context.get("priorityclasses.scheduling.k8s.io", "", name)
        if found is None and name in _SYSTEM_PRIORITIES:
            found = {"value": _SYSTEM_PRIORITIES[name]}
        if found is None:
            raise Forbidden("pods", name_of(pod), f"no PriorityClass with name {name} was found")
    else:
        defaults = [each for each in context.list("priorityclasses.scheduling.k8s.io", "") if each.get("globalDefault")]
        found = min(defaults, key=lambda each: each.get("value", 0), default=None)
        if found is not None:
            spec["priorityClassName"] = found["metadata"]["name"]
    value = (found or {}).get("value", 0)
    policy = (found or {}).get("preemptionPolicy") or "PreemptLowerPriority"
    if spec.get("priority") is not None and spec["priority"] != value:
        why = f"the integer value of priority ({spec['priority']}) must not be provided in pod spec; "
        raise Forbidden(
            "pods", name_of(pod), f"{why}priority admission controller computed {value} from the given PriorityClass name"
        )
    if spec.get("preemptionPolicy") is not None and spec["preemptionPolicy"] != policy:
        why = f"the string value of PreemptionPolicy ({spec['preemptionPolicy']}) must not be provided in pod spec; "
        raise Forbidden(
            "pods", name_of(pod), f"{why}priority admission controller computed {policy} from the given PriorityClass name"
        )
    spec["priority"], spec["preemptionPolicy"] = value, policy


def default_tolerations(pod: Obj, namespace: str, context: AdmissionContext) -> None:
    """Five minutes on a node that is not ready or cannot be reached."""
    tolerations = items(pod["spec"], "tolerations")
    for key in ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"):
        if not any(
            each.get("key", "") in ("", key) and each.get("effect", "") in ("", "NoExecute")
            for each in items(pod["spec"], "tolerations")
        ):
            tolerations = [*tolerations, {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}]
    if tolerations:
        pod["spec"]["tolerations"] = tolerations


def default_storage_class(claim: Obj, namespace: str, context: AdmissionContext) -> None:
    """The newest of the classes that are marked as default, for a claim that names none."""
    if claim["spec"].get("storageClassName") is not None or _BETA_CLASS in (claim["metadata"].get("annotations") or {}):
        return
    marked = [
        each
        for each in context.list("storageclasses.storage.k8s.io", "")
        if any((each["metadata"].get("annotations") or {}).get(key) == "true" for key in _DEFAULT_CLASS)
    ]
    if marked:
        # Of several the newest wins, and among equally new ones the first by name.
        marked.sort(key=lambda each: each["metadata"]["name"])
        newest = max(marked, key=lambda each: each["metadata"]["creationTimestamp"])
        claim["spec"]["storageClassName"] = newest["metadata"]["name"]


_INGRESS_CLASS: Final = "kubernetes.io/ingress.class"
_DEFAULT_INGRESS_CLASS: Final = "ingressclass.kubernetes.io/is-default-class"


def default_ingress_class(ingress: Obj, namespace: str, context: AdmissionContext) -> None:
    """The newest of the classes that are marked as default, for an ingress that names none."""
    spec = ingress["spec"]
    if spec.get("ingressClassName") is not None or _INGRESS_CLASS in (ingress["metadata"].get("annotations") or {}):
        return
    classes = context.list("ingressclasses.networking.k8s.io", "")
    marked = [one for one in classes if (one["metadata"].get("annotations") or {}).get(_DEFAULT_INGRESS_CLASS) == "true"]
    if marked:
        marked.sort(key=lambda one: one["metadata"]["name"])
        spec["ingressClassName"] = max(marked, key=lambda one: one["metadata"]["creationTimestamp"])["metadata"]["name"]


def _protect(finalizer: str) -> Callable[[Obj, str, AdmissionContext], None]:
    def protect(obj: Obj, namespace: str, context: AdmissionContext) -> None:
        finalizers = obj["metadata"].get("finalizers") or []
        if finalizer not in finalizers:
            obj["metadata"]["finalizers"] = [*finalizers, finalizer]

    return protect


def taint_new_node(node: Obj, namespace: str, context: AdmissionContext) -> None:
    """A new node is not ready until a controller has looked at it."""
    taint = {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}
    taints = items(node["spec"], "taints")
    if not any(each.get("key") == taint["key"] and each.get("effect") == taint["effect"] for each in taints):
        node["spec"]["taints"] = [*taints, taint]


Plugin = Callable[[Obj, str, AdmissionContext], None]
PLUGINS: Final[dict[str, tuple[Plugin, ...]]] = {
    "pods": (limit_ranger, service_account, priority, default_tolerations, runtime_class),
    "nodes": (taint_new_node,),
    "ingresses.networking.k8s.io": (default_ingress_class,),
    "persistentvolumeclaims": (default_storage_class, _protect("kubernetes.io/pvc-protection")),
    "persistentvolumes": (_protect("kubernetes.io/pv-protection"),),
}
