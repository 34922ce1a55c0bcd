"""Where rubrics are found: in one file of checks, or in a folder of them."""

import os
from pathlib import Path

import pytest
from nbgrader.utils import find_all_files
from traitlets.config import Config

from podlab.errors import PodlabError
from podlab.grading.bridge import configure
from podlab.grading.rubrics import hidden, load, sources

ONE = "from podlab.grading import Rubric\n\n{0} = Rubric('{0}')\n\n@{0}.check('{1}', points=1)\ndef _check(run):\n    pass\n"
SHARED = ONE.replace("\n\n", "\nfrom .words import WORD\n\n", 1).replace("'{1}'", "WORD")


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def titles(folder: Path) -> dict[str, list[str]]:
    return {name: [check.title for check in rubric.checks] for name, rubric in load(folder).items()}


def test_checks_stand_in_one_file(tmp_path: Path) -> None:
    write(tmp_path, checks=ONE.format("serve", "answers") + ONE.format("ask", "asks"))
    assert titles(tmp_path) == {"serve": ["answers"], "ask": ["asks"]}


def test_checks_stand_in_a_folder_and_share_what_they_have_in_common(tmp_path: Path) -> None:
    write(tmp_path, checks__serve=SHARED.format("serve"), checks__ask=SHARED.format("ask"), checks__words="WORD = 'says it'\n")
    assert titles(tmp_path) == {"ask": ["says it"], "serve": ["says it"]}
    assert not list(tmp_path.rglob("__pycache__"))


def test_checks_in_a_folder_are_read_afresh(tmp_path: Path) -> None:
    write(tmp_path, checks__serve=SHARED.format("serve"), checks__words="WORD = 'once'\n")
    assert titles(tmp_path) == {"serve": ["once"]}
    write(tmp_path, checks__words="WORD = 'anew'\n")
    os.utime(tmp_path / "checks/words.py", (0, 0))
    assert titles(tmp_path) == {"serve": ["anew"]}


def test_checks_of_two_folders_do_not_meet(tmp_path: Path) -> None:
    for word in ("a.b", "a"):
        folder = tmp_path / word
        folder.mkdir()
        write(folder, checks__serve=SHARED.format("serve"), checks__words=f"WORD = '{word}'\n")
    assert [titles(tmp_path / word) for word in ("a.b", "a", "a.b")] == [{"serve": [word]} for word in ("a.b", "a", "a.b")]


def test_checks_in_a_folder_go_before_an_older_file(tmp_path: Path) -> None:
    write(tmp_path, checks=ONE.format("serve", "old"), checks__serve=ONE.format("serve", "new"))
    assert titles(tmp_path) == {"serve": ["new"]}


def test_checks_that_are_missing_or_fail_are_told(tmp_path: Path) -> None:
    with pytest.raises(PodlabError, match=r"There is no checks\.py in"):
        load(tmp_path)
    write(tmp_path, checks__serve="from .nowhere import x\n")
    with pytest.raises(PodlabError, match=r"/checks cannot be used: ModuleNotFoundError: .*nowhere"):
        load(tmp_path)


def test_hidden_checks_stand_in_a_folder_too_and_are_not_released(tmp_path: Path) -> None:
    write(tmp_path, checks__serve=ONE.format("serve", "seen"), hidden_checks__serve=ONE.format("serve", "not seen"))
    assert [(check.title, check.hidden) for check in hidden(tmp_path)["serve"]] == [("not seen", True)]
    configuration = Config()
    configure(configuration)
    assert [Path(path) for path in find_all_files(str(tmp_path), configuration.CourseDirectory.ignore)] == sources(tmp_path)
