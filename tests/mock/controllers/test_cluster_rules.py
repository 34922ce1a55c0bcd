"""What holds between objects: budgets, owners, namespaces, quotas, limits, and services with their endpoints and names."""

from typing import Any

import pytest

from podlab.mock.api.errors import APIError
from tests.mock.clustered import Lab, Obj, config_map, pod, sh
from tests.mock.controllers.test_rollouts import pods, workload


def eviction(lab: Lab, name: str) -> None:
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": "default"}}
    lab.client.create("pods", "default", body, "eviction", name)


def budget(**spec: Any) -> Obj:
    selector = {"matchLabels": {"app": "web"}}
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "b"},
        "spec": {"selector": selector, **spec},
    }


class TestBudgets:
    @pytest.mark.parametrize(
        "spec", [{"minAvailable": 2}, {"maxUnavailable": 1}, {"minAvailable": "50%"}, {"maxUnavailable": "30%"}]
    )
    def test_one_may_go_and_the_next_when_it_is_replaced(self, lab: Lab, spec: Obj) -> None:
        lab.create("deployments.apps", workload("Deployment", replicas=3))
        lab.create("poddisruptionbudgets.policy", budget(**spec))
        lab.wait(6)
        status = lab.client.get("poddisruptionbudgets.policy", "default", "b")["status"]
        assert (status["currentHealthy"], status["desiredHealthy"], status["disruptionsAllowed"]) == (3, 2, 1)
        first, second, _ = (each["metadata"]["name"] for each in pods(lab))
        eviction(lab, first)
        mark = next(each for each in lab.pod(first)["status"]["conditions"] if each["type"] == "DisruptionTarget")
        assert (mark["reason"], mark["message"]) == ("EvictionByEvictionAPI", "Eviction API: evicting")
        with pytest.raises(APIError) as refused:
            eviction(lab, second)
        assert refused.value.http_code == 429
        assert refused.value.status["message"] == "Cannot evict pod as it would violate the pod's disruption budget."
        (cause,) = refused.value.status["details"]["causes"]
        assert cause["reason"] == "DisruptionBudget"
        assert cause["message"] == "The disruption budget b needs 2 healthy pods and has 3 currently"
        lab.wait(10)
        eviction(lab, second)

    def test_pods_that_are_not_ready_may_go_if_the_policy_says_so(self, lab: Lab) -> None:
        never = sh("sleep 1000", readinessProbe={"exec": {"command": ["false"]}})
        lab.run(pod("p", never, labels={"app": "web"}))
        lab.create("poddisruptionbudgets.policy", budget(minAvailable=1))
        lab.wait(1)
        with pytest.raises(APIError):
            eviction(lab, "p")
        lab.patch("poddisruptionbudgets.policy", "b", {"spec": {"unhealthyPodEvictionPolicy": "AlwaysAllow"}})
        lab.wait(1)
        eviction(lab, "p")


class TestOwners:
    @pytest.mark.parametrize(
        ("policy", "finalizers", "left"),
        [("Foreground", ["foregroundDeletion"], 0), ("Orphan", ["orphan"], 1), ("Background", None, 0)],
    )
    def test_what_becomes_of_dependents(self, lab: Lab, policy: str, finalizers: Any, left: int) -> None:
        lab.create("deployments.apps", workload("Deployment", replicas=2))
        lab.wait(5)
        lab.client.delete("deployments.apps", "default", "web", propagation_policy=policy)
        still = lab.client.list("deployments.apps", "default")
        assert [each["metadata"].get("finalizers") for each in still] == ([finalizers] if finalizers else [])
        lab.wait(15)
        assert lab.client.list("deployments.apps", "default") == []
        sets = lab.client.list("replicasets.apps", "default")
        assert [each["metadata"].get("ownerReferences") for each in sets] == [None] * left
        assert len(pods(lab)) == 2 * left

    def test_one_whose_owner_is_gone_goes_too(self, lab: Lab) -> None:
        owner = lab.create("configmaps", config_map("owner"))
        reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner["metadata"]["uid"]}
        other = {**reference, "name": "other", "uid": lab.create("configmaps", config_map("other"))["metadata"]["uid"]}
        both, one = config_map("both"), config_map("one")
        both["metadata"]["ownerReferences"], one["metadata"]["ownerReferences"] = [reference, other], [reference]
        lab.create("configmaps", both)
        lab.create("configmaps", one)
        lab.client.delete("configmaps", "default", "owner")
        lab.wait(5)
        names = [each["metadata"]["name"] for each in lab.client.list("configmaps", "default")]
        assert names == ["both", "kube-root-ca.crt", "other"]


