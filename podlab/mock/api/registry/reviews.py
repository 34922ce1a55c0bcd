"""Reviews: questions about who somebody is and what they may do. They are answered, and never stored."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from podlab.mock.api.errors import BadRequest, Cause, Invalid
from podlab.mock.api.rbac import MASTERS, Attributes, Authorizer
from podlab.mock.api.registry.tokens import Tokens
from podlab.mock.api.request import UserInfo

Obj = dict[str, Any]

_GROUP: Final = "authorization.k8s.io"


class Reviews:
    """Answers the review kinds of ``authentication.k8s.io`` and ``authorization.k8s.io``."""

    def __init__(self, authorizer: Authorizer, tokens: Tokens) -> None:
        self._authorizer = authorizer
        self._tokens = tokens
        self._answers: Mapping[str, Callable[[Obj, str, UserInfo], Obj]] = {
            "selfsubjectreviews": self._who_am_i,
            "tokenreviews": self._whose_token,
            "selfsubjectaccessreviews": self._may_i,
            "subjectaccessreviews": self._may_they,
            "localsubjectaccessreviews": self._may_they_here,
            "selfsubjectrulesreviews": self._what_may_i,
        }

    def knows(self, plural: str) -> bool:
        """Is this a review?"""
        return plural in self._answers

    def answer(self, plural: str, review: Obj, namespace: str, user: UserInfo) -> Obj:
        """The review with its status. Raises Invalid, BadRequest."""
        return {**review, "metadata": review.get("metadata") or {}, "status": self._answers[plural](review, namespace, user)}

    def _who_am_i(self, review: Obj, namespace: str, user: UserInfo) -> Obj:
        return {"userInfo": _user(user)}

    def _whose_token(self, review: Obj, namespace: str, user: UserInfo) -> Obj:
        token = (review.get("spec") or {}).get("token", "")
        if not token:
            raise BadRequest("token is required for TokenReview in authentication")
        found = self._tokens.authenticate(token)
        if found is None:
            return {"user": {}, "error": "[invalid bearer token, token lookup failed]"}
        return {"authenticated": True, "user": _user(found), "audiences": ["https://kubernetes.default.svc.cluster.local"]}

    def _may_i(self, review: Obj, namespace: str, user: UserInfo) -> Obj:
        return self._decide(user, review.get("spec") or {}, "SelfSubjectAccessReview")

    def _may_they(self, review: Obj, namespace: str, user: UserInfo) -> Obj:
        spec = review.get("spec") or {}
        if not spec.get("user") and not spec.get("groups"):
            why = "Required value: at least one of user or group must be specified"
            raise Invalid(f"SubjectAccessReview.{_GROUP}", "", [Cause("FieldValueRequired", why, "spec.user")])
        who = UserInfo(spec.get("user", ""), tuple(spec.get("groups") or ()), spec.get("uid", ""), spec.get("extra") or {})
        return self._decide(who, spec, "SubjectAccessReview")

    def _may_they_here(self, review: Obj, namespace: str, user: UserInfo) -> Obj:
        wanted = (review.get("spec") or {}).get("resourceAttributes") or {}
        if wanted.get("namespace", "") != namespace:
            raise BadRequest(f"spec.resourceAttributes.namespace must match namespace: {namespace}")
        return self._may_they(review, namespace, user)

    def _decide(self, user: UserInfo, spec: Obj, kind: str) -> Obj:
        resource, other = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
        if (resource is None) == (other is None):
            if resource is None:
                what, field = (
                    "FieldValueRequired",
                    "Required value: exactly one of nonResourceAttributes or resourceAttributes must be specified",
                )
            else:
                what, field = "FieldValueInvalid", "Invalid value: cannot be specified in combination with resourceAttributes"
            raise Invalid(
                f"{kind}.{_GROUP}",
                "",
                [Cause(what, field, "spec.resourceAttributes" if resource is None else "spec.nonResourceAttributes")],
            )
        if resource is not None:
            wanted = Attributes(
                resource.get("verb", ""),
                resource.get("group", ""),
                resource.get("resource", ""),
                resource.get("subresource", ""),
                resource.get("namespace", ""),
                resource.get("name", ""),
            )
        else:
            wanted = Attributes((other or {}).get("verb", ""), path=(other or {}).get("path", ""))
        allowed, reason = self._authorizer.allowed(user, wanted)
        return {"allowed": allowed, **({"reason": reason} if reason else {})}

    def _what_may_i(self, review: Obj, namespace: str, user: UserInfo) -> Obj:
        where = (review.get("spec") or {}).get("namespace", "")
        if not where:
            raise BadRequest("no namespace on request")
        if MASTERS in user.groups:
            rules = [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}, {"verbs": ["*"], "nonResourceURLs": ["*"]}]
        else:
            rules = [grant.rule for grant in self._authorizer.grants(user, where)]
        names = ("verbs", "apiGroups", "resources", "resourceNames")
        return {
            "resourceRules": [{name: rule[name] for name in names if rule.get(name)} for rule in rules if rule.get("resources")],
            "nonResourceRules": [
                {"verbs": rule["verbs"], "nonResourceURLs": rule["nonResourceURLs"]}
                for rule in rules
                if rule.get("nonResourceURLs")
            ],
            "incomplete": False,
        }


def _user(user: UserInfo) -> Obj:
    shown: Obj = {"username": user.name}
    if user.uid:
        shown["uid"] = user.uid
    if user.groups:
        shown["groups"] = list(user.groups)
    if user.extra:
        shown["extra"] = {key: list(values) for key, values in sorted(user.extra.items())}
    return shown
