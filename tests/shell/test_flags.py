"""Every flag that a usage names is taken or refused by name, and what is taken is played by some recorded script."""

import pytest

from podlab.mock.programs.catalogue import MODULE_OF
from tests.shell.flags import unaccounted


@pytest.mark.parametrize("name", sorted(MODULE_OF))
def test_applet_takes_or_refuses_each_flag_of_its_usage(name: str) -> None:
    assert unaccounted(name) == set()
