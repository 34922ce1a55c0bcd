"""Object metadata, labels and selectors."""

from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.names import Check

_ANNOTATIONS_LIMIT: Final = 256 * 1024
_STANDARD_FINALIZERS: Final = ("kubernetes", "orphan", "foregroundDeletion")


def validate_object_meta(
    meta: Obj, namespaced: bool, name_check: Check, errors: Errors, path: str = "metadata", core: bool = True
) -> None:
    """The metadata of a new object (its name has been generated); ``core`` adds what custom resources need not keep to."""
    if meta.get("generateName"):
        errors.each_invalid(f"{path}.generateName", meta["generateName"], names.generated(name_check, meta["generateName"]))
    name = meta.get("name", "")
    if not name:
        errors.required(f"{path}.name", "name or generateName is required")
    else:
        errors.each_invalid(f"{path}.name", name, name_check(name))
    namespace = meta.get("namespace", "")
    if not namespaced:
        if namespace:
            errors.forbidden(f"{path}.namespace", "not allowed on this type")
    elif not namespace:
        errors.required(f"{path}.namespace")
    else:
        errors.each_invalid(f"{path}.namespace", namespace, names.dns_label(namespace))
    errors.non_negative(f"{path}.generation", meta.get("generation"))
    _validate_common(meta, errors, path)
    if core:
        _validate_standard_finalizers(meta, errors, path)


def _validate_common(meta: Obj, errors: Errors, path: str) -> None:
    validate_labels(meta.get("labels"), f"{path}.labels", errors)
    validate_annotations(meta.get("annotations"), f"{path}.annotations", errors)
    _validate_owners(meta.get("ownerReferences") or [], f"{path}.ownerReferences", errors)
    _validate_finalizers(meta.get("finalizers") or [], f"{path}.finalizers", errors)


def validate_object_meta_update(new: Obj, old: Obj, errors: Errors, path: str = "metadata", core: bool = True) -> None:
    """The metadata of an object that is there already; ``core`` as for `validate_object_meta`."""
    if old.get("deletionTimestamp") is not None:
        extra = sorted(set(new.get("finalizers") or []) - set(old.get("finalizers") or []))
        if extra:
            found = "[]string{" + ", ".join(f'"{each}"' for each in extra) + "}"
            why = f"no new finalizers can be added if the object is being deleted, found new finalizers {found}"
            errors.forbidden(f"{path}.finalizers", why)
    if not new.get("resourceVersion"):
        errors.invalid(f"{path}.resourceVersion", new.get("resourceVersion", ""), "must be specified for an update")
    if (new.get("generation") or 0) < (old.get("generation") or 0):
        errors.invalid(f"{path}.generation", new.get("generation") or 0, "must not be decremented")
    for key in ("name", "namespace", "uid"):
        errors.immutable(f"{path}.{key}", new.get(key, ""), old.get(key, ""))
    for key in ("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"):
        errors.immutable(f"{path}.{key}", new.get(key), old.get(key))
    _validate_common(new, errors, path)
    if core:
        _validate_standard_finalizers(new, errors, path)


def validate_labels(labels: dict[str, str] | None, path: str, errors: Errors) -> None:
    """Keys and values of labels (also of selectors that are plain maps)."""
    for key, value in (labels or {}).items():
        errors.each_invalid(path, key, names.qualified_name(key))
        errors.each_invalid(path, value, names.label_value(value))


def validate_annotations(annotations: dict[str, str] | None, path: str, errors: Errors) -> None:
    """Keys like those of labels, in any case; all of it no more than 256 KiB."""
    if not annotations:
        return
    size = 0
    for key, value in annotations.items():
        errors.each_invalid(path, key, names.qualified_name(key.lower()))
        size += len(key.encode("utf-8", "replace")) + len(value.encode("utf-8", "replace"))
    if size > _ANNOTATIONS_LIMIT:
        errors.too_long(path, _ANNOTATIONS_LIMIT)


