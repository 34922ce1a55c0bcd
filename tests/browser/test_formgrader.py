"""nbgrader's Formgrader in a real browser: its buttons grade as `podlab grade` does."""

import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.jupyter import CHROMEDRIVER, CHROMIUM, TOKEN, chromium
from tests.grading import scratch
from tests.ports import free_port
from tests.waiting import PATIENCE_SECONDS, eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TALKING = "01-talking"
WHO = {"ann": scratch.right, "bea": scratch.half}
CONFIG = """
c = get_config()
c.Exchange.root = {exchange!r}
"""
_ROW = "return [...document.querySelectorAll('tbody tr')].map(row => row.innerText).find(t => t.includes(arguments[0])) || ''"
_PRESS = """
const row = [...document.querySelectorAll('tbody tr')].find(row => row.innerText.includes(arguments[0]));
const icon = row && row.querySelector('.glyphicon-' + arguments[1]);
if (icon) icon.parentElement.click();
return !!icon
"""
_MESSAGE = """
const shown = document.querySelector('.modal.in, .modal.show');
return shown && shown.querySelector('.modal-title').innerText && shown.innerText
"""
_CLOSE = """
const open = document.querySelector('.modal');
if (open) (open.querySelector('.modal-footer button') || open.querySelector('.close')).click();
return !open && !document.querySelector('.modal-backdrop')
"""


class Formgrader:
    """A Jupyter server in a course directory, and a browser on its Formgrader."""

    def __init__(self, folder: Path, driver: Chrome, pictures: Path) -> None:
        self.course, self.exchange, self.driver, self.pictures = folder / "course", folder / "exchange", driver, pictures
        scratch.course(self.course, (TALKING,))
        scratch.hand_in(self.course, TALKING, WHO)
        for student in WHO:  # as `nbgrader collect` leaves it
            place = self.course / "grading/submitted" / student / TALKING
            (place / "timestamp.txt").write_text("2026-11-29 10:00:00.0 UTC\n")
            (place / "submission_secret.txt").write_text("0123456789abcdef" * 8)
        self.exchange.mkdir(mode=0o777)
        self.exchange.chmod(0o777)
        config = self.course / "nbgrader_config.py"
        config.write_text(config.read_text("utf-8") + CONFIG.format(exchange=str(self.exchange)), "utf-8")
        self.port = free_port()
        self.log = folder / "log"
        self.process = self._start(folder)
        eventually(self._answers, "the server")

    def _start(self, folder: Path) -> "subprocess.Popen[bytes]":
        words = ("--no-browser", "--allow-root", f"--port={self.port}", "--ip=127.0.0.1", f"--IdentityProvider.token={TOKEN}")
        homes = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
        environment = {**scratch.ENVIRONMENT, **homes, "HOME": str(folder), "JUPYTER_CONFIG_PATH": ""}
        command = [sys.executable, "-m", "jupyterlab", *words]
        with self.log.open("wb") as log:
            return subprocess.Popen(command, cwd=self.course, env=environment, stdout=log, stderr=subprocess.STDOUT)

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text("utf-8")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api", timeout=PATIENCE_SECONDS):
                return True
        except OSError:
            return False

    def open(self, path: str) -> None:
        self.driver.get(f"http://127.0.0.1:{self.port}/{path}?token={TOKEN}")

    def row(self, name: str) -> str:
        """The text of the table's row of a student or an assignment; empty while there is none."""
        return str(self.driver.execute_script(_ROW, name))

    def press(self, name: str, icon: str) -> str:
        """Presses a button in a row, waits for the message that tells how it went, and closes it."""
        eventually(lambda: self.driver.execute_script(_PRESS, name, icon), f"{icon} of {name}")
        said = eventually(lambda: self.driver.execute_script(_MESSAGE), "a message")
        self.picture(f"formgrader-{icon}-{name}")
        eventually(lambda: self.driver.execute_script(_CLOSE), "the message to go")
        return str(said)

    def picture(self, name: str) -> None:
        self.driver.save_screenshot(str(self.pictures / f"{name}.png"))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE_SECONDS)


@pytest.fixture(scope="module")
def formgrader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Formgrader]:
    if not (CHROMIUM and CHROMEDRIVER):
        pytest.skip("chromium or chromedriver is not installed")
    pictures = Path(os.environ.get("PODLAB_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots")).absolute()
    pictures.mkdir(parents=True, exist_ok=True)
    done = scratch.run("nbgrader", "--version", cwd=tmp_path_factory.getbasetemp())
    assert done.returncode == 0, done.stderr
    driver = chromium(tmp_path_factory.mktemp("profile"))
    made = None
    try:
        made = Formgrader(tmp_path_factory.mktemp("formgrader"), driver, pictures)
        yield made
    finally:
        driver.quit()
        if made:
            made.stop()


def test_formgrader_grades_as_podlab_grade_does(formgrader: Formgrader, tmp_path: Path) -> None:
    """Generate, release, autograde, feedback, and its release, by its buttons; then `podlab grade` gives the same points."""
    here = formgrader
    here.open("formgrader")
    assert "Success" in here.press(TALKING, "education")  # generate_assignment
    assert "Success" in here.press(TALKING, "cloud-upload")  # release_assignment
    assert (here.exchange / "podlab/outbound" / TALKING / "talking.ipynb").is_file()
    here.open(f"formgrader/manage_submissions/{TALKING}")
    for student in WHO:
        assert "Success" in here.press(student, "flash")  # autograde
        assert "Success" in here.press(student, "comment")  # generate_feedback
    eventually(lambda: "13 / 13" in here.row("ann") and "8 / 13" in here.row("bea"), "the points")
    here.picture("formgrader-graded")
    assert "Success" in here.press("bea", "envelope")  # release_feedback
    assert list((here.exchange / "podlab/feedback").glob("*.html"))
    here.open(f"files/grading/feedback/bea/{TALKING}/talking.html")
    assert "a read-only file system at /www" in here.driver.find_element(By.TAG_NAME, "body").text
    here.picture("formgrader-feedback")
    here.open(f"formgrader/gradebook/{TALKING}/talking")
    eventually(lambda: here.row("Submission"), "the submissions")
    here.driver.find_element(By.PARTIAL_LINK_TEXT, "Submission").click()
    eventually(lambda: "localhost" in here.driver.find_element(By.TAG_NAME, "body").text, "a submission to be graded by hand")
    here.picture("formgrader-manual")
    by_button = {student: scratch.grades(here.course, TALKING, student) for student in WHO}
    shutil.copytree(here.course, tmp_path / "course")
    done = scratch.run("podlab.cli", "grade", TALKING, "--force", cwd=tmp_path / "course")
    assert done.returncode == 0, done.stderr
    assert {student: scratch.grades(tmp_path / "course", TALKING, student) for student in WHO} == by_button
    released = scratch.run("nbgrader", "release_feedback", TALKING, cwd=tmp_path / "course")
    assert released.returncode == 0, released.stderr
