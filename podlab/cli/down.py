"""`podlab down`: stop a cluster that podlab started; on a context of the user's, remove podlab's namespace."""

import argparse

from podlab.clusters.backend import NAMES, backend


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--on", default="mock", metavar="CLUSTER", help="mock (the default), kind, minikube, or a context of your kubeconfig"
    )


def run(arguments: argparse.Namespace) -> int:
    """Stop the cluster."""
    if arguments.on not in NAMES:
        return _context(arguments.on)
    stopped = backend(arguments.on).down(lambda text: print(text, flush=True))
    print(f"podlab: {arguments.on} {'is stopped' if stopped else 'was not running'}")
    return 0


def _context(context: str) -> int:
    from podlab.clusters import contexts, kubeconfigs
    from podlab.lab import Lab
    from podlab.lab.namespaces import remove

    path, _ = kubeconfigs.find(context)
    consent = contexts.consents().get(context)
    namespace = consent.namespace if consent else contexts.default_namespace()
    removed = remove(Lab(path, context).api, namespace)
    contexts.forget(context)
    print(f"podlab: {f'the namespace {namespace} is removed' if removed else f'there was no namespace {namespace}'}")
    return 0
