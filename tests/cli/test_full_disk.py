"""A disk that is full: a small file system of the test's own, where a user may mount one."""

import shutil
import subprocess
import sys

import pytest

from podlab.clusters.mock import Mock

ALONE = ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child"]
PROLOGUE = """\
import os, subprocess, sys
from pathlib import Path
home = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "podlab", home], check=True)
os.environ["PODLAB_HOME"] = str(home)

def fill():
    try:
        (home / "filler").write_bytes(bytes(1 << 20))
    except OSError:
        pass

def podlab(*words):
    command = [sys.executable, "-m", "podlab.cli", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(done.returncode, done.stdout, flush=True)
"""


def may_mount():
    if not shutil.which("unshare"):
        return False
    mount = [*ALONE, "sh", "-c", "mount -t tmpfs podlab /mnt"]
    return subprocess.run(mount, capture_output=True, check=False).returncode == 0


def play(folder, script):
    if not may_mount():
        pytest.skip("this user may not mount a file system (unshare --user --mount)")
    command = [*ALONE, sys.executable, "-c", PROLOGUE + script, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_mock_says_that_the_disk_is_full_and_starts_when_there_is_room(tmp_path):
    said = play(tmp_path, "fill(); podlab('up'); podlab('doctor'); (home / 'filler').unlink(); podlab('up')")
    first, _, rest = said.partition("\n1 ")
    assert first.startswith("1 podlab: The mock did not start: No space left on device")
    assert "Hint: make room, or set PODLAB_HOME." in first
    assert "cannot be written to: No space left on device" in rest
    assert "0 podlab: mock is running" in rest


def test_mock_goes_on_while_its_disk_is_full(tmp_path):
    script = """
podlab("up"); fill()
for _ in range(3):
    podlab("kubectl", "--token", "wrong", "get", "nodes")
podlab("kubectl", "get", "nodes", "-o", "name"); podlab("status"); podlab("down")
"""
    said = play(tmp_path, script)
    assert "0 node/" in said
    assert "0 podlab: mock is stopped" in said
    assert not Mock(tmp_path / "mock").state()
