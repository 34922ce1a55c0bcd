"""The state that all rooms of the registry share, and the way from a resource to its rules."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from podlab.mock.api import admission
from podlab.mock.api.admission import AdmissionContext
from podlab.mock.api.crd.admission import CustomAdmission
from podlab.mock.api.errors import NotFound
from podlab.mock.api.managed import FieldManager
from podlab.mock.api.registry.events import EventStrategy
from podlab.mock.api.registry.namespaces import NamespaceStrategy
from podlab.mock.api.registry.pods import PodStrategy
from podlab.mock.api.registry.services import ServiceStrategy
from podlab.mock.api.registry.strategy import CreateOnUpdate, Job, Lease, Returned, Strategy, VersionedUpdate
from podlab.mock.api.resources import Resource, ResourceTable
from podlab.mock.kernel import Kernel
from podlab.mock.store import Store

Obj = dict[str, Any]

_SUFFIX_LETTERS: Final = "bcdfghjklmnpqrstvwxz2456789"


class Admission(Protocol):
    """From values to an admitted object, for the kinds of one resource."""

    def decode_object(self, obj: Obj, field_validation: str, epoch_ns: int) -> tuple[Obj, list[str]]:
        """The typed object and warnings. Raises BadRequest."""

    def apply_defaults(self, obj: Obj) -> Obj:
        """A copy of the object, with the defaults of its kind; what is passed in stays the caller's."""

    def prepare_for_create(self, obj: Obj, namespace: str, context: AdmissionContext) -> Obj:
        """A new object, ready to be validated."""

    def prepare_for_update(self, new: Obj, old: Obj, context: AdmissionContext, subresource: str) -> Obj:
        """A replacement, ready to be validated."""

    def validate_create(self, obj: Obj) -> None:
        """Raises Invalid."""

    def validate_update(self, new: Obj, old: Obj, subresource: str) -> None:
        """Raises Invalid."""


class BuiltinAdmission:
    """The rules of a built-in resource: `podlab.mock.api.admission`."""

    __slots__ = ("_resource",)

    def __init__(self, resource: Resource) -> None:
        self._resource = resource

    def decode_object(self, obj: Obj, field_validation: str, epoch_ns: int) -> tuple[Obj, list[str]]:
        """See `Admission`."""
        return admission.decode_object(obj, self._resource.gvk, field_validation, epoch_ns)

    def apply_defaults(self, obj: Obj) -> Obj:
        """See `Admission`."""
        return admission.apply_defaults(self._resource.gvk, obj)

    def prepare_for_create(self, obj: Obj, namespace: str, context: AdmissionContext) -> Obj:
        """See `Admission`."""
        return admission.prepare_for_create(self._resource.key, obj, namespace, context)

    def prepare_for_update(self, new: Obj, old: Obj, context: AdmissionContext, subresource: str) -> Obj:
        """See `Admission`."""
        return admission.prepare_for_update(self._resource.key, new, old, context, subresource)

    def validate_create(self, obj: Obj) -> None:
        """See `Admission`."""
        admission.validate_create(self._resource.key, obj)

    def validate_update(self, new: Obj, old: Obj, subresource: str) -> None:
        """See `Admission`."""
        admission.validate_update(self._resource.key, new, old, subresource)


_COMMON: Final = Strategy()
_CUSTOM: Final = VersionedUpdate()


class Registry:
    """What the verbs work on.

    Args:
        kernel: the clock and the random numbers.
        store: where objects are.
    """

    def __init__(self, kernel: Kernel, store: Store) -> None:
        from podlab.mock.api.registry.definitions import DefinitionStrategy

        self.kernel = kernel
        self.store = store
        self.table = ResourceTable()
        self.strategies: Mapping[str, Strategy] = {
            "pods": PodStrategy(),
            "services": ServiceStrategy(kernel),
            "namespaces": NamespaceStrategy(),
            "events": EventStrategy(self),
            "events.events.k8s.io": EventStrategy(self),
            "customresourcedefinitions.apiextensions.k8s.io": DefinitionStrategy(),
            "jobs.batch": Job(),
            "leases.coordination.k8s.io": Lease(),
            "runtimeclasses.node.k8s.io": Lease(),
            "poddisruptionbudgets.policy": VersionedUpdate(),
            **dict.fromkeys(_CREATED_ON_UPDATE, CreateOnUpdate()),
            **dict.fromkeys(_RETURNED, Returned()),
        }
        self._random = kernel.random("apiserver")
        self._managers: dict[Resource, FieldManager] = {}
        self._admissions: dict[Resource, Admission] = {}

    def resource(self, key: str) -> Resource:
        """The resource of a store's key. Raises NotFound when it is not served."""
        found = self.table.by_key(key)
        if found is None:
            raise NotFound.unknown_resource()
        return found

    def strategy(self, resource: Resource) -> Strategy:
        """What the resource does beyond the common."""
        if resource.custom is not None:
            return _CUSTOM
        return self.strategies.get(resource.key, _COMMON)

    def admission(self, resource: Resource) -> Admission:
        """The resource's decoding, defaults and validation."""
        found = self._admissions.get(resource)
        if found is None:
            found = BuiltinAdmission(resource) if resource.custom is None else CustomAdmission(resource)
            self._admissions[resource] = found
        return found

    def field_manager(self, resource: Resource) -> FieldManager:
        """Keeps the managed fields of the resource's objects."""
        found = self._managers.get(resource)
        if found is None:
            found = FieldManager(resource.key, resource.shape, resource.custom is not None, "status" in resource.subresources)
            self._managers[resource] = found
        return found

    def get(self, resource: Resource, namespace: str, name: str) -> Obj:
        """A stored object. Raises NotFound."""
        found = self.store.find((resource.storage_key, namespace, name))
        if found is None:
            raise NotFound(resource.key, name)
        return found

    def find(self, key: str, namespace: str, name: str) -> Obj | None:
        """A stored object by the store's key, or None."""
        return self.store.find((key, namespace, name))

    def list(self, key: str, namespace: str | None) -> "Sequence[Obj]":
        """Stored objects by the store's key."""
        return self.store.list(key, namespace or None)[0]

    def context(self, resource: Resource) -> AdmissionContext:
        """What admission may ask of the cluster."""
        strategy = self.strategy(resource)
        return AdmissionContext(
            now=self.kernel.now(),
            new_uid=self.new_uid,
            random_suffix=self.random_suffix,
            get=self.find,
            list=self.list,
            allocate=lambda _, obj: strategy.allocate(self, obj),
        )

    def new_uid(self) -> str:
        """A fresh UID, from the mock's seed."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def random_suffix(self, length: int) -> str:
        """Random characters for generated names."""
        return "".join(self._random.choices(_SUFFIX_LETTERS, k=length))


_CREATED_ON_UPDATE: Final = (
    "endpoints", "limitranges", "clusterroles.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io",
    "roles.rbac.authorization.k8s.io", "rolebindings.rbac.authorization.k8s.io",
)  # fmt: skip
_RETURNED: Final = ("resourcequotas", "serviceaccounts", "persistentvolumes", "persistentvolumeclaims")
