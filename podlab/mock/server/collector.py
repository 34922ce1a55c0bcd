"""Garbage collection in a process that is one mock.

A mock is made of very many small objects that live long, and makes few cycles. With Python's own settings the collector walks
through all of them over and over: with a thousand pods it takes more time than all else together.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

YOUNG: Final = 50_000
"""New objects until the youngest generation is looked through; Python's own setting is 700 or 2,000."""
MIDDLE: Final = 20
OLD: Final = 50


def tune() -> None:
    """Has the collector look less often, and never at what is there already. For a process of the mock's own."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    gc.freeze()


@contextmanager
def tuned() -> Iterator[None]:
    """The same for the length of a `with` block in a process that does other things too.

    At its end the memory of what was made and dropped in it is given back.
    """
    thresholds, frozen = gc.get_threshold(), gc.get_freeze_count()
    if not frozen:
        gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    try:
        yield
    finally:
        gc.collect()  # before the rest thaws, so that it need not be walked through
        gc.set_threshold(*thresholds)
        if not frozen:
            gc.unfreeze()
