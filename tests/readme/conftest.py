"""A user with a clean clone, made once for each worker, and one with a wheel and pip; and a cluster, somewhere."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from podlab.clusters.mock import Mock
from tests.binder.image import roomy
from tests.clusters.playing import POSIX
from tests.readme.pages import README, ROOT, commands, noted
from tests.readme.users import User, by_make
from tests.test_wheel import install, wheel  # noqa: F401 - a fixture

(CLONE,) = noted(*(line for line in commands(README) if line.startswith("git clone")))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What all tests of this folder are, except those that only read."""
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name != "test_completeness.py":
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.online)
            item.add_marker(pytest.mark.skipif(not POSIX or not shutil.which("make"), reason="wants make, and POSIX's shell"))


@pytest.fixture(scope="session")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    """Somebody with a clean clone, in which `make lab` has been called once."""
    with tempfile.TemporaryDirectory(dir=roomy(tmp_path_factory.getbasetemp())) as folder:
        user = User(Path(folder), os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        here = CLONE.replace("https://github.com/podlab/podlab", f"{shlex.quote(str(ROOT))} podlab")
        with user.serving(here, user.folder, by_make) as said:
            assert "with what the course needs" in said
            assert "the course runs on mock" in said
            assert "/lab/tree/notebooks/index.ipynb" in said
        user.environment["PATH"] = os.pathsep.join([str(user.clone / ".venv" / "bin"), os.environ["PATH"]])
        yield user


@pytest.fixture
def clone(newcomer: User) -> Path:
    """That clone as it was cloned, whatever others did in it."""
    subprocess.run(["git", "clean", "-ffdxq", "-e", ".venv"], cwd=newcomer.clone, check=True)
    subprocess.run(["git", "checkout", "-q", "."], cwd=newcomer.clone, check=True)
    return newcomer.clone


@pytest.fixture(scope="module")
def installer(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:  # noqa: F811
    """Somebody with an empty environment, outside of any checkout, whose pip finds what podlab needs, and podlab's wheel."""
    with tempfile.TemporaryDirectory(dir=roomy(tmp_path_factory.getbasetemp())) as folder:
        needs = ["-r", str(ROOT / "pyproject.toml"), "--extra", "course"]
        programs = install(Path(folder) / "venv", *needs, "pip")
        user = User(Path(folder), os.pathsep.join([str(programs), os.environ["PATH"]]))
        user.environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheel.parent)}
        yield user


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Mock]:
    """A cluster, somewhere."""
    mock = Mock(tmp_path / "far")
    mock.folder.mkdir()
    mock.up(print)
    yield mock
    mock.down(print)
