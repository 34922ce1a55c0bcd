"""Who may do what: roles, reviews, tokens, impersonation."""

from typing import Any

import pytest

from podlab.mock.api.request import ANONYMOUS, UserInfo
from tests.mock.api.calling import PODS, Bottle, manifest, pod

Obj = dict[str, Any]

RBAC = "/apis/rbac.authorization.k8s.io/v1"
ACCOUNT = UserInfo(
    "system:serviceaccount:default:bob", ("system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated")
)
ROLE_REF = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"}
BOB = {"kind": "ServiceAccount", "name": "bob", "namespace": "default"}


@pytest.fixture
def bottle() -> Bottle:
    made = Bottle()
    made.ok("POST", "/api/v1/namespaces/default/serviceaccounts", manifest("v1", "ServiceAccount", "bob"))
    rules = [
        {"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get", "list"]},
        {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["*"], "resourceNames": ["mine"]},
    ]
    made.ok("POST", f"{RBAC}/namespaces/default/roles", manifest("rbac.authorization.k8s.io/v1", "Role", "reader", rules=rules))
    binding = manifest("rbac.authorization.k8s.io/v1", "RoleBinding", "b", roleRef=ROLE_REF, subjects=[BOB])
    made.ok("POST", f"{RBAC}/namespaces/default/rolebindings", binding)
    return made


def may(bottle: Bottle, user: UserInfo, **wanted: str) -> Obj:
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {"resourceAttributes": wanted}}
    answer: Obj = bottle.ok("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review, user=user)["status"]
    return answer


@pytest.mark.parametrize(
    ("method", "url", "words"),
    [
        ("DELETE", f"{PODS}/web", 'pods "web" is forbidden: User "{}" cannot delete resource "pods" in API group "" in the namespace "default"'),  # noqa: E501
        ("GET", "/api/v1/pods", 'pods is forbidden: User "{}" cannot list resource "pods" in API group "" at the cluster scope'),
        ("GET", "/apis/apps/v1/namespaces/default/deployments",
         'deployments.apps is forbidden: User "{}" cannot list resource "deployments" in API group "apps" in the namespace "default"'),  # noqa: E501
        ("GET", f"{PODS}/web/exec?command=ls",
         'pods "web" is forbidden: User "{}" cannot get resource "pods/exec" in API group "" in the namespace "default"'),
        ("GET", "/metrics", 'forbidden: User "{}" cannot get path "/metrics"'),
    ],
)  # fmt: skip
def test_what_is_not_granted_is_forbidden(bottle: Bottle, method: str, url: str, words: str) -> None:
    assert bottle.message(method, url, user=ACCOUNT) == (403, words.format(ACCOUNT.name))


def test_what_is_granted_is_allowed(bottle: Bottle) -> None:
    bottle.ok("POST", PODS, pod("web"))
    assert bottle.ok("GET", f"{PODS}/web", user=ACCOUNT)["kind"] == "Pod"
    assert bottle.ok("GET", "/apis", user=ACCOUNT)["kind"] == "APIGroupList"
    assert bottle.call("GET", "/api/v1/namespaces", user=ANONYMOUS)[0] == 403


def test_access_reviews_are_honest(bottle: Bottle) -> None:
    granted = may(bottle, ACCOUNT, verb="list", resource="pods", namespace="default")
    assert granted == {
        "allowed": True,
        "reason": 'RBAC: allowed by RoleBinding "b/default" of Role "reader" to ServiceAccount "bob/default"',
    }
    assert may(bottle, ACCOUNT, verb="list", resource="pods", namespace="other") == {"allowed": False}
    assert may(bottle, ACCOUNT, verb="get", resource="pods", subresource="log", namespace="default")["allowed"]
    assert may(bottle, ACCOUNT, verb="update", resource="configmaps", name="mine", namespace="default")["allowed"]
    assert not may(bottle, ACCOUNT, verb="update", resource="configmaps", name="yours", namespace="default")["allowed"]
    assert not may(bottle, ACCOUNT, verb="list", resource="configmaps", namespace="default")["allowed"]


def test_the_default_roles_grant_what_their_names_say(bottle: Bottle) -> None:
    group = {"kind": "Group", "name": "team", "apiGroup": "rbac.authorization.k8s.io"}
    for role in ("view", "edit", "admin", "cluster-admin"):
        name = f"team-{role}"
        made = manifest(
            "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", name, roleRef={**ROLE_REF, "kind": "ClusterRole", "name": role}
        )
        bottle.ok("POST", f"{RBAC}/clusterrolebindings", {**made, "subjects": [{**group, "name": name}]})
    expected = {
        "view": (True, False, False, False), "edit": (True, True, False, False),
        "admin": (True, True, True, False), "cluster-admin": (True, True, True, True),
    }  # fmt: skip
    for role, answers in expected.items():
        user = UserInfo("u", (f"team-{role}", "system:authenticated"))
        asked = [
            may(bottle, user, verb="list", resource="pods", namespace="x"),
            may(bottle, user, verb="create", resource="deployments", group="apps", namespace="x"),
            may(bottle, user, verb="create", resource="roles", group="rbac.authorization.k8s.io", namespace="x"),
            may(bottle, user, verb="delete", resource="nodes"),
        ]
        assert tuple(one["allowed"] for one in asked) == answers, role


def test_rules_reviews_list_what_applies(bottle: Bottle) -> None:
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": "default"}}
    status = bottle.ok("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", review, user=ACCOUNT)["status"]
    assert {"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "pods/log"]} in status["resourceRules"]
    assert any("/healthz" in rule["nonResourceURLs"] for rule in status["nonResourceRules"])


def test_bad_reviews_are_refused(bottle: Bottle) -> None:
    empty = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"resourceAttributes": {"verb": "get"}},
    }
    code, words = bottle.message("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", empty)
    assert code == 422
    assert "at least one of user or group must be specified" in words


