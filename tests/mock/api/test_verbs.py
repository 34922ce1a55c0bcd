from typing import Any

import pytest

from podlab.mock.kernel import SECOND, Time
from tests.mock.api.calling import (
    CONFIG_MAPS,
    DEPLOYMENTS,
    JSON_PATCH,
    MERGE,
    PODS,
    STRATEGIC,
    Bottle,
    config_map,
    deployment,
    frames,
    manifest,
    pod,
)

Obj = dict[str, Any]


@pytest.fixture
def bottle() -> Bottle:
    return Bottle()


def bind(bottle: Bottle, name: str) -> None:
    bottle.ok("POST", f"{PODS}/{name}/binding", manifest("v1", "Binding", name, target={"kind": "Node", "name": "node1"}))


def test_create_answers_with_the_stored_object(bottle: Bottle) -> None:
    code, made = bottle.call("POST", PODS, pod("web"))
    assert code == 201
    assert list(made) == ["kind", "apiVersion", "metadata", "spec", "status"]
    assert made == bottle.ok("GET", f"{PODS}/web")
    assert list(made["metadata"])[:5] == ["name", "namespace", "uid", "resourceVersion", "generation"]


@pytest.mark.parametrize(
    ("method", "url", "body", "code", "words"),
    [
        ("GET", f"{PODS}/x", None, 404, 'pods "x" not found'),
        ("GET", "/apis/apps/v1/namespaces/default/deployments/x", None, 404, 'deployments.apps "x" not found'),
        ("POST", PODS, pod("web"), 409, 'pods "web" already exists'),
        ("POST", "/api/v1/namespaces/nope/pods", pod("a"), 404, 'namespaces "nope" not found'),
        ("PUT", f"{PODS}/x", pod("x"), 404, 'pods "x" not found'),
        ("PUT", f"{PODS}/web", pod("y"), 400, "the name of the object (y) does not match the name on the URL (web)"),
        ("DELETE", f"{PODS}/x", None, 404, 'pods "x" not found'),
        (
            "DELETE",
            "/api/v1/namespaces/default",
            None,
            403,
            'namespaces "default" is forbidden: this namespace may not be deleted',
        ),
        ("GET", "/api/v1/nosuch", None, 404, "the server could not find the requested resource"),
        ("GET", "/apis/apps/v2/deployments", None, 404, "the server could not find the requested resource"),
        ("POST", f"{PODS}/web", pod("web"), 405, "the server does not allow this method on the requested resource"),
        ("DELETE", "/api/v1/namespaces", None, 405, "the server does not allow this method on the requested resource"),
        (
            "GET",
            "/metrics",
            None,
            501,
            "podlab does not model the API server's metrics (/metrics); docs/fidelity.md lists what it does",
        ),
    ],
)
def test_refusals_are_in_the_servers_words(bottle: Bottle, method: str, url: str, body: Any, code: int, words: str) -> None:
    bottle.ok("POST", PODS, pod("web"))
    assert bottle.message(method, url, body) == (code, words)


def test_a_namespace_in_the_body_must_be_that_of_the_path(bottle: Bottle) -> None:
    made = pod("web")
    made["metadata"]["namespace"] = "other"
    assert bottle.message("POST", PODS, made) == (
        400,
        "the namespace of the provided object does not match the namespace sent on the request",
    )


def test_a_body_may_be_yaml_and_not_anything_else(bottle: Bottle) -> None:
    text = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n"
    assert bottle.ok("POST", CONFIG_MAPS, text, content_type="application/yaml")["data"] == {"k": "v"}
    code, words = bottle.message("POST", CONFIG_MAPS, text, content_type="text/plain")
    assert code == 415
    assert words.startswith("the body of the request was in an unknown format - accepted media types include: application/json")


def test_a_body_over_three_mebibytes_is_refused(bottle: Bottle) -> None:
    assert bottle.message("POST", CONFIG_MAPS, config_map("a", k="x" * (3 << 20))) == (
        413,
        "Request entity too large: limit is 3145728",
    )


