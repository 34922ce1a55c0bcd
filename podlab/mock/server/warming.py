"""Modules are loaded before they are needed, while nobody waits.

So a cluster's first `awk` or `envoy` is no slower than the next, and what runs in a container makes the server read none of its
own files.

Loading all of them at the start would keep whoever starts a cluster waiting; so it happens afterwards, one module at a time.
"""

import asyncio
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Final

import podlab.mock
from podlab.mock.programs.usage import usage_text

BEFORE_SECONDS: Final = 1.0
"""How long after the start others have the processor for themselves: most likely, who started the cluster uses it now."""
PAUSE_SECONDS: Final = 0.002
"""Between two modules requests are answered."""

LARGE: Final = (
    "cryptography.hazmat.primitives.serialization",
    "cryptography.x509",
    "OpenSSL.SSL",
    "statistics",
    "tarfile",
    "lzma",
)
"""What takes long to load is loaded by itself, before the modules that need it."""

ON_USE: Final = ("encodings.cp437", "encodings.idna", "encodings.latin_1", "encodings.ascii", "_strptime")
"""What Python's own libraries load only when it is used."""


async def warm(before_seconds: float = BEFORE_SECONDS, pause_seconds: float = PAUSE_SECONDS) -> None:
    """Loads all that the mock may ever need."""
    await asyncio.sleep(before_seconds)
    usage_text("busybox")
    for name in _modules():
        if name not in sys.modules:
            import_module(name)
            await asyncio.sleep(pause_seconds)


def _modules() -> Iterator[str]:
    yield from (*LARGE, *ON_USE)
    for module in pkgutil.walk_packages(podlab.mock.__path__, podlab.mock.__name__ + "."):
        if not module.name.endswith(".__main__"):
            yield module.name
