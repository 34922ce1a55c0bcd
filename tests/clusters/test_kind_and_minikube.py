import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from podlab.cli import main
from podlab.clusters import engines, tools
from podlab.clusters.backend import backend
from podlab.clusters.home import Mark
from podlab.clusters.kind import Kind
from podlab.clusters.minikube import Minikube
from podlab.errors import ToolError
from tests.clusters import sessions
from tests.clusters.playing import POSIX, Stage

pytestmark = pytest.mark.skipif(not POSIX, reason="the players are scripts with a shebang")

DOCKER = {"call": "docker info", "says": json.dumps(sessions.DOCKER_INFO)}
PULLED = {"call": "docker pull"}
LOADED = {"call": "kind load docker-image"}
NONE_YET = {"call": "kind get clusters", "complains": "No kind clusters found.\n"}


@pytest.fixture
def api():
    """Something that answers where a cluster's API would."""

    class Ready(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Ready)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def stage(tmp_path, monkeypatch):
    return Stage(tmp_path, monkeypatch, ("kind", "minikube", "docker"))


def config(server):
    return sessions.KUBECONFIG.format(server=server)


def test_kind_is_created_with_its_own_kubeconfig_and_the_courses_images(stage, api):
    created = {"call": "kind create cluster", "complains": sessions.KIND_CREATED, "kubeconfig": config(api)}
    stage.play(DOCKER, NONE_YET, created, PULLED, LOADED)
    said = []
    assert Kind().up(said.append).running
    create = next(call for call in stage.calls if call.startswith("kind create"))
    assert create == f"kind create cluster --name podlab --kubeconfig {Kind().kubeconfig} --wait 180s"
    assert "✓ Starting control-plane 🕹️" in said
    assert not any("Have a nice day" in line or "kubectl cluster-info" in line for line in said)
    assert "kind load docker-image docker.io/library/busybox:1.37 --name podlab" in stage.calls
    assert stage.environment_of("kind create")["KIND_EXPERIMENTAL_PROVIDER"] == "docker"


def test_kind_that_runs_is_left_as_it_is(stage, api):
    Kind().kubeconfig.write_text(sessions.KUBECONFIG.format(server=api), "utf-8")
    assert Kind().up(print).running
    assert stage.calls == []


def test_kind_that_exists_without_its_kubeconfig_is_found_again(stage, api):
    Mark("kind").leave()
    stage.play(
        DOCKER,
        {"call": "kind get clusters", "says": "kind\npodlab\n"},
        {"call": "kind export kubeconfig", "kubeconfig": config(api)},
    )
    assert Kind().up(print).running
    assert not any(call.startswith("kind create") for call in stage.calls)


def test_kind_that_was_interrupted_is_made_anew(stage, api, monkeypatch, capsys):
    def interrupted(*words):
        raise KeyboardInterrupt

    stage.play(DOCKER, NONE_YET)
    with monkeypatch.context() as patched:
        patched.setattr(tools, "stream", interrupted)
        assert main(["up", "--on", "kind"]) == 130
    assert "`podlab down --on kind` removes what there is" in capsys.readouterr().out
    stage.play(
        DOCKER,
        {"call": "kind get clusters", "says": "podlab\n"},
        {"call": "kind export kubeconfig", "complains": sessions.KIND_IN_PART, "exit": 1},
        {"call": "kind delete cluster --name podlab"},
        {"call": "kind create cluster", "kubeconfig": config(api)},
        PULLED,
        LOADED,
    )
    said = []
    assert Kind().up(said.append).running
    assert any("makes it anew" in line for line in said)
    calls = [call.split(" --")[0] for call in stage.calls if call.startswith("kind")]
    assert calls.index("kind delete cluster") < calls.index("kind create cluster")


