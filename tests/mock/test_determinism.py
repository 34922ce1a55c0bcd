"""The same manifests and the same seed: the same trace, byte for byte, in this process and in any other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mock.chronicle import chronicle, examples
from tests.mock.clustered import Obj
from tests.mock.manifests import workloads

ROOT = Path(__file__).parents[2]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(workloads(), min_size=1, max_size=3, unique_by=lambda made: made[0]), st.integers(0, 9))
def test_the_same_seed_gives_the_same_trace(made: list[tuple[str, Obj]], seed: int) -> None:
    assert chronicle(made, seed) == chronicle(made, seed)


def test_another_seed_gives_another_trace() -> None:
    assert chronicle(examples(), 1) != chronicle(examples(), 2)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_every_process_tells_the_same(hash_seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-m", "tests.mock.chronicle"]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == chronicle(examples(), 3)
