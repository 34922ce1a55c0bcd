"""Builds the course from its text sources: notebooks for reading, nbgrader's source notebooks, and their release.

    python course/build.py            write what has changed
    python course/build.py --check    write nothing; fail when something would change

    course/chapters/NAME.md              ->  notebooks/NAME.ipynb
    course/assignments/NAME/*.md         ->  solutions/NAME/*.ipynb        (nbgrader's source directory)
    course/assignments/NAME/*.py         ->  solutions/NAME/*.py           (and a folder `checks` with all that is in it)
    solutions/NAME                       ->  exercises/NAME                (nbgrader's release directory, by generate_assignment)

Sources are MyST notebooks (jupytext). What is built has no outputs, and cell ids that come from the cells' grade_ids and
places, so that two builds are equal byte for byte. `hidden_checks` go to solutions/ and never to exercises/.
"""

import argparse
import filecmp
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jupytext
import nbformat

ROOT = Path(__file__).resolve().parent.parent
COURSE = ROOT / "course"
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python", "pygments_lexer": "ipython3"},
}
COLAB = """\
# @title Only for Google Colab, which has no podlab yet; elsewhere this cell does nothing
import sys

if "google.colab" in sys.modules:
    %pip install --quiet "podlab[plots]\""""
BUILT = ("notebooks", "solutions", "exercises")
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


def notebook(source: Path) -> nbformat.NotebookNode:
    """Reads a MyST source as a notebook, with ids that depend on nothing but its text."""
    book = jupytext.read(source)
    book.metadata = nbformat.from_dict(KERNEL)
    book.nbformat, book.nbformat_minor = 4, 5
    for place, cell in enumerate(book.cells):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell["id"] = _cell_id(grade_id or f"{source.stem}-{place + 1:03d}")
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return book


def chapter(source: Path) -> nbformat.NotebookNode:
    """A chapter, which also runs where it is opened alone: before its first code, a folded cell that fetches podlab on Colab."""
    book = notebook(source)
    if source.stem[0].isdigit():
        place = next(n for n, cell in enumerate(book.cells) if cell.cell_type == "code")
        folded = {"cellView": "form", "jupyter": {"source_hidden": True}, "tags": ["colab"]}
        cell = nbformat.v4.new_code_cell(COLAB, id=_cell_id(f"{source.stem}-colab"), metadata=folded)
        book.cells.insert(place, cell)
    return book


def _cell_id(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", text)[:64]


def write(book: Any, path: Path) -> None:
    """Writes a notebook with one trailing newline."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(book, indent=1).rstrip("\n") + "\n", encoding="utf-8", newline="\n")


def build(target: Path) -> None:
    """Builds everything below `target`."""
    for source in sorted((COURSE / "chapters").glob("*.md")):
        write(chapter(source), target / "notebooks" / f"{source.stem}.ipynb")
    for assignment in sorted(p for p in (COURSE / "assignments").iterdir() if p.is_dir()):
        for source in sorted(assignment.iterdir()):
            place = target / "solutions" / assignment.name
            if source.suffix == ".md":
                write(notebook(source), place / f"{source.stem}.ipynb")
            elif source.name != "__pycache__":
                copy(source, place / source.name)
    release(target)


def copy(source: Path, target: Path) -> None:
    """Copies a file, or a folder of checks."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source, target)


def release(target: Path) -> None:
    """Lets nbgrader make the release of every assignment, and gives its notebooks their stable form."""
    names = sorted(p.name for p in (target / "solutions").iterdir())
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copyfile(ROOT / "nbgrader_config.py", target / "nbgrader_config.py") if target != ROOT else None
        for name in names:
            command = [
                *(sys.executable, "-m", "nbgrader", "generate_assignment", name, "--create", "--force", "--log-level=WARN"),
                f"--CourseDirectory.root={target}",
                f"--CourseDirectory.db_url=sqlite:///{Path(scratch) / 'gradebook.db'}",
            ]
            done = subprocess.run(command, cwd=target, capture_output=True, text=True, env=_environment(), check=False)
            if done.returncode:
                raise SystemExit(f"nbgrader could not release {name}:\n{done.stdout}{done.stderr}")
    for path in sorted((target / "exercises").glob("*/*.ipynb")):
        book = nbformat.read(path, as_version=4)
        book.metadata = nbformat.from_dict(KERNEL)
        write(book, path)
        prove_no_leak(target / "solutions" / path.parent.name / path.name, path)


def _environment() -> dict[str, str]:
    """nbgrader calls `alembic` by its bare name: it must be found although the virtual environment may not be active."""
    here = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": here + os.pathsep + os.environ.get("PATH", ""), "PYTHONWARNINGS": "ignore"}


def prove_no_leak(solution: Path, exercise: Path) -> None:
    """Fails when a line of a solution stands in the release (lines that the task itself shows do not count)."""
    source, released = nbformat.read(solution, as_version=4), nbformat.read(exercise, as_version=4)
    shown = {line.strip() for cell in source.cells for line in SOLUTION.sub("", cell.source).splitlines()}
    everything = "\n".join(cell.source for cell in released.cells)
    lines = {line.strip() for line in everything.splitlines()}
    for cell in source.cells:
        for part in SOLUTION.findall(cell.source):
            for line in part.splitlines():
                if len(line.strip()) > 12 and line.strip() not in shown and line.strip() in lines:
                    raise SystemExit(f"{exercise}: a line of the solution was released: {line.strip()!r}")
    if list(exercise.parent.glob("hidden_checks*")) or "BEGIN SOLUTION" in everything or "BEGIN HIDDEN" in everything:
        raise SystemExit(f"{exercise}: hidden checks or solution markers were released")


def files(root: Path) -> Iterator[Path]:
    """The built files below `root`, relative to it."""
    for folder in BUILT:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and ".ipynb_checkpoints" not in path.parts and "__pycache__" not in path.parts:
                yield path.relative_to(root)


def compare(fresh: Path) -> list[str]:
    """What differs between a fresh build and the repository."""
    built, there = set(files(fresh)), set(files(ROOT))
    lines = [f"not built yet: {path}" for path in sorted(built - there)] + [
        f"has no source: {path}" for path in sorted(there - built)
    ]
    return lines + [f"differs: {p}" for p in sorted(built & there) if not filecmp.cmp(fresh / p, ROOT / p, shallow=False)]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Build the course's notebooks from their text sources.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something would change")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        build(fresh)
        differences = compare(fresh)
        if options.check:
            for line in differences:
                sys.stdout.write(line + "\n")
            sys.stdout.write(
                "the notebooks are up to date\n" if not differences else "run `make notebooks` and commit what it writes\n"
            )
            return 1 if differences else 0
        for name in BUILT:
            if (fresh / name).exists():
                shutil.rmtree(ROOT / name, ignore_errors=True)
                shutil.copytree(fresh / name, ROOT / name)
    sys.stdout.write("\n".join(differences) + ("\n" if differences else "the notebooks are up to date\n"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
