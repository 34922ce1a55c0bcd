"""Output comes when it is written, in simulated time; and whoever only waits costs no work."""

from tests.mock.shell.container import Box

WRITER = "i=0; while :; do i=$((i+1)); echo line $i x; echo other $i; sleep 1; done >>/log"


def test_a_followed_log_shows_each_line_at_its_time() -> None:
    box = Box("sh", "-c", f"({WRITER}) & tail -F /log 2>/dev/null | grep --line-buffered x")
    shown: list[float] = []
    for tick in range(60):
        box.run(0.1)
        lines = box.text.count("\n")
        assert lines - len(shown) <= 1, "a burst"
        shown += [tick / 10] * (lines - len(shown))
    assert "other" not in box.text
    assert len(shown) >= 5
    assert all(number - 0.2 <= when <= number + 1.2 for number, when in enumerate(shown)), shown  # tail looks each second


def test_a_followed_log_goes_on_in_the_file_that_takes_its_place() -> None:
    steps = ("echo one >/log; tail -F /log &", "mv /log /old; echo late >>/old", "echo two >/log", "kill $!")
    box = Box("sh", "-c", "\nsleep 1.2\n".join(steps))
    assert box.wait() == 0
    assert box.text.splitlines() == [
        "one",
        "tail: /log has been renamed or deleted: No such file or directory",
        "late",
        "tail: /log has been replaced; following end of new file",
        "two",
    ]


def test_a_reader_that_ends_ends_its_writer() -> None:
    box = Box("sh", "-c", "(yes; echo $? >/status) | head -n 1; sleep 0.1; cat /status; pidof yes")
    assert box.wait() == 1
    assert box.text == "y\n141\n"


def test_a_full_pipe_holds_its_writer_up() -> None:
    box = Box("sh", "-c", "{ dd if=/dev/zero bs=1024 count=256 2>/dev/null; echo written >&2; } | { sleep 5; wc -c; }")
    box.run(4)
    assert box.text == ""
    assert box.wait() == 0
    assert sorted(box.text.split()) == ["262144", "written"]


def test_what_waits_makes_no_events() -> None:
    """A second of a container that ticks is a handful of events, however many processes wait beside it."""
    counts = []
    for waiting in (0, 50):
        idle = f"i=0; while [ $i -lt {waiting} ]; do sleep 10000 & cat /fifo & i=$((i+1)); done; mkfifo /quiet; cat /quiet &"
        box = Box("sh", "-c", f"mkfifo /fifo; {idle} while :; do echo tick; sleep 1; done", pids=None)
        box.run(10)
        before = events(box)
        box.run(60)
        counts.append(events(box) - before)
        assert box.text.count("tick") == 70
    assert counts[0] == counts[1] < 60 * 40


def events(box: Box) -> int:
    """How many events the kernel has been given."""
    return box.kernel._sequence
