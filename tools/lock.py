"""Compute the lock files: every version with its hashes, so that an environment is the same wherever and whenever it is made.

`requirements.lock` has everything, for all systems and Pythons that podlab runs on: first what the course needs, and after
`REST` what tests and tools need too. `binder/requirements.txt` has what the course needs, for Binder's.

    python tools/lock.py [--upgrade]
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK, BINDER = ROOT / "requirements.lock", ROOT / "binder" / "requirements.txt"
HEAD, REST = "# Made by `make lock`. The course:", "# Tests and tools:"
COMMON = ("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate")
UNIVERSAL = ("--universal", "--python-version", "3.11", "--constraint", "tools/constraints.txt")
FOR_BINDER = ("--python-platform", "linux", "--python-version", "3.12", "--extra", "course")


def main(more: list[str]) -> int:
    """Write the lock files; no host of an index is named in them."""
    known = ["--constraint", str(LOCK)] if LOCK.exists() and not more else []  # what is locked stays, unless --upgrade
    everything = resolve([*UNIVERSAL, *known, "--all-extras"])
    with tempfile.TemporaryDirectory() as folder:
        chosen = Path(folder) / "chosen.txt"
        chosen.write_text("\n".join(everything), "utf-8")
        known = ["--constraint", str(chosen)]
        course = {name(entry) for entry in resolve([*UNIVERSAL, *known, "--extra", "course", "--extra", "build"])}
        binder = resolve([*FOR_BINDER, *known])
    first = [entry for entry in everything if name(entry) in course]
    rest = [entry for entry in everything if name(entry) not in course]
    LOCK.write_text("\n".join([HEAD, *first, REST, *rest, ""]), "utf-8")
    BINDER.write_text("\n".join([HEAD, *binder, ""]), "utf-8")
    return 0


def resolve(options: list[str]) -> list[str]:
    """A lock's entries, each with its hashes."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", *COMMON, *options, "pyproject.toml"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    text = "\n".join(line for line in done.stdout.splitlines() if not line.startswith(("--", "#")))
    return re.split(r"\n(?=[A-Za-z0-9])", text.strip())


def name(entry: str) -> str:
    """The package that an entry locks."""
    return re.split(r"[=\[ ]", entry)[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
