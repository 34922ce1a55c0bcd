"""`podlab kubectl ...`: the kubectl that comes with podlab, on podlab's running cluster."""

import argparse
import os
import subprocess

from podlab.cli.kubeconfig import running_kubeconfig
from podlab.clusters.tools import kubectl_path


def configure(parser: argparse.ArgumentParser) -> None:
    """Everything after the command's name goes to kubectl."""
    parser.add_argument("words", nargs=argparse.REMAINDER, help="what kubectl gets")


def run(arguments: argparse.Namespace) -> int:
    """Run kubectl in this process's place, as far as its terminal goes; return its exit code."""
    environment = {**os.environ, "KUBECONFIG": str(running_kubeconfig())}
    return subprocess.run([str(kubectl_path()), *arguments.words], env=environment, check=False).returncode
