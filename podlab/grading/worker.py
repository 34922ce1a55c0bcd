"""A worker: a process that reads submissions and evaluates exercises, so that the grader itself never does.

    python -m podlab.grading.worker

Tasks come as lines of JSON on standard input, answers go as lines to standard output: `{"stage": NAME}` as each begins,
and at last `{"result": ...}` or `{"fault": TEXT}`. It ends when its input does, also in the middle of a task: nothing is left
running when the grader dies.
"""

import json
import os
import queue
import signal
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from podlab.errors import PodlabError
from podlab.grading.bounds import CPU_SECONDS, Halted
from podlab.grading.lighten import lighten

if TYPE_CHECKING:
    from podlab.grading.marking import Stages

MAX_MEMORY: Final = 3 << 30
OWN_FAULT: Final = "podlab itself failed at this submission, and nothing is recorded; please report it, with these lines:"
TRACEBACK_MOST: Final = 1500


def main() -> None:
    """Serves tasks until there is no more input."""
    answers, source = os.fdopen(os.dup(1), "w", encoding="utf-8"), os.fdopen(os.dup(0), "r", encoding="utf-8")
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(quiet, 1)
    _limit()
    tasks: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(source, tasks), daemon=True).start()
    _warm_up(tasks.empty)
    while True:
        _say(answers, _answer(json.loads(tasks.get()), answers))


def _warm_up(idle: Callable[[], bool]) -> None:
    """Imports everything, and makes pages of feedback ready too, while the grader is still looking for what there is to do."""
    lighten()
    from podlab.grading import feedback, marking  # noqa: F401 - what tasks are done by
    from podlab.mock.cluster import Cluster
    from podlab.mock.server.collector import tune

    Cluster(0).close()
    if idle():
        feedback.exporter()
    tune()


def _listen(source: IO[str], tasks: "queue.SimpleQueue[str]") -> None:
    for line in source:
        tasks.put(line)
    os._exit(0)


def _limit() -> None:
    """Bounds memory and processor time, where the system can."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, _halt)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        return


def _halt(number: int, frame: object) -> None:
    raise Halted


def _timer(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _answer(task: dict[str, Any], answers: IO[str]) -> dict[str, Any]:
    from podlab.grading.marking import Stages
    from podlab.grading.rubrics import ChecksUnusable

    def begin(stage: str) -> None:
        _say(answers, {"stage": stage})
        _timer(CPU_SECONDS)

    try:
        return {"result": _do(task, Stages(begin, task.get("skip", [])))}
    except ChecksUnusable as known:
        return {"fault": known.message}  # its hint is for students
    except PodlabError as known:
        return {"fault": str(known)}
    except (Exception, Halted):
        return {"fault": f"{OWN_FAULT}\n{traceback.format_exc()[-TRACEBACK_MOST:]}"}
    finally:
        _timer(0)


def _do(task: dict[str, Any], stages: "Stages") -> Any:
    from podlab.grading.books import as_text, from_text
    from podlab.grading.marking import Marking, evaluate_cells, graft_all, mark

    if task["do"] == "mark":
        return mark(task, stages)
    if task["do"] == "graft":
        books = graft_all(Path(task["release"]), Path(task["submitted"]), stages)
        return {name: as_text(book) for name, book in books.items()}
    if task["do"] == "evaluate":
        book = from_text(task["book"])
        evaluate_cells("", book, Marking(Path(task["source"]), task["student"], stages=stages))
        return as_text(book)
    if task["do"] == "feedback":
        from podlab.grading.feedback import page

        return page(task["book"], task["name"], task["grades"])
    raise ValueError(f"there is no task {task['do']!r}")


def _say(answers: IO[str], message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
