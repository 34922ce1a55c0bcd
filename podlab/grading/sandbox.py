"""Students' Python, for the exercises of instructors who want it: in a bubblewrap sandbox, or not at all.

Inside there is no network, no environment, no file but Python's own (read only) and a folder in memory, and nothing of it is left
when it ends. What comes out are cells' outputs, as text that is read within bounds. A sandbox keeps the machine and other
students' work safe; it cannot keep a student's code from deceiving the test cells that run beside it.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from nbformat import v4

from podlab.errors import PodlabError
from podlab.grading.checkcells import error_output

new_output: Any = v4.new_output

SECONDS: Final = 40.0
"""How long a notebook may run; less than the grader waits for its worker."""
MAX_OUTPUT: Final = 2 << 20
MAX_OUTPUTS: Final = 50
MAX_TEXT: Final = 20_000
MAX_MEMORY: Final = 2 << 30
HOME: Final = "/tmp"
SYSTEM: Final = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/alternatives", "/etc/ld.so.cache")
RUNNER: Final = """
import json, resource, sys
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
book = nbformat.from_dict(json.load(sys.stdin))
client = NotebookClient(book, timeout={cell_seconds}, allow_errors=True, kernel_name="python3")
try:
    client.execute()
except (CellTimeoutError, DeadKernelError):
    pass
sys.stdout.write(json.dumps([cell.get("outputs", []) if cell.get("execution_count") else None for cell in book.cells]))
"""
"""Runs a notebook, and prints its cells' outputs; none for a cell that did not run."""


class NoSandbox(PodlabError):
    """Students' Python was not run, because nothing would have held it: nobody's answer is wrong by that."""


def find() -> str:
    """The path of bubblewrap.

    Raises:
        NoSandbox: It is not installed, or may not be used here.
    """
    path = shutil.which("bwrap")
    if path is None:
        raise NoSandbox(
            "Students' Python runs in a bubblewrap sandbox alone, and there is no bwrap here: it was not run.",
            "on Linux, apt install bubblewrap (or dnf, apk); other systems have none.",
        )
    tried = subprocess.run(
        [path, *_walls([]), "true"], capture_output=True, encoding="utf-8", errors="replace", timeout=30, check=False
    )
    if tried.returncode:
        said = tried.stderr.strip() or f"exit code {tried.returncode}"
        raise NoSandbox(
            f"bubblewrap cannot be used here ({said}): students' Python was not run.", "user namespaces must be allowed."
        )
    return path


def run(book: Any) -> list[Any]:
    """The outputs of a notebook's cells, in their order; None for one that did not run.

    Args:
        book: A grafted notebook; all its code cells are run.

    Raises:
        NoSandbox: There is none.
        PodlabError: The notebook did not come to its end within bounds.
    """
    code = RUNNER.format(memory=MAX_MEMORY, cell_seconds=int(SECONDS / 2))
    command = [find(), *_walls(_python()), sys.executable, "-I", "-c", code]
    try:
        done = subprocess.run(command, input=json.dumps(book).encode(), capture_output=True, timeout=SECONDS, check=False, env={})
    except subprocess.TimeoutExpired:
        raise PodlabError(f"the notebook ran longer than {SECONDS:.0f} seconds, and was stopped.") from None
    return _outputs(done.stdout, len(book.cells))


def _walls(more: list[str]) -> list[str]:
    """bubblewrap's options: everything is unshared, everything dies with us."""
    return [
        *("--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"),
        *("--setenv", "HOME", HOME, "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "LANG", "C.UTF-8"),
        *(word for path in SYSTEM if os.path.exists(path) for word in _shown(path)),
        *("--proc", "/proc", "--dev", "/dev", "--tmpfs", HOME, "--chdir", HOME),
        *more,
    ]


def cleaned(outputs: list[Any] | None, points: float) -> list[Any]:
    """A graded cell's outputs, as text alone; a result that is a number is one that can be given as points."""
    if outputs is None:
        return [error_output(["the cell was not reached: Python had ended, or took too long"])]
    kept = []
    for output in outputs[:MAX_OUTPUTS]:
        kind = output.get("output_type") if isinstance(output, dict) else None
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            kept.append(new_output("stream", name=name, text=_text(output.get("text"))))
        elif kind == "error":
            kept.append(error_output([f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}"]))
        elif kind in ("execute_result", "display_data"):
            data = output.get("data")
            text = _text(data.get("text/plain") if isinstance(data, dict) else "")
            kept.append(_result(kind, text, points))
    return kept


def _result(kind: str, text: str, points: float) -> Any:
    try:
        fits = 0 <= float(text) <= points
    except ValueError:
        fits = kind != "execute_result" or bool(text)
    return (
        new_output(kind, data={"text/plain": text})
        if fits
        else error_output([f"{text!r} is no number of points from 0 to {points:g}"])
    )


def _text(value: Any) -> str:
    return ("".join(map(str, value)) if isinstance(value, list) else str(value))[:MAX_TEXT]


def _shown(path: str) -> Iterator[str]:
    if os.path.islink(path):
        yield from ("--symlink", os.readlink(path), path)
    else:
        yield from ("--ro-bind", path, path)


def _python() -> list[str]:
    """This Python and its environment, read only, where they are not in the system's folders."""
    places = sorted(
        {str(Path(p).resolve()) for p in (sys.prefix, sys.base_prefix, sys.exec_prefix)} | {sys.prefix, sys.base_prefix}
    )
    return [word for place in places if not place.startswith("/usr/") and place != "/usr" for word in ("--ro-bind", place, place)]


def _outputs(text: bytes, count: int) -> list[Any]:
    """Reads what came out, which may be anything."""
    if len(text) > MAX_OUTPUT:
        raise PodlabError(f"the notebook printed more than {MAX_OUTPUT >> 20} MiB.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise PodlabError("the notebook could not be run to its end.") from None
    if not isinstance(found, list) or len(found) != count or not all(isinstance(outputs, list | None) for outputs in found):
        raise PodlabError("the notebook could not be run to its end.")
    return found
