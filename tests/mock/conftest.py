"""What tests of the mock share."""

from collections.abc import Iterator

import pytest

from tests.mock.clustered import Lab


@pytest.fixture
def lab() -> Iterator[Lab]:
    """A mock of its own."""
    made = Lab()
    yield made
    made.close()
