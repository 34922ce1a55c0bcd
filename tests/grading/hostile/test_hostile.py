"""Each submission gets the points that its manifests earn; nothing else changes, and nothing is left running."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from podlab.grading.books import from_text
from podlab.grading.pool import Pool
from tests.grading.hostile import corpus, deceits

EVERY = {**corpus.HOSTILE, **corpus.DAMAGE, **deceits.HOSTILE, **deceits.DAMAGE}
WHY = {
    "link": "is a link or no regular file; it was not opened",
    "fifo": "is a link or no regular file; it was not opened",
    "alias bomb": "aliases unfold into more than",
    "deep YAML": "nested deeper than",
    "giant YAML": "the grader takes at most",
    "thousands of containers": "1000 containers; the grader takes at most",
    "huge replicas": "`replicas` is 2000000000; the grader takes at most",
    "false asker": "'podlab-asker' is a name for the grader's own objects",
    "zip bomb": "its zip unpacks into too much",
    "broken zip": "its zip cannot be read",
    "split": "its cell had been split; the parts were joined",
    "merged": "cells had been merged",
    "UTF-16": "was saved as UTF-16",
    "half saved": "the file is not a whole notebook",
    "nothing in it": "0 cells were saved from it",
    "empty folder": "talking.ipynb was not handed in",
    "a terabyte of nothing": "is larger than 20 MiB; it was not opened",
    "greedy zip": "its zip is compressed in an unusual way; it was not read",
    "an integer without end": "cannot unmarshal string",
    "half a letter in YAML": "found invalid Unicode character escape code",
    "an anchor in itself": "contains itself",
    "merge bomb": "aliases unfold into more than",
    "deep blocks": "nested deeper than",
    "metadata is a word": "an object's `metadata` is no mapping",
    "escapes in a kind": "Pod\N{SYMBOL FOR ESCAPE}[31m",
    "a hook into the server": "MutatingWebhookConfiguration",
    "a time zone of the host": "unknown time zone ../../../etc/passwd",
    "a line without end": "more characters)",
    "UTF-32": "was saved as UTF-32",
    "other name": "there is no talking.ipynb; exercise 1 final FINAL.ipynb was graded in its place",
    **deceits.WHY,
}
TRACE = Path("/tmp/podlab-was-here")


def task(folder: Path) -> dict[str, str]:
    return {"do": "mark", "source": str(corpus.SOURCE), "release": str(corpus.RELEASE), "submitted": str(folder)}


def points(text: str) -> tuple[float, ...]:
    from nbgrader.utils import determine_grade

    cells = [c for c in from_text(text).cells if c.metadata.get("nbgrader", {}).get("grade")]
    return tuple(determine_grade(c)[0] for c in cells)


def reasons(text: str) -> Iterator[str]:
    """Why each check gave less than its points."""
    for cell in from_text(text).cells:
        report = cell.metadata.get("podlab") or {"checks": [], "problem": ""}
        for check in report["checks"]:
            if check["earned"] < check["points"]:
                yield report["problem"] or check.get("expected", "")


@pytest.fixture(scope="module")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("submitted")
    folders = {name: root / f"student{place}" for place, name in enumerate(EVERY)}
    for name, (build, _) in EVERY.items():
        folders[name].mkdir()
        build(folders[name])
    return folders


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(2)
    yield made
    made.close()


@pytest.fixture(scope="module")
def graded(pool: Pool, submissions: dict[str, Path]) -> dict[str, Any]:
    places = [corpus.SOURCE, corpus.RELEASE, next(iter(submissions.values())).parent]
    before = [state(place) for place in places]
    futures = {name: pool.submit(task(folder)) for name, folder in submissions.items()}
    books = {name: future.result() for name, future in futures.items()}
    assert [state(place) for place in places] == before, "grading changed what it reads"
    return books


def state(folder: Path) -> list[tuple[str, int, int]]:
    """What lies in a folder, and when it was changed."""
    found = [(path, path.lstat()) for path in sorted(folder.rglob("*")) if "__pycache__" not in path.parts]
    return [(str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found]


@pytest.mark.parametrize("name", EVERY)
def test_submission_earns_what_its_manifests_do(graded: dict[str, Any], name: str) -> None:
    book = graded[name]["talking"]
    assert points(book) == EVERY[name][1]
    assert not TRACE.exists()
    assert all(why for why in reasons(book)), book
    assert WHY.get(name, "") in " ".join(book.split())


@pytest.mark.parametrize("name", ["scripts in outputs", "scripts in a log", "a line without end", "escapes in a kind"])
def test_feedback_runs_no_script_and_has_no_control_characters(pool: Pool, graded: dict[str, Any], name: str) -> None:
    scores = {f"check-{exercise}": [1.0, 4.0] for exercise in ("localhost", "serve", "service")}
    told = {"notebook": "talking", "score": 3.0, "max_score": 13.0, "late_penalty": 0, "scores": scores, "comments": {}}
    book = graded[name]["talking"]
    page = pool.submit({"do": "feedback", "book": book, "name": "talking", "grades": told}).result()
    assert ("&lt;script&gt;alert(" in page) == (name == "scripts in a log")
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", page)
    assert len(page) < 1_000_000


def test_one_submission_earns_the_same_a_hundred_times_over(pool: Pool, submissions: dict[str, Path], tmp_path: Path) -> None:
    """The same bytes, graded and as feedback, by either worker and between whatever else it does."""
    corpus.changed(lambda made: [corpus.drop(name)(made) for name in ("localhost", "service")])(tmp_path)
    first = pool.submit(task(tmp_path)).result()["talking"]
    scores = {f"check-{exercise}": [1.0, 4.0] for exercise in ("localhost", "serve", "service")}
    told = {"notebook": "talking", "score": 5.0, "max_score": 13.0, "late_penalty": 0, "scores": scores, "comments": {}}
    futures = []
    for number in range(100):
        futures.append(pool.submit(task(tmp_path)))
        futures.append(pool.submit({"do": "feedback", "book": first, "name": "talking", "grades": told}))
        if number % 10 == 0:
            pool.submit(task(submissions[("alias bomb", "merged", "spinning")[number // 10 % 3]]))
    results = [future.result() for future in futures]
    assert points(first) == (0.0, 5.0, 0.0)
    assert {result["talking"] for result in results[::2]} == {first}
    assert len(set(results[1::2])) == 1


def test_feedback_is_the_same_bytes_in_another_order(pool: Pool, submissions: dict[str, Path], graded: dict[str, Any]) -> None:
    names = [name for name in EVERY if name not in ("spinning", "output bomb", "memory bomb")][::-3]
    again = {name: pool.submit(task(submissions[name])) for name in names}
    assert {name: future.result() for name, future in again.items()} == {name: graded[name] for name in names}


def test_closing_leaves_nothing_running(submissions: dict[str, Path]) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    made = Pool(1)
    made.submit(task(submissions["spinning"]))
    made.close()
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before
