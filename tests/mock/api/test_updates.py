"""What may not be changed, in the server's words."""

from typing import Any

import pytest

from podlab.mock.api.errors import Invalid
from tests.mock.api.admitting import SOUND, Obj, admit, causes, jsonable, of_kind, plain, pod, put, update, with_container

_FROZEN = "Forbidden: field is immutable when `immutable` is set"


def refused(new: Obj, old: Obj, subresource: str = "") -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        update(new, old, subresource)
    return causes(caught.value)


@pytest.mark.parametrize("sound", SOUND, ids=lambda each: each["kind"])
def test_an_update_that_changes_nothing_changes_nothing(sound: Obj) -> None:
    made = admit(sound)
    again = plain(update(jsonable(made), made))
    assert again["metadata"].pop("resourceVersion") == "1"
    assert again == plain(made)


@pytest.mark.parametrize("sound", SOUND, ids=lambda each: each["kind"])
def test_labels_of_every_kind_are_checked(sound: Obj) -> None:
    made = admit(sound)
    fields = {field for field, _ in refused(put(jsonable(made), "metadata.labels", {"a b": "c"}), made)}
    assert fields == {"metadata.labels"}


@pytest.mark.parametrize("sound", SOUND, ids=lambda each: each["kind"])
def test_labels_of_every_kind_may_change(sound: Obj) -> None:
    made = admit(sound)
    assert update(put(jsonable(made), "metadata.labels", {"a": "b"}), made)["metadata"]["labels"]["a"] == "b"


def test_the_cause_is_repeated_by_the_kind_s_own_rules_but_told_once() -> None:
    made = admit(of_kind("ConfigMap"))
    with pytest.raises(Invalid) as caught:
        update(put(jsonable(made), "metadata.labels", {"a": "b c"}), made)
    assert len(causes(caught.value)) == 4
    assert caught.value.message.count("metadata.labels") == 1


def test_a_pod_s_command_may_not_change() -> None:
    made = admit(pod(terminationGracePeriodSeconds=0))
    made["spec"]["nodeName"] = "node1"
    ((field, message),) = refused(put(jsonable(made), "spec.containers.0.command.2", "sleep 7200"), made)
    assert field == "spec"
    first, _, change = message.partition("\n")
    assert first == (
        "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
        "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
        "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
    )
    lines = [line[:1] + line[1:].strip() for line in change.splitlines()]
    assert lines == [
        *("@@ -96,7 +96,7 @@", ' "Command": [', ' "sh",', ' "-c",', '-"sleep 3600"', '+"sleep 7200"', " ],", ' "Args": null,'),
        ' "WorkingDir": "",',
    ]


def test_a_pod_s_image_and_tolerations_may_change() -> None:
    made = admit(pod())
    sent = put(jsonable(made), "spec.containers.0.image", "busybox:2")
    sent["spec"]["tolerations"].append({"key": "k", "operator": "Exists"})
    sent["spec"]["activeDeadlineSeconds"] = 5
    stored = update(sent, made)
    assert stored["spec"]["containers"][0]["image"] == "busybox:2"
    assert len(stored["spec"]["tolerations"]) == 3
    why = "Forbidden: existing toleration can not be modified except its tolerationSeconds"
    assert ("spec.tolerations", why) in refused(put(jsonable(stored), "spec.tolerations", []), stored)
    assert refused(put(jsonable(stored), "spec.activeDeadlineSeconds", 6), stored) == [
        ("spec.activeDeadlineSeconds", "Invalid value: 6: must be less than or equal to previous value")
    ]


def test_a_pod_may_not_gain_containers_nor_another_class_of_service() -> None:
    made = admit(pod())
    sent = jsonable(made)
    sent["spec"]["containers"].append(put(sent, "spec.containers.0.name", "b")["spec"]["containers"][0])
    assert refused(sent, made) == [("spec.containers", "Forbidden: pod updates may not add or remove containers")]
    limited = put(jsonable(made), "spec.containers.0.resources", {"limits": {"cpu": "1"}})
    assert refused(limited, made)[0] == ("metadata", 'Invalid value: "BestEffort": Pod QoS is immutable')


def test_a_gated_pod_may_be_narrowed_only() -> None:
    made = admit(pod(schedulingGates=[{"name": "a/b"}], nodeSelector={"x": "y"}))
    assert update(put(jsonable(made), "spec.nodeSelector", {"x": "y", "z": "w"}), made)["spec"]["nodeSelector"] == {
        "x": "y",
        "z": "w",
    }
    why = 'Invalid value: {"z":"w"}: only additions are allowed (no mutations or deletions)'
    assert refused(put(jsonable(made), "spec.nodeSelector", {"z": "w"}), made) == [("spec.nodeSelector", why)]


def test_ephemeral_containers_may_not_be_removed_or_changed() -> None:
    made = admit(pod())
    sent = jsonable(made)
    sent["spec"]["ephemeralContainers"] = [{"name": "debug", "image": "b"}]
    with_debug = update(sent, made, "ephemeralcontainers")
    (gone,) = refused(put(jsonable(with_debug), "spec.ephemeralContainers", []), with_debug, "ephemeralcontainers")
    assert gone == ("spec.ephemeralContainers", 'Forbidden: existing ephemeral containers "debug" may not be removed\n')
    (changed,) = refused(put(jsonable(with_debug), "spec.ephemeralContainers.0.image", "c"), with_debug, "ephemeralcontainers")
    assert '-  "Image": "b",\n+  "Image": "c",' in changed[1]


