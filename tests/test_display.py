import threading

import pytest

from podlab.clusters.mock import Mock
from podlab.display import Table, following, live, table
from podlab.lab import Lab
from podlab.simulation import simulate

SHOWN = Table(("Name", "Ready", "Status"), (("web", "1/1", "Running"), ("<b>", "0/1", "CrashLoopBackOff")))


def test_table_on_a_terminal_is_kubectls():
    assert repr(SHOWN) == "NAME   READY   STATUS\nweb    1/1     Running\n<b>    0/1     CrashLoopBackOff"


def test_table_in_a_notebook_says_by_sign_and_colour_and_escapes():
    page = SHOWN._repr_html_()
    assert "●</span> Running" in page
    assert "✗</span> CrashLoopBackOff" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


def test_empty_table_says_so():
    assert repr(Table((), (), "No pods in default.")) == "No pods in default."
    assert "No pods in default." in Table((), (), "No pods in default.")._repr_html_()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    server = Mock(tmp_path_factory.mktemp("mock"), pace="virtual")
    server.up(print)
    with Lab(server.kubeconfig).session("test") as own:
        yield own
    server.down(print)


@pytest.fixture(scope="module")
def live_lab(tmp_path_factory):
    """On a mock whose time flows, as in notebooks."""
    server = Mock(tmp_path_factory.mktemp("live"), pace="live")
    server.up(print)
    with Lab(server.kubeconfig).session("test") as own:
        yield own
    server.down(print)


POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web"},
    "spec": {
        "containers": [{"name": "app", "image": "busybox:1.37", "command": ["sleep", "3600"]}],
        "terminationGracePeriodSeconds": 0,
    },
}


def test_table_has_the_servers_columns(lab):
    assert "No pods in" in repr(table(lab, "pods"))
    lab.apply(POD)
    lab.wait("pod/web")
    shown = table(lab, "pods")
    assert shown.columns == ("Name", "Ready", "Status", "Restarts", "Age")
    assert shown.rows[0][:4] == ("web", "1/1", "Running", "0")
    assert "Node" in table(lab, "pod/web", wide=True).columns
    lab.delete("pod/web")


def test_live_table_prints_its_last_state_on_a_terminal(lab, capsys):
    with live(lab):
        lab.apply(POD)
        lab.wait("pod/web")
    assert "web    1/1     Running" in capsys.readouterr().out
    lab.delete("pod/web")


class Handle:
    """What IPython gives for something that was displayed: keeps what it was told to show."""

    def __init__(self):
        self.shown = []

    def update(self, value):
        self.shown.append(value)


@pytest.fixture
def notebook(monkeypatch):
    """All screens are one place in a notebook, before which nobody sits."""
    handle, real = Handle(), following._Screen.__init__

    def begin(screen):
        real(screen)
        screen.updates, screen._handle = True, handle

    monkeypatch.setattr(following._Screen, "__init__", begin)
    monkeypatch.setenv("PODLAB_QUIET", "1")
    return handle


def test_screen_is_drawn_anew_only_when_something_changed_and_never_after_the_last_time(notebook):
    screen = following._Screen()
    first, second = Table(("A",), (("1",),)), Table(("A",), (("2",),))
    for value in (first, first, second, second, first):
        screen.show(value)
    screen.show(second, last=True)
    assert not screen.show(first)
    assert notebook.shown == [first, second, first, second]


IN_STEPS = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "steps", "labels": {"app": "steps"}},
    "spec": {
        "initContainers": [
            {"name": name, "image": "busybox:1.37", "command": ["sh", "-c", "sleep 60"]} for name in ("one", "two", "three")
        ],
        "containers": [{"name": "app", "image": "busybox:1.37", "command": ["sleep", "3600"]}],
        "terminationGracePeriodSeconds": 0,
    },
}


def test_live_table_shows_every_state_although_time_jumps_over_them(live_lab, notebook):
    live_lab.apply(IN_STEPS)
    live_lab.wait("pod/steps", "{.status.initContainerStatuses[0].state.running.startedAt}")
    with live(live_lab, selector="app=steps"):
        live_lab.wait("pod/steps", "Ready", timeout=400)
        live_lab.delete("pod/steps")
    states = [shown.rows[0][2] if shown.rows else "gone" for shown in notebook.shown]
    wanted = ["Init:0/3", "Init:1/3", "Init:2/3", "PodInitializing", "Running", "gone"]
    assert [state for n, state in enumerate(states) if state in wanted and state not in states[:n]] == wanted
    assert all(shown.columns == ("Name", "Ready", "Status", "Restarts", "Age") for shown in notebook.shown)


def test_live_table_stops_with_its_block(live_lab, notebook):
    with live(live_lab, "pod/web"):
        live_lab.apply(POD)
        live_lab.wait("pod/web")
    until_now = list(notebook.shown)
    assert until_now[-1].rows[0][2] == "Running"
    live_lab.delete("pod/web")
    live_lab.apply(POD)
    live_lab.wait("pod/web")
    live_lab.delete("pod/web")
    assert notebook.shown == until_now


def test_live_table_of_what_is_not_there_yet_tells_so_until_it_is(live_lab, notebook):
    with live(live_lab, "pods", selector="app=steps"):
        pass
    assert "No pods in" in repr(notebook.shown[-1])


def test_live_table_of_a_cluster_in_this_process_asks_from_no_other_thread(notebook):
    with simulate() as cluster:
        threads = threading.active_count()
        with live(cluster):
            cluster.apply(POD)
            cluster.wait("pod/web")
            assert threading.active_count() == threads
    assert [shown.rows[0][2] for shown in notebook.shown] == ["Running"]


def test_live_table_survives_a_cluster_that_goes_away(tmp_path, capsys):
    gone = Lab(tmp_path / "nothing")
    with live(gone):
        pass
    assert "Cannot use the kubeconfig" in capsys.readouterr().out
