"""Plays a case in the mock and in the real Envoy: a configuration, applications, requests, then log and statistics."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.envoy.cases import Case
from tests.envoy.mock_world import MockWorld
from tests.envoy.real_world import RealWorld
from tests.envoy.wire import Asked, encode, unchunk


@dataclass
class Played:
    """What came of a case.

    Attributes:
        answers: Each request's whole answer.
        log: What envoy printed on standard output.
        stats: /stats, as a table.
    """

    answers: list[bytes] = field(default_factory=list)
    log: str = ""
    stats: dict[str, int] = field(default_factory=dict)
    errors: str = ""
    code: int | None = None


@dataclass(frozen=True)
class Together:
    """Steps that run at once: when each begins (in seconds), what it is, and after how long its client leaves, if it does."""

    steps: list[tuple[float, Any] | tuple[float, Any, float]]


def _parse_stats(text: bytes) -> dict[str, int]:
    body = text.partition(b"\r\n\r\n")[2]
    return {name: int(value) for name, value in re.findall(r"^(\S+): (\d+)$", unchunk(body).decode(), re.M)}


def play(world: MockWorld | RealWorld, steps: list[Any], log: Callable[[], str]) -> Played:
    """Plays the steps.

    Each is a request, as (method, path, headers, body), or raw bytes, or a list of these with seconds in between; seconds
    to wait; or several `Together`.
    """
    played = Played()
    for step in steps:
        if isinstance(step, (int, float)):
            world.wait(step)
        elif isinstance(step, Together):
            played.answers += world.send_together([_asked(world, one, at, *patience) for at, one, *patience in step.steps])
        else:
            played.answers += world.send_together([_asked(world, step)])
    world.wait(0.3)
    played.stats = _parse_stats(world.send(b"GET /stats HTTP/1.1\r\nhost: x\r\n\r\n", world.ports["ADMIN"]))
    played.log = log()
    return played


def _asked(world: MockWorld | RealWorld, step: Any, at: float = 0.0, *patience: float) -> Asked:
    port = world.ports["LISTEN"]
    if isinstance(step, tuple) and step[0] in world.ports:
        port, step = world.ports[step[0]], step[1]
    pieces = tuple(step) if isinstance(step, list) else (step if isinstance(step, bytes) else encode(step),)
    return Asked(pieces, port, at, *patience)


def play_in_mock(case: Case) -> Played:
    """Plays a case in the mock."""
    world = MockWorld(case.config, case.names, case.files, options=case.options)
    try:
        if world.container.exit_code not in (None, 0):
            raise RuntimeError(world.err.decode())
        return play(world, case.steps, lambda: world.out.decode())
    finally:
        world.close()


def play_for_real(case: Case, folder: Path, pace: float = 1) -> Played:
    """Plays a case in the real one, in a folder of its own, at a pace (see `RealWorld`)."""
    folder.mkdir()
    world = RealWorld(case.config, case.names, case.files, folder, case.options, pace)
    try:
        return play(world, case.steps, world.log)
    finally:
        world.close()
