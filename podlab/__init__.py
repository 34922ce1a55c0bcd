"""podlab: multi-container Kubernetes pods, to be seen, broken and mended.

    >>> import podlab
    >>> lab = podlab.connect()            # doctest: +SKIP
    >>> lab.apply("pod.yaml")             # doctest: +SKIP

Importing this package costs next to nothing: names are loaded when they are first used, because the command line
answers within a fraction of the time that importing a Kubernetes client takes.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from podlab.connect import connect as connect
    from podlab.errors import APIError as APIError
    from podlab.errors import PodlabError as PodlabError
    from podlab.errors import WaitTimeout as WaitTimeout
    from podlab.lab import Lab as Lab
    from podlab.simulation import simulate as simulate

__version__ = "0.1.0"

_HOMES = {
    "connect": "podlab.connect",
    "simulate": "podlab.simulation",
    "Lab": "podlab.lab",
    "PodlabError": "podlab.errors",
    "APIError": "podlab.errors",
    "WaitTimeout": "podlab.errors",
}

__all__ = ["APIError", "Lab", "PodlabError", "WaitTimeout", "__version__", "connect", "simulate"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'podlab' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
