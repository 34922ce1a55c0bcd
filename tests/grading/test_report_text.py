"""What a report tells students about the points that they lost."""

from fractions import Fraction

from podlab.grading.results import Outcome, Report

NOT_READY = {"expected": "a ready pod", "saw": "kiosk Pending: app waiting"}


def outcome(title: str, expected: str = "", saw: str = "", hint: str = "") -> Outcome:
    return Outcome(title, Fraction(1), Fraction(0), expected, saw, hint)


def test_a_reason_that_was_told_before_is_told_in_short() -> None:
    checks = (
        outcome("the pod is ready", **NOT_READY, hint="look at `app`"),
        outcome("it serves", **NOT_READY, hint="a port"),
        outcome("it logs", expected="a line", saw="none"),
        outcome("it ends", **NOT_READY),
    )
    report = Report("kiosk", checks)
    for text in ("\n".join(report.lines()), report.html()):
        assert text.count("kiosk Pending: app waiting") == 1
        assert text.count("as with “the pod is ready”") == 2
        assert text.count("a line") == 1
        assert "a port" in text


def test_reports_do_not_remember_each_other() -> None:
    report = Report("kiosk", (outcome("the pod is ready", **NOT_READY),))
    assert report.lines() == report.lines()
    assert "kiosk Pending" in report.html()
