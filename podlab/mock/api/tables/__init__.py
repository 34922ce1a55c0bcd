"""Tables: what the server prints of each kind, for ``kubectl get``.

`make_table` is the face. A `Printer` a kind says which columns there are and fills the cells of a row; built-in ones are in the
modules of this package, those of custom resources come from their definitions.
"""

from typing import Any

from podlab.mock.api.resources import Resource
from podlab.mock.api.tables import autoscaling, cluster, custom, ingresses, network, pods, policy, storage, workloads
from podlab.mock.api.tables.printer import Clock, Printer, column

Obj = dict[str, Any]

__all__ = ["Clock", "make_table", "printer_of"]

_PRINTERS: dict[str, Printer] = {
    **pods.PRINTERS,
    **workloads.PRINTERS,
    **autoscaling.PRINTERS,
    **network.PRINTERS,
    **ingresses.PRINTERS,
    **cluster.PRINTERS,
    **storage.PRINTERS,
    **policy.PRINTERS,
}

_DEFAULT = Printer(
    (column("Name", "name"), column("Created At", kind="date")),
    lambda obj, clock: [obj["metadata"]["name"], obj["metadata"].get("creationTimestamp")],
)


def printer_of(resource: Resource) -> Printer:
    """The columns and cells of a resource."""
    if resource.custom is not None:
        return custom.printer_of(resource.custom)
    return _PRINTERS.get(resource.storage_key, _DEFAULT)


def make_table(
    resource: Resource, objects: list[Obj], clock: Clock, list_meta: Obj, include: str = "Metadata", with_columns: bool = True
) -> Obj:
    """A ``Table`` of some objects of one resource.

    Args:
        resource: whose objects they are.
        objects: as stored.
        clock: for ages.
        list_meta: the metadata of the table (``resourceVersion`` and so on).
        include: what stands beside each row: ``None``, ``Metadata`` (names and labels) or ``Object``.
        with_columns: whether the columns are described (not again in later events of a watch).
    """
    printer = printer_of(resource)
    rows = []
    for obj in objects:
        row: Obj = {"cells": printer.cells(obj, clock)}
        if printer.conditions is not None and (conditions := printer.conditions(obj)):
            row["conditions"] = conditions
        if include == "Metadata":
            row["object"] = partial(obj)
        elif include == "Object":
            row["object"] = obj
        rows.append(row)
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": list_meta,
        "columnDefinitions": list(printer.columns) if with_columns else None,
        "rows": rows,
    }


def partial(obj: Obj) -> Obj:
    """The ``PartialObjectMetadata`` of an object."""
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": obj["metadata"]}
