"""How long the course's chapters take on the mock, from the start of their kernels to the last cell.

python bench/bench_course.py [CHAPTER ...]

Every chapter runs as the tests run it, one after another; beside it stands the time of a kernel that runs nothing.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from podlab.clusters.mock import Mock

ROOT = Path(__file__).resolve().parents[1]


def seconds(book: Any, folder: str) -> float:
    """How long a notebook takes."""
    started = time.perf_counter()
    NotebookClient(book, timeout=600, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    return time.perf_counter() - started


def main() -> None:
    """Print a line a chapter, and the sum."""
    wanted = sys.argv[1:]
    chapters = [p for p in sorted((ROOT / "notebooks").glob("0*.ipynb")) if not wanted or any(w in p.stem for w in wanted)]
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(PODLAB_HOME=f"{folder}/home", PODLAB_CLUSTER="mock", PODLAB_QUIET="1")
        empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import podlab")])
        print(f"{'a kernel alone':20} {seconds(empty, folder):6.1f} s")
        total = 0.0
        try:
            for path in chapters:
                took = seconds(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4), folder)
                total += took
                print(f"{path.stem:20} {took:6.1f} s", flush=True)
        finally:
            Mock().down(lambda *_: None)
    load = f" (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors)" if hasattr(os, "getloadavg") else ""
    print(f"{'together':20} {total:6.1f} s{load}")


if __name__ == "__main__":
    main()
