"""Calls that do not nest on Python's stack, so that a recursive shell function can go as deep as ash's stack lets it.

`await Call(coroutine)` hands the coroutine to the nearest `run`, which keeps its own stack of them; whatever else they await
goes through to the kernel. Resuming a process then costs no more the deeper it has recursed, and a deep recursion that ends, or
dies, is taken down in several events of the kernel.
"""

import types
from collections.abc import Callable, Coroutine, Generator
from typing import Any, Final

POPS: Final = 128
"""So many coroutines may end one after another before others get their turn."""


class Call:
    """A coroutine to be run by the trampoline; awaiting it gives the coroutine's result."""

    __slots__ = ("coroutine",)

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self.coroutine = coroutine

    def __await__(self) -> Generator["Call", Any, Any]:
        return (yield self)


@types.coroutine
def run(  # noqa: C901 - one loop, one state
    coroutine: Coroutine[Any, Any, Any], pause: Callable[[], Coroutine[Any, Any, None]]
) -> Generator[Any, Any, Any]:
    """Runs a coroutine and all that it calls through `Call`, and awaits `pause()` where many end at once."""
    stack = [coroutine]
    pops = 0
    value: Any = None
    error: BaseException | None = None
    while True:
        if pops >= POPS:
            pops = 0
            try:
                yield from pause()
            except GeneratorExit:
                _close(stack)
                raise
            except BaseException as failure:
                error = failure
            if error is not None:
                error.__traceback__ = None  # it holds the frames of all that has ended
        try:
            if error is None:
                awaited = stack[-1].send(value)
            else:
                raised, error = error, None
                awaited = stack[-1].throw(raised)
        except StopIteration as stop:
            del stack[-1]
            pops += 1
            value = stop.value
            if not stack:
                return value
            continue
        except BaseException as failure:
            del stack[-1]
            pops += 1
            if not stack:
                raise
            error = failure
            continue
        value = None
        if isinstance(awaited, Call):
            stack.append(awaited.coroutine)
            continue
        pops = 0
        try:
            value = yield awaited
        except GeneratorExit:
            _close(stack)
            raise
        except BaseException as failure:
            error = failure


def _close(stack: list[Coroutine[Any, Any, Any]]) -> None:
    while stack:
        stack.pop().close()
