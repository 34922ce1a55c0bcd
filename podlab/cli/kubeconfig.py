"""`podlab kubeconfig`: print the path of the kubeconfig and nothing else, for `export KUBECONFIG=$(podlab kubeconfig)`."""

import argparse
from pathlib import Path

from podlab.clusters.backend import NAMES, backend
from podlab.errors import ClusterError


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--on", choices=NAMES, help="by default what is running")


def run(arguments: argparse.Namespace) -> int:
    """Print the path."""
    print(running_kubeconfig(arguments.on))
    return 0


def running_kubeconfig(name: str | None = None) -> Path:
    """The kubeconfig of a running cluster of podlab's own: of the one named, else of the first.

    Raises:
        ClusterError: none is running.
    """
    for candidate in [name] if name else ["kind", "minikube", "mock"]:
        chosen = backend(candidate)
        if chosen.health().running:
            return chosen.kubeconfig
    raise ClusterError(f"{name or 'No cluster'} is not running." if name else "No cluster of podlab's is running.", "podlab up")
