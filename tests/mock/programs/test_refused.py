"""What is not modelled is refused by name, and for a reason."""

from podlab.mock.programs.catalogue import APPLETS, MODULE_OF
from podlab.mock.programs.refused import REASONS
from tests.shell.playing import play_in_mock

NAMES = [name for names in REASONS.values() for name in names.split()]


def test_every_applet_is_modelled_or_refused_for_one_reason() -> None:
    assert sorted(NAMES) == sorted(set(APPLETS) - set(MODULE_OF) - {"sh", "ash"})


def test_refused_applet_and_flag_say_so() -> None:
    played = play_in_mock(b"fdisk x; echo $?; tcpsvd -C 5 0 80 true; echo $?; df -i; echo $?")
    assert played.stdout == "1\n1\n1\n"
    lines = played.stderr.split("\n")
    assert lines[0] == "fdisk: not modelled by podlab"
    assert lines[1] == "tcpsvd: -C is not modelled by podlab"
    assert "df: -i is not modelled by podlab" in lines
    assert any(line.startswith("Usage: tcpsvd") for line in lines)
