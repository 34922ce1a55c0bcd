"""Every session at a terminal shows in the mock, byte for byte, what it showed in the real busybox."""

import subprocess
from pathlib import Path

import pytest

from tests.shell.playing import BUSYBOX, can_play_in_busybox, make_root
from tests.terminal.playing import play_in_busybox, play_in_mock, read_session
from tests.terminal.recording import read_recorded, session_id, sessions

RECORDED_FROM = "BusyBox v1.37."


@pytest.mark.parametrize("path", sessions(), ids=session_id)
def test_mock_shows_what_busybox_showed(path: Path) -> None:
    assert play_in_mock(read_session(path)) == read_recorded(path.parent)[path.stem]


@pytest.fixture(scope="session")
def busybox_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root directory with the real busybox in it, when it is of the version that was recorded."""
    if not can_play_in_busybox():
        pytest.skip("needs busybox, root and unshare")
    banner = subprocess.run([BUSYBOX], capture_output=True, text=True, check=False).stdout
    if not banner.startswith(RECORDED_FROM):
        pytest.skip("needs busybox 1.37: others draw differently")
    root = tmp_path_factory.mktemp("busybox") / "root"
    make_root(root)
    return root


@pytest.mark.parametrize("path", sessions(), ids=session_id)
def test_busybox_shows_what_it_did(path: Path, busybox_root: Path) -> None:
    expected = read_recorded(path.parent)[path.stem]
    assert play_in_busybox(busybox_root, read_session(path), expected) == expected
