"""Programs that need no more than a block of their input at a time run on where memory is short, and slow ones take time."""

import pytest

from tests.shell.playing import play_in_mock

MEMORY = 6 << 20


@pytest.mark.parametrize(
    ("command", "printed"),
    [
        ("base64", "16997969 "),
        ("hexdump", "58 "),
        ("xxd -p -c 4096", "25168896 "),
        ("base64 | base64 -d", "12582912 "),
        ("xxd -p -c 4096 | xxd -r -p", "12582912 "),
    ],
)
def test_input_longer_than_the_memory_is_worked_on_as_it_comes(command: str, printed: str) -> None:
    played = play_in_mock(f"head -c 12m /dev/zero | {command} | wc -c".encode(), memory_bytes=MEMORY)
    assert (played.status, played.stderr) == (0, "")
    assert played.stdout.strip() == printed.strip()


def test_find_takes_time_for_an_expression_with_references() -> None:
    name = "a" * 60
    script = (
        f"touch {name}; timeout 0.1 find . -regex './\\(a*\\)*\\(a*\\)*\\1\\2b'; echo $?; "
        f"find . -regex './\\(a*\\)*\\(a*\\)*\\1\\2b'; echo $?"
    )
    played = play_in_mock(script.encode())
    assert played.stdout == "143\n1\n"
