"""Walking values by their structure: which fields are in an object, what changed, merging and removing.

A value is a leaf when it is a scalar, an atomic list or map, or a list or map that is empty before and after.
"""

import json
from functools import lru_cache
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
        keys: list[Any] = []
        for key in sorted(structure.keys):
            value = element.get(key, KEY_DEFAULTS.get(key))
            if value is not None:
                keys += (key, value)
        return _key_step(*keys) if all(map(_is_scalar, keys)) else _key_step.__wrapped__(*keys)
    return f"v:{json.dumps(element, separators=(',', ':'), ensure_ascii=False, default=str)}"


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float)


@lru_cache(maxsize=4096, typed=True)  # typed: 1, 1.0 and True are different keys
def _key_step(*keys: Any) -> str:
    """The step of keys and their values: ``k:{"containerPort":80,"protocol":"TCP"}``."""
    present = dict(zip(keys[::2], keys[1::2], strict=True))
    return f"k:{json.dumps(present, separators=(',', ':'), ensure_ascii=False)}"


def children(value: Any, structure: Structure) -> dict[str, tuple[Any, Structure]]:
    """The parts of a map or list that is not a leaf, by their steps."""
    if isinstance(value, dict):
        return {f"f:{key}": (item, structure.field(key)) for key, item in value.items()}
    element = structure.element
    return {step: (item, element) for step, item in _elements(value, structure).items()}


def _elements(value: list[Any], structure: Structure) -> dict[str, Any]:
    """The elements of a list that is not a leaf, by their steps; of those that have the same one, the first."""
    result: dict[str, Any] = {}
    for item in value:
        result.setdefault(element_key(item, structure), item)
    return result


def _parts(value: Any, structure: Structure) -> dict[str, Any]:
    """The parts of a value: those of a map by their names, those of a list by their steps, none of a leaf."""
    if not value or not _granular(value, structure):
        return {}
    return value if isinstance(value, dict) else _elements(value, structure)


def all_fields(value: Any, structure: Structure) -> FieldSet:
    """The set of a value that was not there before: every part of it, the value itself included."""
    if not value or not _granular(value, structure):
        return {}
    result: FieldSet = {MEMBER: {}}
    if isinstance(value, dict):
        for key, item in value.items():
            result[f"f:{key}"] = all_fields(item, structure.field(key)) if isinstance(item, dict | list) else {}
    else:
        element = structure.element
        for step, item in _elements(value, structure).items():
            result[step] = all_fields(item, element)
    return result


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
    changed: FieldSet = {}
    removed: FieldSet = {}
    if old is not new and old != new:
        _compare_parts(old, new, structure, changed, removed)
    return Comparison(changed, removed)


def _compare_parts(old: Any, new: Any, structure: Structure, changed: FieldSet, removed: FieldSet) -> None:
    """Adds to the sets what differs between the parts of two values that are not equal."""
    before, after = _parts(old, structure), _parts(new, structure)
    is_map = isinstance(new if after else old, dict)

    def step_and_shape(key: str) -> tuple[str, Structure]:
        return (f"f:{key}", structure.field(key)) if is_map else (key, structure.element)

    for key, item in after.items():
        last = before.get(key, ABSENT)
        if last is ABSENT:
            step, shape = step_and_shape(key)
            changed[step] = all_fields(item, shape)
        elif last is not item and last != item:
            _compare_part(*step_and_shape(key), last, item, changed, removed)
    for key, item in before.items():
        if key not in after:
            step, shape = step_and_shape(key)
            removed[step] = all_fields(item, shape)


def _compare_part(step: str, shape: Structure, old: Any, new: Any, changed: FieldSet, removed: FieldSet) -> None:
    old_granular, new_granular = _granular(old, shape), _granular(new, shape)
    nothing_below = (not old or not old_granular) and (not new or not new_granular)
    if nothing_below or (type(old) is not type(new) and old is not None and new is not None):
        changed[step] = {}
        return
    inner_changed: FieldSet = {}
    inner_removed: FieldSet = {}
    _compare_parts(old, new, shape, inner_changed, inner_removed)
    if inner_changed:
        changed[step] = inner_changed
    if inner_removed:
        removed[step] = inner_removed


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
