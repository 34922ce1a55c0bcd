"""A pod's timeline on a mock whose time flows and jumps, as in notebooks."""

import pytest

from podlab.clusters.mock import Mock
from podlab.lab import Lab

POD = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  initContainers: [{name: before, image: "busybox:1.37", command: [sh, -c, "sleep 3"]}]
  containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
"""


@pytest.fixture
def live_lab(tmp_path):
    mock = Mock(tmp_path, pace="live")
    mock.up(print)
    lab = Lab(mock.kubeconfig)
    yield lab
    lab.close()
    mock.down(print)


def test_timeline_goes_on_until_now_after_time_has_jumped(live_lab):
    live_lab.apply(POD)
    live_lab.wait("pod/web")
    live_lab.advance(40)
    life = live_lab.timeline("web")
    assert life.end >= 40
    assert life.ready[-1][1] == life.end
    before, app = life.lanes
    assert before.intervals[-2].end <= next(part.start for part in app.intervals if part.state == "running")