def test_answers_may_be_yaml_or_metadata_alone(bottle: Bottle) -> None:
    bottle.ok("POST", CONFIG_MAPS, config_map("a", k="v"))
    text = bottle.answer("GET", f"{CONFIG_MAPS}/a", accept="application/yaml").body.decode()
    assert text.startswith("apiVersion: v1\ndata:\n  k: v\nkind: ConfigMap\n")
    partial = bottle.ok("GET", f"{CONFIG_MAPS}/a", accept="application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1")
    assert (partial["kind"], "data" in partial, partial["metadata"]["name"]) == ("PartialObjectMetadata", False, "a")
    protobuf = "application/vnd.kubernetes.protobuf"
    assert bottle.call("GET", f"{CONFIG_MAPS}/a", accept=protobuf)[0] == 406
    assert bottle.ok("GET", f"{CONFIG_MAPS}/a", accept=f"{protobuf},application/json")["kind"] == "ConfigMap"


def test_dry_run_goes_through_everything_and_stores_nothing(bottle: Bottle) -> None:
    revision = bottle.store.revision
    made = bottle.ok("POST", f"{PODS}?dryRun=All", pod("web"))
    assert made["metadata"]["uid"]
    assert bottle.call("POST", f"{PODS}?dryRun=All", {**pod("web"), "spec": {}})[0] == 422
    assert bottle.store.revision == revision
    bottle.ok("POST", PODS, pod("web"))
    revision = bottle.store.revision
    bottle.ok("PATCH", f"{PODS}/web?dryRun=All", {"metadata": {"labels": {"a": "b"}}}, content_type=MERGE)
    bottle.ok("DELETE", f"{PODS}/web?dryRun=All")
    assert bottle.store.revision == revision
    code, words = bottle.message("POST", f"{PODS}?dryRun=Some", pod("b"))
    assert (code, words) == (
        422, 'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
    )  # fmt: skip


def test_unknown_fields_are_warned_of_refused_or_dropped(bottle: Bottle) -> None:
    made = config_map("a")
    made["nope"] = 1
    answer = bottle.answer("POST", f"{CONFIG_MAPS}?dryRun=All&fieldValidation=Warn", made)
    assert answer.headers["warning"] == '299 - "unknown field \\"nope\\""'
    assert "warning" not in bottle.answer("POST", f"{CONFIG_MAPS}?dryRun=All&fieldValidation=Ignore", made).headers
    assert bottle.message("POST", f"{CONFIG_MAPS}?fieldValidation=Strict", made)[1].endswith(
        'strict decoding error: unknown field "nope"'
    )


def test_generated_names_are_unique(bottle: Bottle) -> None:
    made = pod("")
    made["metadata"] = {"generateName": "web-"}
    found = {bottle.ok("POST", PODS, made)["metadata"]["name"] for _ in range(20)}
    assert len(found) == 20
    assert all(name.startswith("web-") and len(name) == 9 for name in found)


def test_an_update_with_an_old_version_conflicts(bottle: Bottle) -> None:
    made = bottle.ok("POST", CONFIG_MAPS, config_map("a", k="1"))
    bottle.ok("PUT", f"{CONFIG_MAPS}/a", {**made, "data": {"k": "2"}})
    assert bottle.message("PUT", f"{CONFIG_MAPS}/a", {**made, "data": {"k": "3"}}) == (
        409,
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest '
        "version and try again",
    )
    patch = {"metadata": {"resourceVersion": made["metadata"]["resourceVersion"]}, "data": {"k": "3"}}
    assert bottle.call("PATCH", f"{CONFIG_MAPS}/a", patch, content_type=MERGE)[0] == 409


def test_an_update_that_changes_nothing_writes_nothing(bottle: Bottle) -> None:
    made = bottle.ok("POST", DEPLOYMENTS, deployment("web"))
    bottle.run(5)
    assert bottle.ok("PUT", f"{DEPLOYMENTS}/web", made) == made
    assert bottle.ok("PATCH", f"{DEPLOYMENTS}/web", {"spec": {"replicas": 1}}, content_type=STRATEGIC) == made


