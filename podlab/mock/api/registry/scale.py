"""The ``scale`` subresource: the replicas of a workload, seen as an ``autoscaling/v1`` ``Scale``."""

from typing import Any

from podlab.mock.api.errors import BadRequest, Cause, Conflict, Invalid
from podlab.mock.api.managed import Writer
from podlab.mock.api.options import PatchType, WriteOptions
from podlab.mock.api.patches.structure import PLAIN
from podlab.mock.api.registry.base import Registry
from podlab.mock.api.registry.patching import apply_patch
from podlab.mock.api.registry.updating import Target, replace_object
from podlab.mock.api.resources import Resource
from podlab.mock.api.selectors import format_labels, from_label_selector

Obj = dict[str, Any]


def get_scale(registry: Registry, target: Target) -> Obj:
    """The scale of a stored object."""
    return _scale_of(target.resource, registry.get(target.resource, target.namespace, target.name))


def update_scale(registry: Registry, target: Target, scale: Obj, options: WriteOptions) -> Obj:
    """Sets the replicas of a stored object. Raises BadRequest, Invalid, Conflict, NotFound."""
    resource = target.resource
    old = registry.get(resource, target.namespace, target.name)
    meta = scale.get("metadata") or {}
    if scale.get("kind", "Scale") != "Scale":
        raise BadRequest(f"wrong object passed to Scale update: {scale.get('kind')}")
    if meta.get("name", target.name) != target.name:
        raise BadRequest(f"the name of the object ({meta['name']}) does not match the name on the URL ({target.name})")
    if meta.get("resourceVersion") and meta["resourceVersion"] != old["metadata"]["resourceVersion"]:
        raise Conflict(resource.key, target.name)
    replicas = (scale.get("spec") or {}).get("replicas", 0)
    if not isinstance(replicas, int) or isinstance(replicas, bool):
        raise BadRequest('Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal into Go struct field '
                         "ScaleSpec.spec.replicas of type int32")  # fmt: skip
    if replicas < 0:
        cause = Cause("FieldValueInvalid", f"Invalid value: {replicas}: must be greater than or equal to 0", "spec.replicas")
        raise Invalid("Scale.autoscaling", target.name, [cause])
    spec_path = _paths(resource)[0]
    new = _with(old, spec_path, replicas)
    writer = Writer(options.field_manager, resource.api_version, "scale", registry.kernel.now())
    managed = registry.field_manager(resource).update(old, new, writer)
    main = Target(resource, target.namespace, target.name)
    return _scale_of(resource, replace_object(registry, main, new, old, options, managed))


def patch_scale(registry: Registry, target: Target, kind: PatchType, patch: Any, options: WriteOptions) -> Obj:
    """Patches the scale of a stored object. Server-side apply takes the scale as a merge patch."""
    scale = get_scale(registry, target)
    how = PatchType.MERGE if kind is PatchType.APPLY else kind
    return update_scale(registry, target, apply_patch(scale, how, patch, PLAIN), options)


def _scale_of(resource: Resource, obj: Obj) -> Obj:
    spec_path, status_path, selector_path = _paths(resource)
    meta = obj["metadata"]
    names = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    replicas, current = _at(obj, spec_path) or 0, _at(obj, status_path) or 0
    status: Obj = {"replicas": current}
    selector = _at(obj, selector_path) if selector_path else None
    if isinstance(selector, dict) and resource.plural == "replicationcontrollers":
        selector = {"matchLabels": selector}
    if isinstance(selector, dict):
        selector = format_labels(from_label_selector(selector) or ())
    if selector:
        status["selector"] = selector
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {name: meta[name] for name in names if name in meta},
        "spec": {"replicas": replicas} if replicas else {},
        "status": status,
    }


def _paths(resource: Resource) -> tuple[str, str, str]:
    if resource.custom is None:
        return "spec.replicas", "status.replicas", "spec.selector"
    scale = resource.custom["subresources"]["scale"]
    names = ("specReplicasPath", "statusReplicasPath", "labelSelectorPath")
    spec, status, selector = (str(scale.get(name, "")).lstrip(".") for name in names)
    return spec, status, selector


def _at(obj: Any, path: str) -> Any:
    for name in path.split("."):
        obj = obj.get(name) if isinstance(obj, dict) else None
    return obj


def _with(obj: Obj, path: str, value: Any) -> Obj:
    name, _, rest = path.partition(".")
    return {**obj, name: _with(obj.get(name) or {}, rest, value) if rest else value}
