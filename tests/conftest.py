"""Fixtures for all tests: nothing of the user's own (home, kubeconfig, choice of a cluster) reaches a test."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# No test is timed. CI plays the same examples each time, so that a change is judged by what it changes; elsewhere they are new.
settings.register_profile("explore", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "explore")

_USERS = ("KUBECONFIG", "PODLAB_CLUSTER", "PODLAB_KUBECONFIG", "PODLAB_MANIFESTS", "NBGRADER_EXECUTION", "NBGRADER_VALIDATING")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A podlab home for each test; the user's own is left alone."""
    for name in _USERS:
        monkeypatch.delenv(name, raising=False)
    home = tmp_path_factory.mktemp("podlab-home")
    monkeypatch.setenv("PODLAB_HOME", str(home))
    return home
