"""Every applet answers what the real one answered to arguments that it does not know, to none, and to too many."""

import pytest

from podlab.mock.programs.catalogue import APPLETS
from tests.shell.arguments import answers, recorded, script
from tests.shell.playing import play_in_mock

RECORDED = recorded()


def test_arguments_are_recorded_of_every_applet() -> None:
    assert [name for name in APPLETS if name not in RECORDED] == []


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_applet_answers_wrong_arguments_as_busybox_did(name: str) -> None:
    assert answers(name, play_in_mock(script(name), limit_seconds=300).stdout) == RECORDED[name]
