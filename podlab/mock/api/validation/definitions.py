"""Custom resource definitions."""

from typing import Any, Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.meta import validate_object_meta, validate_object_meta_update

_TYPES: Final = ("array", "boolean", "integer", "number", "object", "string")


def validate_definition(definition: Obj, errors: Errors) -> None:
    """A new custom resource definition."""
    meta, spec = definition["metadata"], definition.get("spec") or {}
    required = f"{(spec.get('names') or {}).get('plural', '')}.{spec.get('group', '')}"

    def name_check(name: str) -> tuple[str, ...]:
        wrong = names.dns_subdomain(name)
        return wrong if name == required else (*wrong, 'must be spec.names.plural+"."+spec.group')

    validate_object_meta(meta, False, name_check, errors, core=False)
    _validate_spec(spec, errors)


def _validate_spec(spec: Obj, errors: Errors) -> None:
    group = spec.get("group", "")
    if not group:
        errors.required("spec.group")
    else:
        wrong = names.dns_subdomain(group)
        errors.each_invalid("spec.group", group, wrong)
        if not wrong and "." not in group:
            errors.invalid("spec.group", group, "should be a domain with at least one dot")
    scope = spec.get("scope", "")
    if not scope:
        errors.required("spec.scope")
    elif scope not in ("Cluster", "Namespaced"):
        errors.not_supported("spec.scope", scope, ("Cluster", "Namespaced"))
    _validate_versions(spec, errors)
    _validate_names(spec.get("names") or {}, "spec.names", errors)
    strategy = (spec.get("conversion") or {}).get("strategy", "")
    if not strategy:
        errors.required("spec.conversion.strategy")
    elif strategy not in ("None", "Webhook"):
        errors.not_supported("spec.conversion.strategy", strategy, ("None", "Webhook"))
    elif strategy == "Webhook" and not (spec["conversion"].get("webhook") or {}).get("clientConfig"):
        why = "required when strategy is set to Webhook"
        errors.required("spec.conversion.webhookClientConfig", why)


def _validate_versions(spec: Obj, errors: Errors) -> None:
    versions = spec.get("versions") or []
    seen: set[str] = set()
    for i, version in enumerate(versions):
        path, name = f"spec.versions[{i}]", version.get("name", "")
        errors.each_invalid(f"{path}.name", name, names.dns_1035_label(name))
        schema = (version.get("schema") or {}).get("openAPIV3Schema")
        if schema is None:
            errors.required(f"{path}.schema.openAPIV3Schema", "schemas are required")
        else:
            where = f"{path}.schema.openAPIV3Schema"
            if schema.get("type", "") != "object":
                _validate_root_type(schema, where, errors)
            _validate_schema(schema, where, errors, root=True)
        if name in seen:
            errors.invalid("spec.versions", _version_names(versions), "must contain unique version names")
        seen.add(name)
    if sum(bool(version.get("storage")) for version in versions) != 1:
        errors.invalid("spec.versions", _version_names(versions), "must have exactly one version marked as storage version")


def _version_names(versions: list[Obj]) -> list[Obj]:
    return [{"Name": v.get("name", ""), "Served": bool(v.get("served")), "Storage": bool(v.get("storage"))} for v in versions]


def _validate_root_type(schema: Obj, path: str, errors: Errors) -> None:
    if not schema.get("type"):
        errors.required(f"{path}.type", "must not be empty at the root")
    else:
        errors.invalid(f"{path}.type", schema["type"], "must be object at the root")


