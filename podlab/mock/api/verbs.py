"""The verbs of the API on dicts: what HTTP requests and in-process clients have in common.

Everything here takes and gives whole objects with `kernel.Time` in them; encoding, tables, media types and authorization are
the server's. What is returned is shared with the store, and never to be changed.
"""

from dataclasses import replace
from typing import Any

from podlab.mock.api.errors import MethodNotAllowed, NotFound
from podlab.mock.api.listing import Page, list_page
from podlab.mock.api.options import DeleteOptions, ListOptions, PatchType, WriteOptions
from podlab.mock.api.rbac import Authorizer
from podlab.mock.api.registry.base import Registry
from podlab.mock.api.registry.conversions import conversion_of
from podlab.mock.api.registry.creating import create_object
from podlab.mock.api.registry.deleting import delete_object
from podlab.mock.api.registry.namespaces import finalize_namespace
from podlab.mock.api.registry.patching import apply_patch, patch_object
from podlab.mock.api.registry.podsub import bind_pod, evict_pod
from podlab.mock.api.registry.reviews import Reviews
from podlab.mock.api.registry.scale import get_scale, patch_scale, update_scale
from podlab.mock.api.registry.tokens import Tokens
from podlab.mock.api.registry.updating import Target, update_object
from podlab.mock.api.resources import Resource
from podlab.mock.api.selectors import Selection, selection
from podlab.mock.kernel import Kernel
from podlab.mock.store import Store

Obj = dict[str, Any]
Objs = list[Obj]


