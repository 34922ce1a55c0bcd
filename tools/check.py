"""Everything that is checked without running tests: format, lint, types, import layers, drift of what is generated; a line each.

python tools/check.py [NAME ...]
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: dict[str, Sequence[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "lint": [str(BIN / "ruff"), "check", "--quiet", "."],
    "types": [sys.executable, "-m", "mypy", "--no-error-summary"],
    "layers": [str(BIN / "lint-imports")],
    "notebooks": [sys.executable, "course/build.py", "--check"],
    "coverage": [sys.executable, "-m", "tests.course.coverage", "--check"],
    "recordings": [sys.executable, "-m", "tests.envoy.recording", "--check"],
    "fidelity": [sys.executable, "tools/fidelity.py", "--check"],
}


def main(names: Sequence[str]) -> int:
    """Run the checks named, or all; print what each has to say if it fails. Returns the number of failures."""
    failures = 0
    for name in names or CHECKS:
        done = subprocess.run(CHECKS[name], cwd=ROOT, check=False, capture_output=True, text=True)
        print(f"{name:10} {'ok' if done.returncode == 0 else 'FAILED'}", flush=True)
        if done.returncode:
            failures += 1
            print(done.stdout + done.stderr, flush=True)
    return failures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