def test_kind_without_images_ahead_still_comes_up(stage, api):
    created = {"call": "kind create cluster", "kubeconfig": config(api)}
    stage.play(DOCKER, NONE_YET, created, {"call": "docker pull", "complains": "toomanyrequests", "exit": 1})
    said = []
    assert Kind().up(said.append).running
    assert any("could not be loaded ahead" in line for line in said)


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        (sessions.KIND_NO_LOG_LINE, "fs.inotify.max_user_instances"),
        (sessions.KIND_EXISTS, "kind delete cluster --name podlab"),
        (sessions.KIND_DISK_FULL, "docker system prune"),
        (sessions.KIND_KUBEADM, "give Docker more memory"),
        (sessions.KIND_RATE_LIMIT, "docker login"),
        (sessions.KIND_OFFLINE, "network connection"),
        (sessions.KIND_PORT, "docker ps"),
        (sessions.KIND_ROOTLESS, "user/rootless"),
        (sessions.KIND_NO_ADDRESSES, "docker network prune"),
        (sessions.KIND_KUBELET, "did not come up in time"),
        (sessions.KIND_INOTIFY, "fs.inotify.max_user_instances"),
        (sessions.KIND_WINDOWS_PORT, "net stop winnat"),
        (sessions.KIND_PROXY_TLS, "certificate"),
        (sessions.KIND_PROXY, "HTTPS_PROXY"),
        (sessions.KIND_PLATFORM, "unset DOCKER_DEFAULT_PLATFORM"),
        (sessions.KIND_SLOW, "took too long"),
        ("ERROR: something that nobody has seen before\n", "podlab doctor"),
    ],
)
def test_kinds_failures_are_told_with_a_mend(stage, said, mend):
    stage.play(DOCKER, NONE_YET, {"call": "kind create cluster", "complains": said, "exit": 1})
    with pytest.raises(ToolError) as caught:
        Kind().up(print)
    assert said.splitlines()[-1].split(":")[0] in str(caught.value) or "ERROR" in str(caught.value)
    assert "Stack Trace" not in str(caught.value)
    assert mend in caught.value.hint


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        (sessions.NO_DAEMON, "systemctl start docker"),
        (sessions.NO_DAEMON_29, "systemctl start docker"),
        (sessions.NO_PERMISSION, "usermod -aG docker"),
        (sessions.NO_PERMISSION_29, "usermod -aG docker"),
        (sessions.NO_DESKTOP, "start Docker Desktop"),
    ],
)
def test_kind_wants_an_engine_that_answers(stage, said, mend):
    stage.play({"call": "docker info", "says": json.dumps({"ServerErrors": [said]}), "exit": 1})
    with pytest.raises(ToolError) as caught:
        Kind().up(print)
    assert said[:40] in caught.value.message
    assert mend in caught.value.hint


def test_kind_wants_memory(stage):
    stage.play({"call": "docker info", "says": json.dumps({**sessions.DOCKER_INFO, "MemTotal": 1_000_000_000, "NCPU": 1})})
    with pytest.raises(ToolError, match=r"0\.9 GiB of memory.*1 processor"):
        Kind().up(print)


SAVED, UNPACKED = {"call": "docker image save"}, {"call": "kind load image-archive"}
PULLED_IN_THE_NODE = {"call": "docker exec podlab-control-plane crictl pull"}


def test_kind_loads_an_archive_where_docker_has_one_platform_of_several(stage, api):
    created = {"call": "kind create cluster", "kubeconfig": config(api)}
    failed = {**LOADED, "complains": sessions.KIND_NO_DIGEST, "exit": 1}
    docker = {"call": "docker info", "says": json.dumps({**sessions.DOCKER_INFO, "Architecture": "aarch64"})}
    stage.play(docker, NONE_YET, created, PULLED, failed, SAVED, UNPACKED)
    said = []
    assert Kind().up(said.append).running
    save = next(call for call in stage.calls if call.startswith("docker image save"))
    assert save.startswith("docker image save --platform=linux/arm64 --output ")
    assert save.endswith(" docker.io/library/busybox:1.37")
    archive = save.split()[5]
    assert f"kind load image-archive {archive} --name podlab" in stage.calls
    assert not any("could not be loaded" in line for line in said)


def test_kind_lets_the_node_pull_where_nothing_can_be_loaded(stage, api):
    created = {"call": "kind create cluster", "kubeconfig": config(api)}
    failed = {**LOADED, "complains": sessions.KIND_NO_DIGEST, "exit": 1}
    stage.play(DOCKER, NONE_YET, created, PULLED, failed, {**SAVED, "exit": 125}, PULLED_IN_THE_NODE)
    said = []
    assert Kind().up(said.append).running
    assert "docker exec podlab-control-plane crictl pull docker.io/library/busybox:1.37" in stage.calls
    assert not any("could not be loaded" in line for line in said)


