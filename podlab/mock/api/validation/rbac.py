"""Roles and bindings."""

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.meta import validate_label_selector, validate_object_meta, validate_object_meta_update


def validate_role(role: Obj, errors: Errors) -> None:
    """A role, new or changed."""
    _validate_role(role, True, errors)


def validate_cluster_role(role: Obj, errors: Errors) -> None:
    """A cluster role, new or changed."""
    _validate_role(role, False, errors)
    for i, selector in enumerate((role.get("aggregationRule") or {}).get("clusterRoleSelectors") or []):
        validate_label_selector(selector, f"aggregationRule.clusterRoleSelectors[{i}]", errors)


def _validate_role(role: Obj, namespaced: bool, errors: Errors) -> None:
    validate_object_meta(role["metadata"], namespaced, names.path_segment, errors)
    for i, rule in enumerate(role.get("rules") or []):
        path = f"rules[{i}]"
        if not rule.get("verbs"):
            errors.required(f"{path}.verbs", "verbs must contain at least one value")
        if rule.get("nonResourceURLs"):
            urls = rule["nonResourceURLs"]
            if namespaced:
                errors.invalid(f"{path}.nonResourceURLs", urls, "namespaced rules cannot apply to non-resource URLs")
            if rule.get("apiGroups") or rule.get("resources") or rule.get("resourceNames"):
                errors.invalid(
                    f"{path}.nonResourceURLs", urls, "rules cannot apply to both regular resources and non-resource URLs"
                )
            continue
        if not rule.get("apiGroups"):
            errors.required(f"{path}.apiGroups", "resource rules must supply at least one api group")
        if not rule.get("resources"):
            errors.required(f"{path}.resources", "resource rules must supply at least one resource")


def validate_role_binding(binding: Obj, errors: Errors) -> None:
    """A new role binding."""
    _validate_binding(binding, True, errors)


def validate_cluster_role_binding(binding: Obj, errors: Errors) -> None:
    """A new cluster role binding."""
    _validate_binding(binding, False, errors)


def _validate_binding(binding: Obj, namespaced: bool, errors: Errors) -> None:
    validate_object_meta(binding["metadata"], namespaced, names.path_segment, errors)
    role = binding.get("roleRef") or {}
    group, kinds = "rbac.authorization.k8s.io", ("Role", "ClusterRole") if namespaced else ("ClusterRole",)
    if role.get("apiGroup") != group:
        errors.not_supported("roleRef.apiGroup", role.get("apiGroup", ""), (group,))
    if role.get("kind", "") not in kinds:
        errors.not_supported("roleRef.kind", role.get("kind", ""), kinds)
    if not role.get("name"):
        errors.required("roleRef.name")
    else:
        errors.each_invalid("roleRef.name", role["name"], names.path_segment(role["name"]))
    for i, subject in enumerate(binding.get("subjects") or []):
        _validate_subject(subject, namespaced, f"subjects[{i}]", errors)


def _validate_subject(subject: Obj, namespaced: bool, path: str, errors: Errors) -> None:
    kind, name, group = subject.get("kind", ""), subject.get("name", ""), subject.get("apiGroup", "")
    if not name:
        errors.required(f"{path}.name")
    if kind == "ServiceAccount":
        if name:
            errors.each_invalid(f"{path}.name", name, names.dns_subdomain(name))
        if group:
            errors.not_supported(f"{path}.apiGroup", group, ("",))
        if not namespaced and not subject.get("namespace"):
            errors.required(f"{path}.namespace")
    elif kind in ("User", "Group"):
        if group != "rbac.authorization.k8s.io":
            errors.not_supported(f"{path}.apiGroup", group, ("rbac.authorization.k8s.io",))
    else:
        errors.not_supported(f"{path}.kind", kind, ("ServiceAccount", "User", "Group"))


def validate_role_update(new: Obj, old: Obj, errors: Errors) -> None:
    """A role may change its rules."""
    validate_role(new, errors)
    validate_object_meta_update(new["metadata"], old["metadata"], errors)


def validate_cluster_role_update(new: Obj, old: Obj, errors: Errors) -> None:
    """A cluster role may change its rules."""
    validate_cluster_role(new, errors)
    validate_object_meta_update(new["metadata"], old["metadata"], errors)


def validate_binding_update(new: Obj, old: Obj, errors: Errors) -> None:
    """The role of a binding stays."""
    _validate_binding(new, bool(new["metadata"].get("namespace")), errors)
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    if new.get("roleRef") != old.get("roleRef"):
        errors.invalid("roleRef", _role_shown(new.get("roleRef") or {}), "cannot change roleRef")


def _role_shown(role: Obj) -> Obj:
    return {"APIGroup": role.get("apiGroup", ""), "Kind": role.get("kind", ""), "Name": role.get("name", "")}
