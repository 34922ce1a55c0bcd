"""Every recorded scenario, played on the mock: the stable parts agree with a real Kubernetes, and the pods to the last field."""

import pytest

from tests.conformance.__main__ import play
from tests.conformance.comparing import SCENARIOS, compare


@pytest.mark.parametrize("scenario", sorted(path.stem for path in SCENARIOS.glob("*.yaml")))
def test_scenario_goes_as_on_the_real_cluster(scenario: str) -> None:
    differing = [str(part) for part in compare(scenario, play(scenario), objects=True) if not part.agrees]
    assert not differing, "\n".join(differing)
