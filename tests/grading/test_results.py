"""What an instructor gets after grading: the report, likeness, and files for learning management systems."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from podlab.cli import main
from podlab.errors import PodlabError
from podlab.grading.exporting import SYSTEMS, filled, fresh
from podlab.grading.gradebook import Course
from podlab.grading.grader import Grader, Wish, students
from podlab.grading.pool import Pool
from podlab.grading.report import lines, page
from podlab.grading.similarity import alike, normalised
from podlab.grading.summary import Row, Summary, summary
from tests.grading import scratch

TALKING = "01-talking"


def row(student: str, score: float, **more: Any) -> Row:
    names = {"first_name": "", "last_name": "", "email": "", "penalty": 0.0, "needs_review": False, **more}
    return Row(student=student, score=score, **names)


RESULTS = Summary(
    TALKING,
    13.0,
    [
        row("kim.minji", 12.5, first_name="민지", last_name="김", email="minji@uni.example"),
        row("=2+2", 0.0, first_name="=cmd()", last_name="Evil"),
        row("\N{FULLWIDTH PLUS SIGN}1", 1.0, first_name="\x1b[2J\r", last_name=" @SUM(1)"),
    ],
)


def read(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_canvas_gets_points_possible_and_logins() -> None:
    assert read(fresh(SYSTEMS["canvas"], [RESULTS])) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", TALKING],
        ["    Points Possible", "", "", "", "", "13"],
        ["Evil, =cmd()", "", "", "'=2+2", "", "0"],
        ["김, 민지", "", "", "kim.minji", "", "12.5"],
        ["' @SUM(1), \N{SYMBOL FOR ESCAPE}[2J\N{SYMBOL FOR CARRIAGE RETURN}", "", "", "'\N{FULLWIDTH PLUS SIGN}1", "", "1"],
    ]


def test_moodle_and_blackboard_have_their_own_titles() -> None:
    assert read(fresh(SYSTEMS["moodle"], [RESULTS]))[0] == [
        *("First name", "Last name", "ID number", "Email address", "01-talking (Real)"),
    ]
    text = fresh(SYSTEMS["blackboard"], [RESULTS])
    assert text.startswith('"Last Name","First Name","Username",')  # Blackboard wants quotes around all
    table = read(text)
    assert table[0] == ["Last Name", "First Name", "Username", "01-talking [Total Pts: 13 Score]"]
    assert table[1] == ["Evil", "'=cmd()", "'=2+2", "0"]


def test_a_systems_own_file_is_filled_in_and_keeps_the_rest() -> None:
    theirs = (
        "Student,ID,SIS User ID,SIS Login ID,Section,01-talking (4711),Final Score\r\n"
        "    Points Possible,,,,,13.00,(read only)\r\n"
        '"김, 민지",77,,Kim.Minji,A,,50\r\n'
        '"Other, One",78,,other,A,3,40\r\n'
    )
    text, missing = filled(SYSTEMS["canvas"], [RESULTS], theirs.encode("utf-8-sig"))
    assert text == theirs.replace("Kim.Minji,A,,50", "Kim.Minji,A,12.5,50")
    assert missing == ["=2+2", "\N{FULLWIDTH PLUS SIGN}1"]


def test_a_short_line_is_filled_up_and_quotes_stay() -> None:
    theirs = '"Last Name","First Name","Username","01-talking [Total Pts: 13 Score] |99"\r\n"김","민지","kim.minji"\r\n'
    text, _ = filled(SYSTEMS["blackboard"], [RESULTS], theirs.encode())
    assert text == theirs.replace('"kim.minji"', '"kim.minji","12.5"')


def test_a_filled_file_is_in_the_encoding_of_its_template(tmp_path: Path) -> None:
    folder = scratch.course(tmp_path / "course", (TALKING,))
    scratch.hand_in(folder, TALKING, {"ann": scratch.broken})
    theirs = tmp_path / "theirs.xls"
    theirs.write_bytes("Last Name\tUsername\t01-talking [Total Pts: 13 Score] |9\r\n김\tann\t\r\n".encode("utf-16"))
    options = ["--course", str(folder)]
    assert main(["grade", TALKING, *options, "--jobs", "1"]) == 0
    assert main(["export", "blackboard", *options, "--template", str(theirs), "--to", str(tmp_path / "ours.xls")]) == 0
    assert (tmp_path / "ours.xls").read_bytes().decode("utf-16") == theirs.read_bytes().decode("utf-16").replace(
        "ann\t", "ann\t0"
    )


def test_blackboards_own_file_is_tabs_in_utf_16() -> None:
    theirs = "Last Name\tFirst Name\tUsername\t01-talking [Total Pts: 13 Score] |99\r\n김\t민지\tkim.minji\t\r\n"
    text, _ = filled(SYSTEMS["blackboard"], [RESULTS], theirs.encode("utf-16"))
    assert read(text, "\t")[1] == ["김", "민지", "kim.minji", "12.5"]


def test_a_file_that_does_not_fit_is_refused_by_name() -> None:
    with pytest.raises(PodlabError, match="no column for 01-talking"):
        filled(SYSTEMS["canvas"], [RESULTS], b"Student,SIS Login ID,02-init\r\n")
    with pytest.raises(PodlabError, match="no column by which students are known"):
        filled(SYSTEMS["moodle"], [RESULTS], b"a,b\r\n")


POD = """
apiVersion: v1
kind: Pod
metadata: {{name: {0}}}
spec: {{containers: [{{name: {0}, image: busybox, command: [sh, -c, '{1}']}}]}}
"""
OTHER = """
kind: Pod
spec:
  containers:
  - command: [sh, -c, 'a   b']
    image: busybox
    name: z
