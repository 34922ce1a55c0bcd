"""Custom resource definitions."""

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.meta import validate_object_meta, validate_object_meta_update
from podlab.mock.api.validation.versions import validate_versions


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
    validate_versions(spec, errors)
    _validate_names(spec.get("names") or {}, "spec.names", errors)
    strategy = (spec.get("conversion") or {}).get("strategy", "")
    if not strategy:
        errors.required("spec.conversion.strategy")
    elif strategy not in ("None", "Webhook"):
        errors.not_supported("spec.conversion.strategy", strategy, ("None", "Webhook"))
    elif strategy == "Webhook" and not (spec["conversion"].get("webhook") or {}).get("clientConfig"):
        why = "required when strategy is set to Webhook"
        errors.required("spec.conversion.webhookClientConfig", why)
    if spec.get("preserveUnknownFields"):
        why = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
        errors.invalid("spec.preserveUnknownFields", True, why)


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