def test_resizing_keeps_the_class_of_service_and_removes_nothing() -> None:
    made = admit(with_container(resources={"requests": {"cpu": "100m"}}))
    assert refused(put(jsonable(made), "spec.containers.0.resources", {}), made, "resize") == [
        ("spec", 'Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing'),
        ("spec.containers[0].resources.requests", "Forbidden: resource requests cannot be removed"),
    ]
    other = put(jsonable(made), "spec.containers.0.resources.requests.ephemeral-storage", "1Gi")
    assert refused(other, made, "resize") == [("spec", "Forbidden: only cpu and memory resources are mutable")]


@pytest.mark.parametrize(("kind", "fields"), [("ConfigMap", ("data", "binaryData")), ("Secret", ("data",))])
def test_what_is_immutable_stays(kind: str, fields: tuple[str, ...]) -> None:
    made = admit({**of_kind(kind), "immutable": True})
    assert refused({**jsonable(made), "immutable": False}, made) == [("immutable", _FROZEN)]
    for field in fields:
        assert refused({**jsonable(made), field: {"z": "YQ=="}}, made) == [(field, _FROZEN)]


@pytest.mark.parametrize(
    ("kind", "path", "value", "field", "message"),
    [
        ("Secret", "type", "other", "type", 'Invalid value: "other": field is immutable'),
        (
            "Deployment",
            "spec.selector",
            {"matchLabels": {"b": "c"}},
            "spec.selector",
            'Invalid value: {"matchLabels":{"b":"c"}}: field is immutable',
        ),
        (
            "ReplicaSet",
            "spec.selector",
            {"matchLabels": {"b": "c"}},
            "spec.selector",
            'Invalid value: {"matchLabels":{"b":"c"}}: field is immutable',
        ),
        ("Job", "spec.completions", 3, "spec.completions", "Invalid value: 3: field is immutable"),
        ("StatefulSet", "spec.serviceName", "other", "spec", ""),
        ("PersistentVolumeClaim", "spec.accessModes", ["ReadWriteMany"], "spec", ""),
        ("PersistentVolume", "spec.hostPath.path", "/other", "spec.persistentvolumesource", ""),
        ("PriorityClass", "value", 5, "value", "Forbidden: may not be changed in an update."),
        ("StorageClass", "provisioner", "q/r", "provisioner", "Forbidden: updates to provisioner are forbidden."),
        ("EndpointSlice", "addressType", "IPv6", "addressType", 'Invalid value: "IPv6": field is immutable'),
        ("ResourceQuota", "spec.scopes", ["BestEffort"], "spec.scopes", 'Invalid value: ["BestEffort"]: field is immutable'),
        ("CustomResourceDefinition", "spec.group", "other.com", "spec.group", 'Invalid value: "other.com": field is immutable'),
        ("RoleBinding", "roleRef.name", "s", "roleRef", ""),
    ],
)
def test_some_fields_stay(kind: str, path: str, value: Any, field: str, message: str) -> None:
    made = admit(of_kind(kind))
    found = refused(put(jsonable(made), path, value), made)
    assert (field, message) in found if message else field in [each for each, _ in found]


def test_a_service_s_address_stays() -> None:
    made = admit(of_kind("Service"))
    made["spec"].update(clusterIP="10.0.0.1", clusterIPs=["10.0.0.1"])
    sent = jsonable(made)
    sent["spec"].update(clusterIP="10.0.0.2", clusterIPs=["10.0.0.2"])
    assert refused(sent, made) == [("spec.clusterIPs[0]", 'Invalid value: ["10.0.0.2"]: may not change once set')]


def test_a_bound_claim_may_grow() -> None:
    made = {**admit(of_kind("PersistentVolumeClaim")), "status": {"phase": "Bound", "capacity": {"storage": "1Gi"}}}
    bigger = put(jsonable(made), "spec.resources.requests.storage", "2Gi")
    assert update(bigger, made)["spec"]["resources"]["requests"]["storage"] == "2Gi"
    assert refused(bigger, {**made, "status": {"phase": "Pending"}})[0][0] == "spec"
    smaller = put(jsonable(made), "spec.resources.requests.storage", "1Mi")
    assert refused(smaller, made) == [
        ("spec.resources.requests.storage", "Forbidden: field can not be less than status.capacity")
    ]


def test_no_finalizer_is_added_to_what_is_being_deleted() -> None:
    made = admit(of_kind("ConfigMap"))
    made["metadata"].update(deletionTimestamp=made["metadata"]["creationTimestamp"], finalizers=["a.b/c"])
    found = refused(put(jsonable(made), "metadata.finalizers", ["a.b/c", "d.e/f"]), made)
    why = 'no new finalizers can be added if the object is being deleted, found new finalizers []string{"d.e/f"}'
    assert ("metadata.finalizers", f"Forbidden: {why}") in found


def test_a_container_that_ended_for_good_stays_ended() -> None:
    made = admit(pod(restartPolicy="Never"))
    made["status"]["containerStatuses"] = [{"name": "app", "state": {"terminated": {"exitCode": 0}}}]
    sent = jsonable(made)
    running = {"name": "app", "image": "", "imageID": "", "ready": True, "restartCount": 0, "state": {"running": {}}}
    sent["status"]["containerStatuses"] = [running]
    why = "Forbidden: may not be transitioned to non-terminated state"
    assert refused(sent, made, "status") == [("status.containerStatuses[0].state", why)]
