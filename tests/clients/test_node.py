"""The official JavaScript client, where node and npm are there (and npm's registry, once)."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_SECONDS

HERE = Path(__file__).parent / "node"


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """The tour with its dependencies installed."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not installed")
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "package-lock.json", "tour.mjs"):
        shutil.copy(HERE / name, folder)
    npm = shutil.which("npm")
    assert npm is not None
    done = subprocess.run(
        [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"npm cannot install the client: {done.stderr.strip().splitlines()[-1:]}")
    return folder


@pytest.mark.online
def test_client_node(package, mock, namespace):
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        ["node", "tour.mjs", str(mock.kubeconfig), namespace],
        cwd=package,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr + mock.log
    seen = json.loads(done.stdout)
    assert seen["patched"] == {"a": "2"}
    assert seen["missing"] == 404
    assert seen["phases"][-1] == "Running"
    assert seen["log"] == "started\n"
    assert seen["echoed"] == "from node\n"
    assert (seen["out"], seen["err"]) == ("done\n", "warning\n")
    assert seen["status"]["details"]["causes"] == [{"reason": "ExitCode", "message": "5"}]
    assert seen["page"] == "page\n"
    assert seen["informed"] == {"a": "2"}
    assert seen["left"] == ["c", "kube-root-ca.crt"]
    assert seen["scaled"] == 2
    assert seen["deployments"] == 0