def test_the_generation_counts_changes_of_the_spec(bottle: Bottle) -> None:
    bottle.ok("POST", DEPLOYMENTS, deployment("web"))

    def generation(patch: Obj, subresource: str = "") -> int:
        found = bottle.ok("PATCH", f"{DEPLOYMENTS}/web{subresource}", patch, content_type=MERGE)
        return int(found["metadata"]["generation"])

    assert generation({"metadata": {"labels": {"a": "b"}}}) == 1
    assert generation({"spec": {"replicas": 3}}) == 2
    assert generation({"status": {"replicas": 3}}, "/status") == 2


def test_a_status_is_written_through_its_subresource_alone(bottle: Bottle) -> None:
    bottle.ok("POST", DEPLOYMENTS, deployment("web"))
    assert "replicas" not in bottle.ok("PATCH", f"{DEPLOYMENTS}/web", {"status": {"replicas": 9}}, content_type=MERGE)["status"]
    body = {"status": {"replicas": 9}, "spec": {"replicas": 9}}
    found = bottle.ok("PATCH", f"{DEPLOYMENTS}/web/status", body, content_type=MERGE)
    assert (found["status"]["replicas"], found["spec"]["replicas"]) == (9, 1)


def test_scale_reads_and_sets_the_replicas(bottle: Bottle) -> None:
    bottle.ok("POST", DEPLOYMENTS, deployment("web", 2))
    scale = bottle.ok("GET", f"{DEPLOYMENTS}/web/scale")
    assert (scale["kind"], scale["spec"], scale["status"]) == ("Scale", {"replicas": 2}, {"replicas": 0, "selector": "app=web"})
    assert bottle.ok("PUT", f"{DEPLOYMENTS}/web/scale", {**scale, "spec": {"replicas": 5}})["spec"] == {"replicas": 5}
    assert bottle.ok("GET", f"{DEPLOYMENTS}/web")["spec"]["replicas"] == 5
    assert bottle.call("PUT", f"{DEPLOYMENTS}/web/scale", scale)[0] == 409
    assert bottle.message("PATCH", f"{DEPLOYMENTS}/web/scale", {"spec": {"replicas": -1}}, content_type=MERGE) == (
        422,
        'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    )


def test_a_bad_json_patch_is_rejected_without_saying_why(bottle: Bottle) -> None:
    bottle.ok("POST", CONFIG_MAPS, config_map("a"))
    patch = [{"op": "remove", "path": "/nope"}]
    code, words = bottle.message("PATCH", f"{CONFIG_MAPS}/a", patch, content_type=JSON_PATCH)
    assert (code, words) == (422, "the server rejected our request due to an error in our request")
    assert bottle.call("PATCH", f"{CONFIG_MAPS}/a", {"data": {}}, content_type="application/json")[0] == 415


def test_a_pod_on_a_node_is_deleted_gracefully(bottle: Bottle) -> None:
    made = bottle.ok("POST", PODS, pod("web", terminationGracePeriodSeconds=20))
    bind(bottle, "web")
    bottle.run(3)
    gone = bottle.ok("DELETE", f"{PODS}/web")
    meta = gone["metadata"]
    assert (meta["deletionGracePeriodSeconds"], meta["generation"]) == (20, 2)
    assert bottle.store.get(("pods", "default", "web"))["metadata"]["deletionTimestamp"] == Time(23 * SECOND)
    assert bottle.ok("DELETE", f"{PODS}/web?gracePeriodSeconds=30")["metadata"]["deletionGracePeriodSeconds"] == 20
    assert bottle.ok("DELETE", f"{PODS}/web?gracePeriodSeconds=5")["metadata"]["deletionGracePeriodSeconds"] == 5
    assert bottle.store.get(("pods", "default", "web"))["metadata"]["deletionTimestamp"] == Time(8 * SECOND)
    bottle.client.delete("pods", "default", "web", grace_period_seconds=0, uid=made["metadata"]["uid"])
    assert bottle.call("GET", f"{PODS}/web")[0] == 404


def test_a_pod_that_never_got_a_node_goes_at_once_and_watches_see_the_mark(bottle: Bottle) -> None:
    stream = bottle.watch(f"{PODS}?watch=1&resourceVersion={bottle.store.revision}")
    bottle.ok("POST", PODS, pod("web"))
    bottle.ok("DELETE", f"{PODS}/web")
    assert [(one["type"], "deletionTimestamp" in one["object"]["metadata"]) for one in frames(stream)] == [
        ("ADDED", False), ("MODIFIED", True), ("DELETED", True),
    ]  # fmt: skip


def test_finalizers_hold_an_object(bottle: Bottle) -> None:
    made = config_map("a")
    made["metadata"]["finalizers"] = ["example.com/hold"]
    bottle.ok("POST", CONFIG_MAPS, made)
    assert bottle.ok("DELETE", f"{CONFIG_MAPS}/a")["metadata"]["deletionTimestamp"]
    assert bottle.message("POST", CONFIG_MAPS, made) == (409, 'object is being deleted: configmaps "a" already exists')
    bottle.ok("PATCH", f"{CONFIG_MAPS}/a", {"metadata": {"finalizers": None}}, content_type=MERGE)
    assert bottle.call("GET", f"{CONFIG_MAPS}/a")[0] == 404


@pytest.mark.parametrize(("policy", "finalizers"), [("Foreground", ["foregroundDeletion"]), ("Orphan", ["orphan"])])
def test_propagation_policies_leave_their_finalizer(bottle: Bottle, policy: str, finalizers: list[str]) -> None:
    bottle.ok("POST", DEPLOYMENTS, deployment("web"))
    body = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": policy}
    assert bottle.ok("DELETE", f"{DEPLOYMENTS}/web", body)["metadata"]["finalizers"] == finalizers
    assert bottle.ok("GET", f"{DEPLOYMENTS}/web")["metadata"]["finalizers"] == finalizers


def test_a_delete_answers_with_a_status_that_names_what_went(bottle: Bottle) -> None:
    made = bottle.ok("POST", DEPLOYMENTS, deployment("web"))
    gone = bottle.ok("DELETE", f"{DEPLOYMENTS}/web", {"propagationPolicy": "Background"})
    details = {"name": "web", "group": "apps", "kind": "deployments", "uid": made["metadata"]["uid"]}
    assert (gone["kind"], gone["status"], gone["details"]) == ("Status", "Success", details)


def test_preconditions_guard_a_delete(bottle: Bottle) -> None:
    uid = bottle.ok("POST", CONFIG_MAPS, config_map("a"))["metadata"]["uid"]
    code, words = bottle.message("DELETE", f"{CONFIG_MAPS}/a", {"preconditions": {"uid": "other"}})
    assert (code, words) == (
        409,
        'Operation cannot be fulfilled on configmaps "a": the UID in the precondition (other) does not match the UID in record '
        f"({uid}). The object might have been deleted and then recreated",
    )
    bottle.ok("DELETE", f"{CONFIG_MAPS}/a", {"preconditions": {"uid": uid}})


def test_a_collection_is_deleted_by_selector(bottle: Bottle) -> None:
    for name, labels in (("a", {"x": "1"}), ("b", {"x": "2"}), ("c", {"x": "1"})):
        made = config_map(name)
        made["metadata"]["labels"] = labels
        bottle.ok("POST", CONFIG_MAPS, made)
    gone = bottle.ok("DELETE", f"{CONFIG_MAPS}?labelSelector=x%3D1")
    assert [one["metadata"]["name"] for one in gone["items"]] == ["a", "c"]
    assert [one["metadata"]["name"] for one in bottle.ok("GET", CONFIG_MAPS)["items"]] == ["b"]


def test_a_namespace_ends_when_it_has_been_finalized(bottle: Bottle) -> None:
    bottle.ok("POST", "/api/v1/namespaces", manifest("v1", "Namespace", "x"))
    gone = bottle.ok("DELETE", "/api/v1/namespaces/x")
    assert gone["status"]["phase"] == "Terminating"
    code, status = bottle.call("POST", "/api/v1/namespaces/x/configmaps", config_map("a"))
    assert (code, status["message"]) == (
        403,
        'configmaps "a" is forbidden: unable to create new content in namespace x because it is being terminated',
    )
    assert status["details"]["causes"][0]["reason"] == "NamespaceTerminating"
    gone["spec"] = {}
    bottle.ok("PUT", "/api/v1/namespaces/x/finalize", gone)
    assert bottle.call("GET", "/api/v1/namespaces/x")[0] == 404


def test_a_binding_gives_a_pod_its_node_once(bottle: Bottle) -> None:
    bottle.ok("POST", PODS, pod("web"))
    bind(bottle, "web")
    found = bottle.ok("GET", f"{PODS}/web")
    assert found["spec"]["nodeName"] == "node1"
    assert found["status"]["conditions"][0]["type"] == "PodScheduled"
    again = manifest("v1", "Binding", "web", target={"kind": "Node", "name": "node2"})
    assert bottle.message("POST", f"{PODS}/web/binding", again) == (
        409,
        'Operation cannot be fulfilled on pods/binding "web": pod web is already assigned to node "node1"',
    )


def test_an_eviction_heeds_the_disruption_budget(bottle: Bottle) -> None:
    bottle.ok("POST", PODS, pod("web", labels={"app": "web"}))
    bind(bottle, "web")
    ready = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}
    bottle.client.patch("pods", "default", "web", {"status": ready}, "status")
    budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets"
    budget = manifest(
        "policy/v1", "PodDisruptionBudget", "b", spec={"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}}
    )
    bottle.ok("POST", budgets, budget)
    eviction = manifest("policy/v1", "Eviction", "web")
    code, status = bottle.call("POST", f"{PODS}/web/eviction", eviction)
    assert (code, status["message"]) == (429, "Cannot evict pod as it would violate the pod's disruption budget.")
    assert status["details"]["causes"][0]["message"] == "The disruption budget b is still being processed by the server."
    state = {"observedGeneration": 1, "disruptionsAllowed": 0, "currentHealthy": 1, "desiredHealthy": 1, "expectedPods": 1}
    bottle.client.patch("poddisruptionbudgets.policy", "default", "b", {"status": state}, "status")
    status = bottle.call("POST", f"{PODS}/web/eviction", eviction)[1]
    assert status["details"]["causes"][0]["message"] == "The disruption budget b needs 1 healthy pods and has 1 currently"
    bottle.client.patch("poddisruptionbudgets.policy", "default", "b", {"status": {"disruptionsAllowed": 1}}, "status")
    assert bottle.call("POST", f"{PODS}/web/eviction", eviction)[0] == 201
    assert bottle.ok("GET", f"{PODS}/web")["metadata"]["deletionTimestamp"]
    assert bottle.ok("GET", f"{budgets}/b")["status"]["disruptionsAllowed"] == 0


def test_services_get_addresses_and_ports(bottle: Bottle) -> None:
    url = "/api/v1/namespaces/default/services"
    made = bottle.ok("POST", url, manifest("v1", "Service", "a", spec={"type": "NodePort", "ports": [{"port": 80}]}))
    address, port = made["spec"]["clusterIP"], made["spec"]["ports"][0]["nodePort"]
    assert made["spec"]["clusterIPs"] == [address]
    assert 30000 <= port <= 32767
    taken = manifest("v1", "Service", "b", spec={"clusterIP": address, "ports": [{"port": 80}]})
    assert bottle.message("POST", url, taken)[1] == (
        f'Service "b" is invalid: spec.clusterIPs: Invalid value: ["{address}"]: failed to allocate IP {address}: '
        "provided IP is already allocated"
    )
    kept = bottle.ok("PUT", f"{url}/a", manifest("v1", "Service", "a", spec={"type": "NodePort", "ports": [{"port": 80}]}))
    assert (kept["spec"]["clusterIP"], kept["spec"]["ports"][0]["nodePort"]) == (address, port)
    plain = bottle.ok("PATCH", f"{url}/a", {"spec": {"type": "ClusterIP"}}, content_type=STRATEGIC)
    assert "nodePort" not in plain["spec"]["ports"][0]
    headless = manifest("v1", "Service", "h", spec={"clusterIP": "None", "ports": [{"port": 80}]})
    assert bottle.ok("POST", url, headless)["spec"]["clusterIPs"] == ["None"]


def test_events_are_one_in_both_groups_and_last_an_hour(bottle: Bottle) -> None:
    old, new = "/api/v1/namespaces/default/events", "/apis/events.k8s.io/v1/namespaces/default/events"
    involved = {"kind": "Pod", "namespace": "default", "name": "web"}
    bottle.ok("POST", old, manifest("v1", "Event", "e", involvedObject=involved, reason="Started", message="hi", count=2))
    found = bottle.ok("GET", f"{new}/e")
    assert (found["apiVersion"], found["regarding"], found["note"], found["deprecatedCount"]) == (
        "events.k8s.io/v1", involved, "hi", 2,
    )  # fmt: skip
    assert len(bottle.ok("GET", f"{new}?fieldSelector=regarding.name%3Dweb,reason%3DStarted")["items"]) == 1
    bottle.ok("PATCH", f"{new}/e", {"deprecatedCount": 3}, content_type=MERGE)
    assert bottle.ok("GET", f"{old}/e")["count"] == 3
    bottle.run(3599)
    assert bottle.call("GET", f"{old}/e")[0] == 200
    bottle.run(2)
    assert bottle.call("GET", f"{old}/e")[0] == 404


def test_leases_and_endpoints_are_created_by_an_update(bottle: Bottle) -> None:
    url = "/apis/coordination.k8s.io/v1/namespaces/default/leases/x"
    assert bottle.call("PUT", url, manifest("coordination.k8s.io/v1", "Lease", "x", spec={"holderIdentity": "me"}))[0] == 201
    assert bottle.message("PUT", url, manifest("coordination.k8s.io/v1", "Lease", "x"))[0] == 422
    answer = bottle.answer("PUT", "/api/v1/namespaces/default/endpoints/x", manifest("v1", "Endpoints", "x"))
    assert answer.status == 201
    assert "Endpoints is deprecated" in answer.headers["warning"]


def test_a_quota_is_charged(bottle: Bottle) -> None:
    bottle.ok(
        "POST", "/api/v1/namespaces/default/resourcequotas", manifest("v1", "ResourceQuota", "q", spec={"hard": {"pods": "1"}})
    )
    status = {"hard": {"pods": "1"}, "used": {"pods": "0"}}
    bottle.client.patch("resourcequotas", "default", "q", {"status": status}, "status")
    bottle.ok("POST", PODS, pod("a"))
    code, words = bottle.message("POST", PODS, pod("b"))
    assert (code, words) == (403, 'pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1')
    assert bottle.ok("GET", "/api/v1/namespaces/default/resourcequotas/q")["status"]["used"] == {"pods": "1"}


def test_the_same_seed_gives_the_same_answers() -> None:
    def play() -> list[bytes]:
        bottle = Bottle()
        return [bottle.answer("POST", PODS, pod("a")).body, bottle.answer("GET", "/api/v1/pods").body]

    assert play() == play()


def test_the_apis_own_service_comes_back(bottle: Bottle) -> None:
    url = "/api/v1/namespaces/default/services/kubernetes"
    address = bottle.ok("GET", url)["spec"]["clusterIP"]
    bottle.ok("DELETE", url)
    bottle.run(11)
    assert bottle.ok("GET", url)["spec"]["clusterIP"] == address == "10.96.0.1"
