"""Every script does in the mock what it did in the real busybox; and where there is one, it does it there still.

A script that does not end in the same way each time (two processes that race) has no place here.
"""

import subprocess
from pathlib import Path

import pytest

from tests.shell.playing import BUSYBOX, can_play_in_busybox, make_root, play_in_busybox, play_in_mock
from tests.shell.recording import HERE, read_recorded, script_id, scripts

SCRIPTS = scripts()
RECORDED_FROM = "1.37"
TRIES = 3
"""The real one lives by the wall clock: on a busy machine one process may be late for another."""


@pytest.mark.parametrize("path", SCRIPTS, ids=script_id)
def test_mock_does_what_busybox_did(path: Path) -> None:
    assert play_in_mock(path.read_bytes()) == read_recorded(path.parent)[path.stem]


@pytest.fixture(scope="session")
def busybox_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root directory with the real busybox in it."""
    root = tmp_path_factory.mktemp("busybox") / "root"
    make_root(root)
    return root


@pytest.fixture(scope="session")
def different() -> frozenset[str]:
    """The scripts that the busybox here is known to run differently."""
    banner = subprocess.run([BUSYBOX], capture_output=True, text=True, check=False).stdout
    version = banner.partition("BusyBox v")[2].rpartition(" (")[0][:4]
    if version == RECORDED_FROM:
        return frozenset()
    known = HERE / f"differs_in_{version}.txt"
    if not known.exists():
        pytest.skip(f"what busybox {version} does differently from {RECORDED_FROM} is not known")
    return frozenset(known.read_text().split("\n"))


@pytest.mark.skipif(not can_play_in_busybox(), reason="needs busybox, root and unshare")
@pytest.mark.parametrize("path", SCRIPTS, ids=script_id)
def test_busybox_does_what_it_did(path: Path, busybox_root: Path, different: frozenset[str]) -> None:
    if script_id(path) in different:
        pytest.skip("differs in this version of busybox")
    recorded = read_recorded(path.parent)[path.stem]
    for _ in range(TRIES):
        played = play_in_busybox(busybox_root, path.read_bytes())
        if played == recorded:
            break
    assert played == recorded
