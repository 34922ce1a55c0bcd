"""The programs in the mock's images: busybox with its applets, and the images themselves (`images`);
and envoy (`envoy`).

How to add an applet: declare it (`applet.applet`) in a module of the family it belongs to (`text`, `files`, `process`, `archive`,
`system`, `net`), and enter the module in `catalogue` (or in `net.MODULES`).
"""

from collections.abc import Mapping
from types import MappingProxyType

from podlab.mock.machine.process import Program
from podlab.mock.programs.busybox import busybox
from podlab.mock.programs.envoy import envoy

__all__ = ["programs"]


def programs() -> Mapping[str, Program]:
    """The table of programs that a `Machine` needs to run containers of the images."""
    return MappingProxyType({"busybox": busybox, "envoy": envoy})
