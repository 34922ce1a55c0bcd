"""How quickly submissions are graded, beside `nbgrader autograde` as it comes.

    python bench/bench_grading.py [--students 20] [--scale 100,300] [--jobs 2]

First a class of students with two notebooks of three exercises each: stock nbgrader, which runs every notebook in a kernel (its
manifest cells only keep their text), and `podlab grade`, in the same run; both as commands, from the start of the process to its
end, and `podlab grade` writes the feedback too. Then `podlab grade` over larger classes: seconds, seconds a student by the wall's
clock and the processors', and the most memory that all its processes have together. All answers differ.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.grading import scratch  # noqa: E402 - the path comes first

PAIR, TALKING = "two", "01-talking"
ENVIRONMENT = {**scratch.ENVIRONMENT, "PODLAB_MANIFESTS": "keep"}
STOCK = """c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--students", type=int, default=20)
    parser.add_argument("--scale", default="100,300")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.students:
            pair(Path(folder), options.students, options.jobs)
        for number, count in enumerate(int(word) for word in options.scale.split(",") if word):
            scale(Path(folder) / f"scale{number}", count, options.jobs)


def pair(folder: Path, students: int, jobs: int) -> None:
    """Stock nbgrader and `podlab grade` on the same submissions of two notebooks."""
    times, used, points = {}, {}, {}
    for name in ("podlab", "stock"):
        course = folder / name
        doubled(course, students)
        if name == "stock":
            (course / "nbgrader_config.py").write_text(STOCK, "utf-8")
        command = ["nbgrader", "autograde", PAIR] if name == "stock" else ["podlab.cli", "grade", PAIR, "--jobs", str(jobs)]
        before = _processor_seconds()
        times[name], _ = timed(command, course)
        used[name] = _processor_seconds() - before
        points[name] = [sum(value or 0 for value in scratch.grades(course, PAIR, f"s{n:04}").values()) for n in range(students)]
    print(f"{students} students, two notebooks of three exercises; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"  nbgrader autograde        {times['stock']:7.1f} s, {used['stock']:6.1f} s of processors")
    print(f"  podlab grade --jobs {jobs}     {times['podlab']:7.1f} s, {used['podlab']:6.1f} s of processors, feedback included")
    print(
        f"  {times['stock'] / times['podlab']:.1f} times faster, with {used['stock'] / used['podlab']:.1f} times less work",
        flush=True,
    )
    assert points["stock"] == points["podlab"], "the two give other points"


def _processor_seconds() -> float:
    """Of all processes that have been started here and have ended."""
    times = os.times()
    return times.children_user + times.children_system


def doubled(course: Path, students: int) -> None:
    """A course of one assignment with two notebooks: the exercises of 01-talking, twice."""
    scratch.course(course, (TALKING,))
    scratch.hand_in(course, TALKING, {f"s{n:04}": scratch.own(n) for n in range(students)})
    for place in ("solutions", "exercises"):
        (course / place / TALKING).rename(course / place / PAIR)
    for student in (course / "grading/submitted").iterdir():
        (student / TALKING).rename(student / PAIR)
    for path in [*course.glob("*/two/talking.ipynb"), *course.glob("grading/submitted/*/two/talking.ipynb")]:
        shutil.copy(path, path.with_name("again.ipynb"))
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", PAIR, "--create", "--force", "--log-level=ERROR"],
        cwd=course,
        env=scratch.ENVIRONMENT,
        check=True,
    )
    for path in course.glob("grading/submitted/*/two"):  # stock nbgrader runs the check cells where the submission lies
        shutil.copy(course / "exercises/two/checks.py", path)


def scale(course: Path, students: int, jobs: int) -> None:
    """`podlab grade` over one class."""
    scratch.course(course, (TALKING,))
    scratch.hand_in(course, TALKING, {f"s{n:04}": scratch.own(n) for n in range(students)})
    before = _processor_seconds()
    seconds, peak = timed(["podlab.cli", "grade", TALKING, "--jobs", str(jobs)], course)
    used = _processor_seconds() - before
    each = f"{seconds / students * 1000:.0f} ms each, {used / students * 1000:.0f} ms of processors"
    print(
        f"  {students:5} submissions {seconds:7.1f} s, {each}; {peak / 2**20:.0f} MiB at most; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def timed(words: list[str], folder: Path) -> tuple[float, float]:
    """Seconds that a command takes, and the most memory that it and what it starts have together."""
    started = time.perf_counter()
    process = psutil.Popen(
        [sys.executable, "-m", *words], cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak))
    watcher.start()
    code = process.wait()
    seconds = time.perf_counter() - started
    watcher.join()
    if code:
        raise SystemExit(f"{' '.join(words)} failed with exit code {code}")
    return seconds, peak[0]


def _watch(process: psutil.Popen, peak: list[float]) -> None:
    while process.is_running() and process.poll() is None:
        total = 0.0
        try:
            for one in [process, *process.children(recursive=True)]:
                total += one.memory_full_info().uss
        except psutil.Error:
            pass
        peak[0] = max(peak[0], total)
        time.sleep(0.25)


if __name__ == "__main__":
    main()
