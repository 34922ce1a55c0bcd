"""The shell as a container's first process, and what it makes of its children."""

import pytest

from tests.mock.shell.container import Box


def test_a_single_command_replaces_the_shell() -> None:
    box = Box("sh", "-c", "sleep 1000")
    box.run(1)
    assert box.names() == ["sleep"]


def test_a_trap_keeps_the_shell() -> None:
    box = Box("sh", "-c", "trap 'echo bye' EXIT; sleep 1000")
    box.run(1)
    assert box.names() == ["sh", "sleep"]


def test_the_last_command_of_several_replaces_the_shell() -> None:
    box = Box("sh", "-c", "echo a; sleep 1000")
    box.run(1)
    assert box.names() == ["sleep"]


def test_a_script_with_a_newline_at_its_end_does_not() -> None:
    box = Box("sh", "-c", "sleep 1000\n")
    box.run(1)
    assert box.names() == ["sh", "sleep"]


def test_the_first_process_ignores_what_it_does_not_trap() -> None:
    box = Box("sh", "-c", "while :; do sleep 1; done")
    box.run(1.5)
    box.container.kill(15)
    assert box.wait(5) is None
    box.container.kill(9)
    assert box.wait(5) == 137


def test_the_first_process_runs_its_trap_when_its_child_has_ended() -> None:
    box = Box("sh", "-c", "trap 'echo term; exit 3' TERM; while :; do sleep 10; done")
    box.run(1)
    box.container.kill(15)
    box.run(1)
    assert box.text == ""
    assert box.wait(30) == 3
    assert box.text == "term\n"


def test_wait_lets_a_trap_run_at_once() -> None:
    box = Box("sh", "-c", "trap 'echo term; exit 3' TERM; sleep 1000 & wait")
    box.run(1)
    box.container.kill(15)
    assert box.wait(1) == 3
    assert box.text == "term\n"


def test_commands_are_read_from_standard_input_as_they_come() -> None:
    box = Box("sh")
    box.stdin.feed(b"echo one\nif true; then\n")
    box.run(0.1)
    assert box.text == "one\n"
    box.stdin.feed(b"echo two; fi\n")
    box.run(0.1)
    assert box.text == "one\ntwo\n"
    box.stdin.feed(b"exit 4")
    box.stdin.end()
    assert box.wait() == 4


def test_a_pipe_shows_each_line_at_its_time() -> None:
    box = Box("sh", "-c", "while :; do echo tick; sleep 1; done | while read x; do echo got $x; done")
    box.run(0.5)
    assert box.text == "got tick\n"
    box.run(3)
    assert box.text == "got tick\n" * 4


def test_ten_minutes_of_ticking_are_few_events() -> None:
    box = Box("sh", "-c", "i=0; while [ $i -lt 600 ]; do echo tick; sleep 1; i=$((i+1)); done")
    assert box.wait(700) == 0
    assert box.text == "tick\n" * 600


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ("f() { f; }; f", 139),
        (". /loop", 139),
        ("x=a; while :; do x=$x$x; done", 137),
        ("x=$(yes)", 137),
        ('set -- a; while :; do set -- "$@" "$@"; done', 137),
        ("eval \"$(yes '(' | head -c 100000)\"", 139),
        ("bomb() { bomb | bomb & }; bomb; sleep 5; wait", None),
        ("while :; do :; done", None),
        ("read x </dev/zero", None),
        ("while :; do sleep 100 & done", 2),
    ],
)
def test_runaway_scripts_meet_their_fate(script: str, status: int | None) -> None:
    box = Box(
        "sh",
        "-c",
        f"echo '. /loop' >/loop; sh -c '{script.replace(chr(39), chr(39) + chr(92) + chr(39) + chr(39))}'; echo $?",
        pids=100,
    )
    code = box.wait(2 if status is not None else 0.2)
    if status is None:
        box.container.kill(9)
        assert box.wait(60) == 137
    elif code == 0:
        assert box.text.endswith(f"{status}\n")
    else:
        assert code == status


def test_same_script_same_output_and_time() -> None:
    def play() -> tuple[str, int]:
        box = Box("sh", "-c", "for i in 1 2 3; do (sleep 0.$i; echo $i $RANDOM) & done; wait; echo x | cat | sort; echo $RANDOM")
        box.wait()
        return box.text, box.kernel.now_ns

    assert play() == play()
