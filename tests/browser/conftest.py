"""One JupyterLab and one Chromium for the tests of a module. Screenshots go to `PODLAB_SCREENSHOTS`, if that is set."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from podlab.clusters.mock import Mock
from tests.browser.jupyter import CHROMEDRIVER, CHROMIUM, Jupyter, Page, chromium
from tests.waiting import eventually


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    """A running server."""
    if not (CHROMIUM and CHROMEDRIVER):
        pytest.skip("chromium or chromedriver is not installed")
    server = Jupyter(tmp_path_factory.mktemp("jupyter"))
    try:
        eventually(server.answers, "JupyterLab")
        yield server
    finally:
        server.stop()
        Mock(server.home / "mock").down(print)


@pytest.fixture(scope="module")
def page(jupyter: Jupyter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A browser with that server before it."""
    pictures = Path(os.environ.get("PODLAB_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots")).absolute()
    pictures.mkdir(parents=True, exist_ok=True)
    driver = chromium(tmp_path_factory.mktemp("profile"))
    try:
        yield Page(driver, jupyter, pictures)
    finally:
        driver.quit()
