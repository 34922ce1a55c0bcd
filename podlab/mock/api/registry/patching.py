"""Patching: a stored object (or a view of it), changed by a patch, and put back as an update."""

import re
from typing import Any

from podlab.mock.api.codec import encode
from podlab.mock.api.errors import APIError, BadRequest, Cause, Conflict, Invalid, NotFound, RequestEntityTooLarge, quote
from podlab.mock.api.managed import Writer
from podlab.mock.api.options import PatchType, WriteOptions
from podlab.mock.api.patches import (
    MAX_OPERATIONS,
    JSONPatchError,
    StrategicPatchError,
    json_patch,
    merge_patch,
    strategic_merge_patch,
)
from podlab.mock.api.patches.strategic import go_value
from podlab.mock.api.patches.structure import Structure
from podlab.mock.api.registry.base import Registry
from podlab.mock.api.registry.creating import create_object
from podlab.mock.api.registry.updating import Target, check_identity, replace_object, without_managed_fields

Obj = dict[str, Any]


def patch_object(registry: Registry, target: Target, kind: PatchType, patch: Any, options: WriteOptions) -> tuple[Obj, bool]:
    """Patches a stored object.

    Returns:
        The stored object, and whether it was created (by server-side apply).

    Raises:
        APIError: BadRequest, Invalid, Conflict, NotFound, or what the rules of the resource find wrong.
    """
    resource = target.resource
    old = registry.store.find((resource.storage_key, target.namespace, target.name))
    if kind is PatchType.APPLY:
        return _apply(registry, target, old, patch, options)
    if old is None:
        raise NotFound(resource.key, target.name)
    new = apply_patch(old if _is_about_managed_fields(patch) else without_managed_fields(old), kind, patch, resource.shape)
    new = _decoded(registry, target, kind, new, patch, options)
    _check_unchanged(target, new, old)
    new = registry.admission(resource).apply_defaults(new)
    return replace_object(registry, target, new, old, options), False


def _is_about_managed_fields(patch: Any) -> bool:
    if isinstance(patch, list):
        paths = [str(one.get("path", "")) for one in patch if isinstance(one, dict)]
        return any(path in ("", "/metadata") or path.startswith("/metadata/managedFields") for path in paths)
    meta = patch.get("metadata") if isinstance(patch, dict) else None
    return isinstance(meta, dict) and "managedFields" in meta


def apply_patch(old: Obj, kind: PatchType, patch: Any, structure: Structure) -> Obj:
    """What a patch makes of an object's values, not yet decoded. Raises BadRequest, Invalid, RequestEntityTooLarge."""
    if kind is PatchType.JSON:
        if not isinstance(patch, list):
            raise BadRequest(f"json: cannot unmarshal {_json_kind(patch)} into Go value of type jsonpatch.Patch")
        if len(patch) > MAX_OPERATIONS:
            raise RequestEntityTooLarge(f"The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, got {len(patch)}")
        try:
            new = json_patch(old, patch)
        except JSONPatchError as error:
            raise _rejected() from error
    elif not isinstance(patch, dict):
        raise BadRequest(f"json: cannot unmarshal {_json_kind(patch)} into Go value of type map[string]interface {{}}")
    elif kind is PatchType.MERGE:
        new = merge_patch(old, patch)
    else:
        try:
            new = strategic_merge_patch(old, patch, structure)
        except StrategicPatchError as error:
            raise BadRequest(str(error)) from error
    if not isinstance(new, dict):
        raise _rejected()
    return new


def _decoded(registry: Registry, target: Target, kind: PatchType, new: Obj, patch: Any, options: WriteOptions) -> Obj:
    try:
        typed, warnings = registry.admission(target.resource).decode_object(
            new, options.field_validation, registry.kernel.epoch_ns
        )
    except BadRequest as error:
        shown = go_value(patch) if kind is PatchType.STRATEGIC else encode(new, registry.kernel.epoch_ns).decode().rstrip()
        raise _undecodable(shown, error) from error
    options.warnings.extend(warnings)
    return typed


def _undecodable(shown: str, error: BadRequest) -> APIError:
    """Says what is wrong with the result of a patch, as the server does: the whole patch (or result) is the invalid value."""
    _, found, why = error.message.partition(": ")
    if not found or "strict decoding error" in error.message:
        return error
    return Invalid("", "", [Cause("FieldValueInvalid", f"Invalid value: {quote(shown)}: {why}", "patch")])