def token_request(bottle: Bottle, **spec: Any) -> tuple[int, Obj]:
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec}
    return bottle.call("POST", "/api/v1/namespaces/default/serviceaccounts/bob/token", body)


def test_a_token_stands_for_its_account_until_it_ends(bottle: Bottle) -> None:
    code, made = token_request(bottle, expirationSeconds=600)
    assert code == 201
    user = bottle.server.authenticate(made["status"]["token"])
    assert user is not None
    assert (user.name, user.groups) == (ACCOUNT.name, ACCOUNT.groups)
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": made["status"]["token"]}}
    assert bottle.ok("POST", "/apis/authentication.k8s.io/v1/tokenreviews", review)["status"]["user"]["username"] == ACCOUNT.name
    bottle.run(599)
    assert bottle.server.authenticate(made["status"]["token"]) is not None
    bottle.run(2)
    assert bottle.server.authenticate(made["status"]["token"]) is None


def test_a_token_ends_with_what_it_is_bound_to(bottle: Bottle) -> None:
    uid = bottle.ok("POST", PODS, pod("web"))["metadata"]["uid"]
    _, made = token_request(bottle, boundObjectRef={"kind": "Pod", "apiVersion": "v1", "name": "web", "uid": uid})
    token = made["status"]["token"]
    user = bottle.server.authenticate(token)
    assert user is not None
    assert user.extra["authentication.kubernetes.io/pod-name"] == ["web"]
    bottle.ok("DELETE", f"{PODS}/web")
    assert bottle.server.authenticate(token) is None


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.é.é", "e30.e30."])
def test_a_forged_token_stands_for_nobody(bottle: Bottle, token: str) -> None:
    assert bottle.server.authenticate(token) is None
    good = token_request(bottle)[1]["status"]["token"]
    assert bottle.server.authenticate(f"{good}x") is None


def test_a_token_cannot_be_too_short_lived(bottle: Bottle) -> None:
    code, status = token_request(bottle, expirationSeconds=60)
    assert code == 422
    assert "may not specify a duration less than 10 minutes" in status["message"]


def test_impersonation_acts_as_the_other(bottle: Bottle) -> None:
    assert bottle.ok("GET", PODS, impersonate_user=ACCOUNT.name)["kind"] == "PodList"
    code, words = bottle.message("GET", "/api/v1/nodes", impersonate_user=ACCOUNT.name)
    assert (code, words) == (
        403,
        f'nodes is forbidden: User "{ACCOUNT.name}" cannot list resource "nodes" in API group "" at the cluster scope',
    )
    assert bottle.call("GET", "/api/v1/nodes", impersonate_user="x", impersonate_group="system:masters")[0] == 200
    code, words = bottle.message("GET", PODS, user=ACCOUNT, impersonate_user="root")
    assert (code, words.partition(":")[0]) == (403, 'users "root" is forbidden')