class TestNamespaces:
    def test_they_are_emptied_before_they_go(self, lab: Lab) -> None:
        lab.client.create("namespaces", "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n"}})
        lab.wait(1)
        stubborn = pod("p", sh("trap '' TERM; while true; do sleep 1; done"), terminationGracePeriodSeconds=20)
        lab.client.create("pods", "n", stubborn)
        lab.wait(3)
        lab.client.delete("namespaces", "", "n")
        assert lab.client.get("namespaces", "", "n")["status"]["phase"] == "Terminating"
        with pytest.raises(APIError) as refused:
            lab.client.create("configmaps", "n", config_map("c"))
        why = "unable to create new content in namespace n because it is being terminated"
        assert refused.value.status["message"] == f'configmaps "c" is forbidden: {why}'
        lab.wait(15)
        told = {each["type"]: each for each in lab.client.get("namespaces", "", "n")["status"]["conditions"]}
        assert told["NamespaceContentRemaining"]["message"] == "Some resources are remaining: pods. has 1 resource instances"
        assert told["NamespaceDeletionContentFailure"]["status"] == "False"
        lab.wait(40)
        assert "n" not in [each["metadata"]["name"] for each in lab.client.list("namespaces")]

    def test_the_systems_own_stay(self, lab: Lab) -> None:
        with pytest.raises(APIError) as refused:
            lab.client.delete("namespaces", "", "default")
        assert refused.value.status["message"] == 'namespaces "default" is forbidden: this namespace may not be deleted'


class TestQuotasAndLimits:
    def test_a_quota_counts_what_there_is_and_refuses_more(self, lab: Lab) -> None:
        hard = {"pods": "2", "requests.memory": "64Mi", "count/configmaps": "2", "persistentvolumeclaims": "0"}
        lab.create(
            "resourcequotas", {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q"}, "spec": {"hard": hard}}
        )
        lab.wait(1)
        asking = {"resources": {"requests": {"memory": "48Mi"}}}
        lab.create("pods", pod("a", sh("sleep 1000", **asking)))
        with pytest.raises(APIError) as refused:
            lab.create("pods", pod("b", sh("sleep 1000", **asking)))
        why = "exceeded quota: q, requested: requests.memory=48Mi, used: requests.memory=48Mi, limited: requests.memory=64Mi"
        assert refused.value.status["message"] == f'pods "b" is forbidden: {why}'
        with pytest.raises(APIError) as refused:
            lab.create("pods", pod("b", sh("sleep 1000")))
        why = "failed quota: q: must specify requests.memory for: app"
        assert refused.value.status["message"] == f'pods "b" is forbidden: {why}'
        lab.create("configmaps", config_map("c"))
        with pytest.raises(APIError):
            lab.create("configmaps", config_map("d"))
        lab.wait(5)
        used = lab.client.get("resourcequotas", "default", "q")["status"]["used"]
        assert used == {"count/configmaps": "2", "persistentvolumeclaims": "0", "pods": "1", "requests.memory": "48Mi"}
        lab.delete("a")
        lab.wait(5)
        assert lab.client.get("resourcequotas", "default", "q")["status"]["used"]["pods"] == "0"

    def test_a_range_fills_in_and_refuses(self, lab: Lab) -> None:
        each = {
            "type": "Container",
            "default": {"memory": "64Mi"},
            "defaultRequest": {"memory": "32Mi"},
            "max": {"memory": "128Mi"},
        }
        limits = [
            {**each, "min": {"memory": "16Mi"}, "maxLimitRequestRatio": {"memory": "4"}},
            {"type": "Pod", "max": {"memory": "200Mi"}},
        ]
        lab.create(
            "limitranges", {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "l"}, "spec": {"limits": limits}}
        )
        made = lab.create("pods", pod("a", sh("sleep 1")))
        assert made["spec"]["containers"][0]["resources"] == {"limits": {"memory": "64Mi"}, "requests": {"memory": "32Mi"}}
        note = "LimitRanger plugin set: memory request for container app; memory limit for container app"
        assert made["metadata"]["annotations"] == {"kubernetes.io/limit-ranger": note}
        for resources, count, why in (
            ({"limits": {"memory": "150Mi"}}, 1, "maximum memory usage per Container is 128Mi, but limit is 150Mi"),
            ({"limits": {"memory": "8Mi"}}, 1, "minimum memory usage per Container is 16Mi, but request is 8Mi"),
            (
                {"requests": {"memory": "16Mi"}, "limits": {"memory": "128Mi"}},
                1,
                "memory max limit to request ratio per Container is 4, but provided ratio is 8.000000",
            ),
            ({"limits": {"memory": "128Mi"}}, 2, "maximum memory usage per Pod is 200Mi, but limit is 256Mi"),
        ):
            containers = [sh("sleep 1", f"c{number}", resources=resources) for number in range(count)]
            with pytest.raises(APIError) as refused:
                lab.create("pods", pod("b", *containers))
            assert refused.value.status["message"] == f'pods "b" is forbidden: {why}'