def _apply(registry: Registry, target: Target, old: Obj | None, patch: Any, options: WriteOptions) -> tuple[Obj, bool]:
    resource = target.resource
    if not isinstance(patch, dict):
        raise BadRequest("error decoding YAML: the patch is not an object")
    _check_version_of(resource.api_version, resource.kind, patch)
    if old is None and target.subresource:
        raise NotFound(resource.key, target.name)
    typed = _decode_config(registry, target, patch)
    config = check_identity(target, without_zeros(typed, patch))
    if old is None and config["metadata"].get("uid"):
        why = f"uid mismatch: the provided object specified uid {config['metadata']['uid']}, and no existing object was found"
        raise Conflict(resource.key, target.name, why)
    version = config["metadata"].get("resourceVersion")
    if old is not None and version and version != old["metadata"]["resourceVersion"]:
        raise Conflict(resource.key, target.name)
    writer = Writer(options.field_manager, resource.api_version, target.subresource, registry.kernel.now())
    merged = registry.field_manager(resource).apply(old, config, writer, options.force)
    if old is None:
        return create_object(registry, resource, target.namespace, merged, options.with_force(True)), True
    typed, _ = registry.admission(resource).decode_object(merged, "Ignore", registry.kernel.epoch_ns)
    typed = registry.admission(resource).apply_defaults(typed)
    managed = _same_times(merged["metadata"]["managedFields"], old["metadata"].get("managedFields") or [])
    return replace_object(registry, target, typed, old, options, managed), False


def _decode_config(registry: Registry, target: Target, patch: Obj) -> Obj:
    """What is applied, typed; a field that the schema does not know is always refused. Raises BadRequest."""
    try:
        return registry.admission(target.resource).decode_object(patch, "Strict", registry.kernel.epoch_ns)[0]
    except BadRequest as error:
        unknown = re.findall(r'unknown field "([^"]+)"', error.message)
        if not unknown:
            raise
        resource = target.resource
        problems = [f".{path}: field not declared in schema" for path in unknown]
        shown = problems[0] if len(problems) == 1 else "errors:\n" + "\n".join(f"  {problem}" for problem in problems)
        which = f"{target.namespace}/{target.name}; {resource.api_version}, Kind={resource.kind}"
        raise BadRequest(f"failed to create typed patch object ({which}): {shown}") from error


def without_zeros(typed: Any, given: Any) -> Any:
    """A decoded value without what decoding added: only what the client stated is applied."""
    if isinstance(typed, dict) and isinstance(given, dict):
        return {key: without_zeros(value, given[key]) for key, value in typed.items() if key in given}
    if isinstance(typed, list) and isinstance(given, list) and len(typed) == len(given):
        return [without_zeros(one, other) for one, other in zip(typed, given, strict=True)]
    return typed


def _same_times(managed: list[Obj], before: list[Obj]) -> list[Obj]:
    """Managed fields that differ from the stored ones by times alone are the stored ones."""

    def timeless(entries: list[Obj]) -> list[Obj]:
        return [{key: value for key, value in entry.items() if key != "time"} for entry in entries]

    return before if timeless(managed) == timeless(before) else managed


def _check_version_of(api_version: str, kind: str, patch: Obj) -> None:
    given = patch.get("apiVersion", "")
    if not given or not patch.get("kind"):
        raise BadRequest(
            f"Object '{'apiVersion' if patch.get('kind') else 'Kind'}' is missing in {quote(encode(patch, 0).decode().rstrip())}"
        )
    if given != api_version:
        why = "Incorrect version specified in apply patch."
        raise BadRequest(f"{why} Specified patch version: {given}, expected: {api_version}")
    if patch["kind"] != kind:
        raise BadRequest(f"invalid object type: {given}, Kind={patch['kind']}")


def _check_unchanged(target: Target, new: Obj, old: Obj) -> None:
    """A patch may not turn one object into another. Raises Invalid, Conflict."""
    meta, before = new.get("metadata") or {}, old["metadata"]
    for name in ("name", "namespace", "uid"):
        if before.get(name, "") != meta.get(name, ""):
            if name == "uid":
                why = f"Precondition failed: UID in precondition: {meta.get('uid', '')}, UID in object meta: {before['uid']}"
                raise Conflict(target.resource.key, target.name, why)
            if name == "name":
                raise BadRequest(
                    f"the name of the object ({meta.get('name', '')}) does not match the name on the URL ({target.name})"
                )
            raise BadRequest("the namespace of the provided object does not match the namespace sent on the request")
    version = meta.get("resourceVersion")
    if version and version != before["resourceVersion"]:
        raise Conflict(target.resource.key, target.name)


def _rejected() -> Invalid:
    error = Invalid("", "", [])
    APIError.__init__(error, "the server rejected our request due to an error in our request", {})
    return error


def _json_kind(value: Any) -> str:
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    if isinstance(value, bool):
        return "bool"
    return "string" if isinstance(value, str) else "number"
