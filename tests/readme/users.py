"""Somebody new, who has no rights and a home of their own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port
from tests.waiting import PATIENCE_SECONDS, eventually

UNPRIVILEGED = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
INHERITED = re.compile(r"(?i)ssl_|.*_proxy$|lang$|lc_|uv_|pip_(cert|index|trusted|default)")
NO_INDEX = ("error sending request", "dns error", "No matching distribution")


class User:
    """Somebody new.

    Args:
        folder: an empty folder for all that they have.
        path: where their programs are.
    """

    def __init__(self, folder: Path, path: str) -> None:
        self.folder, self.clone = folder, folder / "podlab"
        (folder / "home").mkdir()
        self.environment = {name: value for name, value in os.environ.items() if INHERITED.match(name)} | {
            "HOME": str(folder / "home"),
            "PATH": path,
            "UV_CACHE_DIR": cache(),
            "IPYTHONDIR": str(folder / "home"),
        }
        self.prefix = UNPRIVILEGED if may_lose_rights() else ()

    def start(self, command: str, folder: Path, **options: Any) -> "subprocess.Popen[str]":
        """Start a command in a shell."""
        words = [*self.prefix, "bash", "-euo", "pipefail", "-c", command]
        options = {"stdin": subprocess.DEVNULL, **options}
        return subprocess.Popen(
            words, cwd=folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
        )

    def run(self, command: str, folder: Path, **options: Any) -> str:
        """What a command says; it must succeed."""
        process = self.start(command, folder, **options)
        said, _ = process.communicate()
        if process.returncode and any(words in said for words in NO_INDEX):
            pytest.skip("no index can be reached")
        assert process.returncode == 0, f"{command}\n{said}"
        return said

    @contextmanager
    def serving(self, command: str, folder: Path, flags: Callable[[int], str]) -> Iterator[str]:
        """A command that starts JupyterLab, while it runs; what it has said by then."""
        port = free_port()
        process = self.start(f"{command} {flags(port)}", folder, start_new_session=True)
        said: list[str] = []
        try:
            for line in process.stdout or ():
                said.append(line)
                if f"127.0.0.1:{port}" in line and "token=" in line:
                    break
            else:
                pytest.fail(f"{command} has ended\n{''.join(said)}")
            assert "JupyterLab" in page(said[-1].strip())
            yield "".join(said)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.communicate(timeout=PATIENCE_SECONDS)
            except subprocess.TimeoutExpired as late:
                os.killpg(process.pid, signal.SIGKILL)
                pytest.fail(f"{command} did not end\n{''.join(said)}{(late.output or b'').decode()}")

    @contextmanager
    def with_path(self, folder: Path) -> Iterator[None]:
        """A folder of programs before the user's others."""
        before = self.environment["PATH"]
        self.environment["PATH"] = os.pathsep.join([str(folder), before])
        try:
            yield
        finally:
            self.environment["PATH"] = before


def may_lose_rights() -> bool:
    """Can a command be run as nobody in particular?"""
    return (
        bool(shutil.which("unshare"))
        and subprocess.run([*UNPRIVILEGED, "true"], capture_output=True, check=False).returncode == 0
    )


def page(url: str) -> str:
    """A page, as soon as there is one: the URL is told before it can be asked."""

    def asked() -> str:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as answer:
                return str(answer.read().decode())
        except OSError:
            return ""

    return eventually(asked, url)


def cache() -> str:
    """uv's cache of packages, which new users share: their environments differ, the packages do not."""
    return subprocess.run([sys.executable, "-m", "uv", "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()


def by_make(port: int) -> str:
    """How `make lab` is told a port."""
    return f"LABFLAGS='--no-browser --port={port}'"


def by_podlab(port: int) -> str:
    """How `podlab lab` is told a port."""
    return f"--no-browser --port={port}"
