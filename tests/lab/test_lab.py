"""`Lab` on the mock, over HTTP: what a notebook does."""

import pytest

from podlab.errors import BadRequest, Invalid, NotFound, PodlabError, WaitFailed, WaitTimeout
from podlab.lab import ExecFailed, Lab


def pod(name="web", *commands, restart="Always", **spec):
    containers = [
        {"name": f"c{n}", "image": "busybox:1.37", "command": ["sh", "-c", command]} for n, command in enumerate(commands)
    ]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {"containers": containers, "restartPolicy": restart, "terminationGracePeriodSeconds": 0, **spec},
    }


SLEEP = "sleep 3600"
CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "1", "b": "2"}}


def test_apply_says_what_changed(lab):
    assert repr(lab.apply(pod("web", SLEEP))) == "pod/web created"
    lab.wait("pod/web")
    assert repr(lab.apply(pod("web", SLEEP))) == "pod/web unchanged"
    assert repr(lab.apply(CONFIG)) == "configmap/settings created"
    assert repr(lab.apply({**CONFIG, "data": {"a": "3"}})) == "configmap/settings configured"


LETTERS = "\N{GRINNING FACE} 한 \x7f\x9f\ufeff\\"


def test_apply_takes_every_letter(lab):
    """The API server reads what is applied as YAML, which has no pairs of escapes, and control characters as escapes only."""
    lab.apply({**CONFIG, "data": {"a": LETTERS}})
    assert lab.get("cm/settings")["data"] == {"a": LETTERS}


def test_apply_takes_away_what_a_manifest_no_longer_says(lab):
    lab.apply(CONFIG)
    lab.apply({**CONFIG, "data": {"a": "3"}})
    assert lab.get("cm/settings")["data"] == {"a": "3"}


def test_apply_of_several_objects_is_a_line_each(lab):
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: two}\n"
    assert repr(lab.apply(text)) == "configmap/one created\nconfigmap/two created"


def test_apply_with_a_generated_name(lab):
    (change,) = lab.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "made-"}})
    assert change.target.name.startswith("made-")


def test_unknown_field_is_refused_in_the_servers_words_with_its_line(lab):
    text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: app\n    imagee: busybox\n"
    with pytest.raises(BadRequest) as caught:
        lab.apply(text)
    assert 'strict decoding error: unknown field "spec.containers[0].imagee"' in caught.value.message
    assert "line 8: `imagee: busybox`" in caught.value.hint


def test_number_where_a_text_is_wanted_is_refused_with_the_way_out(lab):
    with pytest.raises(BadRequest, match=r"cannot unmarshal number into Go struct field .* of type string") as caught:
        lab.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata:\n  size: 3\n")
    assert "in quotation marks" in caught.value.hint


def test_changing_a_pod_is_refused_with_the_way_out_and_replace_takes_it(lab):
    lab.apply(pod("web", SLEEP))
    with pytest.raises(Invalid, match="pod updates may not change fields") as caught:
        lab.apply(pod("web", "sleep 10"))
    assert "replace=True" in caught.value.hint
    uid = lab.get("pod/web")["metadata"]["uid"]
    assert repr(lab.apply(pod("web", "sleep 10"), replace=True)) == "pod/web replaced"
    assert lab.get("pod/web")["metadata"]["uid"] != uid


def test_replace_with_something_wrong_leaves_the_old_one_be(lab):
    lab.apply(pod("web", SLEEP))
    uid = lab.get("pod/web")["metadata"]["uid"]
    wrong = pod("web", "sleep 10")
    wrong["spec"]["containers"][0]["name"] = "Not A Name"
    with pytest.raises(Invalid):
        lab.apply(wrong, replace=True)
    assert lab.get("pod/web")["metadata"]["uid"] == uid


def test_get_one_and_many(lab):
    lab.apply([pod("web", SLEEP), pod("db", SLEEP)])
    assert lab.get("pod/web")["kind"] == "Pod"
    assert lab.get("po", "web") == lab.get("pod/web")
    assert [obj["metadata"]["name"] for obj in lab.get("pods")] == ["db", "web"]
    assert [obj["metadata"]["name"] for obj in lab.get("pods", selector="app=db")] == ["db"]
    with pytest.raises(NotFound, match='pods "none" not found'):
        lab.get("pod/none")


def test_wait_ends_with_the_condition(lab):
    lab.apply(pod("web", SLEEP))
    ready = lab.wait("pod/web", "Ready")
    assert ready["status"]["phase"] == "Running"
    assert lab.wait("pods", "Running", selector="app=web") == [lab.get("pod/web")]
    assert lab.wait("pod/web", lambda obj: obj["status"]["podIP"])["metadata"]["name"] == "web"
    assert lab.wait("pod/web", "jsonpath={.status.phase}=Running")


def test_wait_for_what_does_not_exist_is_not_found_at_once(lab):
    with pytest.raises(NotFound):
        lab.wait("pod/none")


def test_wait_for_creation(lab):
    with pytest.raises(WaitTimeout, match="did not become created within 5 s"):
        lab.wait("pod/none", "created", timeout=5)


