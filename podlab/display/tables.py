"""Tables of objects: the columns that the API server itself prints, as `kubectl get` shows them."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from podlab.errors import Obj
from podlab.lab import Lab
from podlab.lab.api import Target
from podlab.lab.transport import Connection

AS_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"

# What a word in a cell means to somebody who looks: a sign beside it, so that colour is not all there is.
_SIGNS = {
    "Running": ("●", "#009E73"),
    "Completed": ("✓", "#0072B2"),
    "Succeeded": ("✓", "#0072B2"),
    "Terminating": ("◌", "#787878"),
    "Pending": ("○", "#787878"),
    "ContainerCreating": ("○", "#787878"),
    "PodInitializing": ("○", "#787878"),
    "CrashLoopBackOff": ("✗", "#D55E00"),
    "Error": ("✗", "#D55E00"),
    "Failed": ("✗", "#D55E00"),
    "ImagePullBackOff": ("✗", "#D55E00"),
    "ErrImagePull": ("✗", "#D55E00"),
    "CreateContainerConfigError": ("✗", "#D55E00"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the server printed it; shows itself in a notebook and on a terminal.

    Attributes:
        columns: the columns' names.
        rows: a tuple of cells for each object.
        empty: what to show when there are no rows.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = "nothing there"

    def __repr__(self) -> str:
        if not self.rows:
            return self.empty
        lines = [tuple(name.upper() for name in self.columns), *self.rows]
        widths = [max(len(line[n]) for line in lines) for n in range(len(self.columns))]
        return "\n".join(
            "   ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
        )

    def _repr_html_(self) -> str:
        if not self.rows:
            return f'<p style="opacity:.75;font-style:italic">{html.escape(self.empty)}</p>'
        cell = "text-align:left;padding:.25em 1em .25em 0;background:none;border:none;white-space:nowrap"
        head = "".join(
            f'<th scope="col" style="{cell};opacity:.75;font-weight:600">{html.escape(name)}</th>' for name in self.columns
        )
        line = '<tr style="background:none;border-top:1px solid rgba(127,127,127,.35)">'
        body = "".join(line + "".join(f'<td style="{cell}">{_cell(value)}</td>' for value in row) + "</tr>" for row in self.rows)
        table = 'style="border-collapse:collapse;margin:.4em 0;font-variant-numeric:tabular-nums"'
        return f"<table {table}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def table(lab: Lab, what: str = "pods", *, selector: str = "", namespace: str | None = None, wide: bool = False) -> Table:
    """Objects in the columns that the server prints for them.

    Args:
        lab: where.
        what: `"pods"`, `"pod/web"`, `"services"` ...
        selector: a label selector.
        namespace: where, by default the Lab's namespace; `"*"` means all.
        wide: with the columns of `kubectl get -o wide`.

    Raises:
        NotFound: there is no such object or resource.
    """
    target = lab.api.target(what, namespace=namespace, selector=selector)
    return Rows(target, wide).refresh(lab.api.connection).table()


class Rows:
    """The rows of a table as the server sends them: all at once, or one by one as objects change.

    Args:
        target: of what.
        wide: with the columns of `kubectl get -o wide`.

    Attributes:
        version: the collection's resourceVersion that these rows are of.
    """

    def __init__(self, target: Target, wide: bool = False) -> None:
        self.target, self.wide = target, wide
        self.version = ""
        self._columns: list[Obj] = []
        self._rows: dict[tuple[str, str], Obj] = {}

    def refresh(self, connection: Connection) -> "Rows":
        """Take all rows anew."""
        query = {"labelSelector": self.target.selector or None}
        answer = connection.json("GET", self.target.path(), query, headers={"Accept": AS_TABLE})
        self.version = str(answer["metadata"].get("resourceVersion") or "")
        self._columns = answer["columnDefinitions"]
        self._rows = {_key(row): row for row in answer.get("rows") or ()}
        return self

    def take(self, kind: str, part: Obj) -> None:
        """Take in an event of a watch: its type, and the table of the one object that it is about."""
        self.version = str(part["metadata"].get("resourceVersion") or self.version)
        self._columns = part.get("columnDefinitions") or self._columns
        for row in part.get("rows") or ():
            self.version = row["object"]["metadata"]["resourceVersion"]
            others = {key: other for key, other in self._rows.items() if key != _key(row)}  # anew: somebody may look meanwhile
            self._rows = others if kind == "DELETED" else {**others, _key(row): row}

    def versions(self) -> Mapping[tuple[str, str], str]:
        """The state that each object is shown in, by its place and name."""
        return {key: row["object"]["metadata"]["resourceVersion"] for key, row in self._rows.items()}

    def table(self) -> Table:
        """What there is to show."""
        shown = [n for n, column in enumerate(self._columns) if self.wide or not column.get("priority")]
        columns = tuple(str(self._columns[n]["name"]) for n in shown)
        rows = tuple(tuple(_text(row["cells"][n]) for n in shown) for _, row in sorted(self._rows.items()))
        return Table(columns, rows, f"No {self.target.resource.plural} in {self.target.namespace or 'the cluster'}.")


def _key(row: Obj) -> tuple[str, str]:
    metadata = row["object"]["metadata"]
    return metadata.get("namespace", ""), metadata["name"]


def _cell(value: str) -> str:
    sign, colour = _SIGNS.get(value.removeprefix("Init:"), ("", ""))
    mark = f'<span aria-hidden="true" style="color:{colour}">{sign}</span> ' if sign else ""
    return mark + html.escape(value)


def _text(value: Any) -> str:
    return "<none>" if value is None else str(value)