class Verbs:
    """The API on dicts.

    Args:
        kernel: the clock and the random numbers.
        store: where objects are.
    """

    def __init__(self, kernel: Kernel, store: Store) -> None:
        self.kernel = kernel
        self.store = store
        self.registry = Registry(kernel, store)
        self.authorizer = Authorizer(self.registry)
        self.tokens = Tokens(self.registry)
        self.reviews = Reviews(self.authorizer, self.tokens)

    def target(self, key: str, namespace: str, name: str, subresource: str = "") -> Target:
        """What a store's key names. Raises NotFound when the resource, or its subresource, is not served."""
        resource = self.registry.resource(key)
        if subresource and subresource not in resource.subresources:
            raise NotFound.unknown_resource()
        return Target(resource, namespace if resource.namespaced else "", name, subresource)

    def get(self, key: str, namespace: str, name: str, subresource: str = "") -> Obj:
        """One object (or its scale). Raises NotFound."""
        return self.get_target(self.target(key, namespace, name, subresource))

    def get_target(self, target: Target) -> Obj:
        """As `get`."""
        if target.subresource == "scale":
            return get_scale(self.registry, target)
        return self.registry.get(target.resource, target.namespace, target.name)

    def list(self, key: str, namespace: str | None, options: ListOptions) -> Page:
        """A page of objects. Raises BadRequest, Expired."""
        return self.list_resource(self.registry.resource(key), namespace, options)

    def list_resource(self, resource: Resource, namespace: str | None, options: ListOptions) -> Page:
        """As `list`."""
        chosen = self.select(resource, options.label_selector, options.field_selector)
        return list_page(self.store, resource.storage_key, namespace or None, options, chosen)

    def select(self, resource: Resource, label_selector: str, field_selector: str) -> Selection:
        """What two selectors select among the objects of a resource. Raises BadRequest."""
        return selection(label_selector, field_selector, resource.fields)

    def create(self, key: str, namespace: str, obj: Obj, options: WriteOptions, name: str = "", subresource: str = "") -> Obj:
        """Creates an object, or posts one to a subresource of ``name``. Raises APIError."""
        return self.create_target(self.target(key, namespace, name, subresource), obj, options)

    def create_target(self, target: Target, obj: Obj, options: WriteOptions) -> Obj:
        """As `create`."""
        resource = target.resource
        match resource.plural, target.subresource:
            case ("pods", "binding"):
                return bind_pod(self.registry, target, obj, options)
            case ("pods", "eviction"):
                return evict_pod(self.registry, target, obj, options)
            case ("serviceaccounts", "token"):
                return self.tokens.request(target, obj)
            case ("bindings", ""):
                name = (obj.get("metadata") or {}).get("name", "")
                return bind_pod(self.registry, self.target("pods", target.namespace, name), obj, options)
        if target.subresource:
            raise MethodNotAllowed(f"{resource.key}/{target.subresource}", "create")
        if self.reviews.knows(resource.plural):
            return self.reviews.answer(resource.plural, obj, target.namespace, options.user)
        resource, obj = self._stored(resource, obj)
        return create_object(self.registry, resource, target.namespace, obj, options)

    def update(self, key: str, namespace: str, name: str, obj: Obj, options: WriteOptions, subresource: str = "") -> Obj:
        """Replaces an object, or what one of its subresources covers. Raises APIError."""
        return self.update_target(self.target(key, namespace, name, subresource), obj, options)[0]

    def update_target(self, target: Target, obj: Obj, options: WriteOptions) -> tuple[Obj, bool]:
        """As `update`; also whether the object was created."""
        if target.subresource == "scale":
            return update_scale(self.registry, target, obj, options), False
        if target.subresource == "finalize":
            return finalize_namespace(self.registry, target.name, obj), False
        resource, obj = self._stored(target.resource, obj)
        return update_object(self.registry, replace(target, resource=resource), obj, options)

    def patch(
        self, key: str, namespace: str, name: str, kind: PatchType, patch: Any, options: WriteOptions, subresource: str = ""
    ) -> Obj:
        """Patches an object, or what one of its subresources covers. Raises APIError."""
        return self.patch_target(self.target(key, namespace, name, subresource), kind, patch, options)[0]

    def patch_target(self, target: Target, kind: PatchType, patch: Any, options: WriteOptions) -> tuple[Obj, bool]:
        """As `patch`; also whether the object was created."""
        if target.subresource == "scale":
            return patch_scale(self.registry, target, kind, patch, options), False
        conversion = conversion_of(target.resource)
        if conversion is not None:
            old = conversion.to_shown(self.registry.get(target.resource, target.namespace, target.name))
            how = PatchType.MERGE if kind is PatchType.APPLY else kind
            new = apply_patch(old, how, patch, target.resource.shape)
            typed, warnings = self.registry.admission(target.resource).decode_object(
                new, options.field_validation, self.kernel.epoch_ns
            )
            options.warnings.extend(warnings)
            return self.update_target(target, typed, options)
        return patch_object(self.registry, target, kind, patch, options)

    def _stored(self, resource: Resource, obj: Obj) -> tuple[Resource, Obj]:
        """The version in which what a client sends is stored, and the object in it."""
        conversion = conversion_of(resource)
        if conversion is None:
            return resource, obj
        return self.registry.resource(resource.key), conversion.to_stored(obj)

    def delete(self, key: str, namespace: str, name: str, options: DeleteOptions) -> Obj:
        """Deletes an object, or begins to; gives its last state. Raises APIError."""
        return self.delete_target(self.target(key, namespace, name), options)[0]

    def delete_target(self, target: Target, options: DeleteOptions) -> tuple[Obj, bool]:
        """As `delete`; also whether the object is gone."""
        return delete_object(self.registry, target, options)

    def delete_collection(
        self, resource: Resource, namespace: str | None, selectors: ListOptions, options: DeleteOptions
    ) -> Objs:
        """Deletes all objects that are selected; gives them as they were."""
        page = self.list_resource(resource, namespace, selectors)
        for obj in page.items:
            meta = obj["metadata"]
            target = Target(resource, meta.get("namespace", ""), meta["name"])
            if self.store.find((resource.storage_key, target.namespace, target.name)) is not None:
                self.delete_target(target, options)
        return page.items
