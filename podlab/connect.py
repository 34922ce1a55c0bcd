"""`podlab.connect()`: from a user's choice, or none, to a `Lab`.

| choice (argument, else `PODLAB_CLUSTER`) | what it means |
|---|---|
| `mock` | podlab's own Kubernetes in a process; started if it is not running |
| `kind`, `minikube` | podlab's own cluster there, which `podlab up --on kind` has made |
| `kubeconfig:PATH` (or `PODLAB_KUBECONFIG`) | the current context of that file, in a namespace of podlab's own |
| a context's name | that context of the user's kubeconfig, after a question, in a namespace of podlab's own |
| none | podlab's own kind or minikube cluster if one is running, else the mock |

The user's current context is never used unless it is named. On a cluster that is not podlab's own, podlab writes in its own
namespace alone.
"""

import os
import sys
from pathlib import Path

from podlab.clusters import contexts, kubeconfigs
from podlab.clusters.backend import NAMES, Backend, backend
from podlab.clusters.mock import Mock
from podlab.errors import ClusterError, PodlabError
from podlab.lab import Lab

OWN_CLUSTERS = ("kind", "minikube")


def connect(cluster: str | None = None, *, namespace: str | None = None, fresh: bool = False) -> Lab:
    """Connect to a cluster.

    Args:
        cluster: `"mock"`, `"kind"`, `"minikube"`, `"kubeconfig:PATH"`, or the name of a context; by default what
            `PODLAB_CLUSTER` or `PODLAB_KUBECONFIG` says, else a running kind or minikube cluster of podlab's own, else
            the mock.
        namespace: where to work; by default `default` on podlab's own clusters, a namespace of podlab's own elsewhere.
        fresh: begin with `namespace` empty: whatever podlab left there is removed, and it is made if it is not there. A
            namespace that podlab did not make is refused.

    Returns:
        The Lab. In a notebook `%%manifest` and `%kubectl` work on it from now on.

    Raises:
        ClusterError: the chosen cluster is not there; says what to do.
    """
    if fresh and not namespace:
        raise PodlabError("`fresh` needs a namespace of podlab's own.", "podlab.connect(namespace='...', fresh=True)")
    lab = _lab(cluster or chosen(), namespace)
    if fresh:
        lab.start_afresh()
    _tell_notebook(lab)
    return lab


def chosen() -> str:
    """The cluster that is taken without an argument."""
    path = os.environ.get("PODLAB_KUBECONFIG")
    return os.environ.get("PODLAB_CLUSTER") or (f"kubeconfig:{path}" if path else "") or _running_own() or "mock"


def _running_own() -> str:
    return next((name for name in OWN_CLUSTERS if backend(name).health().running), "")


def _lab(choice: str, namespace: str | None) -> Lab:
    if choice in NAMES:
        return _own(choice, namespace)
    if choice.startswith("kubeconfig:"):
        path = Path(choice.removeprefix("kubeconfig:")).expanduser()
        if not path.is_file():
            raise ClusterError(f"There is no kubeconfig {path}.", "check PODLAB_KUBECONFIG or PODLAB_CLUSTER.")
        return _guest(path, None, namespace)
    path, server = kubeconfigs.find(choice)
    namespace = namespace or contexts.default_namespace()
    contexts.ask(choice, server, namespace)
    return _guest(path, choice, namespace)


def _own(name: str, namespace: str | None) -> Lab:
    chosen: Backend = Mock(owner=_jupyter()) if name == "mock" else backend(name)
    if name == "mock":
        chosen.up(print)
    elif not (health := chosen.health()).running:
        raise ClusterError(f"podlab's {name} cluster: {health.summary}.", health.mend or f"podlab up --on {name}")
    again = "podlab up" if name == "mock" else f"podlab up --on {name}"
    hint = f"start it again with `{again}` (in a notebook `!{again}`), then go on; what ran on it is gone if it is new."
    return Lab(chosen.kubeconfig, None, namespace or "default", name=name, gone_hint=hint)


def _jupyter() -> int | None:
    """The process that this kernel belongs to (a Jupyter server, VS Code): a mock started here ends with that one."""
    parent = os.environ.get("JPY_PARENT_PID", "")
    return int(parent) if parent.isdigit() and int(parent) > 1 and "ipykernel" in sys.modules else None


def _guest(path: Path, context: str | None, namespace: str | None) -> Lab:
    """A Lab on a cluster that is not podlab's own: confined to a namespace that podlab makes."""
    namespace = namespace or contexts.default_namespace()
    doctor = f"podlab doctor --on {context}" if context else "podlab doctor"
    hint = f"check that the cluster is running (`{doctor}`); when it is back, run the cell again."
    lab = Lab(path, context, namespace, confined=True, name=context or str(path), gone_hint=hint)
    if lab.own_namespace():
        print(f"podlab works in the namespace {namespace} of {lab.name}; `lab.close()` removes it.")
    return lab


def _tell_notebook(lab: Lab) -> None:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        from podlab import magics

        magics.load_ipython_extension(shell)
        magics.use(lab)
