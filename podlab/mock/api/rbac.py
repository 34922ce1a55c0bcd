"""Authorization: role-based access control over the stored roles and bindings.

Members of ``system:masters`` may do everything. Everybody else may do what a ``ClusterRoleBinding`` (everywhere) or a
``RoleBinding`` (in its namespace) grants, rule by rule, as the real server's authorizer decides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from podlab.mock.api.errors import APIError, Forbidden, quote
from podlab.mock.api.request import UserInfo

Obj = dict[str, Any]

MASTERS: Final = "system:masters"


class Objects(Protocol):
    """Where roles and bindings are read from."""

    def find(self, key: str, namespace: str, name: str) -> Obj | None:
        """A stored object, or None."""

    def list(self, key: str, namespace: str | None) -> Sequence[Obj]:
        """Stored objects."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What somebody wants to do: a verb on a resource, or (``path``) on a path that is none."""

    verb: str
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""

    @property
    def full_resource(self) -> str:
        """``pods/log``."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


@dataclass(frozen=True, slots=True)
class Grant:
    """A rule, and through which binding it is granted (``namespace`` is ``""`` for everywhere)."""

    rule: Obj
    reason: str
    namespace: str


_GROUP: Final = "rbac.authorization.k8s.io"


class Authorizer:
    """Decides who may do what."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def allowed(self, user: UserInfo, wanted: Attributes) -> tuple[bool, str]:
        """Whether it is allowed, and why (``""`` when there is nothing to say)."""
        if MASTERS in user.groups:
            return True, ""
        for grant in self.grants(user, wanted.namespace):
            if _covers(grant.rule, wanted):
                return True, grant.reason
        return False, ""

    def check(self, user: UserInfo, wanted: Attributes) -> None:
        """Raises Forbidden when it is not allowed."""
        if not self.allowed(user, wanted)[0]:
            raise forbidden(user, wanted)

    def grants(self, user: UserInfo, namespace: str) -> Iterator[Grant]:
        """All rules that apply to a user in a namespace (``""``: only what applies everywhere)."""
        for binding in self._objects.list(f"clusterrolebindings.{_GROUP}", None):
            subject = _subject_of(binding, user, "")
            if subject is not None:
                yield from self._rules(binding, "ClusterRoleBinding", "", subject)
        if namespace:
            for binding in self._objects.list(f"rolebindings.{_GROUP}", namespace):
                subject = _subject_of(binding, user, namespace)
                if subject is not None:
                    yield from self._rules(binding, "RoleBinding", namespace, subject)

    def _rules(self, binding: Obj, kind: str, namespace: str, subject: Obj) -> Iterator[Grant]:
        ref = binding["roleRef"]
        if ref["kind"] == "ClusterRole":
            role = self._objects.find(f"clusterroles.{_GROUP}", "", ref["name"])
        else:
            role = self._objects.find(f"roles.{_GROUP}", namespace, ref["name"])
        shown = quote(f"{binding['metadata']['name']}/{namespace}" if namespace else binding["metadata"]["name"])
        reason = f"RBAC: allowed by {kind} {shown} of {ref['kind']} {quote(ref['name'])} to {_describe(subject)}"
        for rule in (role or {}).get("rules") or ():
            yield Grant(rule, reason, namespace)


def forbidden(user: UserInfo, wanted: Attributes) -> Forbidden:
    """The refusal in the server's words."""
    who = f"User {quote(user.name)} cannot {wanted.verb}"
    if wanted.path:
        error = Forbidden("", "", "")
        APIError.__init__(error, f"forbidden: {who} path {quote(wanted.path)}", {})
        return error
    where = f"in the namespace {quote(wanted.namespace)}" if wanted.namespace else "at the cluster scope"
    why = f"{who} resource {quote(wanted.full_resource)} in API group {quote(wanted.group)} {where}"
    key = f"{wanted.resource}.{wanted.group}" if wanted.group else wanted.resource
    return Forbidden(key, wanted.name, why)


def _subject_of(binding: Obj, user: UserInfo, namespace: str) -> Obj | None:
    for subject in binding.get("subjects") or ():
        kind, name = subject.get("kind"), subject.get("name")
        if kind == "User" and name == user.name:
            return dict(subject)
        if kind == "Group" and name in user.groups:
            return dict(subject)
        if kind == "ServiceAccount":
            where = subject.get("namespace") or namespace
            if user.name == f"system:serviceaccount:{where}:{name}":
                return dict(subject)
    return None


def _describe(subject: Obj) -> str:
    name = f"{subject['name']}/{subject['namespace']}" if subject.get("namespace") else subject["name"]
    return f"{subject['kind']} {quote(name)}"


def _covers(rule: Obj, wanted: Attributes) -> bool:
    if not _has(rule.get("verbs"), wanted.verb):
        return False
    if wanted.path:
        return any(_path_matches(pattern, wanted.path) for pattern in rule.get("nonResourceURLs") or ())
    if not _has(rule.get("apiGroups"), wanted.group):
        return False
    resources = rule.get("resources") or ()
    any_parent = f"*/{wanted.subresource}" if wanted.subresource else None
    if "*" not in resources and wanted.full_resource not in resources and any_parent not in resources:
        return False
    names = rule.get("resourceNames")
    return not names or wanted.name in names


def _has(values: list[str] | None, value: str) -> bool:
    return bool(values) and ("*" in (values or ()) or value in (values or ()))


def _path_matches(pattern: str, path: str) -> bool:
    return pattern in ("*", path) or (pattern.endswith("*") and path.startswith(pattern.rstrip("*")))
