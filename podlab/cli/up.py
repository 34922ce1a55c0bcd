"""`podlab up`: start a cluster and say what to do next."""

import argparse
import os
import sys
from pathlib import Path

from podlab.clusters.backend import NAMES, backend


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--on", default="mock", metavar="CLUSTER", help="mock (the default), kind, minikube, or a context of your kubeconfig"
    )
    parser.add_argument("--yes", action="store_true", help="use a context of yours without a question")


def run(arguments: argparse.Namespace) -> int:
    """Start the cluster."""
    if arguments.on not in NAMES:
        return _context(arguments.on, arguments.yes)
    chosen = backend(arguments.on)
    try:
        health = chosen.up(lambda text: print(text, flush=True))
    except KeyboardInterrupt:
        if arguments.on != "mock":
            print(f"\npodlab: interrupted; the same command begins anew, `podlab down --on {arguments.on}` removes what there is")
        raise
    print(f"podlab: {arguments.on} is {health.summary}")
    _tell_next(chosen.kubeconfig, arguments.on)
    return 0


def _tell_next(kubeconfig: Path, name: str) -> None:
    on = "" if name == "mock" else f" --on {name}"
    print(f"\n  {setting('KUBECONFIG', str(kubeconfig))}")
    print("  kubectl get nodes")
    print(f"  podlab down{on}", flush=True)


def setting(name: str, value: str) -> str:
    """The command that sets an environment variable in the user's shell."""
    if sys.platform == "win32":
        return f'$env:{name} = "{value}"'
    quoted = f"'{value}'" if any(character in value for character in " ()&;$") else value
    return f"set -x {name} {quoted}" if os.environ.get("SHELL", "").endswith("/fish") else f"export {name}={quoted}"


def _context(context: str, yes: bool) -> int:
    from podlab.clusters import contexts, kubeconfigs
    from podlab.connect import connect

    if yes:
        _, server = kubeconfigs.find(context)
        contexts.agree(context, server, contexts.default_namespace())
    lab = connect(context)
    print(f"podlab: {lab!r} is ready\n\n  {setting('PODLAB_CLUSTER', context)}\n  podlab down --on {context}")
    return 0