@pytest.fixture
def podman(tmp_path, monkeypatch):
    return Stage(tmp_path, monkeypatch, ("kind", "podman"))


def test_kind_takes_podman_where_docker_is_missing(podman, api):
    created = {"call": "kind create cluster", "kubeconfig": config(api)}
    info = {"call": "podman info", "says": json.dumps(sessions.PODMAN_INFO)}
    saved = {"call": "podman image save"}
    podman.play(info, NONE_YET, created, {"call": "podman pull"}, saved, UNPACKED)
    said = []
    assert Kind().up(said.append).running
    assert podman.environment_of("kind create")["KIND_EXPERIMENTAL_PROVIDER"] == "podman"
    assert not any(call.startswith("kind load docker-image") for call in podman.calls)
    assert podman.environment_of("kind load image-archive")["KIND_EXPERIMENTAL_PROVIDER"] == "podman"
    assert not any("could not be loaded" in line for line in said)


def test_podman_whose_machine_is_not_started_is_told(podman):
    podman.play({"call": "podman info", "complains": sessions.NO_PODMAN, "exit": 125})
    with pytest.raises(ToolError, match="Cannot connect to Podman") as caught:
        Kind().up(print)
    assert "podman machine start" in caught.value.hint


def test_rootless_podman_that_may_not_share_out_processors_is_told_before_kind_is_called(podman):
    host = {**sessions.PODMAN_INFO["host"], "cgroupControllers": ["memory", "pids"]}
    podman.play({"call": "podman info", "says": json.dumps({**sessions.PODMAN_INFO, "host": host})})
    with pytest.raises(ToolError, match="may not share out cpu") as caught:
        Kind().up(print)
    assert "systemd-run --scope --user -p Delegate=yes" in caught.value.hint
    assert not any(call.startswith("kind create") for call in podman.calls)


def test_docker_for_windows_containers_is_told(stage):
    stage.play({"call": "docker info", "says": json.dumps({**sessions.DOCKER_INFO, "OSType": "windows"})})
    with pytest.raises(ToolError) as caught:
        Kind().up(print)
    assert "Switch to Linux containers" in caught.value.hint


def test_kind_that_is_not_installed_says_where_to_get_it(tmp_path, monkeypatch):
    Stage(tmp_path, monkeypatch, ("docker",))
    with pytest.raises(ToolError) as caught:
        Kind().up(print)
    assert "kind.sigs.k8s.io" in caught.value.hint


def test_down_removes_podlabs_kind_cluster_alone(stage, api):
    Kind().kubeconfig.write_text(sessions.KUBECONFIG.format(server=api), "utf-8")
    stage.play(DOCKER, {"call": "kind delete cluster --name podlab", "complains": 'Deleting cluster "podlab" ...\n'})
    assert Kind().down(print)
    assert [call for call in stage.calls if call.startswith("kind")] == [
        f"kind delete cluster --name podlab --kubeconfig {Kind().kubeconfig}"
    ]
    assert not Kind().kubeconfig.exists()


def test_kind_cluster_that_podlab_did_not_make_is_neither_used_nor_removed(stage):
    stage.play(DOCKER, {"call": "kind get clusters", "says": "podlab\n"})
    with pytest.raises(ToolError, match="podlab did not make") as caught:
        Kind().up(print)
    assert "kind delete cluster --name podlab" in caught.value.hint
    assert not Kind().down(print)
    assert not any("delete" in call or "create" in call or "export" in call for call in stage.calls)


def test_kind_cluster_that_came_up_in_part_is_removed(stage):
    stage.play(DOCKER, NONE_YET, {"call": "kind create cluster", "exit": 1}, {"call": "kind delete cluster --name podlab"})
    with pytest.raises(ToolError):
        Kind().up(print)
    assert Kind().down(print)
    assert not Kind().down(print)


def test_minikube_profile_that_podlab_did_not_make_is_neither_used_nor_removed(stage):
    stage.play(DOCKER, {"call": "minikube profile list", "says": '{"invalid":[],"valid":[{"Name":"podlab","Status":"Running"}]}'})
    with pytest.raises(ToolError, match="podlab did not make") as caught:
        Minikube().up(print)
    assert "minikube delete --profile podlab" in caught.value.hint
    assert not Minikube().down(print)
    assert not any("start" in call or "delete" in call for call in stage.calls)