def test_wait_takes_simulated_time_only(lab):
    lab.apply(pod("job", "sleep 1000; exit 0", restart="Never"))
    assert lab.wait("pod/job", "Succeeded", timeout=1100)["status"]["phase"] == "Succeeded"


def test_wait_times_out_on_the_clusters_clock_and_says_what_was_seen(lab):
    lab.apply(pod("web", "echo nothing to serve; exit 3"))
    before = lab.api.connection.now()
    with pytest.raises(WaitTimeout) as caught:
        lab.wait("pod/web", "jsonpath={.status.nothing}=1", timeout=60)
    assert 60 <= lab.api.connection.now() - before < 120
    said = str(caught.value)
    assert "pod/web did not become such that" in said
    assert "pod/web is Running" in said
    assert "container c0:" in said
    assert "exit code 3" in said
    assert "BackOff" in said
    assert "nothing to serve" in said
    assert len(said.splitlines()) < 25


def test_wait_ends_when_there_is_no_hope(lab):
    lab.apply(pod("job", "echo oh no; exit 7", restart="Never"))
    with pytest.raises(WaitFailed) as caught:
        lab.wait("pod/job", "Succeeded", timeout=500)
    said = str(caught.value)
    assert "cannot become Succeeded any more: it has ended: its phase is Failed" in said
    assert "exit code 7" in said
    assert "oh no" in said


def test_advance_lets_time_pass(lab):
    lab.apply(pod("web", "sleep 100; echo woke; sleep 3600"))
    lab.wait("pod/web")
    assert lab.logs("web") == ""
    before = lab.api.connection.now()
    lab.advance(120)
    assert lab.api.connection.now() - before == pytest.approx(120, abs=1)
    assert lab.logs("web") == "woke\n"


def test_logs_of_containers_and_of_the_run_before(lab):
    lab.apply(pod("web", "echo one; sleep 5; exit 1", "echo two; sleep 3600"))
    lab.wait("pod/web")
    with pytest.raises(BadRequest, match=r"a container name must be specified for pod web, choose one of: \[c0 c1\]") as caught:
        lab.logs("web")
    assert "container=" in caught.value.hint
    assert lab.logs("web", "c1") == "two\n"
    with pytest.raises(BadRequest, match="previous terminated container"):
        lab.logs("web", "c0", previous=True)
    lab.wait("pod/web", "jsonpath={.status.containerStatuses[0].restartCount}=1")
    assert lab.logs("web", "c0", previous=True) == "one\n"


def test_log_is_followed_to_the_end(lab):
    lab.apply(pod("job", "for n in 1 2 3; do echo $n; sleep 1; done", restart="Never"))
    lab.wait("pod/job", "Running")
    assert list(lab.follow("job")) == ["1", "2", "3"]


def test_wait_for_a_line_in_the_log(lab):
    lab.apply(pod("web", "sleep 20; echo listening on 80; sleep 3600"))
    lab.wait("pod/web")
    assert lab.wait_log("web", r"listening on \d+") == "listening on 80"
    with pytest.raises(WaitTimeout, match="wrote no line like 'nothing'"):
        lab.wait_log("web", "nothing", timeout=5)


def test_wait_for_a_line_that_cannot_come(lab):
    lab.apply(pod("job", "echo done", restart="Never"))
    lab.wait("pod/job", "Succeeded")
    with pytest.raises(WaitFailed, match="has ended without a line"):
        lab.wait_log("job", "nothing")


def test_exec_keeps_the_streams_and_the_exit_code_apart(lab):
    lab.apply(pod("web", SLEEP))
    lab.wait("pod/web")
    result = lab.exec("web", "echo out; echo err >&2; exit 5")
    assert (result.stdout, result.stderr, result.exit_code) == ("out\n", "err\n", 5)
    assert repr(result) == "out\nerr\ncommand terminated with exit code 5"
    assert lab.exec("web", ["echo", "a b", "c"]).stdout == "a b c\n"
    with pytest.raises(ExecFailed, match="exit code 1"):
        lab.exec("web", "false", check=True)


def test_exec_reads_its_input_to_the_end(lab):
    lab.apply(pod("web", SLEEP))
    lab.wait("pod/web")
    text = "안녕\n" * 100_000
    assert lab.exec("web", "cat", stdin=text).stdout == text
    assert lab.exec("web", ["wc", "-c"], stdin=b"12345").stdout.split() == ["5"]


def test_exec_that_cannot_run_is_refused_in_the_servers_words(lab):
    lab.apply(pod("web", SLEEP))
    lab.wait("pod/web")
    with pytest.raises(NotFound, match='pods "none" not found'):
        lab.exec("none", "ls")
    with pytest.raises(BadRequest, match="container nope is not valid for pod web"):
        lab.exec("web", "ls", container="nope")


