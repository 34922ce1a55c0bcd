"""JSON patch (RFC 6902), as the API server reads it: also negative indices count from the end of a list."""

from typing import Any

MAX_OPERATIONS = 10_000
"""How many operations the server takes in one patch."""


class JSONPatchError(ValueError):
    """An operation that cannot be done; the server tells its clients no more than that."""


def json_patch(document: Any, operations: list[Any]) -> Any:
    """``document`` after all operations, in order. Raises JSONPatchError."""
    for operation in operations:
        document = _apply(document, operation)
    return document


def _apply(document: Any, operation: Any) -> Any:
    if not isinstance(operation, dict):
        raise JSONPatchError("an operation is not an object")
    kind, path = operation.get("op"), _tokens(operation.get("path"))
    match kind:
        case "add":
            return _edit(document, path, _add, _value(operation))
        case "remove":
            return _edit(document, path, _remove, None)
        case "replace":
            return _edit(document, path, _replace, _value(operation))
        case "move":
            source = _tokens(operation.get("from"))
            moved = _find(document, source)
            return _edit(_edit(document, source, _remove, None), path, _add, moved)
        case "copy":
            return _edit(document, path, _add, _find(document, _tokens(operation.get("from"))))
        case "test":
            if not _equal(_find(document, path, missing=None), operation.get("value")):
                raise JSONPatchError(f"testing value {operation['path']} failed")
            return document
    raise JSONPatchError(f"unexpected kind: {kind}")


def _value(operation: dict[str, Any]) -> Any:
    if "value" not in operation:
        raise JSONPatchError("an operation misses its value")
    return operation["value"]


def _tokens(path: Any) -> list[str]:
    if not isinstance(path, str) or (path and not path.startswith("/")):
        raise JSONPatchError(f"invalid path: {path!r}")
    return [token.replace("~1", "/").replace("~0", "~") for token in path.split("/")[1:]]


_MISSING = object()


def _find(document: Any, path: list[str], missing: Any = _MISSING) -> Any:
    for token in path:
        try:
            document = document[_index(document, token)] if isinstance(document, list) else document[token]
        except (KeyError, IndexError, TypeError) as error:
            if missing is _MISSING:
                raise JSONPatchError(f"nothing is at {'/'.join(path)}") from error
            return missing
    return document


def _edit(document: Any, path: list[str], change: Any, value: Any) -> Any:
    """A copy of ``document`` along ``path``, with ``change`` done at its end."""
    if not path:
        if change is _remove:
            raise JSONPatchError("the whole document cannot be removed")
        return value
    token, rest = path[0], path[1:]
    if isinstance(document, list):
        copy: Any = list(document)
    elif isinstance(document, dict):
        copy = dict(document)
    else:
        raise JSONPatchError(f"nothing can be at {token!r} of a value that is neither an object nor an array")
    if not rest:
        change(copy, token, value)
        return copy
    key = _index(copy, token) if isinstance(copy, list) else token
    try:
        copy[key] = _edit(copy[key], rest, change, value)
    except (KeyError, IndexError) as error:
        raise JSONPatchError(f"doc is missing path: {token}") from error
    return copy


def _add(container: Any, token: str, value: Any) -> None:
    if isinstance(container, dict):
        container[token] = value
    elif token == "-":
        container.append(value)
    else:
        index = _index(container, token, len(container) + 1)
        container.insert(index, value)


def _remove(container: Any, token: str, _: Any) -> None:
    key = _index(container, token) if isinstance(container, list) else token
    try:
        del container[key]
    except (KeyError, IndexError) as error:
        raise JSONPatchError(f"unable to remove nonexistent key: {token}") from error


def _replace(container: Any, token: str, value: Any) -> None:
    if isinstance(container, list):
        index = _index(container, token)
        if index >= len(container):
            raise JSONPatchError(f"invalid index: {token}")
        container[index] = value
    elif token not in container:
        raise JSONPatchError(f"replace operation does not apply: doc is missing key: {token}")
    else:
        container[token] = value


def _index(container: list[Any], token: str, size: int | None = None) -> int:
    """The index that a token names; one that is negative counts back from ``size``."""
    size = len(container) if size is None else size
    try:
        index = int(token)
    except ValueError as error:
        raise JSONPatchError(f"invalid index: {token}") from error
    if not -size <= index < size and not (index == size == 0):
        raise JSONPatchError(f"unable to access invalid index: {token}")
    return index + size if index < 0 else index


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_equal(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_equal, left, right))
    return bool(left == right)
