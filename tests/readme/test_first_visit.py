"""`make lab`, for the first time (which is the fixture) and again."""

from pathlib import Path

from tests.readme.pages import noted
from tests.readme.users import User, by_make

(LAB,) = noted("make lab")


def test_make_lab_starts_at_once_the_second_time(newcomer: User, clone: Path) -> None:
    with newcomer.serving(LAB, clone, by_make) as said:
        assert "Setting up" not in said
    assert not (newcomer.folder / "home/.local/state/podlab/mock/state.json").exists()
