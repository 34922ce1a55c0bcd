"""A Lab on a mock of its own process, in virtual time; each test has a fresh namespace."""

import pytest

from podlab.clusters.mock import Mock
from podlab.lab import Lab


@pytest.fixture(scope="session")
def mock_server(tmp_path_factory):
    """A running mock, for all tests of this worker."""
    mock = Mock(tmp_path_factory.mktemp("mock"), pace="virtual")
    mock.up(print)
    yield mock
    mock.down(print)


@pytest.fixture
def lab(mock_server):
    """A Lab in a namespace of this test's."""
    cluster = Lab(mock_server.kubeconfig, name="mock")
    with cluster.session("test") as own:
        yield own
    cluster.close()