@pytest.mark.parametrize(("name", "says"), [("kind", "kind v0.17.0 go1.19.2 linux/amd64\n"), ("minikube", "v1.29.0\n")])
def test_program_that_is_too_old_for_native_sidecars_is_told(stage, name, says):
    stage.play(DOCKER, {"call": f"{name} version", "says": says})
    with pytest.raises(ToolError, match="too old") as caught:
        backend(name).up(print)
    assert "update it" in caught.value.hint
    assert any("too old" in problem for problem, _ in backend(name).obstacles())


def test_minikube_wants_memory_of_the_engine_that_it_would_run_on(stage):
    stage.play({"call": "docker info", "says": json.dumps({**sessions.DOCKER_INFO, "MemTotal": 1_000_000_000})})
    with pytest.raises(ToolError, match=r"0\.9 GiB of memory"):
        Minikube().up(print)


def test_minikube_without_an_engine_looks_for_a_driver_by_itself(stage, api):
    stage.play(
        {"call": "docker info", "says": json.dumps({"ServerErrors": [sessions.NO_DAEMON]}), "exit": 1},
        {"call": "minikube start", "says": sessions.MINIKUBE_STARTED, "kubeconfig": config(api)},
        {"call": "minikube --profile podlab image load"},
    )
    said = []
    assert Minikube().up(said.append).running
    assert not any("--driver" in call for call in stage.calls)
    assert any("looks for another driver" in line for line in said)


def test_down_without_a_cluster_does_nothing(stage):
    stage.play(DOCKER, NONE_YET)
    assert not Kind().down(print)
    assert not any("delete" in call for call in stage.calls)


def test_minikube_is_started_in_its_own_profile_and_kubeconfig(stage, api):
    stage.play(
        DOCKER,
        {"call": "minikube start", "says": sessions.MINIKUBE_STARTED, "kubeconfig": config(api)},
        {"call": "minikube --profile podlab image load"},
    )
    said = []
    assert Minikube().up(said.append).running
    start = next(call for call in stage.calls if call.startswith("minikube start"))
    assert "--profile podlab" in start
    assert "--driver=docker" in start
    assert stage.environment_of("minikube start")["KUBECONFIG"] == str(Minikube().kubeconfig)
    assert '[3/19] Starting "podlab" primary control-plane node in "podlab" cluster' in said


@pytest.mark.parametrize(
    ("says", "name", "mend"),
    [
        (sessions.MINIKUBE_NO_DOCKER, "PROVIDER_DOCKER_NOT_RUNNING", "systemctl start docker"),
        (sessions.MINIKUBE_CORES, "RSRC_INSUFFICIENT_CORES", "two processors"),
        (sessions.MINIKUBE_ODD, "GUEST_ODDITY", "Turn it off and on again."),
        (sessions.MINIKUBE_KUBELET, "K8S_KUBELET_NOT_RUNNING", "did not come up in time"),
        (sessions.MINIKUBE_DESKTOP_MEMORY, "RSRC_DOCKER_MEMORY", "2 GiB of memory"),
        (sessions.MINIKUBE_OFFLINE, "INET_GET_VERSIONS", "network connection"),
        (sessions.MINIKUBE_OTHER_DRIVER, "GUEST_DRIVER_MISMATCH", "podlab down --on minikube"),
        (sessions.MINIKUBE_NO_ADDRESSES, "GUEST_PROVISION", "docker network prune"),
        (sessions.MINIKUBE_ROOT, "DRV_AS_ROOT", "ordinary user"),
        ("no JSON at all\n", "no JSON at all", "minikube.sigs.k8s.io"),
    ],
)
def test_minikubes_failures_are_told_with_a_mend(stage, says, name, mend):
    stage.play(DOCKER, {"call": "minikube start", "says": says, "exit": 69})
    with pytest.raises(ToolError) as caught:
        Minikube().up(print)
    assert name in caught.value.message
    assert mend in caught.value.hint


