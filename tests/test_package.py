import subprocess
import sys

import pytest

import podlab


def test_names_are_there():
    assert podlab.Lab.__name__ == "Lab"
    assert set(podlab.__all__) == set(dir(podlab))
    for name in podlab.__all__:
        assert getattr(podlab, name) is not None


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        podlab.nothing  # noqa: B018


@pytest.mark.parametrize("module", ["podlab", "podlab.cli", "podlab.cli.up", "podlab.clusters.mock"])
def test_import_on_the_way_of_up_is_cheap(module):
    heavy = ("kubernetes", "matplotlib", "numpy", "yaml", "aiohttp", "urllib3", "psutil", "IPython")
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
