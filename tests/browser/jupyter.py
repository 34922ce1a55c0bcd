"""A Jupyter server as `podlab lab` starts it, and a notebook in a browser as a student uses it: by keyboard and mouse."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psutil
from selenium.common.exceptions import ElementClickInterceptedException, StaleElementReferenceException
from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.ports import free_port
from tests.waiting import PATIENCE_SECONDS, eventually

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-of-the-tests"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CHROMEDRIVER = shutil.which("chromedriver")
CONFIG = "c = get_config()\nc.LabApp.expose_app_in_browser = c.JupyterNotebookApp.expose_app_in_browser = True\n"
SMALL = "small"
SMALL_MOUNT = ["unshare", "--user", "--map-root-user", "--mount"]


def chromium(profile: Path) -> Chrome:
    """A headless Chromium of its own."""
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1400,1100"):
        options.add_argument(word)
    options.add_argument(f"--user-data-dir={profile}")
    driver = Chrome(options=options, service=ChromeService(CHROMEDRIVER))
    driver.set_page_load_timeout(PATIENCE_SECONDS)
    driver.set_script_timeout(PATIENCE_SECONDS)
    return driver


def write_notebook(path: Path, cells: Iterable[str]) -> None:
    """A notebook of code cells."""
    made = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "outputs": [], "source": text, "execution_count": None}
        for n, text in enumerate(cells)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    path.write_text(json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}), "utf-8")


class Jupyter:
    """`podlab lab` in a folder of its own, with the course in it.

    Attributes:
        course: the folder that is served.
        home: podlab's home.
        small: a folder of 128 KiB in all, as the server sees it; None where none can be had.
    """

    def __init__(self, folder: Path) -> None:
        self.course, self.home = folder / "course", folder / "home"
        for name in ("notebooks", "exercises"):
            shutil.copytree(ROOT / name, self.course / name)
        (folder / "config").mkdir()
        (folder / "config" / "jupyter_server_config.py").write_text(CONFIG, "utf-8")
        self.small = self.course / SMALL if can_mount() else None
        self.port = free_port()
        self.log = folder / "log"
        self._process = self._start(folder)

    def _start(self, folder: Path) -> subprocess.Popen:
        command = [sys.executable, "-m", "podlab.cli", "lab", "--port", str(self.port), "--no-browser", str(self.course)]
        if self.small:
            self.small.mkdir()
            mount = f"mount -t tmpfs -o size=128k podlab '{self.small}' && exec \"$@\""
            command = [*SMALL_MOUNT, "sh", "-c", mount, "sh", *command]
        jupyter = {
            f"JUPYTER{name}": str(folder / name.strip("_").lower())
            for name in ("_DATA_DIR", "_RUNTIME_DIR", "LAB_SETTINGS_DIR", "LAB_WORKSPACES_DIR")
        }
        environment = {
            **{name: value for name, value in os.environ.items() if name not in ("CI", "KUBECONFIG")},
            **jupyter,
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_TOKEN": TOKEN,
            "IPYTHONDIR": str(folder / "ipython"),
            "PODLAB_HOME": str(self.home),
            "HOME": str(folder),
            "SHELL": "/bin/sh",
        }
        with self.log.open("wb") as log:
            return subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

    def answers(self) -> bool:
        """Is it up?"""
        assert self._process.poll() is None, self.log.read_text("utf-8")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api", timeout=PATIENCE_SECONDS):
                return True
        except (OSError, urllib.error.HTTPError):
            return False

    def url(self, path: str) -> str:
        """A page of it."""
        return f"http://127.0.0.1:{self.port}/{path}{'&' if '?' in path else '?'}token={TOKEN}"

    def seen_by_the_server(self, path: Path) -> Path:
        """A path with the server's mounts, from here."""
        return Path(f"/proc/{self._process.pid}/root{path}")

    def processes(self) -> list[psutil.Process]:
        """The server and what descends from it (kernels, terminals, the mock that it started), as of now."""
        server = psutil.Process(self._process.pid)
        return [server, *server.children(recursive=True)]

    def stop(self) -> None:
        """End it, as closing its terminal does."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(PATIENCE_SECONDS)


def can_mount() -> bool:
    """May this user mount a file system of their own?"""
    if not shutil.which("unshare"):
        return False
    mount = [*SMALL_MOUNT, "sh", "-c", "mount -t tmpfs podlab /mnt"]
    return subprocess.run(mount, capture_output=True, check=False).returncode == 0


class Page:
    """What a student sees of it: one notebook at a time.

    Args:
        driver: the browser.
        server: the server.
        pictures: where screenshots go.
    """

    def __init__(self, driver: Chrome, server: Jupyter, pictures: Path) -> None:
        self.driver, self.server, self.pictures = driver, server, pictures

    def open(self, path: str) -> None:
        """Open a notebook in JupyterLab, and wait until it can be used."""
        if self.ask("return !!window.jupyterapp && location.pathname.startsWith('/lab')"):
            self.ask("window.jupyterapp.commands.execute('docmanager:open', {path: arguments[0]})", path)
        else:
            self.driver.get(self.server.url(f"lab/tree/{path}?reset"))
        self.wait(_HAS_OPENED, f"{path} in JupyterLab", path)
        self.wait(_IDLE, "its kernel")

    def open_in_notebook_7(self, path: str) -> None:
        """Open a notebook in Jupyter Notebook, which has a page for each."""
        self.driver.get(self.server.url(f"notebooks/{path}"))
        self.wait(_HAS_OPENED, f"{path} in Notebook 7", path)
        self.wait(_IDLE, "its kernel")

    def ask(self, script: str, *arguments: Any) -> Any:
        """What a piece of JavaScript returns, in which `notebook` is the current one."""
        return self.driver.execute_script(_NOTEBOOK + script, *arguments)

    def wait(self, script: str, what: str, *arguments: Any) -> Any:
        """What a piece of JavaScript returns, as soon as it is true."""
        return self.until(lambda: self.ask(script, *arguments), what)

    def until(self, look: Callable[[], Any], what: str) -> Any:
        """What `look` says, as soon as it is true; else there is a screenshot of what there was instead."""
        try:
            return eventually(look, what)
        except AssertionError:
            self.picture("in-vain")
            raise

    def press(self, *keys: str) -> None:
        """Press keys one after the other; `"shift+enter"` together."""
        chain = ActionChains(self.driver, duration=0)
        for key in keys:
            *held, last = key.split("+")
            for name in held:
                chain.key_down(_KEYS[name])
            chain.send_keys(_KEYS.get(last, last))
            for name in held:
                chain.key_up(_KEYS[name])
        chain.perform()

    def type(self, text: str) -> None:
        """Type a text where the cursor is."""
        self.driver.execute_cdp_cmd("Input.insertText", {"text": text})

    def click(self, selector: str, text: str = "") -> None:
        """Click on the first thing that a CSS selector finds and that can be seen, with a text in it."""

        def clicked() -> bool:
            try:
                found = [element for element in self.driver.find_elements(By.CSS_SELECTOR, selector) if element.is_displayed()]
                chosen = next((element for element in found if text in element.text), None)
                if chosen:
                    chosen.click()
            except (StaleElementReferenceException, ElementClickInterceptedException):  # it was being drawn anew, or covered
                return False
            return chosen is not None

        self.until(clicked, f"{selector} {text}")

    def cells(self) -> list[dict[str, Any]]:
        """The cells with their outputs."""
        return self.ask("return notebook.content.model.toJSON().cells")

    def select(self, n: int) -> None:
        """Make a cell the active one, in command mode."""
        self.ask(_SELECT, n)

    def start(self, n: int) -> None:
        """Run a cell by the keyboard."""
        self.select(n)
        self.press("shift+enter")

    def run(self, n: int) -> str:
        """Run a cell by the keyboard, and return what it shows, as text."""
        before = self.cells()[n]["execution_count"]
        self.start(n)
        self.wait(HAS_RUN, f"cell {n}", n, before)
        return shown(self.cells()[n])

    def text(self, selector: str) -> str:
        """The text of what a CSS selector finds, as it is on the screen."""
        found = "return Array.from(document.querySelectorAll(arguments[0]), element => element.innerText).join('\\n')"
        return self.driver.execute_script(found, selector)

    def save(self) -> None:
        """Save the notebook by the keyboard."""
        self.press("ctrl+s")
        self.wait("return !notebook.context.model.dirty", "its file")

    def picture(self, name: str) -> None:
        """Take a screenshot."""
        self.driver.save_screenshot(str(self.pictures / f"{name}.png"))


def shown(cell: dict[str, Any]) -> str:
    """A cell's outputs as text."""
    parts = []
    for output in cell["outputs"]:
        data = output.get("data", {})
        parts.append(output.get("text") or data.get("text/plain") or "\n".join(output.get("traceback", ())))
    return "\n".join("".join(part) for part in parts)


_KEYS = {
    "shift": Keys.SHIFT,
    "ctrl": Keys.CONTROL,
    "enter": Keys.ENTER,
    "escape": Keys.ESCAPE,
}
_NOTEBOOK = "const notebook = window.jupyterapp?.shell.currentWidget;"
_IDLE = "return notebook.sessionContext.kernelDisplayStatus === 'idle'"
_HAS_OPENED = "return notebook?.context?.path === arguments[0] && notebook.context.isReady && notebook.content.isVisible"
_SELECT = """
const content = notebook.content;
content.mode = 'command'; content.deselectAll(); content.activeCellIndex = arguments[0]; content.activate();
content.activeCell.node.focus();
"""
HAS_RUN = """
const cell = notebook.content.widgets[arguments[0]].model;
return cell.executionCount && cell.executionCount !== arguments[1] && cell.executionState === 'idle'
"""
