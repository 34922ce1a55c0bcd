"""The dev container, without Docker: its file by the specification's rules, and its command played in a clean clone."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema
import pytest

from tests.binder.image import roomy
from tests.clusters.playing import POSIX
from tests.readme.pages import ROOT
from tests.readme.users import User

FILE = ROOT / ".devcontainer" / "devcontainer.json"
COMMAND = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
SIZE = {"type": "string", "pattern": r"^\d+([tgmk]b)?$"}
# What the specification (containers.dev) says of the properties that are used here; others are refused, as a slip would be.
SCHEMA = {
    "type": "object",
    "required": ["image"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "image": {"type": "string"},
        "postCreateCommand": COMMAND,
        "waitFor": {
            "enum": ["initializeCommand", "onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand"]
        },
        "hostRequirements": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"cpus": {"type": "integer", "minimum": 1}, "memory": SIZE, "storage": SIZE},
        },
        "containerEnv": TEXTS,
        "remoteEnv": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
        "forwardPorts": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 65535}},
        "portsAttributes": {
            "type": "object",
            "additionalProperties": {"type": "object", "required": ["label"], "properties": {"label": {"type": "string"}}},
        },
        "customizations": {
            "type": "object",
            "properties": {
                "vscode": {
                    "type": "object",
                    "properties": {
                        "extensions": {"type": "array", "items": {"type": "string", "pattern": r"^[\w-]+\.[\w-]+$"}},
                        "settings": {"type": "object"},
                    },
                }
            },
        },
    },
}
VARIABLES = {"localWorkspaceFolder", "containerWorkspaceFolder", "containerWorkspaceFolderBasename"}


def described():
    """What the file says; comments, which it may have, on lines of their own."""
    lines = FILE.read_text("utf-8").splitlines()
    return json.loads("\n".join(line for line in lines if not line.lstrip().startswith("//")))


def test_file_keeps_the_specifications_rules():
    jsonschema.validate(described(), SCHEMA)


def test_variables_are_such_as_are_filled_in_there():
    for name in re.findall(r"\$\{([^}]*)\}", FILE.read_text("utf-8")):
        assert name in VARIABLES or name.startswith(("containerEnv:", "localEnv:")), name


def test_python_is_one_that_podlab_runs_on():
    version = re.search(r"python:(\d+)\.(\d+)$", described()["image"])
    assert (int(version[1]), int(version[2])) >= (3, 11)


@pytest.mark.slow
@pytest.mark.online
@pytest.mark.skipif(not POSIX, reason="a container for Linux")
def test_command_sets_up_a_clean_clone_where_kubectl_finds_the_mock(tmp_path):
    about = described()
    with tempfile.TemporaryDirectory(dir=roomy(tmp_path)) as folder:
        user = User(Path(folder), os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        workspace = Path(folder) / "workspace"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(workspace)], check=True)
        user.run(about["postCreateCommand"], workspace)
        for name, value in about["remoteEnv"].items():
            value = value.replace("${containerWorkspaceFolder}", str(workspace)).replace(
                "${containerEnv:PATH}", os.environ["PATH"]
            )
            user.environment[name] = value.replace("/home/vscode", user.environment["HOME"])
        said = user.run("podlab up; kubectl get nodes -o name; which jupyter-lab; podlab down", workspace)
        assert "node/" in said
        assert str(workspace / ".venv/bin/jupyter-lab") in said
        python = about["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
        assert Path(python.replace("${containerWorkspaceFolder}", str(workspace))).exists()
