"""What `podlab up`, `down`, `status`, `doctor` and `connect` know of a kind of cluster that podlab can start."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

from podlab.errors import PodlabError

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Health:
    """How a backend is.

    Attributes:
        running: does podlab's own cluster on it answer?
        summary: a line for `podlab status`.
        mend: what to do, where something is wrong; else empty.
    """

    running: bool
    summary: str
    mend: str = ""


class Backend(Protocol):
    """A kind of cluster that podlab starts and stops."""

    name: str

    @property
    def kubeconfig(self) -> Path:
        """Where the cluster's kubeconfig is, or will be."""

    def health(self) -> Health:
        """Look, without changing anything."""

    def up(self, say: Say) -> Health:
        """Start the cluster unless it runs. Says what is being done. Raises PodlabError with a mend."""

    def down(self, say: Say) -> bool:
        """Stop and remove what podlab started. False if there was nothing."""

    def obstacles(self) -> list[tuple[str, str]]:
        """Why it cannot be used on this machine, each with a mend; empty if it can."""


_HOMES = {
    "mock": "podlab.clusters.mock:Mock",
    "kind": "podlab.clusters.kind:Kind",
    "minikube": "podlab.clusters.minikube:Minikube",
}
NAMES = tuple(_HOMES)


def backend(name: str) -> Backend:
    """The backend of a name.

    Raises:
        PodlabError: there is none.
    """
    if name not in _HOMES:
        raise PodlabError(f"podlab cannot start a cluster on {name!r}.", f"choose one of {', '.join(NAMES)}.")
    module, _, kind = _HOMES[name].partition(":")
    made: Backend = getattr(import_module(module), kind)()
    return made