def _validate_schema(schema: Any, path: str, errors: Errors, root: bool = False, correlated: bool = True) -> None:
    """The rules of a structural schema that matter to whoever writes one.

    ``correlated``: it is known which old value a new one comes from, so that rules may speak of both.
    """
    if not isinstance(schema, dict):
        return
    kind = schema.get("type", "")
    open_kind = schema.get("x-kubernetes-preserve-unknown-fields") or schema.get("x-kubernetes-int-or-string")
    if not kind and not open_kind and not root:
        errors.required(f"{path}.type", "must not be empty for specified object fields")
    elif kind and kind not in _TYPES:
        errors.not_supported(f"{path}.type", kind, _TYPES)
    if kind == "array" and schema.get("items") is None:
        errors.required(f"{path}.items", "must be specified")
    if schema.get("properties") and isinstance(schema.get("additionalProperties"), dict):
        errors.forbidden(f"{path}.additionalProperties", "additionalProperties and properties are mutual exclusive")
    if schema.get("uniqueItems"):
        errors.forbidden(
            f"{path}.uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
        )
    for field in ("$ref", "definitions", "dependencies", "patternProperties", "additionalItems"):
        if schema.get(field):
            errors.forbidden(f"{path}.{field}", f"{field} is not supported")
    _validate_below(schema, path, errors, root, correlated)


def _validate_below(schema: Obj, path: str, errors: Errors, root: bool, correlated: bool) -> None:
    if schema.get("x-kubernetes-validations"):
        from podlab.mock.api.crd.rules import check_rules  # CEL is read by those alone who have rules

        check_rules(schema, path, root, correlated, errors)
    for name, inner in sorted((schema.get("properties") or {}).items()):
        _validate_schema(inner, f"{path}.properties[{name}]", errors, correlated=correlated)
    keyed = correlated and schema.get("x-kubernetes-list-type") == "map"
    _validate_schema(schema.get("items"), f"{path}.items", errors, correlated=keyed)
    _validate_schema(schema.get("additionalProperties"), f"{path}.additionalProperties", errors, correlated=correlated)


def _validate_names(given: Obj, path: str, errors: Errors) -> None:
    for field in ("plural", "singular", "kind", "listKind"):
        value = given.get(field, "")
        if field in ("kind", "listKind"):
            if value or field == "kind":
                wrong = names.dns_1035_label(value.lower())
                errors.each_invalid(
                    f"{path}.{field}", value, [f"may have mixed case, but should otherwise match: {each}" for each in wrong]
                )
        elif value or field == "plural":
            errors.each_invalid(f"{path}.{field}", value, names.dns_1035_label(value))
    for field in ("shortNames", "categories"):
        for i, value in enumerate(given.get(field) or []):
            errors.each_invalid(f"{path}.{field}[{i}]", value, names.dns_1035_label(value))
    if not given.get("listKind"):
        errors.required(f"{path}.listKind")
    elif given.get("kind") == given["listKind"]:
        errors.invalid(f"{path}.listKind", given["listKind"], "kind and listKind may not be the same")


def validate_definition_update(new: Obj, old: Obj, errors: Errors) -> None:
    """Group, scope and names of a definition that is served stay."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors, core=False)
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    _validate_spec(spec, errors)
    conditions = (old.get("status") or {}).get("conditions") or []
    if any(each.get("type") == "Established" and each.get("status") == "True" for each in conditions):
        errors.immutable("spec.scope", spec.get("scope"), before.get("scope"))
        kind, was = (spec.get("names") or {}).get("kind"), (before.get("names") or {}).get("kind")
        errors.immutable("spec.names.kind", kind, was)
    errors.immutable("spec.group", spec.get("group"), before.get("group"))
    plural, was = (spec.get("names") or {}).get("plural"), (before.get("names") or {}).get("plural")
    errors.immutable("spec.names.plural", plural, was)
    stored = (new.get("status") or {}).get("storedVersions") or []
    versions = [version.get("name") for version in spec.get("versions") or []]
    for i, name in enumerate(stored):
        if name not in versions:
            why = (
                f"missing from spec.versions; {name} was previously a storage version, and must remain in spec.versions until a "
                f"storage migration ensures no data remains persisted in {name} and removes {name} from status.storedVersions"
            )
            errors.invalid(f"status.storedVersions[{i}]", name, why)