class TestServices:
    @pytest.fixture(autouse=True)
    def world(self, lab: Lab) -> None:
        for name, spec in (
            ("s", {}),
            ("h", {"clusterIP": "None"}),
            ("hp", {"clusterIP": "None", "publishNotReadyAddresses": True}),
        ):
            body = {"selector": {"app": "w"}, "ports": [{"port": 80, "targetPort": 8080}], **spec}
            lab.create("services", {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": body})
        web = "hostname > /i; trap '' TERM; httpd -f -p 8080 -h /"
        probe = {"readinessProbe": {"exec": {"command": ["test", "-e", "/ready"]}, "periodSeconds": 1}}
        lab.run(
            pod("w1", sh(web, **probe), labels={"app": "w"}),
            pod("w2", sh(web), labels={"app": "w"}, hostname="x", subdomain="h", terminationGracePeriodSeconds=20),
            pod("c", sh("sleep 100000")),
        )

    def addresses(self, lab: Lab, service: str) -> list[tuple[str, bool, bool]]:
        slices = lab.client.list("endpointslices.discovery.k8s.io", "default")
        found = [
            (each["targetRef"]["name"], each["conditions"]["ready"], each["conditions"]["terminating"])
            for one in slices
            if one["metadata"]["labels"]["kubernetes.io/service-name"] == service
            for each in one.get("endpoints") or ()
        ]
        return sorted(found)

    def resolved(self, lab: Lab, name: str) -> list[str]:
        """Who answers to a name, by the pods' names."""
        owners = {each["status"]["podIP"]: each["metadata"]["name"] for each in lab.client.list("pods", "default")}
        lines = lab.exec("c", f"nslookup {name}").splitlines()
        return sorted(owners[line.split()[1]] for line in lines[2:] if line.startswith("Address:"))

    def test_traffic_goes_to_those_that_are_ready(self, lab: Lab) -> None:
        assert self.addresses(lab, "s") == [("w1", False, False), ("w2", True, False)]
        assert {lab.exec("c", "wget -q -O - http://s/i") for _ in range(6)} == {"x\n"}
        lab.exec("w1", "touch /ready")
        lab.wait(3)
        assert self.addresses(lab, "s") == [("w1", True, False), ("w2", True, False)]
        assert {lab.exec("c", "wget -q -O - http://s/i") for _ in range(30)} == {"w1\n", "x\n"}

    def test_one_that_ends_is_taken_out_at_once(self, lab: Lab) -> None:
        lab.exec("w1", "touch /ready")
        lab.wait(3)
        lab.delete("w2", grace=20)
        lab.wait(1)
        assert self.addresses(lab, "s") == [("w1", True, False), ("w2", False, True)]
        assert {lab.exec("c", "wget -q -O - http://s/i") for _ in range(10)} == {"w1\n"}

    def test_names_of_headless_services(self, lab: Lab) -> None:
        domain = "default.svc.cluster.local"
        assert self.resolved(lab, f"h.{domain}") == ["w2"]
        assert self.resolved(lab, f"hp.{domain}") == ["w1", "w2"]
        assert self.resolved(lab, f"x.h.{domain}") == ["w2"]
        lab.exec("w1", "touch /ready")
        lab.wait(3)
        assert self.resolved(lab, f"h.{domain}") == ["w1", "w2"]

    def test_endpoints_tell_both_kinds(self, lab: Lab) -> None:
        (subset,) = lab.client.get("endpoints", "default", "s")["subsets"]
        assert [each["targetRef"]["name"] for each in subset["addresses"]] == ["w2"]
        assert [each["targetRef"]["name"] for each in subset["notReadyAddresses"]] == ["w1"]
        assert subset["ports"] == [{"port": 8080, "protocol": "TCP"}]

    def test_without_anybody_ready_connections_are_refused(self, lab: Lab) -> None:
        lab.delete("w2", grace=1)
        lab.wait(5)
        assert "Connection refused" in lab.exec("c", "wget -q -O - http://s/i")
