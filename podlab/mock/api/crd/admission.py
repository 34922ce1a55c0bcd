"""From values to an admitted custom resource: what `podlab.mock.api.admission` is to the built-in kinds."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from podlab.mock.api.admission import AdmissionContext, GroupVersionKind, decode_object
from podlab.mock.api.crd import structural
from podlab.mock.api.crd.validate import validate
from podlab.mock.api.errors import BadRequest, Cause, Invalid, quote
from podlab.mock.api.resources import Resource
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.meta import validate_object_meta, validate_object_meta_update
from podlab.mock.store import clone

if TYPE_CHECKING:
    from podlab.mock.api.crd.rules import RuleSet

Obj = dict[str, Any]

_META_KIND: Final = GroupVersionKind("", "v1", "ConfigMap")
_KEPT: Final = ("uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink")


class CustomAdmission:
    """The rules of one version of a custom resource."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        version = resource.custom or {}
        self._schema: Obj = (version.get("schema") or {}).get("openAPIV3Schema") or {}
        self._has_status = "status" in resource.subresources
        self._has_rules = "x-kubernetes-validations" in json.dumps(self._schema)
        self._rule_set: RuleSet | None = None

    def decode_object(self, obj: Obj, field_validation: str, epoch_ns: int) -> tuple[Obj, list[str]]:
        """The object with typed metadata, pruned; unknown fields are refused, warned of or dropped."""
        resource = self._resource
        given = f"{obj.get('apiVersion', '')}, Kind={obj.get('kind', '')}"
        if (obj.get("apiVersion"), obj.get("kind")) != (resource.api_version, resource.kind):
            if not obj.get("kind") or not obj.get("apiVersion"):
                missing = "Kind" if not obj.get("kind") else "apiVersion"
                raise BadRequest(f"Object '{missing}' is missing in the body of the request")
            if obj["apiVersion"] != resource.api_version:
                what = f"the API version in the data ({obj['apiVersion']}) does not match the expected API version"
                raise BadRequest(f"{what} ({resource.api_version})")
            raise BadRequest(f"the kind in the data ({given}) does not match the expected kind ({resource.kind})")
        carrier = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": obj.get("metadata") or {}}
        typed, warnings = decode_object(carrier, _META_KIND, field_validation, epoch_ns)
        if field_validation in ("Strict", "Warn"):
            unknown = [f'unknown field "{path}"' for path in structural.unknown_fields(obj, self._schema)]
            if unknown and field_validation == "Strict":
                shown = f"{resource.kind} in version {quote(resource.version)} cannot be handled as a {resource.kind}"
                raise BadRequest(f"{shown}: strict decoding error: {', '.join(unknown)}")
            warnings = [*warnings, *unknown]
        pruned: Obj = structural.prune(obj, self._schema)
        rest = {key: value for key, value in pruned.items() if key not in ("apiVersion", "kind", "metadata")}
        return {"apiVersion": resource.api_version, "kind": resource.kind, "metadata": typed["metadata"], **rest}, warnings

    def apply_defaults(self, obj: Obj) -> Obj:
        """A copy of the object with its schema's defaults."""
        own: Obj = clone(obj)
        meta = own.pop("metadata", None) or {}
        body = structural.apply_defaults(own, self._schema)
        return {"apiVersion": own["apiVersion"], "kind": own["kind"], "metadata": meta, **body}

    def prepare_for_create(self, obj: Obj, namespace: str, context: AdmissionContext) -> Obj:
        """Names it, stamps it, and drops a status that only its subresource may write."""
        meta = {key: value for key, value in obj["metadata"].items() if key not in (*_KEPT, "resourceVersion")}
        if meta.get("generateName") and not meta.get("name"):
            meta["name"] = meta["generateName"][:58] + context.random_suffix(5)
        if namespace:
            meta["namespace"] = namespace
        meta |= {"uid": context.new_uid(), "creationTimestamp": context.now, "generation": 1}
        result = {**obj, "metadata": _in_order(meta)}
        if self._has_status:
            result.pop("status", None)
        return result

    def prepare_for_update(self, new: Obj, old: Obj, context: AdmissionContext, subresource: str) -> Obj:
        """Keeps what a client may not change; a change outside of status and metadata bumps the generation."""
        meta = {key: value for key, value in new["metadata"].items() if key not in _KEPT}
        meta |= {key: old["metadata"][key] for key in _KEPT if key in old["metadata"]}
        if subresource == "status":
            kept = {key: value for key, value in old.items() if key != "status"}
            meta = dict(old["metadata"])
            return {**kept, "metadata": meta, **({"status": new["status"]} if "status" in new else {})}
        result = {key: value for key, value in new.items() if not (self._has_status and key == "status")}
        if self._has_status and "status" in old:
            result["status"] = old["status"]
        ignored = ("metadata", "status") if self._has_status else ("metadata",)
        if _without(result, ignored) != _without(old, ignored):
            meta["generation"] = old["metadata"].get("generation", 0) + 1
        return {**result, "metadata": _in_order(meta)}

    def validate_create(self, obj: Obj) -> None:
        """Raises Invalid."""
        errors = Errors()
        validate_object_meta(obj["metadata"], self._resource.namespaced, names.dns_subdomain, errors, core=False)
        self._raise(obj, [*errors, *self._schema_causes(obj, None)])

    def validate_update(self, new: Obj, old: Obj, subresource: str) -> None:
        """Raises Invalid."""
        errors = Errors()
        validate_object_meta_update(new["metadata"], old["metadata"], errors, core=False)
        self._raise(new, [*errors, *self._schema_causes(new, old)])

    def _schema_causes(self, obj: Obj, old: Obj | None) -> Iterable[Cause]:
        body = {key: value for key, value in obj.items() if key != "metadata"}
        schema = {key: value for key, value in self._schema.items() if key != "required"}
        required = [name for name in self._schema.get("required") or () if name != "metadata"]
        found = list(validate(body, {**schema, "required": required} if required else schema))
        return [*found, *self._rules.causes(obj, old, found)] if self._rules else found

    @property
    def _rules(self) -> "RuleSet | None":
        """The schema's rules in CEL, which is read by those alone who have some."""
        if self._rule_set is None and self._has_rules:
            from podlab.mock.api.crd.rules import RuleSet

            self._rule_set = RuleSet(self._schema)
        return self._rule_set

    def _raise(self, obj: Obj, causes: Iterable[Cause]) -> None:
        found = list(causes)
        if found:
            raise Invalid(self._resource.qualified_kind, obj["metadata"].get("name", ""), found)


def _without(obj: Obj, names: tuple[str, ...]) -> Obj:
    return {key: value for key, value in obj.items() if key not in names}


_META_ORDER: Final = (
    "name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp",
    "deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers", "managedFields",
)  # fmt: skip


def _in_order(meta: Obj) -> Obj:
    return {key: meta[key] for key in _META_ORDER if key in meta}
