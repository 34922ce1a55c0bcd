"""Contexts of the user's own kubeconfig: found by name only, used after a yes, in a namespace of podlab's own.

A yes is remembered in podlab's home (`contexts.json`: `{context: {"server": url, "namespace": name}}`), for that context
on that server, until `podlab down --on CONTEXT` removes the namespace and forgets it.
"""

import json
import os
import re
import sys
from dataclasses import asdict, dataclass
from getpass import getuser
from pathlib import Path

from podlab.clusters import kubeconfigs
from podlab.clusters.home import room
from podlab.errors import PodlabError


@dataclass(frozen=True, slots=True)
class Consent:
    """A yes to using a context.

    Attributes:
        server: the API server's URL at that time.
        namespace: the namespace that podlab works in.
    """

    server: str
    namespace: str


def consents() -> dict[str, Consent]:
    """All that the user has said yes to, by context."""
    try:
        said = json.loads(_file().read_text("utf-8"))
        return {name: Consent(**entry) for name, entry in said.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def agree(context: str, server: str, namespace: str) -> None:
    """Remember a yes."""
    _write({**consents(), context: Consent(server, namespace)})


def forget(context: str) -> None:
    """Forget a yes."""
    _write({name: consent for name, consent in consents().items() if name != context})


def ask(context: str, server: str, namespace: str) -> None:
    """Ask whether podlab may use a context, unless that is known.

    Raises:
        PodlabError: the answer was no, or nobody was there to ask.
    """
    known = consents().get(context)
    if known == Consent(server, namespace):
        return
    question = (
        f"podlab will use the cluster {server} (context {context}). It makes the namespace {namespace} there, works in it alone, "
        f"and `podlab down --on {context}` removes it. Go on? [y/N] "
    )
    if not _can_ask():
        raise PodlabError(
            f"podlab has not been allowed to use the context {context!r} ({server}).",
            f"say yes once: podlab up --on {context} --yes",
        )
    if input(question).strip().lower() not in ("y", "yes"):
        raise PodlabError(f"podlab leaves the cluster {server} alone.", "without a choice, `podlab.connect()` takes the mock.")
    agree(context, server, namespace)


def for_kubectl(kubeconfig: Path, context: str | None, namespace: str) -> str:
    """A `KUBECONFIG` with which plain kubectl is in a context and a namespace of podlab's, the user's own file unchanged.

    Two files, of which the first, in podlab's home, says no more than where to be; clusters and credentials stay in the second.
    """
    config = kubeconfigs.read(kubeconfig)
    chosen = context or config.get("current-context")
    entry = next((dict(entry["context"]) for entry in config.get("contexts") or [] if entry.get("name") == chosen), {})
    here = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "podlab",
        "contexts": [{"name": "podlab", "context": {**entry, "namespace": namespace}}],
    }
    file = room("contexts") / f"{re.sub(r'[^A-Za-z0-9.-]+', '-', str(chosen))}.json"
    file.write_text(json.dumps(here, indent=1), "utf-8")
    return f"{file}{os.pathsep}{kubeconfig}"


def default_namespace() -> str:
    """The namespace that podlab makes for this user on a cluster of theirs."""
    try:
        user = getuser()
    except (OSError, KeyError):
        user = ""
    word = re.sub(r"[^a-z0-9]+", "-", user.lower()).strip("-")[:40]
    return f"podlab-{word}" if word else "podlab-student"


def _can_ask() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and hasattr(shell, "kernel"):
        return bool(getattr(shell.kernel, "_allow_stdin", False))
    return sys.stdin is not None and sys.stdin.isatty()


def _file() -> Path:
    return room("contexts") / "contexts.json"


def _write(said: dict[str, Consent]) -> None:
    fresh = _file().with_suffix(".new")
    fresh.write_text(json.dumps({name: asdict(consent) for name, consent in said.items()}, indent=1), "utf-8")
    fresh.replace(_file())
