"""Which clusters can be used here, and if not, why not: what `podlab doctor` finds, as data."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from podlab.clusters.backend import NAMES, backend
from podlab.errors import PodlabError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: what.
        good: is it as it should be?
        text: how it is.
        mend: what to do; empty if nothing.
    """

    subject: str
    good: bool
    text: str
    mend: str = ""


# What podlab does on a cluster: (verb, group, resource, subresource).
PERMISSIONS = (
    *((verb, "", "pods", "") for verb in ("get", "list", "watch", "create", "patch", "delete")),
    ("get", "", "pods", "log"),
    ("create", "", "pods", "exec"),
    ("get", "", "pods", "exec"),
    ("get", "", "pods", "proxy"),
    ("get", "", "services", "proxy"),
    *((verb, "", "services", "") for verb in ("get", "list", "create", "patch", "delete")),
    *((verb, "", "configmaps", "") for verb in ("get", "create", "patch", "delete")),
    *((verb, "", "secrets", "") for verb in ("get", "create", "patch", "delete")),
    ("list", "", "events", ""),
    ("get", "", "serviceaccounts", ""),
    *((verb, "apps", "deployments", "") for verb in ("get", "create", "patch", "delete")),
    *((verb, "batch", "jobs", "") for verb in ("get", "create", "patch", "delete")),
)
NAMESPACE_PERMISSIONS = (("create", "", "namespaces", ""), ("delete", "", "namespaces", ""))


def look() -> Iterator[Finding]:
    """Look at podlab's home, kubectl and each backend; on those that run, at the permissions too."""
    yield from _programs()
    for name in NAMES:
        try:
            chosen = backend(name)
            health = chosen.health()
        except PodlabError as error:
            yield Finding(name, False, error.message, error.hint)
            continue
        if health.running:
            yield Finding(name, True, health.summary)
            yield from look_at(chosen.kubeconfig, None, name, "default", confined=False)
            continue
        problems = chosen.obstacles()
        if problems:
            yield from (Finding(name, False, f"cannot be used: {problem}", mend) for problem, mend in problems)
        else:
            yield Finding(name, True, f"can be used; {health.summary}", health.mend)


def look_at(kubeconfig: Path, context: str | None, name: str, namespace: str, *, confined: bool) -> Iterator[Finding]:
    """Look at a cluster: does it answer, which version, and which permissions are missing (`SelfSubjectAccessReview`)?

    Args:
        kubeconfig: path of the kubeconfig.
        context: name of the context; None for the current one.
        name: what to call it.
        namespace: where podlab would work.
        confined: podlab would make that namespace.
    """
    from podlab.lab.transport import Connection

    connection = Connection(kubeconfig, context)
    try:
        version = connection.json("GET", "/version")
        yield Finding(name, True, f"Kubernetes {version.get('gitVersion')} answers at {connection.server}")
        missing = list(_missing(connection, namespace, PERMISSIONS + (NAMESPACE_PERMISSIONS if confined else ())))
    except PodlabError as error:
        yield Finding(name, False, error.message, error.hint)
        return
    finally:
        connection.close()
    if missing:
        yield Finding(
            name, False, f"missing permissions: {', '.join(missing)}", "ask whoever runs the cluster for a role that has them"
        )
    else:
        yield Finding(name, True, f"all permissions that podlab needs in the namespace {namespace}")


def _missing(connection: Any, namespace: str, permissions: tuple[tuple[str, str, str, str], ...]) -> Iterator[str]:
    for verb, group, resource, subresource in permissions:
        attributes = {"verb": verb, "group": group, "resource": resource, "subresource": subresource}
        if resource != "namespaces":
            attributes["namespace"] = namespace
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {key: value for key, value in attributes.items() if value}},
        }
        answer = connection.json("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", None, review)
        if not (answer.get("status") or {}).get("allowed"):
            yield f"{verb} {resource}{f'/{subresource}' if subresource else ''}{f'.{group}' if group else ''}"


def _programs() -> Iterator[Finding]:
    from podlab.clusters.home import room
    from podlab.clusters.tools import kubectl_path, run

    try:
        yield Finding("podlab", True, f"keeps its state in {room('.').resolve()}")
    except PodlabError as error:
        yield Finding("podlab", False, error.message, error.hint)
    try:
        path = kubectl_path()
        version = run([str(path), "version", "--client"]).stdout.splitlines()
        yield Finding("kubectl", True, f"{version[0] if version else '?'} ({path})")
    except PodlabError as error:
        yield Finding("kubectl", False, error.message, error.hint)
