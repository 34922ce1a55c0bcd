"""What an HTTP filter is, and what it is made with."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from podlab.mock.kernel import Kernel, Task
from podlab.mock.programs.envoy.http_messages import Head, Response
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.stats import Stats


class HttpFilter(Protocol):
    """What stands before the router."""

    async def apply(self, info: Info, head: Head) -> Response | None:
        """An answer of its own, or None to let the request go on."""

    def answered(self, head: Head, response: Response) -> None:
        """An answer, whoever's, is on its way back."""


@dataclass(slots=True)
class Tools:
    """What filters need; `prefix` is that of their manager's statistics, `spawn` begins something beside."""

    kernel: Kernel
    stats: Stats
    random: Random
    prefix: str
    spawn: Callable[[Coroutine[Any, Any, None], str], Task]
