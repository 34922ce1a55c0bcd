"""Namespaces of podlab's own: made with a label, found again by it, and removed only if they carry it."""

from contextlib import suppress

from podlab.errors import AlreadyExists, Forbidden, NotFound, Obj, PodlabError
from podlab.lab.api import API, Target
from podlab.lab.conditions import parse
from podlab.lab.wait import wait

LABEL = "app.kubernetes.io/managed-by"
OWNER = "podlab"
READY_SECONDS = 60.0
GONE_SECONDS = 180.0


def is_own(namespace: Obj) -> bool:
    """Did podlab make this namespace?"""
    return (namespace["metadata"].get("labels") or {}).get(LABEL) == OWNER


def ensure(api: API, name: str) -> bool:
    """Make the namespace, unless podlab has made it before.

    Returns:
        True if it is new.

    Raises:
        PodlabError: there is a namespace of this name that podlab did not make.
    """
    new = _create(api, name)
    if not new:
        there = api.get(_target(api, name))
        if not is_own(there):
            raise PodlabError(
                f"The namespace {name!r} exists and podlab did not make it, so podlab leaves it alone.",
                "choose another name: `podlab.connect(..., namespace='...')`.",
            )
        if "deletionTimestamp" in there["metadata"]:
            wait(api, _target(api, name), parse("deleted"), GONE_SECONDS)
            new = _create(api, name)
    # Pods are refused until the controller manager has made the account that they run under.
    with suppress(Forbidden):  # who may not look at accounts does without
        wait(api, api.target("serviceaccount/default", namespace=name), parse("created"), READY_SECONDS)
    return new


def remove(api: API, name: str, *, wait_gone: bool = True) -> bool:
    """Delete a namespace that podlab made, with all that is in it.

    Returns:
        False if there was none.

    Raises:
        PodlabError: podlab did not make it.
    """
    target = _target(api, name)
    try:
        if not is_own(api.get(target)):
            raise PodlabError(f"podlab did not make the namespace {name!r}, so it does not delete it.")
        api.connection.json("DELETE", target.path())
        if wait_gone:
            wait(api, target, parse("deleted"), GONE_SECONDS)
    except NotFound:
        return False
    return True


def _create(api: API, name: str) -> bool:
    manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {LABEL: OWNER}}}
    try:
        api.connection.json("POST", _target(api, "").path(), {"fieldManager": OWNER}, manifest)
    except AlreadyExists:
        return False
    return True


def _target(api: API, name: str) -> Target:
    return Target(api.discovery.find("namespaces"), "", name)
