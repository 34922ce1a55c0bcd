"""Who is ended by the grader's watch, and who is not."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from podlab.grading.watching import watched


@contextmanager
def running(code: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_process_that_uses_too_much_is_ended() -> None:
    with running("while True: pass") as process, watched(process, wall_seconds=600, cpu_seconds=0.1):
        assert process.wait() != 0


def test_process_that_does_nothing_is_ended_at_last() -> None:
    with running("input()") as process, watched(process, wall_seconds=0.5, cpu_seconds=600):
        assert process.wait() != 0


def test_process_that_ends_in_time_is_left_alone() -> None:
    with running("print(input())") as process:
        with watched(process, wall_seconds=600, cpu_seconds=600):
            assert process.communicate("answer\n")[0] == "answer\n"
        assert process.returncode == 0
