"""Sets of field paths, in the form in which they stand in ``managedFields[].fieldsV1``.

A set is a trie of dicts. A key is one step of a path: ``f:NAME`` a field, ``k:{...}`` the element of a keyed list with these keys
(JSON), ``v:VALUE`` an element of a set. A node without children, or with the key ``"."``, is itself a member:

    {"f:metadata": {"f:labels": {".": {}, "f:app": {}}}}     holds .metadata.labels and .metadata.labels.app

All functions are pure; a result may share parts with what was passed in.
"""

import json
from collections.abc import Iterator
from typing import Any

FieldSet = dict[str, Any]

MEMBER = "."
_SHARED_AT_MOST = 2_048
_known: dict[str, FieldSet] = {}


def is_member(node: FieldSet) -> bool:
    """Is the path that leads to this node in the set?"""
    return not node or MEMBER in node


def without_member(node: FieldSet) -> FieldSet:
    """The node's children alone; for a whole set, which is no path itself, the set."""
    return {key: child for key, child in node.items() if key != MEMBER} if MEMBER in node else node


def shared(fields: FieldSet) -> FieldSet:
    """An equal set, the same one for many objects: those that one manager wrote own the same fields, mostly."""
    if len(_known) >= _SHARED_AT_MOST:
        _known.clear()
    return _known.setdefault(json.dumps(fields, separators=(",", ":")), fields)


def node(member: bool, children: FieldSet) -> FieldSet | None:
    """A node of these children; None when nothing is in it."""
    if not children:
        return {} if member else None
    return {MEMBER: {}, **children} if member else children


def union(left: FieldSet, right: FieldSet) -> FieldSet:
    """What is in either set."""
    if not left or not right:
        return left or right
    result = dict(left)
    for key, theirs in right.items():
        ours = result.get(key)
        if ours is None:
            result[key] = theirs
        elif ours is not theirs and key != MEMBER:
            result[key] = _union_nodes(ours, theirs)
    return result


def _union_nodes(left: FieldSet, right: FieldSet) -> FieldSet:
    if not left or not right:
        return {MEMBER: {}, **(left or right)} if left or right else {}
    return union(left, right)


def difference(left: FieldSet, right: FieldSet) -> FieldSet:
    """What is in ``left`` and not in ``right``; a member of ``right`` does not take its children along.

    Where nothing of ``left`` is in ``right`` it is ``left`` itself.
    """
    result = left
    for key, theirs in right.items():
        ours = left.get(key)
        if ours is None or key == MEMBER:
            continue
        kept = _node_difference(ours, theirs)
        if kept is ours:
            continue
        if result is left:
            result = left.copy()
        if kept is None:
            del result[key]
        else:
            result[key] = kept
    return result


def _node_difference(ours: FieldSet, theirs: FieldSet) -> FieldSet | None:
    member = is_member(ours) and not is_member(theirs)
    below = difference(ours, theirs)
    if below is ours and member == is_member(ours):
        return ours
    return node(member, without_member(below))


def recursive_difference(left: FieldSet, right: FieldSet) -> FieldSet:
    """What is in ``left`` and neither in ``right`` nor below a member of it."""
    result: FieldSet = {}
    for key, ours in left.items():
        theirs = right.get(key)
        if key == MEMBER or theirs is None:
            result[key] = ours
            continue
        if is_member(theirs):
            continue
        rest = recursive_difference(ours, theirs)
        if rest:
            result[key] = rest
    return result


def intersection(left: FieldSet, right: FieldSet) -> FieldSet:
    """What is in both sets."""
    result: FieldSet = {}
    for key, ours in left.items():
        theirs = right.get(key)
        if key == MEMBER or theirs is None:
            continue
        common = node(is_member(ours) and is_member(theirs), intersection(ours, theirs))
        if common is not None:
            result[key] = common
    return result


def with_named_fields(fields: FieldSet) -> FieldSet:
    """The set with every field that leads to a member made a member itself."""
    result: FieldSet = {}
    for key, child in fields.items():
        if not child or key == MEMBER:
            result[key] = child
        else:
            below = with_named_fields(child)
            result[key] = {MEMBER: {}, **below} if key.startswith("f:") else below
    return result


def paths(fields: FieldSet, prefix: str = "") -> Iterator[str]:
    """The members as the server writes paths in conflicts: ``.spec.containers[name="app"].image``."""
    for key in sorted(fields):
        if key == MEMBER:
            continue
        path, child = prefix + _step(key), fields[key]
        if is_member(child):
            yield path
        yield from paths(child, path)


def _step(key: str) -> str:
    kind, _, rest = key.partition(":")
    if kind == "f":
        return f".{rest}"
    if kind == "k":
        return "[" + ",".join(f"{name}={json.dumps(value)}" for name, value in sorted(json.loads(rest).items())) + "]"
    return f"[={rest}]" if kind == "v" else f"[{rest}]"
