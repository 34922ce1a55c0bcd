import threading

import pytest

from podlab.lab import progress
from podlab.lab.progress import Progress
from tests.waiting import PATIENCE_SECONDS


@pytest.fixture
def screen(monkeypatch):
    """Somebody who looks at a terminal."""
    for name in ("CI", "NBGRADER_EXECUTION", "NBGRADER_VALIDATING", "PODLAB_QUIET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(progress, "_in_notebook", lambda: False)
    monkeypatch.setattr(progress, "_on_terminal", lambda: True)


@pytest.mark.parametrize("name", ["CI", "NBGRADER_EXECUTION", "NBGRADER_VALIDATING", "PODLAB_QUIET"])
def test_nobody_looks_under(screen, monkeypatch, name):
    assert progress.somebody_looks()
    monkeypatch.setenv(name, "1")
    assert not progress.somebody_looks()


def test_nobody_looks_at_a_pipe(screen, monkeypatch):
    monkeypatch.setattr(progress, "_on_terminal", lambda: False)
    assert not progress.somebody_looks()


def test_short_waits_show_nothing(screen, capsys):
    with Progress("waiting for pod/web", 60):
        pass
    assert capsys.readouterr() == ("", "")


def test_long_waits_show_a_bar_on_stdout_alone(screen, monkeypatch, capsys):
    monkeypatch.setattr(progress, "APPEARS_AFTER_SECONDS", 0)
    monkeypatch.setattr(progress, "TICK_SECONDS", 0.001)
    shown = threading.Event()
    real = progress._bar

    def watched(*arguments):
        bar = real(*arguments)
        update = bar.set_postfix_str
        bar.set_postfix_str = lambda *words, **options: (update(*words, **options), shown.set())
        return bar

    monkeypatch.setattr(progress, "_bar", watched)
    with Progress("waiting for pod/web (Ready)", 60) as bar:
        bar.note = lambda: "Pending"
        assert shown.wait(PATIENCE_SECONDS)
    said = capsys.readouterr()
    assert "waiting for pod/web (Ready)" in said.out
    assert "Pending" in said.out
    assert said.err == ""


def test_nothing_runs_where_nobody_looks(screen, monkeypatch):
    monkeypatch.setenv("CI", "true")
    before = threading.active_count()
    with Progress("waiting", 60):
        assert threading.active_count() == before