def test_http_reaches_pods_and_services(lab):
    served = pod("web", "mkdir /www; echo hello > /www/index.html; httpd -f -p 8080 -h /www")
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]},
    }
    lab.apply([served, service])
    lab.wait("pod/web")
    assert lab.http("web", port=8080).text == "hello\n"
    lab.wait("endpoints/web", "jsonpath={.subsets[0].addresses[0].ip}")
    assert lab.http("service/web", "/index.html").status == 200
    assert lab.http("web", "/missing", port=8080).status == 404


def test_http_to_a_service_without_endpoints_is_an_answer(lab):
    lab.apply(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "shop"},
            "spec": {"selector": {"app": "none"}, "ports": [{"port": 80}]},
        }
    )
    answer = lab.http("service/shop")
    assert not answer.ok
    assert "endpoints" in answer.error


def test_http_to_nobody_is_an_answer_with_the_servers_words(lab):
    lab.apply(pod("web", SLEEP))
    lab.wait("pod/web")
    answer = lab.http("web", port=81)
    assert not answer.ok
    assert "connection refused" in answer.error
    with pytest.raises(NotFound):
        lab.http("none")
    with pytest.raises(PodlabError, match="cannot speak HTTP to configmap"):
        lab.http("configmap/x")


def test_events_are_in_order(lab):
    lab.apply(pod("web", SLEEP))
    lab.wait("pod/web")
    reasons = [event["reason"] for event in lab.events("pod/web")]
    assert reasons == ["Scheduled", "Pulled", "Created", "Started"]
    assert [event["reason"] for event in lab.events()] == reasons


def test_timeline_shows_every_run_also_those_that_the_status_has_forgotten(lab):
    lab.apply(pod("web", "sleep 4; exit 1"))
    lab.wait("pod/web", lambda obj: obj["status"]["containerStatuses"][0]["restartCount"] == 3, timeout=300)
    life = lab.timeline("web")
    runs = [part for part in life.intervals if part.state == "running"]
    assert [round(run.end - run.start) for run in runs[:3]] == [4, 4, 4]
    waits = [part for part in life.intervals if part.reason == "CrashLoopBackOff"]
    first, second = (part.end - part.start for part in waits[:2])
    assert 10 <= first < second
    assert second >= 20
    assert life.lanes[0].restarts == 3


def test_timeline_shows_runs_from_before_the_lab_was_there(lab, mock_server):
    lab.apply(pod("web", "sleep 4; exit 1"))
    lab.wait("pod/web", lambda obj: obj["status"]["containerStatuses"][0]["restartCount"] == 3, timeout=300)
    late = Lab(mock_server.kubeconfig, namespace=lab.namespace)
    assert not late.timeline("web").has_gaps
    assert late.timeline("web") == lab.timeline("web")


def test_timeline_of_a_pod_that_is_gone(lab):
    lab.apply(pod("web", SLEEP))
    lab.wait("pod/web")
    lab.delete("pod/web")
    life = lab.timeline("web")
    assert life.deleted
    assert [part.state for part in life.intervals][-1] == "running"
    with pytest.raises(NotFound):
        lab.timeline("never")


def test_delete_returns_when_it_is_gone(lab):
    lab.apply([pod("web", SLEEP), pod("db", SLEEP), CONFIG])
    assert repr(lab.delete("pod/web")) == 'pod "web" deleted'
    with pytest.raises(NotFound):
        lab.get("pod/web")
    assert len(lab.delete("pods", selector="app=db")) == 1
    assert repr(lab.delete(CONFIG)) == 'configmap "settings" deleted'
    with pytest.raises(NotFound):
        lab.delete("pod/web")
    assert len(lab.delete("pod/web", missing_ok=True)) == 0


def test_session_is_a_namespace_that_goes_away(lab):
    with lab.session() as own:
        name = own.namespace
        own.apply(CONFIG)
        assert lab.get(f"namespace/{name}")["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "podlab"
    assert lab.wait(f"namespace/{name}", "deleted") is None


@pytest.mark.parametrize(
    "attempt",
    [
        lambda guest: guest.apply({**CONFIG, "metadata": {"name": "x", "namespace": "default"}}),
        lambda guest: guest.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x"}}),
        lambda guest: guest.delete("cm/kube-root-ca.crt", namespace="default"),
        lambda guest: guest.in_namespace("default").delete("cm/kube-root-ca.crt"),
        lambda guest: guest.in_namespace("default").apply(CONFIG),
        lambda guest: guest.in_namespace("default").exec("web", "ls"),
        lambda guest: guest.delete("namespace/default"),
    ],
)
def test_confined_lab_writes_in_its_namespace_alone(lab, mock_server, attempt):
    guest = Lab(mock_server.kubeconfig, namespace=lab.namespace, confined=True)
    with pytest.raises(PodlabError, match="podlab did not touch"):
        attempt(guest)


def test_confined_lab_works_in_its_namespace_and_in_those_it_makes(lab, mock_server):
    guest = Lab(mock_server.kubeconfig, namespace=lab.namespace, confined=True)
    guest.apply(CONFIG)
    with guest.session() as own:
        own.apply(CONFIG)
    with pytest.raises(PodlabError, match="podlab did not touch"):
        own.apply(CONFIG)
