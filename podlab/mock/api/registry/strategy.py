"""What one resource does beyond the common: hooks around create, update and delete."""

from typing import TYPE_CHECKING, Any, ClassVar

from podlab.mock.api.options import DeleteOptions

if TYPE_CHECKING:
    from podlab.mock.api.registry.base import Registry

Obj = dict[str, Any]


class Strategy:
    """The common behaviour; a resource overrides what it does otherwise. No hook changes what it is given."""

    create_on_update: ClassVar[bool] = False
    """An update of an object that is not there creates it."""
    unconditional_update: ClassVar[bool] = True
    """An update may leave ``metadata.resourceVersion`` out."""
    returns_deleted: ClassVar[bool] = False
    """A delete answers with the object, not with a ``Status``."""
    orphans_by_default: ClassVar[bool] = False
    """Dependents of a deleted object stay, unless the request asks otherwise."""

    def allocate(self, registry: "Registry", obj: Obj) -> Obj:
        """Gives a new or changed object what must be unique in the cluster (after defaults, before validation)."""
        return obj

    def before_update(self, registry: "Registry", new: Obj, old: Obj, subresource: str) -> Obj:
        """The object to go on with, before defaults and validation of an update."""
        return new

    def after_create(self, registry: "Registry", obj: Obj) -> None:
        """Called when an object has been stored."""

    def after_update(self, registry: "Registry", obj: Obj, old: Obj) -> None:
        """Called when an object has been replaced."""

    def after_delete(self, registry: "Registry", obj: Obj) -> None:
        """Called when an object is gone."""

    def check_delete(self, registry: "Registry", obj: Obj) -> None:
        """Raises `Forbidden` for an object that must stay."""

    def grace_seconds(self, obj: Obj, options: DeleteOptions) -> int | None:
        """How long the object's end takes; None for a resource that knows no graceful deletion."""
        return None

    def may_vanish(self, obj: Obj) -> bool:
        """May an object that is marked for deletion and has no finalizers left be removed by an update?"""
        return not obj["metadata"].get("deletionGracePeriodSeconds")


class CreateOnUpdate(Strategy):
    """Resources whose update creates: events, endpoints, leases, RBAC and some more."""

    create_on_update = True


class Lease(CreateOnUpdate):
    """Leases and runtime classes are updated with their version or not at all."""

    unconditional_update = False


class VersionedUpdate(Strategy):
    """Resources that are updated with their version or not at all: disruption budgets, custom resources."""

    unconditional_update = False


class Returned(Strategy):
    """Resources whose delete answers with the object."""

    returns_deleted = True


class Job(Strategy):
    """Jobs leave their pods behind, unless asked otherwise."""

    orphans_by_default = True
