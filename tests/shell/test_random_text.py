"""Commands that nobody wrote for awk, sed, grep, find, sort, bc, diff and their kin: in the mock, and in a real busybox.

A long run, for which one asks:

    PODLAB_RANDOM_TEXT=1000 PODLAB_BUSYBOX=/path/to/busybox-1.37 pytest tests/shell/test_random_text.py

PODLAB_RANDOM_TEXT_FROM is the first seed. What still differs is the order in which directories are read, processes that race, and
what busybox reads from memory that it never wrote.
"""

import os
from pathlib import Path

import pytest

from tests.shell.grammars.comparing import differences
from tests.shell.grammars.making import Grammar, subjects
from tests.shell.playing import can_play_in_busybox, make_root

COUNT = int(os.environ.get("PODLAB_RANDOM_TEXT", "0"))
FIRST = int(os.environ.get("PODLAB_RANDOM_TEXT_FROM", "0"))


@pytest.mark.parametrize("subject", subjects())
def test_grammar_makes_the_same_commands_from_the_same_seeds(subject: str) -> None:
    first, again = Grammar(subject), Grammar(subject)
    commands = [first.make(seed) for seed in range(200)]
    assert commands == [again.make(seed) for seed in range(200)]
    assert len(set(commands)) > 100


@pytest.mark.parametrize("subject", subjects())
@pytest.mark.skipif(not COUNT or not can_play_in_busybox(), reason="a long run, on request, with busybox 1.37")
def test_random_commands_do_what_they_do_in_busybox(subject: str, tmp_path: Path) -> None:
    make_root(tmp_path / "root")
    found = list(differences(Grammar(subject), range(FIRST, FIRST + COUNT), tmp_path / "root"))
    assert not found, "\n\n".join(map(str, found))