def test_minikube_is_deleted_by_profile(stage, api):
    Minikube().kubeconfig.write_text(sessions.KUBECONFIG.format(server=api), "utf-8")
    stage.play(
        {
            "call": "minikube delete --profile podlab",
            "says": sessions.event("step", currentstep="0", message="Deleting", totalsteps="2"),
        }
    )
    assert Minikube().down(print)
    assert not Minikube().kubeconfig.exists()


@pytest.mark.parametrize("name", ["kind", "minikube"])
def test_cluster_that_does_not_answer_is_not_running(name):
    backend(name).kubeconfig.write_text(sessions.KUBECONFIG.format(server="http://127.0.0.1:1"), "utf-8")
    health = backend(name).health()
    assert not health.running
    assert "does not answer" in health.summary


def test_engine_notes_tell_of_old_cgroups():
    old = engines.Engine("docker", "20.10", 4, 8 * engines.GIB, 1, False)
    assert any("cgroups v1" in note for note in engines.notes(old))


def test_rootless_engine_on_old_cgroups_is_an_obstacle():
    old = engines.Engine("podman", "3.0", 4, 8 * engines.GIB, 1, True)
    assert any("without root" in problem for problem, _ in engines.shortages(old))


ENGINE = engines.Engine("docker", "29.1", 4, 8 * engines.GIB, 2, False)


@pytest.mark.parametrize(
    ("release", "word"),
    [("6.6.87.2-microsoft-standard-WSL2", ".wslconfig"), ("4.4.0-22621-Microsoft", "--set-version"), ("6.1.0-debian", "")],
)
def test_engine_notes_tell_of_wsl(monkeypatch, release, word):
    monkeypatch.setattr(engines.platform, "release", lambda: release)
    said = " ".join(engines.notes(ENGINE))
    assert word in said
    assert ("WSL" in said) == bool(word)


@pytest.mark.parametrize(("instances", "told"), [("128\n", True), ("512\n", False), (None, False)])
def test_engine_notes_tell_of_few_inotify_instances(monkeypatch, tmp_path, instances, told):
    monkeypatch.setattr(engines, "INOTIFY", tmp_path / "max_user_instances")
    if instances:
        engines.INOTIFY.write_text(instances)
    assert any("fs.inotify.max_user_instances" in note for note in engines.notes(ENGINE)) is told


def test_engine_notes_tell_of_another_machine(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "ssh://me@far")
    assert any("another machine (ssh://me@far)" in note for note in engines.notes(ENGINE))


@pytest.mark.parametrize(
    ("exempt", "told"), [("localhost", True), ("localhost,192.168.49.0/24", False), ("192.168.49.2", False), ("*", False)]
)
def test_proxy_that_would_be_asked_for_minikube_is_told(stage, api, monkeypatch, exempt, told):
    for name in ("https_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.org:3128")
    monkeypatch.setenv("NO_PROXY", exempt)
    stage.play(
        DOCKER,
        {"call": "minikube start", "says": sessions.MINIKUBE_STARTED, "kubeconfig": config(api)},
        {"call": "minikube --profile podlab image load"},
    )
    said = []
    assert Minikube().up(said.append).running
    assert any("add 192.168.49.0/24 to NO_PROXY" in line for line in said) is told


def test_minikube_pulls_what_it_cannot_load(stage, api):
    stage.play(
        DOCKER,
        {"call": "minikube start", "says": sessions.MINIKUBE_STARTED, "kubeconfig": config(api)},
        {"call": "minikube --profile podlab image load", "exit": 80},
        {"call": "minikube --profile podlab image pull"},
    )
    said = []
    assert Minikube().up(said.append).running
    assert "minikube --profile podlab image pull docker.io/library/busybox:1.37" in stage.calls
    assert not any("could not be loaded" in line for line in said)


def test_room_is_looked_for_where_the_engine_keeps_its_images(monkeypatch, tmp_path):
    asked = []
    usage = engines.shutil.disk_usage
    monkeypatch.setattr(engines.shutil, "disk_usage", lambda path: asked.append(str(path)) or usage(tmp_path))
    engines.shortages(engines.Engine("docker", "29.1", 4, 8 * engines.GIB, 2, False, root=str(tmp_path)))
    engines.shortages(engines.Engine("docker", "29.1", 4, 8 * engines.GIB, 2, False, root=str(tmp_path / "in a machine")))
    assert asked == [str(tmp_path), str(engines.Path.home())]
