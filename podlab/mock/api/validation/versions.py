"""Versions of custom resource definitions: their schemas, subresources and columns."""

from typing import Any, Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors

_TYPES: Final = ("array", "boolean", "integer", "number", "object", "string")
_COLUMN_TYPES: Final = ("boolean", "date", "integer", "number", "string")
_COLUMN_FORMATS: Final = ("byte", "date", "date-time", "double", "float", "int32", "int64", "password")
_WARNING_LIMIT: Final = 256


def validate_versions(spec: Obj, errors: Errors) -> None:
    """All versions of a definition."""
    versions = spec.get("versions") or []
    seen: set[str] = set()
    for i, version in enumerate(versions):
        path, name = f"spec.versions[{i}]", version.get("name", "")
        errors.each_invalid(f"{path}.name", name, names.dns_1035_label(name))
        _validate_warning(version, f"{path}.deprecationWarning", errors)
        _validate_version_schema(version, f"{path}.schema.openAPIV3Schema", errors)
        _validate_scale((version.get("subresources") or {}).get("scale"), f"{path}.subresources.scale", errors)
        for j, column in enumerate(version.get("additionalPrinterColumns") or []):
            _validate_column(column, f"{path}.additionalPrinterColumns[{j}]", errors)
        if name in seen:
            errors.invalid("spec.versions", _version_names(versions), "must contain unique version names")
        seen.add(name)
    if sum(bool(version.get("storage")) for version in versions) != 1:
        errors.invalid("spec.versions", _version_names(versions), "must have exactly one version marked as storage version")


def _version_names(versions: list[Obj]) -> list[Obj]:
    return [{"Name": v.get("name", ""), "Served": bool(v.get("served")), "Storage": bool(v.get("storage"))} for v in versions]


def _validate_warning(version: Obj, path: str, errors: Errors) -> None:
    warning = version.get("deprecationWarning")
    if warning is None:
        return
    if not version.get("deprecated"):
        errors.invalid(path, warning, "can only be set for deprecated versions")
    if len(warning.encode()) > _WARNING_LIMIT:
        errors.invalid(path, warning, f"must be <= {_WARNING_LIMIT} characters long")
    if not warning:
        errors.invalid(path, warning, "must not be empty")


def _validate_version_schema(version: Obj, path: str, errors: Errors) -> None:
    schema = (version.get("schema") or {}).get("openAPIV3Schema")
    if schema is None:
        errors.required(path, "schemas are required")
        return
    before = len(errors)
    if schema.get("type", "") != "object":
        _validate_root_type(schema, path, errors)
    if schema.get("nullable"):
        errors.forbidden(f"{path}.nullable", "nullable cannot be true at the root")
    _validate_metadata((schema.get("properties") or {}).get("metadata"), f"{path}.properties[metadata]", errors)
    _validate_schema(schema, path, errors, root=True)
    if len(errors) == before:
        _validate_rules(schema, path, errors, root=True)


def _validate_root_type(schema: Obj, path: str, errors: Errors) -> None:
    if not schema.get("type"):
        errors.required(f"{path}.type", "must not be empty at the root")
    else:
        errors.invalid(f"{path}.type", schema["type"], "must be object at the root")


def _validate_metadata(schema: Obj | None, path: str, errors: Errors) -> None:
    if schema is None:
        return
    if schema.get("type") != "object":
        errors.invalid(f"{path}.type", schema.get("type", ""), "must be object")
    named = {key: value for key, value in schema.items() if key not in ("type", "properties", "description")}
    if named or not {*(schema.get("properties") or {})} <= {"name", "generateName"}:
        why = "must not specify anything other than name and generateName, but metadata is implicitly specified"
        errors.forbidden(path, why)


def _validate_schema(schema: Any, path: str, errors: Errors, root: bool = False) -> None:
    """The rules of a structural schema that matter to whoever writes one."""
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
    _validate_default(schema, path, errors)
    for name, inner in sorted((schema.get("properties") or {}).items()):
        _validate_schema(inner, f"{path}.properties[{name}]", errors)
    _validate_schema(schema.get("items"), f"{path}.items", errors)
    _validate_schema(schema.get("additionalProperties"), f"{path}.additionalProperties", errors)


def _validate_default(schema: Obj, path: str, errors: Errors) -> None:
    """A default has to be what it stands for."""
    if schema.get("default") is not None:
        from podlab.mock.api.crd.validate import validate  # it knows how schemas are read, which nothing else here needs

        errors.extend(validate(schema["default"], schema, f"{path}.default"))


def _validate_rules(schema: Any, path: str, errors: Errors, root: bool = False, correlated: bool = True) -> None:
    """Rules in CEL; ``correlated``: it is known which old value a new one comes from, so that rules may speak of both."""
    if not isinstance(schema, dict):
        return
    if schema.get("x-kubernetes-validations"):
        from podlab.mock.api.crd.rules import check_rules  # CEL is read by those alone who have rules

        check_rules(schema, path, root, correlated, errors)
    within = correlated and schema.get("x-kubernetes-map-type") != "atomic"
    for name, inner in sorted((schema.get("properties") or {}).items()):
        _validate_rules(inner, f"{path}.properties[{name}]", errors, correlated=within)
    _validate_rules(schema.get("additionalProperties"), f"{path}.additionalProperties", errors, correlated=within)
    keyed = correlated and schema.get("x-kubernetes-list-type") == "map"
    _validate_rules(schema.get("items"), f"{path}.items", errors, correlated=keyed)


def _validate_path(text: str, path: str, errors: Errors) -> bool:
    if text.startswith("."):
        return True
    errors.invalid(path, text, "must be a simple json path starting with .")
    return False


_SCALE_PATHS: Final = (
    ("specReplicasPath", (".spec.",), "under .spec"),
    ("statusReplicasPath", (".status.",), "under .status"),
    ("labelSelectorPath", (".spec.", ".status."), "under either .status or .spec"),
)


def _validate_scale(scale: Obj | None, path: str, errors: Errors) -> None:
    if scale is None:
        return
    for field, starts, place in _SCALE_PATHS:
        text = scale.get(field) or ""
        if not text:
            if field != "labelSelectorPath":
                errors.required(f"{path}.{field}")
        elif _validate_path(text, f"{path}.{field}", errors) and not text.startswith(starts):
            errors.invalid(f"{path}.{field}", text, f"should be a json path {place}")


def _validate_column(column: Obj, path: str, errors: Errors) -> None:
    kind, form, text = (column.get(key) or "" for key in ("type", "format", "jsonPath"))
    if not column.get("name"):
        errors.required(f"{path}.name")
    if not kind:
        errors.required(f"{path}.type", f"must be one of {','.join(_COLUMN_TYPES)}")
    elif kind not in _COLUMN_TYPES:
        errors.invalid(f"{path}.type", kind, f"must be one of {','.join(_COLUMN_TYPES)}")
    if form and form not in _COLUMN_FORMATS:
        errors.invalid(f"{path}.format", form, f"must be one of {','.join(_COLUMN_FORMATS)}")
    if not text:
        errors.required(f"{path}.JSONPath")
    else:
        _validate_path(text, f"{path}.JSONPath", errors)
