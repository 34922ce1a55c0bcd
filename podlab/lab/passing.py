"""Letting time pass: at once where time is simulated, in earnest elsewhere. Here alone the two are told apart.

A server that simulates time shows its clock on every answer (`Podlab-Clock`), and jumps when it is asked to. Any other takes its
time; somebody who looks on is shown how long, and may skip the rest by an interrupt (Ctrl-C, or the notebook's stop button),
which works without a question, so that it does no harm where nobody could answer one.
"""

import math
import time

from podlab.errors import Expired, Interrupted
from podlab.lab.api import API
from podlab.lab.progress import Progress, interrupt_key, somebody_looks

ADVANCE = {"Podlab-Wait": "advance"}
OFFER_SECONDS = 3.0  # what takes less is not worth an offer
STOP_SECONDS = 2.0  # two interrupts within that time are meant for the whole cell
NAP_SECONDS = 0.25  # on Windows an interrupt of the kernel does not end a sleep

_skipped_at = -math.inf


def advance(api: API, seconds: float) -> None:
    """Let `seconds` pass, and offer to skip them where that takes long and somebody looks.

    Raises:
        KeyboardInterrupt: it was interrupted where nothing was offered, or twice in a row.
    """
    version = _version(api)
    if api.connection.shows_clock:
        with Progress("letting time pass", seconds, api.connection.in_process):
            _jump(api, seconds, version)
    elif seconds >= OFFER_SECONDS and somebody_looks():
        _offer(seconds)
    else:
        _sit_out(seconds)


def let_pass(api: API, seconds: float) -> None:
    """Let `seconds` pass, as a step of something longer that shows its own progress."""
    version = _version(api)
    if api.connection.shows_clock:
        _jump(api, seconds, version)
    else:
        _sit_out(seconds)


def _version(api: API) -> str:
    """Where a watch may begin. It is a small question, whose answer shows the server's clock too."""
    return api.list(api.target("pods"), metadata__name="-")[1]


def _jump(api: API, seconds: float, version: str) -> None:
    end = api.connection.now() + seconds
    while (remaining := end - api.connection.now()) > 0:
        try:
            for _ in api.watch(api.target("pods"), version, math.ceil(remaining), ADVANCE):
                pass
        except Expired:
            pass
        version = _version(api)


def _offer(seconds: float) -> None:
    global _skipped_at
    started = time.monotonic()
    try:
        with Progress(f"letting {seconds:g} s pass ({interrupt_key()} skips them)", seconds):
            _sit_out(seconds)
    except KeyboardInterrupt:
        now = time.monotonic()
        if now - _skipped_at < STOP_SECONDS:
            raise Interrupted(f"Interrupted twice while letting {seconds:g} s pass.") from None
        _skipped_at = now
        print(
            f"Skipped {seconds - (now - started):.0f} of {seconds:g} s: what follows may come too early. "
            "(Interrupt twice to stop the cell.)"
        )


def _sit_out(seconds: float) -> None:
    end = time.monotonic() + seconds
    while (remaining := end - time.monotonic()) > 0:
        time.sleep(min(remaining, NAP_SECONDS))
