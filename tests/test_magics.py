"""`%%manifest` and `%kubectl`, in a real IPython, on the mock."""

import json

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from podlab import magics
from podlab.clusters.mock import Mock
from podlab.errors import ManifestError, PodlabError
from podlab.lab import Lab

CELL = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  a: '1'\n"


@pytest.fixture
def shell(monkeypatch):
    monkeypatch.setattr(magics, "_lab", None)
    monkeypatch.setattr(magics, "manifests", {})
    InteractiveShell.clear_instance()
    config = Config()
    config.HistoryManager.enabled = False
    made = InteractiveShell.instance(config=config)
    magics.load_ipython_extension(made)
    yield made
    InteractiveShell.clear_instance()


@pytest.fixture(scope="module")
def mock(tmp_path_factory):
    server = Mock(tmp_path_factory.mktemp("mock"), pace="virtual")
    server.up(print)
    yield server
    server.down(print)


@pytest.fixture
def lab(mock):
    with Lab(mock.kubeconfig).session("test") as own:
        magics.use(own)
        yield own


def cell(shell, line, text):
    return shell.run_cell(f"%%manifest {line}\n{text}")


def test_manifest_is_applied_and_kept(shell, lab, capsys):
    assert cell(shell, "settings", CELL).success
    assert capsys.readouterr().out == "configmap/settings created\n"
    assert magics.manifests["settings"] == CELL
    assert lab.get("cm/settings")["data"] == {"a": "1"}


def test_manifest_may_be_kept_alone(shell, capsys):
    assert cell(shell, "settings --no-apply", CELL).success
    assert capsys.readouterr().out == ""
    assert magics.manifests == {"settings": CELL}


def test_manifest_is_data_where_answers_are_data(shell, monkeypatch):
    monkeypatch.setenv("PODLAB_MANIFESTS", "keep")
    assert cell(shell, "settings", CELL).success
    assert magics.manifests == {"settings": CELL}
    assert magics._lab is None


def test_manifest_that_is_none_is_an_error_with_its_line_and_kept(shell):
    result = cell(shell, "settings --no-apply", "a: b: c")
    assert isinstance(result.error_in_exec, ManifestError)
    assert "line 1" in str(result.error_in_exec)
    assert "settings" in magics.manifests


def test_error_is_shown_without_a_traceback(shell, lab, capsys):
    assert not cell(shell, "settings", CELL.replace("data", "dada")).success
    said = capsys.readouterr()
    assert 'unknown field "dada"' in said.out + said.err
    assert "line 5: `dada:`" in said.out + said.err
    assert "Traceback" not in said.out + said.err
    assert len((said.out + said.err).splitlines()) < 10


@pytest.mark.parametrize(
    ("line", "said"), [("", "needs a name"), ("a b", "does not understand 'b'"), ("a --what", "does not understand '--what'")]
)
def test_wrong_line_is_told_with_the_usage(shell, line, said):
    result = cell(shell, line, CELL)
    assert isinstance(result.error_in_exec, PodlabError)
    assert said in str(result.error_in_exec)
    assert "%%manifest NAME" in str(result.error_in_exec)


def test_manifest_in_another_namespace(shell, lab):
    with lab.session("other") as other:
        assert cell(shell, f"settings --namespace {other.namespace}", CELL).success
        assert other.get("cm/settings")


def test_kubectl_sees_the_labs_namespace(shell, lab, capsys):
    cell(shell, "settings", CELL)
    capsys.readouterr()
    shell.run_line_magic("kubectl", "get configmaps -o name")
    assert "configmap/settings" in capsys.readouterr().out.splitlines()


def test_kubectl_that_fails_shows_its_words_and_its_exit_code(shell, lab, capsys):
    shell.run_line_magic("kubectl", "get pod nobody")
    said = capsys.readouterr()
    assert said.out == 'Error from server (NotFound): pods "nobody" not found\n(kubectl: exit code 1)\n'
    assert said.err == ""


def test_kubectl_reads_the_cell(shell, lab, capsys):
    shell.run_cell(f"%%kubectl apply -f -\n{CELL}")
    assert "configmap/settings created" in capsys.readouterr().out


def test_kubectl_runs_the_lines_of_a_cell(shell, lab, capsys):
    shell.run_cell("%%kubectl\n# two of them\ncreate configmap one\nkubectl create configmap \\\n  two\n")
    assert capsys.readouterr().out == "configmap/one created\nconfigmap/two created\n"


def test_kubectl_that_reaches_nobody_is_short_and_says_what_to_do(shell, tmp_path, capsys):
    config = {"clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}], "users": [{"name": "u", "user": {}}]}
    config |= {"contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}], "current-context": "x"}
    (tmp_path / "config").write_text(json.dumps({"apiVersion": "v1", "kind": "Config", **config}), "utf-8")
    magics.use(Lab(tmp_path / "config", gone_hint="start it again with `podlab up`"))
    shell.run_cell("%kubectl get pods")
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("The connection to the server 127.0.0.1:1 was refused")
    assert said[1:] == ["(kubectl: exit code 1)", "", "Hint: start it again with `podlab up`"]
