"""No command is left out: each is one that a test of this folder runs, or `pages` names it with a reason."""

import importlib
from pathlib import Path

import pytest

from tests.readme import pages

for path in sorted(
    Path(__file__).parent.glob("*.py")
):  # whichever of them this worker was given to run: they note as they are read
    importlib.import_module(f"tests.readme.{path.stem}") if path.name != "__init__.py" else None


@pytest.mark.parametrize("page", pages.PAGES)
def test_no_command_is_left_out(page: str) -> None:
    neither = [one for one in pages.commands(page) if not (one in pages.RUN or pages.why_not(one) or one in pages.SPOKEN_OF)]
    assert not neither, f"{page}: neither run nor named in NOT_RUN"


def test_no_reason_is_about_a_command_that_is_gone() -> None:
    given = [command for page in pages.PAGES for command in pages.commands(page)]
    assert not [start for start, _ in pages.NOT_RUN if not any(command.startswith(start) for command in given)]
    assert set(given) >= pages.SPOKEN_OF
    assert set(given) >= pages.RUN
