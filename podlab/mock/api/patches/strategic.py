"""Strategic merge patch: lists that are keyed merge element by element, and directives say what else to do.

The rules are those of ``apimachinery/pkg/util/strategicpatch``: ``$patch`` (``replace``, ``delete``, ``merge``), ``$retainKeys``,
``$deleteFromPrimitiveList/FIELD`` and ``$setElementOrder/FIELD``.
"""

from typing import Any

from podlab.mock.api.patches.structure import Structure

Obj = dict[str, Any]

_DIRECTIVE = "$patch"
_RETAIN = "$retainKeys"
_DELETE_LIST = "$deleteFromPrimitiveList/"
_ORDER = "$setElementOrder/"


class StrategicPatchError(ValueError):
    """A patch that cannot be applied; the text is the server's."""


def strategic_merge_patch(original: Obj, patch: Obj, structure: Structure) -> Obj:
    """``original`` with ``patch`` merged into it. Raises StrategicPatchError."""
    return _merge_map(original, patch, structure)


def _merge_map(original: Obj, patch: Obj, structure: Structure) -> Obj:
    directive = patch.get(_DIRECTIVE)
    if _DIRECTIVE in patch and directive == "replace":
        return {key: value for key, value in patch.items() if key != _DIRECTIVE}
    if _DIRECTIVE in patch and directive == "delete":
        return {}
    if _DIRECTIVE in patch and directive != "merge":
        raise StrategicPatchError(f"unknown patch type found: {directive}")
    patch = {key: value for key, value in patch.items() if key != _DIRECTIVE}
    result = _retain_keys(dict(original), patch)
    _merge_ordered_lists(result, patch, structure)
    for key, value in patch.items():
        if key.startswith(_DELETE_LIST):
            _delete_from_list(result, key.removeprefix(_DELETE_LIST), value)
        elif value is None:
            result.pop(key, None)
        else:
            result[key] = _merge_value(result.get(key), value, structure.field(key))
    return result


def _merge_value(old: Any, new: Any, structure: Structure) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        return new if "replace" in structure.strategies else _merge_map(old, new, structure)
    if isinstance(old, list) and isinstance(new, list):
        return _merge_list(old, new, structure)
    return _without_directives(new)


def _merge_list(old: list[Any], new: list[Any], structure: Structure) -> list[Any]:
    if "merge" not in structure.strategies:
        return new
    if not old and not new:
        return old
    elements = old + new
    if not any(isinstance(element, dict) for element in elements):
        merged = list(dict.fromkeys(elements)) if _hashable(elements) else elements
        return _in_order(merged, new, old, None)
    if not all(isinstance(element, dict) for element in elements):
        raise StrategicPatchError("list element types are not identical: merging maps with scalars")
    key = structure.merge_key
    if key is None:
        raise StrategicPatchError("cannot merge lists without merge key")
    old, new, replaced = _apply_list_directives(old, new, key)
    return old if replaced else _in_order(_merge_elements(old, new, key, structure.element), new, old, key)


def _apply_list_directives(old: list[Obj], new: list[Obj], key: str) -> tuple[list[Obj], list[Obj], bool]:
    """Deletes what ``$patch: delete`` names; returns both lists without directives, and whether the list was replaced whole."""
    plain = [element for element in new if _DIRECTIVE not in element]
    for element in new:
        directive = element.get(_DIRECTIVE)
        if directive is None:
            continue
        if directive == "replace":
            return plain, [], True
        if directive != "delete":
            raise StrategicPatchError(f"delete patch type with no merge key defined: {directive}")
        if key not in element:
            raise StrategicPatchError("delete patch type with no merge key defined")
        old = [one for one in old if one.get(key) != element[key]]
    return old, plain, False