metadata:
  name: y
apiVersion: v1
"""


def test_names_order_and_layout_make_no_difference() -> None:
    assert normalised(POD.format("x", "a b")) == normalised(OTHER)
    assert normalised(POD.format("x", "a b")) != normalised(POD.format("x", "a c"))
    assert normalised("no: [manifest") == "no: [manifest"


def test_what_stands_out_is_shown_and_what_all_were_given_is_not() -> None:
    words = (
        "while true; do wget -q -O - http://localhost:8080; sleep 5; done",
        "exec httpd -f -p 8080 -h /www",
        "date > /a; sleep 9999999999999",
    )
    texts = {f"s{n}": POD.format(f"n{n}", word * 2) for n, word in enumerate(words)}
    texts["copy"] = POD.format("renamed", words[0] * 2)
    texts["twin"] = texts["s2"]
    found = alike({"task": texts}, {"task": ""})
    assert [(one.students, one.same) for one in found] == [(("s2", "twin"), True), (("copy", "s0"), False)]
    assert found[1].likeness == 100
    assert found[1].typical < 70
    assert (
        alike({"task": {"a": POD.format("x", words[0]), "b": POD.format("y", words[0])}}, {"task": POD.format("z", words[0])})
        == []
    )


def test_the_report_says_what_was_failed_and_links_to_feedback(tmp_path: Path) -> None:
    folder = scratch.course(tmp_path / "course", (TALKING,))
    scratch.hand_in(folder, TALKING, {"ann": scratch.right, "bea": scratch.half, "cem #1?": scratch.broken})
    (folder / "grading/submitted/ann" / TALKING / "talking.ipynb").rename(
        folder / "grading/submitted/ann" / TALKING / "<b>.ipynb"
    )
    course, pool = Course(folder), Pool(1)
    try:
        assert len(list(Grader(course, Wish(TALKING), pool).run(students(course, Wish(TALKING))))) == 3
    finally:
        pool.close()
    found = summary(course, TALKING)
    assert [(one.student, one.score) for one in found.rows] == [("ann", 13), ("bea", 8), ("cem #1?", 0)]
    assert (found.checks["serve", "the container that serves cannot change the files"].failed) == 1
    assert found.problems[
        "serve",
        "the manifest is not valid YAML: line 7, column 3: while parsing a flow node, expected the node content, but found '-'",
    ] == ["cem #1?"]
    assert lines(found)[0] == "01-talking: 3 handed in, median 8 of 13"
    html = page(course, found, folder / "grading/report")
    assert '<a href="../feedback/bea/01-talking/talking.html">talking</a>' in html
    assert '<a href="../feedback/cem%20%231%3F/01-talking/talking.html">' in html
    assert "answers <code>fine</code>" in html
    assert "there is no talking.ipynb; &lt;b&gt;.ipynb was graded in its place" in html
    assert "<b>.ipynb" not in html
    assert html == page(course, found, folder / "grading/report")
    assert html.count('<img src="data:image/svg+xml') == 2
