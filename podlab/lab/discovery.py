"""Which resources the server has, and what a user's word for one means.

Words are kubectl's: a plural (`pods`), singular (`pod`), kind (`Pod`), short name (`po`), with or without a group or version
(`deployments.apps`, `deployments.v1.apps`). Aggregated discovery answers in two requests; older servers are asked group by group.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from podlab.errors import NotFound, Obj, api_error
from podlab.lab.transport import Connection

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource in one version, as discovery tells it."""

    group: str
    version: str
    kind: str
    plural: str
    singular: str
    short_names: tuple[str, ...]
    namespaced: bool
    verbs: frozenset[str]

    @property
    def api_version(self) -> str:
        """`v1`, `apps/v1`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """The name that kubectl prints before a slash: `pod`, `deployment.apps`."""
        return f"{self.singular}.{self.group}" if self.group else self.singular

    def path(self, namespace: str = "", name: str = "", subresource: str = "") -> str:
        """The path of the collection, of an object in it, or of its subresource."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        parts = [root, *(("namespaces", namespace) if self.namespaced and namespace else ()), self.plural]
        return "/".join([*parts, *filter(None, (name, subresource))])


class Discovery:
    """The server's resources, asked for once and again when a word is unknown (a new CustomResourceDefinition, say)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._resources: tuple[Resource, ...] = ()
        self._known: dict[tuple[str, ...], Resource] = {}

    def resources(self) -> tuple[Resource, ...]:
        """All resources, the core group first, then groups and versions in the server's order of preference."""
        if not self._resources:
            self._resources = tuple(self._ask())
        return self._resources

    def find(self, word: str) -> Resource:
        """The resource that a user's word means.

        Raises:
            NotFound: in kubectl's words, if the server has none.
        """
        return self._look_up((word,), lambda resource: _means(resource, word)) or self._unknown(
            f'the server doesn\'t have a resource type "{word}"'
        )

    def find_kind(self, api_version: str, kind: str) -> Resource:
        """The resource of an object's `apiVersion` and `kind`.

        Raises:
            NotFound: in kubectl's words, if the server has none.
        """
        wanted = (api_version, kind)
        return self._look_up(wanted, lambda resource: (resource.api_version, resource.kind) == wanted) or self._unknown(
            f'no matches for kind "{kind}" in version "{api_version}"', self._meant(kind)
        )

    def _meant(self, kind: str) -> str:
        """What a kind that is not there was probably to be, as a hint; empty where nothing comes near."""
        kinds = {resource.kind.lower(): resource for resource in reversed(self.resources())}
        near = get_close_matches(kind.lower(), kinds, n=1, cutoff=0.8)
        return f"the server has `apiVersion: {kinds[near[0]].api_version}` with `kind: {kinds[near[0]].kind}`." if near else ""

    def _look_up(self, words: tuple[str, ...], fits: Callable[[Resource], bool]) -> Resource | None:
        """The first resource that fits what these words mean; what was found once is remembered until all are asked for again."""
        found = self._known.get(words)
        if found is not None:
            return found
        for _ in range(2):
            for resource in self.resources():
                if fits(resource):
                    self._known[words] = resource
                    return resource
            self._resources = ()
            self._known.clear()
        return None

    def _unknown(self, message: str, hint: str = "") -> Resource:
        status = {"kind": "Status", "code": 404, "reason": "NotFound", "message": message}
        raise api_error(status, hint or "`kubectl api-resources` lists what there is.")

    def _ask(self) -> Iterator[Resource]:
        for root in ("/api", "/apis"):
            answer = self._connection.json("GET", root, headers={"Accept": AGGREGATED})
            if answer["kind"] == "APIGroupDiscoveryList":
                yield from _aggregated(answer)
            else:
                yield from self._group_by_group(root, answer)

    def _group_by_group(self, root: str, answer: Obj) -> Iterator[Resource]:
        versions = answer.get("versions") or [
            entry["groupVersion"] for group in answer["groups"] for entry in _preferred_first(group)
        ]
        for group_version in versions:
            try:
                listed = self._connection.json("GET", f"{root}/{group_version}")
            except NotFound:
                continue
            group, _, version = group_version.rpartition("/")
            for entry in listed["resources"]:
                if "/" not in entry["name"]:
                    yield _resource(group, version, entry["kind"], entry["name"], entry)


def _preferred_first(group: Obj) -> list[Obj]:
    preferred = group.get("preferredVersion") or {}
    return sorted(group["versions"], key=lambda entry: entry["groupVersion"] != preferred.get("groupVersion"))


def _aggregated(answer: Obj) -> Iterator[Resource]:
    for group in answer.get("items") or []:
        name = (group.get("metadata") or {}).get("name") or ""
        for version in group.get("versions") or []:
            for entry in version.get("resources") or []:
                flat = {**entry, "singularName": entry.get("singularResource"), "namespaced": entry.get("scope") == "Namespaced"}
                yield _resource(name, version["version"], entry["responseKind"]["kind"], entry["resource"], flat)


def _resource(group: str, version: str, kind: str, plural: str, entry: Obj) -> Resource:
    return Resource(
        group,
        version,
        kind,
        plural,
        entry.get("singularName") or kind.lower(),
        tuple(entry.get("shortNames") or ()),
        bool(entry["namespaced"]),
        frozenset(entry.get("verbs") or ()),
    )


def _means(resource: Resource, word: str) -> bool:
    name, _, rest = word.partition(".")
    names = (resource.plural, resource.singular, resource.kind.lower(), *resource.short_names)
    if name.lower() not in names:
        return False
    return rest in ("", resource.group, f"{resource.version}.{resource.group}".rstrip("."))
