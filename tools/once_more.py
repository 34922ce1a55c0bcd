"""A plugin of pytest for CI: tests that failed beside others are tried once more, alone on a machine that has become quiet.

    python -m pytest -n auto -p tools.once_more

Some tests live in real time beside browsers, other servers and other clients. When a few fail, each of them runs again in a
process of its own, one after the other, and how that ends decides. Who was tried again is told by name: it is a defect, to be
mended. More than a few are no accident, and what cannot even be collected is not tried again.
"""

import os
import subprocess
import sys
from copy import copy

import pytest

A_FEW = 5
FAILED = ("failed", "error")


class OnceMore:
    """Tries again when the session is over, before pytest sums up."""

    def __init__(self) -> None:
        self.tried: dict[str, bool] = {}

    @pytest.hookimpl(trylast=True)  # the workers have gone
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Lets the second try decide how the session ends."""
        terminal = session.config.pluginmanager.get_plugin("terminalreporter")
        reports = {report.nodeid: report for kind in FAILED for report in terminal.stats.get(kind, ())}
        if exitstatus != pytest.ExitCode.TESTS_FAILED or len(reports) > A_FEW or not all("::" in name for name in reports):
            return
        terminal.ensure_newline()
        terminal.section(f"{len(reports)} failed: each once more, alone", bold=True)
        self.tried = {name: passes(name) for name in sorted(reports)}
        for kind in FAILED:
            terminal.stats[kind] = [report for report in terminal.stats.get(kind, ()) if not self.tried[report.nodeid]]
        for name, passed in self.tried.items():
            report = copy(reports[name])
            terminal.stats.setdefault("tried again", []).append(report)
            if passed:
                report.outcome = "passed"
                terminal.stats.setdefault("passed", []).append(report)
        if all(self.tried.values()):
            session.exitstatus = pytest.ExitCode.OK

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Names who was tried again, and tells how the first try failed."""
        if not self.tried:
            return
        terminalreporter.section("tried once more, alone: each is a defect, to be mended")
        for report in terminalreporter.stats["tried again"]:
            if report.passed:
                terminalreporter.line(report.longreprtext)
        for name, passed in self.tried.items():
            terminalreporter.line(f"{'PASSED WHEN ALONE' if passed else 'FAILED AGAIN'} {name}")


def passes(name: str) -> bool:
    """Whether a test passes by itself. What it says goes where this session's words go."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    words = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", name]
    return subprocess.run(words, check=False, env=own).returncode == pytest.ExitCode.OK


def pytest_configure(config: pytest.Config) -> None:
    """Looks on in the one process that sums up, not in its workers."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(OnceMore(), "once-more")
