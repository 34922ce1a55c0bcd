"""Walking values by their structure: which fields are in an object, what changed, merging and removing.

A value is a leaf when it is a scalar, an atomic list or map, or a list or map that is empty before and after.
"""

import json
from typing import Any, NamedTuple

from podlab.mock.api.managed.fieldset import MEMBER, FieldSet, is_member
from podlab.mock.api.patches.structure import KEY_DEFAULTS, Structure

ABSENT: Any = object()
"""Stands for a value that is not there (None is a null that is)."""


class Comparison(NamedTuple):
    """What differs between two values: ``changed`` was added or modified, ``removed`` is gone."""

    changed: FieldSet
    removed: FieldSet


def _granular(value: Any, structure: Structure) -> bool:
    if isinstance(value, dict):
        return not structure.atomic
    return isinstance(value, list) and structure.list_type != "atomic"


def element_key(element: Any, structure: Structure) -> str:
    """The step that identifies an element of a list that is a map or a set."""
    if structure.list_type == "map" and isinstance(element, dict):
        keys = {key: element.get(key, KEY_DEFAULTS.get(key)) for key in sorted(structure.keys)}
        present = {key: value for key, value in keys.items() if value is not None}
        return f"k:{json.dumps(present, separators=(',', ':'), ensure_ascii=False)}"
    return f"v:{json.dumps(element, separators=(',', ':'), ensure_ascii=False, default=str)}"


def children(value: Any, structure: Structure) -> dict[str, tuple[Any, Structure]]:
    """The parts of a map or list that is not a leaf, by their steps."""
    if isinstance(value, dict):
        return {f"f:{key}": (item, structure.field(key)) for key, item in value.items()}
    element = structure.element
    result: dict[str, tuple[Any, Structure]] = {}
    for item in value:
        result.setdefault(element_key(item, structure), (item, element))
    return result


def all_fields(value: Any, structure: Structure) -> FieldSet:
    """The set of a value that was not there before: every part of it, the value itself included."""
    if not value or not _granular(value, structure):
        return {}
    parts = children(value, structure)
    return {MEMBER: {}, **{step: all_fields(item, shape) for step, (item, shape) in parts.items()}}


def field_set(value: Any, structure: Structure) -> FieldSet:
    """What an applied configuration claims: its leaves, its list elements, its empty maps."""
    if not value or not _granular(value, structure):
        return {}
    result: FieldSet = {}
    for step, (item, shape) in children(value, structure).items():
        inner = field_set(item, shape)
        if step.startswith("f:"):
            if inner or not (isinstance(item, list) and _granular(item, shape)):
                result[step] = inner
        else:
            result[step] = {MEMBER: {}, **inner} if inner else {}
    return result


def compare(old: Any, new: Any, structure: Structure) -> Comparison:
    """What changed from ``old`` to ``new``, which are both there."""
    if old is new or old == new:
        return Comparison({}, {})
    old_parts = children(old, structure) if old and _granular(old, structure) else {}
    new_parts = children(new, structure) if new and _granular(new, structure) else {}
    changed: FieldSet = {}
    removed: FieldSet = {}
    for step, (item, shape) in new_parts.items():
        before = old_parts.get(step)
        if before is None:
            changed[step] = all_fields(item, shape)
        elif before[0] is not item and before[0] != item:
            _compare_part(step, before[0], item, shape, changed, removed)
    for step, (item, shape) in old_parts.items():
        if step not in new_parts:
            removed[step] = all_fields(item, shape)
    return Comparison(changed, removed)


def _compare_part(step: str, old: Any, new: Any, shape: Structure, changed: FieldSet, removed: FieldSet) -> None:
    old_granular, new_granular = _granular(old, shape), _granular(new, shape)
    nothing_below = (not old or not old_granular) and (not new or not new_granular)
    if nothing_below or (type(old) is not type(new) and old is not None and new is not None):
        changed[step] = {}
        return
    inner = compare(old, new, shape)
    if inner.changed:
        changed[step] = inner.changed
    if inner.removed:
        removed[step] = inner.removed


def merge(live: Any, config: Any, structure: Structure) -> Any:
    """``live`` with the applied configuration merged in; nothing is removed."""
    if config is None and live is not ABSENT:
        return None
    if not _granular(config, structure) or type(live) is not type(config) or not live:
        return config
    if isinstance(config, dict):
        result = dict(live)
        for key, item in config.items():
            result[key] = merge(result.get(key, ABSENT), item, structure.field(key))
        return result
    return _merge_list(live, config, structure)


def _merge_list(live: list[Any], config: list[Any], structure: Structure) -> list[Any]:
    """The elements of both; what the configuration names in its order, the rest where it stood."""
    ours = {element_key(item, structure): item for item in live}
    pending = {element_key(item, structure): item for item in config}
    named = set(pending)
    result: list[Any] = []
    for key, item in ours.items():
        if key not in named:
            result.append(item)
            continue
        while key in pending:
            first = next(iter(pending))
            result.append(merge(ours.get(first, ABSENT), pending.pop(first), structure.element))
    result.extend(merge(ours.get(key, ABSENT), item, structure.element) for key, item in pending.items())
    return result


def remove_items(value: Any, fields: FieldSet, structure: Structure) -> Any:
    """``value`` without the members of ``fields``; a map or list that this empties becomes ABSENT."""
    if not value or not fields or not _granular(value, structure):
        return value
    kept: list[tuple[str, Any]] = []
    for step, (item, shape) in children(value, structure).items():
        found = fields.get(step)
        if found is not None:
            if is_member(found):
                continue
            item = remove_items(item, found, shape)
            if item is ABSENT:
                continue
        kept.append((step, item))
    if not kept:
        return ABSENT
    return {step[2:]: item for step, item in kept} if isinstance(value, dict) else [item for _, item in kept]