def _merge_elements(old: list[Obj], new: list[Obj], key: str, structure: Structure) -> list[Any]:
    result: list[Any] = list(old)
    for element in new:
        if key not in element:
            raise StrategicPatchError(f"map: {go_value(element)} does not contain declared merge key: {key}")
        for index, one in enumerate(result):
            if one.get(key) == element[key]:
                result[index] = _merge_map(one, element, structure)
                break
        else:
            result.append(_without_directives(element))
    return result


def _merge_ordered_lists(result: Obj, patch: Obj, structure: Structure) -> None:
    """Merges the lists that have a ``$setElementOrder``, and takes them out of ``patch``."""
    for name in [name for name in patch if name.startswith(_ORDER)]:
        order, field_name = patch.pop(name), name.removeprefix(_ORDER)
        if not isinstance(order, list):
            raise StrategicPatchError("value of $setElementOrder is not a list")
        if (field := structure.field(field_name)) is None or (field_name not in result and field_name not in patch):
            continue
        old, new = result.get(field_name), patch.pop(field_name, None)
        if not isinstance(old, list) and not isinstance(new, list):
            continue
        if isinstance(old, list) and isinstance(new, list):
            merged = _merge_list(old, new, field)
        else:
            merged = old if isinstance(old, list) else _without_directives(new)
        key = field.merge_key if any(isinstance(element, dict) for element in merged) else None
        result[field_name] = _in_order(merged, order, old if isinstance(old, list) else [], key)


def _retain_keys(result: Obj, patch: Obj) -> Obj:
    if _RETAIN not in patch:
        return result
    keep = patch.pop(_RETAIN)
    if not isinstance(keep, list):
        raise StrategicPatchError("value of $retainKeys is not a list")
    for key in patch:
        if key.startswith("$"):
            continue
        if key not in keep:
            raise StrategicPatchError("the retainKeys list doesn't contain a key that is in the patch")
    return {key: value for key, value in result.items() if key in keep}


def _delete_from_list(result: Obj, name: str, values: Any) -> None:
    if isinstance(result.get(name), list) and isinstance(values, list):
        result[name] = [value for value in result[name] if value not in values]


def _in_order(merged: list[Any], wanted: list[Any], server: list[Any], key: str | None) -> list[Any]:
    """What the patch names in the patch's order, the rest in the server's, merged by the server's order."""

    def identity(element: Any) -> Any:
        return element.get(key) if key is not None and isinstance(element, dict) else element

    wanted_ids, server_ids = [identity(one) for one in wanted], [identity(one) for one in server]
    named = sorted((one for one in merged if identity(one) in wanted_ids), key=lambda one: wanted_ids.index(identity(one)))
    others = [one for one in merged if identity(one) not in wanted_ids]
    result: list[Any] = []
    while named and others:
        left, right = identity(others[0]), identity(named[0])
        in_server = left in server_ids and right in server_ids
        first = others if in_server and server_ids.index(left) < server_ids.index(right) else named
        result.append(first.pop(0))
    return result + others + named


def _without_directives(value: Any) -> Any:
    """A patch's value as it is stored when there was nothing to merge it into: no directives, no nulls."""
    if isinstance(value, dict):
        return {key: _without_directives(item) for key, item in value.items() if item is not None and not _is_directive(key)}
    if isinstance(value, list):
        return [_without_directives(item) for item in value if not (isinstance(item, dict) and _DIRECTIVE in item)]
    return value


def _is_directive(key: str) -> bool:
    return key in (_DIRECTIVE, _RETAIN) or key.startswith((_DELETE_LIST, _ORDER))


def _hashable(elements: list[Any]) -> bool:
    return not any(isinstance(element, list) for element in elements)


def go_value(value: Any) -> str:
    """A value as Go's ``%v`` prints it."""
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{go_value(value[key])}' for key in sorted(value))}]"
    if isinstance(value, list):
        return f"[{' '.join(map(go_value, value))}]"
    if value is None:
        return "<nil>"
    return str(value).lower() if isinstance(value, bool) else str(value)
