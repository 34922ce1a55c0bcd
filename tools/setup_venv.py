"""Make `.venv`: a virtual environment with what `requirements.lock` says, and podlab itself, editable.

Needs nothing but Python 3.11 or newer; takes uv where it is there, else venv and pip. `make` calls it; a stamp in `.venv`
tells the next call that nothing has changed, so that it ends at once. `--course` leaves out what only tests and tools need,
which is a third.

    python3 tools/setup_venv.py [--course] [--venv .venv] [--python PYTHON]
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK, REST = "requirements.lock", "# Tests and tools:"
INPUTS = (LOCK, "pyproject.toml", "tools/setup_venv.py")
OLDEST = (3, 11)
NAMES = ("python3.13", "python3.12", "python3.14", "python3.11")
ALL, COURSE = "podlab.stamp", "course.stamp"
LAST_LINES = 12


def main() -> int:
    """Set up, unless nothing has changed."""
    parser = argparse.ArgumentParser(description="Make the virtual environment that make uses.")
    parser.add_argument("--course", action="store_true", help="what the course needs, without tests and tools")
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv")
    parser.add_argument("--python", default=sys.executable)
    arguments = parser.parse_args()
    venv, wanted = arguments.venv.absolute(), fingerprint()
    if not is_ready(venv, wanted, (ALL, COURSE) if arguments.course else (ALL,)):
        set_up(venv, arguments.python, course=arguments.course)
    for name in (COURSE,) if arguments.course else (COURSE, ALL):
        (venv / name).write_text(wanted, "utf-8")
    return 0


def is_ready(venv: Path, wanted: str, stamps: tuple[str, ...]) -> bool:
    """Is what is wanted there already, with a Python that has not been removed since?"""
    there = [venv / name for name in stamps if (venv / name).exists()]
    return program(venv, "python").exists() and any(stamp.read_text("utf-8") == wanted for stamp in there)


def set_up(venv: Path, given: str, *, course: bool) -> None:
    """Make the environment, or bring it up to date."""
    python, uv = find_python(given), shutil.which("uv")
    what = "what the course needs" if course else "everything"
    print(f"Setting up {venv} with {what} ({'uv' if uv else 'venv and pip'}, {python}); this takes a minute or two.", flush=True)
    if (venv / "pyvenv.cfg").exists() and not program(venv, "python").exists():
        shutil.rmtree(venv)  # made by a Python that is gone, or on another system
    make(uv, python, venv)
    lock = (ROOT / LOCK).read_text("utf-8")
    wanted = venv / "wanted.txt"
    wanted.write_text(lock.partition(REST)[0] if course else lock, "utf-8")
    install(uv, venv, wanted)
    run([str(program(venv, "python")), "-m", "compileall", "-q", "podlab"])  # else the first start has to


def fingerprint() -> str:
    """What the environment depends on, as a hash."""
    digest = hashlib.sha256(sys.platform.encode())
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def find_python(given: str) -> str:
    """A Python that is new enough: the one given, else one on PATH."""
    if sys.version_info >= OLDEST and given == sys.executable:
        return given
    for name in (given, *NAMES):
        found = shutil.which(name)
        if found and is_new_enough(found):
            return found
    uv = shutil.which("uv")
    if uv:
        return "3.12"  # uv finds or fetches it
    raise SystemExit(
        f"podlab needs Python {'.'.join(map(str, OLDEST))} or newer. Name one with: make PYTHON=/path/to/python3.12 ..."
    )


def is_new_enough(python: str) -> bool:
    """Does this program say that it is new enough?"""
    question = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([python, "-c", question], check=False, stderr=subprocess.DEVNULL).returncode == 0


def make(uv: str | None, python: str, venv: Path) -> None:
    """An environment with nothing in it, unless there is one."""
    if program(venv, "python").exists():
        return
    if uv:
        run([uv, "venv", "--quiet", "--allow-existing", "--python", python, str(venv)])
    elif subprocess.run([python, "-m", "venv", str(venv)], check=False, cwd=ROOT).returncode:
        raise SystemExit("This Python cannot make virtual environments. On Debian and Ubuntu: sudo apt-get install python3-venv")


def install(uv: str | None, venv: Path, wanted: Path) -> None:
    """What is wanted, by its hashes, and podlab itself."""
    python = str(program(venv, "python"))
    if uv:
        pip = [uv, "pip", "install", "--quiet", "--python", python]
        run([*pip, "--compile-bytecode", "--require-hashes", "-r", str(wanted)])
    else:
        pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--no-input"]
        count(
            [*pip, "--require-hashes", "--prefer-binary", "--progress-bar", "off", "-r", str(wanted)],
            sum(line[:1].isalnum() for line in wanted.read_text("utf-8").splitlines()),
        )
        pip += ["--quiet"]
    run([*pip, "--no-deps", "--no-build-isolation", "--editable", "."])


def program(venv: Path, name: str) -> Path:
    """A program of the environment."""
    return venv / "Scripts" / f"{name}.exe" if os.name == "nt" else venv / "bin" / name


def environment() -> dict[str, str]:
    """This process' environment, without what would lead to another Python's packages."""
    mine = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")}
    return {**mine, "PIP_ROOT_USER_ACTION": "ignore"}


def run(words: list[str]) -> None:
    """Run a step; its own words say what went wrong."""
    if subprocess.run(words, check=False, cwd=ROOT, env=environment()).returncode:
        raise SystemExit(f"Setting up failed at: {' '.join(words)}")


def count(words: list[str], total: int) -> None:
    """Run pip, and count the packages on a terminal instead of showing its hundreds of lines, unless it fails."""
    done, said = 0, []
    with subprocess.Popen(
        words, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
    ) as process:
        for line in process.stdout or ():
            said = [*said, line][-LAST_LINES:]
            done += line.startswith(("Collecting ", "Ignoring ", "Requirement already "))
            if sys.stdout.isatty():
                installing = ", installing" if line.startswith("Installing ") else ""
                print(f"\r  {done} of {total} packages{installing}", end="", flush=True)
    if sys.stdout.isatty():
        print()
    if process.returncode:
        raise SystemExit(f"{''.join(said)}\nSetting up failed at: {' '.join(words)}")


if __name__ == "__main__":
    sys.exit(main())