def _validate_owners(owners: list[Obj], path: str, errors: Errors) -> None:
    controller = ""
    for owner in owners:
        api_version, kind, name = owner.get("apiVersion", ""), owner.get("kind", ""), owner.get("name", "")
        if not api_version.rpartition("/")[2]:
            errors.invalid(f"{path}.apiVersion", api_version, "version must not be empty")
        for key, value in (("kind", kind), ("name", name), ("uid", owner.get("uid", ""))):
            if not value:
                errors.invalid(f"{path}.{key}", value, "must not be empty")
        if (api_version, kind) == ("v1", "Event"):
            errors.invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner")
        if owner.get("controller"):
            current = f"{kind}/{name}"
            if controller:
                only = "Only one reference can have Controller set to true."
                why = f'{only} Found "true" in references for {controller} and {current}'
                errors.invalid(path, owners, why)
            else:
                controller = current


def _validate_finalizers(finalizers: list[str], path: str, errors: Errors) -> None:
    for finalizer in finalizers:
        errors.each_invalid(path, finalizer, names.qualified_name(finalizer))
    if "orphan" in finalizers and "foregroundDeletion" in finalizers:
        errors.invalid(path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set")


def _validate_standard_finalizers(meta: Obj, errors: Errors, path: str) -> None:
    for i, finalizer in enumerate(meta.get("finalizers") or []):
        validate_finalizer_standard(finalizer, f"{path}.finalizers[{i}]", errors)


def validate_finalizer_standard(finalizer: str, path: str, errors: Errors) -> None:
    """A finalizer without a domain must be one of Kubernetes' own."""
    if "/" not in finalizer and finalizer not in _STANDARD_FINALIZERS:
        errors.invalid(path, finalizer, "name is neither a standard finalizer name nor is it fully qualified")


def validate_label_selector(selector: Obj | None, path: str, errors: Errors) -> None:
    """A label selector with ``matchLabels`` and ``matchExpressions``."""
    if not selector:
        return
    validate_labels(selector.get("matchLabels"), f"{path}.matchLabels", errors)
    for i, expression in enumerate(selector.get("matchExpressions") or []):
        _validate_requirement(expression, f"{path}.matchExpressions[{i}]", errors)


def _validate_requirement(expression: Obj, path: str, errors: Errors) -> None:
    operator, values = expression.get("operator", ""), expression.get("values") or []
    if operator in ("In", "NotIn"):
        if not values:
            errors.required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'")
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            errors.forbidden(f"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
    else:
        errors.invalid(f"{path}.operator", operator, "not a valid selector operator")
    key = expression.get("key", "")
    errors.each_invalid(f"{path}.key", key, names.qualified_name(key))
    for i, value in enumerate(values):
        errors.each_invalid(f"{path}.values[{i}]", value, names.label_value(value))


def is_empty(selector: Obj | None) -> bool:
    """Whether a selector is there but selects nothing in particular: it matches everything."""
    return selector is not None and not selector.get("matchLabels") and not selector.get("matchExpressions")


def selects(selector: Obj | None, labels: dict[str, str] | None) -> bool | None:
    """Whether ``selector`` selects ``labels``: no selector selects nothing; None if it cannot be read."""
    if selector is None:
        return False
    labels = labels or {}
    outcome = all(labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items())
    for key, value in (selector.get("matchLabels") or {}).items():
        if names.qualified_name(key) or names.label_value(value):
            return None
    for expression in selector.get("matchExpressions") or []:
        wrong = Errors()
        _validate_requirement(expression, "", wrong)
        if wrong:
            return None
        outcome = outcome and _holds(expression, labels)
    return outcome


def _holds(expression: Obj, labels: dict[str, str]) -> bool:
    value, values = labels.get(expression["key"]), expression.get("values") or []
    return {
        "In": value is not None and value in values,
        "NotIn": value is None or value not in values,
        "Exists": value is not None,
        "DoesNotExist": value is None,
    }[expression["operator"]]
