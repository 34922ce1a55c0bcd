"""From stored objects to what a client asked for: whole objects, lists, tables, metadata alone; and the frames of a watch."""

from dataclasses import dataclass
from typing import Any

from podlab.mock.api.errors import BadRequest, NotAcceptable, quote
from podlab.mock.api.listing import Page
from podlab.mock.api.negotiation import JSON, YAML, Wanted
from podlab.mock.api.registry.conversions import conversion_of
from podlab.mock.api.request import Request
from podlab.mock.api.resources import Resource
from podlab.mock.api.tables import Clock, make_table, partial
from podlab.mock.kernel import Kernel

Obj = dict[str, Any]
Objs = list[Obj]


@dataclass(frozen=True, slots=True)
class Presenter:
    """Shows the objects of one resource in the form that one client wants.

    Attributes:
        include: the parameter ``includeObject`` of tables.
    """

    resource: Resource
    wanted: Wanted
    kernel: Kernel
    include: str = "Metadata"

    @classmethod
    def of(cls, resource: Resource, wanted: Wanted, kernel: Kernel, request: Request) -> "Presenter":
        """The presenter of a request. Raises BadRequest."""
        include = request.param("includeObject") or "Metadata"
        if include not in ("None", "Metadata", "Object"):
            raise BadRequest(f"unrecognized includeObject value: {quote(include)}")
        return cls(resource, wanted, kernel, include)

    def one(self, obj: Obj) -> Obj:
        """One object."""
        if obj.get("kind") == "Status":
            return obj
        match self.wanted.kind:
            case "Table":
                return self._table(
                    [obj], _list_meta(obj["metadata"]["resourceVersion"]) if "resourceVersion" in obj["metadata"] else {}
                )
            case "PartialObjectMetadata":
                return partial(obj)
            case "PartialObjectMetadataList":
                raise NotAcceptable((JSON, YAML))
        return self.whole(obj)

    def list(self, page: Page) -> Obj:
        """A page of objects."""
        meta = _list_meta(str(page.revision))
        if page.continue_token:
            meta["continue"] = page.continue_token
        if page.remaining:
            meta["remainingItemCount"] = page.remaining
        match self.wanted.kind:
            case "Table":
                return self._table(page.items, meta)
            case "PartialObjectMetadataList":
                return {
                    "kind": "PartialObjectMetadataList",
                    "apiVersion": "meta.k8s.io/v1",
                    "metadata": meta,
                    "items": [{"metadata": obj["metadata"]} for obj in page.items],
                }
            case "PartialObjectMetadata":
                raise NotAcceptable((JSON, YAML))
        custom = self.resource.custom is not None
        items = [self.whole(obj) if custom else _bare(self.whole(obj)) for obj in page.items]
        return {"kind": self.resource.list_kind, "apiVersion": self.resource.api_version, "metadata": meta, "items": items}

    def event(self, obj: Obj, first: bool) -> Obj:
        """An object of a watch event."""
        match self.wanted.kind:
            case "Table":
                return self._table([obj], _list_meta(obj["metadata"]["resourceVersion"]), with_columns=first)
            case "PartialObjectMetadata" | "PartialObjectMetadataList":
                return partial(obj)
        return self.whole(obj)

    def bookmark(self, revision: int, annotations: Obj | None) -> Obj:
        """The object of a bookmark."""
        meta: Obj = {"resourceVersion": str(revision), "creationTimestamp": None}
        if annotations:
            meta["annotations"] = annotations
        if self.wanted.kind == "Table":
            return {**self._table([], _list_meta(str(revision)), with_columns=False), "rows": []}
        if self.wanted.kind.startswith("Partial"):
            return partial({"metadata": meta})
        return {"kind": self.resource.kind, "apiVersion": self.resource.api_version, "metadata": meta}

    def whole(self, obj: Obj) -> Obj:
        """The object in the version that was asked for."""
        conversion = conversion_of(self.resource)
        if conversion is not None:
            return conversion.to_shown(obj)
        if self.resource.custom is not None and obj.get("apiVersion") != self.resource.api_version:
            return {**obj, "apiVersion": self.resource.api_version}
        return obj

    def _table(self, objects: Objs, meta: Obj, with_columns: bool = True) -> Obj:
        return make_table(self.resource, objects, Clock.of(self.kernel), meta, self.include, with_columns)


def _list_meta(revision: str) -> Obj:
    return {"resourceVersion": revision}


def _bare(obj: Obj) -> Obj:
    """The items of built-in lists do not say their kind."""
    return {key: value for key, value in obj.items() if key not in ("kind", "apiVersion")}
