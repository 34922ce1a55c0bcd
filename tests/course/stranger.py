"""A cluster as strangers have them: it knows none of podlab's headers, sends no clock, and its time is everybody's.

python -m tests.course.stranger --state-dir DIR
"""

import sys
from typing import Any

from podlab.mock.server import edge, waits
from podlab.mock.server.__main__ import main


def be_strange() -> None:
    """Takes away what a mock does beyond what clusters do."""
    for kind in waits.RULES:
        waits.RULES[kind] = waits.Rule(waits.Flow.WALL, waits.Flow.WALL, waits.Then.GOES_ON)
    ours = edge.Edge._headers

    def headers(self: Any, content_type: str = "") -> dict[str, str]:
        return {name: value for name, value in ours(self, content_type).items() if name != "podlab-clock"}

    edge.Edge._headers = headers  # type: ignore[method-assign]


if __name__ == "__main__":
    be_strange()
    sys.exit(main(sys.argv[1:]))
