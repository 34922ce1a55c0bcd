"""`podlab status`: what is running."""

import argparse

from podlab.clusters import contexts
from podlab.clusters.backend import NAMES, backend


def configure(parser: argparse.ArgumentParser) -> None:
    """There are no options."""


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each cluster. 0 if one is running, else 1."""
    running = False
    for name in NAMES:
        health = backend(name).health()
        running |= health.running
        print(f"{name:9} {health.summary}{f'  [{health.mend}]' if health.mend else ''}")
    for context, consent in contexts.consents().items():
        print(f"{context}  namespace {consent.namespace} on {consent.server}  [podlab down --on {context}]")
    return 0 if running else 1
