"""The repository keeps its promises: the ways in, the lock files, the contributor's page."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = ("requirements.lock", "binder/requirements.txt")


def locked(name):
    lines = (ROOT / name).read_text("utf-8").splitlines()
    found = {}
    for line in lines:
        match = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", line)
        if match:
            found.setdefault(canonicalize_name(match[1]), []).append(match[2].rstrip(";"))
    return found


def required(extras):
    texts = list(PROJECT["dependencies"])
    for extra in extras:
        texts += PROJECT["optional-dependencies"][extra]
    return [Requirement(text) for text in texts if not text.startswith("podlab[")]


def test_lock_has_every_dependency_in_an_allowed_version():
    versions = locked("requirements.lock")
    for requirement in required(PROJECT["optional-dependencies"]):
        found = versions.get(canonicalize_name(requirement.name))
        assert found, f"{requirement} is not locked: make lock"
        assert any(version in requirement.specifier for version in found), f"{requirement} is locked at {found}: make lock"


def test_binders_lock_has_what_the_course_needs_and_no_tools():
    versions = locked("binder/requirements.txt")
    for requirement in required(["plots", "course"]):
        assert canonicalize_name(requirement.name) in versions
    assert not {"pytest", "mypy", "ruff", "hypothesis"} & versions.keys()
    everywhere = locked("requirements.lock")
    assert all(version[0] in everywhere[name] for name, version in versions.items())


@pytest.mark.parametrize("name", LOCKS)
def test_lock_has_hashes_and_names_no_index(name):
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    pinned = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert all(line.endswith("\\") for line in pinned)
    assert text.count("--hash=sha256:") >= len(pinned)


def test_lock_begins_with_what_the_course_needs():
    setup = tool("setup_venv")
    first = (ROOT / "requirements.lock").read_text("utf-8").partition(setup.REST)[0]
    names = {canonicalize_name(name) for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", first, re.MULTILINE)}
    assert {canonicalize_name(requirement.name) for requirement in required(["plots", "course", "build"])} <= names
    assert locked("binder/requirements.txt").keys() <= names
    assert not {"pytest", "mypy", "ruff", "hypothesis", "jupytext"} & names


@pytest.fixture
def venv(tmp_path):
    """What looks like an environment."""
    python = tool("setup_venv").program(tmp_path, "python")
    python.parent.mkdir()
    python.touch()
    return tmp_path


def tool(name):
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        return import_module(name)
    finally:
        sys.path.remove(str(ROOT / "tools"))


def set_up(venv, *options):
    words = [sys.executable, str(ROOT / "tools" / "setup_venv.py"), "--venv", str(venv), *options]
    return subprocess.run(words, capture_output=True, text=True, check=True, env={**os.environ, "PATH": ""}).stdout


@pytest.mark.parametrize("options", [(), ("--course",)])
def test_setting_up_what_is_set_up_does_nothing(venv, options):
    (venv / "podlab.stamp").write_text(tool("setup_venv").fingerprint(), "utf-8")
    there = {path.name for path in venv.iterdir()}
    assert set_up(venv, *options) == ""
    assert {path.name for path in venv.iterdir()} == there | {"course.stamp"}


@pytest.mark.parametrize(
    ("stamp", "asked", "ready"),
    [("podlab.stamp", "podlab.stamp", True), ("course.stamp", "course.stamp", True), ("course.stamp", "podlab.stamp", False)],
)
def test_environment_for_the_course_is_not_one_for_tests(venv, stamp, asked, ready):
    (venv / stamp).write_text("as wanted", "utf-8")
    assert tool("setup_venv").is_ready(venv, "as wanted", (asked,)) is ready
    assert not tool("setup_venv").is_ready(venv, "other", (asked,))


def test_environment_whose_python_is_gone_is_made_anew(venv, monkeypatch):
    setup = tool("setup_venv")
    (venv / "podlab.stamp").write_text("as wanted", "utf-8")
    (venv / "pyvenv.cfg").touch()
    setup.program(venv, "python").unlink()
    assert not setup.is_ready(venv, "as wanted", ("podlab.stamp",))
    made = []
    monkeypatch.setattr(setup, "run", lambda words: made.append((words, venv.exists())) or venv.mkdir(exist_ok=True))
    monkeypatch.setattr(setup.shutil, "which", lambda name: "/somewhere/uv")
    setup.set_up(venv, sys.executable, course=True)
    words, was_there = made[0]
    assert words[:2] == ["/somewhere/uv", "venv"]
    assert not was_there


def test_pips_last_words_are_told_when_it_fails(capsys):
    pip = "print('Collecting a', flush=True); print('ERROR: No space left on device', flush=True); raise SystemExit(1)"
    with pytest.raises(SystemExit) as caught:
        tool("setup_venv").count([sys.executable, "-c", pip], 2)
    assert "ERROR: No space left on device" in str(caught.value)
    assert "Setting up failed at" in str(caught.value)


def test_packages_are_counted_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    pip = "print('Collecting a'); print('Downloading a'); print('Ignoring b: markers'); print('Installing collected packages: a')"
    tool("setup_venv").count([sys.executable, "-c", pip], 2)
    assert capsys.readouterr().out.split("\r")[-1] == "  2 of 2 packages, installing\n"


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_runs_what_windows_calls_by_other_names():
    done = subprocess.run(["make", "-n", "lab", "OS=Windows_NT"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].strip() == ".venv/Scripts/podlab lab"
    assert done.stdout.startswith("python tools/setup_venv.py")


@pytest.mark.skipif(os.name == "nt", reason="a script for Linux")
def test_ci_script_is_one_that_bash_can_read():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)
    assert re.search(r"^exec make --no-print-directory test( |$)", script.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("target", ["lab", "test", "check", "bench", "conformance", "lock"])
def test_makefile_has_the_target(target):
    assert re.search(rf"^{target}:.*## \S", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_of_a_page_lead_somewhere(page):
    text = (ROOT / page).read_text("utf-8")
    for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text) + re.findall(r'(?:src|srcset)="(?!https?:)([^"]+)"', text):
        assert (ROOT / link).exists(), f"{page} links to {link}"


def test_readme_gives_the_two_commands_on_its_first_screen():
    first = "\n".join((ROOT / "README.md").read_text("utf-8").splitlines()[:40])
    assert "make lab" in first
    assert "make test" in first
    assert "<img" in first or "![" in first


def test_version_is_told_once():
    import podlab

    assert PROJECT["version"] == podlab.__version__
