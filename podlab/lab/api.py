"""The verbs of the API on dicts: what `Lab` and its helpers stand on.

`API` is one connection seen from one namespace. A *confined* one (on every cluster that is not podlab's own) writes in
namespaces that podlab made only: whatever would change anything outside them is refused here, before a request is sent.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from podlab.errors import Obj, PodlabError, api_error
from podlab.lab.discovery import Discovery, Resource
from podlab.lab.transport import Connection

MANAGER = "podlab"


@dataclass(frozen=True, slots=True)
class Target:
    """What a call is about: one object, or those of a resource that selectors pick.

    Attributes:
        resource: the resource.
        namespace: empty for cluster-scoped resources and for all namespaces.
        name: the object's name; empty for a collection.
        selector: a label selector.
    """

    resource: Resource
    namespace: str = ""
    name: str = ""
    selector: str = ""

    def __str__(self) -> str:
        if self.name:
            return f"{self.resource.qualified}/{self.name}"
        return f"{self.resource.plural}{f' with {self.selector}' if self.selector else ''}"

    def path(self, subresource: str = "") -> str:
        """The path of the object or the collection."""
        return self.resource.path(self.namespace, self.name, subresource)


class API:
    """One connection, seen from one namespace.

    Args:
        connection: the connection.
        namespace: where things are unless they say otherwise.
        allowed: the namespaces that may be written in; None does not confine it.
    """

    def __init__(
        self, connection: Connection, namespace: str, allowed: set[str] | None = None, discovery: Discovery | None = None
    ) -> None:
        self.connection = connection
        self.namespace = namespace
        self.allowed = allowed
        self.discovery = discovery or Discovery(connection)

    def seen_from(self, namespace: str) -> "API":
        """The same connection seen from another namespace."""
        return API(self.connection, namespace, self.allowed, self.discovery)

    def target(
        self, what: str | Mapping[str, Any], name: str = "", *, namespace: str | None = None, selector: str = ""
    ) -> Target:
        """Understand a user's words.

        Args:
            what: `"pod/web"`, `"pods"`, or an object (its `kind`, name and namespace count).
            name: the object's name, if `what` is a resource's word.
            namespace: where; by default the object's own, else this API's. `"*"` means all.
            selector: a label selector, such as `app=web,tier!=db`.

        Raises:
            NotFound: there is no such resource.
        """
        if isinstance(what, str):
            word, _, after = what.partition("/")
            resource, name = self.discovery.find(word), name or after
        else:
            resource = self.discovery.find_kind(str(what["apiVersion"]), str(what["kind"]))
            metadata = what.get("metadata") or {}
            name, namespace = str(metadata.get("name") or ""), namespace or metadata.get("namespace")
        place = "" if not resource.namespaced or namespace == "*" else namespace or self.namespace
        return Target(resource, place, name, selector)

    def pod(self, pod: str | Mapping[str, Any]) -> Target:
        """The pod that a user means; a bare name will do.

        Raises:
            PodlabError: it is no pod.
        """
        target = self.target(f"pod/{pod}" if isinstance(pod, str) and "/" not in pod else pod)
        if target.resource.plural != "pods" or not target.name:
            raise PodlabError(f"{target} is not a pod.", "give a pod's name, such as `web` or `pod/web`.")
        return target

    def get(self, target: Target) -> Obj:
        """GET one object."""
        return self.connection.json("GET", target.path())

    def list(self, target: Target, **fields: str) -> tuple[list[Obj], str]:
        """LIST: the objects, each with `apiVersion` and `kind`, and the collection's resourceVersion."""
        answer = self.connection.json("GET", _collection(target), _selectors(target, fields))
        version = answer["metadata"]["resourceVersion"]
        head = {"apiVersion": target.resource.api_version, "kind": target.resource.kind}
        return [{**head, **item} for item in answer.get("items") or []], str(version)

    def watch(
        self,
        target: Target,
        resource_version: str,
        seconds: int,
        headers: Mapping[str, str] | None = None,
        patience_seconds: float | None = None,
        **fields: str,
    ) -> Iterator[tuple[str, Obj]]:
        """WATCH: (type, object) of each event until the server ends the stream.

        Args:
            target: an object or a collection.
            resource_version: the version to go on from.
            seconds: how long the server shall keep the stream open, on its own clock.
            headers: such as `Podlab-Wait`.
            patience_seconds: the longest silence in real time, after which the stream is taken to have ended.
            fields: more field selectors.

        Raises:
            Expired: the version is too old; list again.
        """
        query = {
            **_selectors(target, fields),
            "watch": True,
            "resourceVersion": resource_version or None,
            "timeoutSeconds": max(1, seconds),
            "allowWatchBookmarks": True,
        }
        patience_seconds = seconds + 15.0 if patience_seconds is None else patience_seconds
        for line in self.connection.lines(_collection(target), query, headers or {}, read_seconds=patience_seconds):
            event = json.loads(line)
            if event["type"] == "ERROR":
                raise api_error(event["object"])
            yield event["type"], event["object"]

    def create(self, target: Target, obj: Obj, *, dry_run: bool = False) -> Obj:
        """POST an object, fields that its kind does not have being an error."""
        self.allow(target)
        query = {"fieldManager": MANAGER, "fieldValidation": "Strict", "dryRun": "All" if dry_run else None}
        return self.connection.json("POST", target.resource.path(target.namespace), query, obj)

    def apply(self, target: Target, obj: Obj) -> Obj:
        """Server-side apply: the object shall have these fields, and no others that podlab gave it before."""
        self.allow(target)
        query = {"fieldManager": MANAGER, "force": True, "fieldValidation": "Strict"}
        return self.connection.json("PATCH", target.path(), query, obj, content_type="application/apply-patch+yaml")

    def delete(self, target: Target, grace_seconds: int | None = None) -> None:
        """DELETE one object, dependants in the background."""
        self.allow(target)
        options: Obj = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"}
        if grace_seconds is not None:
            options["gracePeriodSeconds"] = grace_seconds
        self.connection.json("DELETE", target.path(), None, options)

    def allow(self, target: Target) -> None:
        """Refuse to change what is not podlab's.

        Raises:
            PodlabError: this API is confined, and `target` is outside of its namespace.
        """
        if self.allowed is None or (target.resource.namespaced and target.namespace in self.allowed):
            return
        place = f"in namespace {target.namespace!r}" if target.resource.namespaced else "for the whole cluster"
        raise PodlabError(
            f"podlab did not touch {target} {place}: here it writes in its own namespace only.",
            "leave `namespace:` out of the manifest; or use kubectl yourself.",
        )


def _collection(target: Target) -> str:
    return target.resource.path(target.namespace)


def _selectors(target: Target, fields: Mapping[str, str]) -> dict[str, Any]:
    pairs = {**({"metadata.name": target.name} if target.name else {}), **fields}
    return {
        "labelSelector": target.selector or None,
        "fieldSelector": ",".join(f"{field.replace('__', '.')}={value}" for field, value in pairs.items()) or None,
    }
