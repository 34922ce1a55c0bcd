"""Progress of what takes long, where somebody is looking.

A bar appears when a wait has lasted a second of real time: in a notebook as a widget (as text where widgets are missing), on a
terminal as text. Nothing is ever written to stderr, where nbgrader takes points for it; and nothing at all where nobody
looks: under CI, nbgrader, and wherever the output is not a screen.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from podlab.errors import Interrupted

APPEARS_AFTER_SECONDS = 1.0
TICK_SECONDS = 0.25


class Progress:
    """A context manager around something that may take long. An interrupt leaves it as `Interrupted`, which says what it was.

    Args:
        label: what is being done.
        total_seconds: how long it may take at most.
        hidden: show nothing, because something larger that it belongs to is looked at.

    Attributes:
        note: says what has been seen last, beside the bar; asked for when the bar is drawn.
    """

    def __init__(self, label: str, total_seconds: float, hidden: bool = False) -> None:
        self.label = label
        self.total_seconds = total_seconds
        self.hidden = hidden
        self.note: Callable[[], str] = str
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        if not self.hidden and somebody_looks():
            self._thread = threading.Thread(target=self._run, name="podlab-progress", daemon=True)
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        if kind is KeyboardInterrupt:
            note = self.note()
            raise Interrupted(f"Interrupted while {self.label}{f'; seen last: {note}' if note else ''}.") from None

    def _run(self) -> None:
        started = time.monotonic()
        if self._over.wait(APPEARS_AFTER_SECONDS):
            return
        bar = _bar(self.label, self.total_seconds)
        while not self._over.wait(TICK_SECONDS):
            bar.n = round(min(time.monotonic() - started, self.total_seconds), 1)
            bar.set_postfix_str(self.note(), refresh=True)
        bar.total = None  # else a notebook's bar takes an early end for a failure, and stays there in red
        bar.close()


def somebody_looks() -> bool:
    """Is there a person in front of the output?"""
    if any(os.environ.get(name) for name in ("CI", "NBGRADER_EXECUTION", "NBGRADER_VALIDATING", "PODLAB_QUIET")):
        return False
    return _in_notebook() or _on_terminal()


def interrupt_key() -> str:
    """What the one who looks presses to interrupt."""
    return "\N{BLACK SQUARE}" if _in_notebook() else "Ctrl-C"


def _on_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


def _bar(label: str, total_seconds: float) -> Any:
    style = {
        "total": round(total_seconds, 1),
        "desc": label,
        "file": sys.stdout,
        "leave": False,
    }
    words = "{desc}: %s {n_fmt} of {total_fmt} s {postfix}"
    if _in_notebook():
        try:
            import ipywidgets  # noqa: F401 - without it tqdm warns on stderr
            from tqdm.notebook import tqdm as notebook_bar

            return notebook_bar(**style, bar_format=words % "{bar}")
        except ImportError:
            pass
    from tqdm.std import tqdm as text_bar

    return text_bar(**style, bar_format=words % "{bar:20}")
