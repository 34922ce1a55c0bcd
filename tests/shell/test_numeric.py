"""Applets answer what the real one answered to words that are no numbers, and to numbers too great."""

from tests.shell.numeric import answers, recorded, script
from tests.shell.playing import play_in_mock


def test_applets_answer_wrong_numbers_as_busybox_did() -> None:
    found, wanted = answers(play_in_mock(script(), limit_seconds=3000).stdout), recorded()
    assert list(found) == list(wanted)
    assert {call: answer for call, answer in found.items() if answer != wanted[call]} == {}
