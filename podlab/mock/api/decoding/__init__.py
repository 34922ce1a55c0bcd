"""Decoding as the API server does: Go's rules and Go's words.

`text` turns bytes into JSON values, `decoder` turns values into typed objects; here stands what surrounds them: which kind the
body says it is, what becomes of unknown fields, and the sentences of the refusals.
"""

from typing import Any

from podlab.mock.api.decoding.decoder import decoder_of
from podlab.mock.api.decoding.leaves import plain
from podlab.mock.api.decoding.report import HardError, Report, kind_name
from podlab.mock.api.decoding.text import SyntaxProblem, parse_json
from podlab.mock.api.decoding.yamltext import parse_yaml
from podlab.mock.api.errors import BadRequest, Obj, quote
from podlab.mock.api.schema import GroupVersionKind, for_kind

__all__ = ["decode", "decode_object", "untyped"]

_META_TYPE = r'struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }'
_SCHEME = '"pkg/api/legacyscheme/scheme.go:30"'


def decode(
    body: bytes, content_type: str, kind: GroupVersionKind, field_validation: str = "Warn", epoch_ns: int = 0
) -> tuple[Obj, list[str]]:
    """Reads a client's body as an object of ``kind``.

    Args:
        body: JSON or YAML.
        content_type: the request's ``Content-Type``; a name with ``yaml`` in it means YAML, anything else JSON.
        kind: what the request's path stands for.
        field_validation: ``Strict``, ``Warn`` or ``Ignore``: what becomes of unknown and duplicate fields.
        epoch_ns: the wall-clock time (Unix ns) of offset zero, against which time strings become `kernel.Time`.

    Returns:
        The object (with ``kind`` and ``apiVersion``, without unknown fields, not defaulted) and the warnings for the client.

    Raises:
        BadRequest: the body cannot be read, is of another kind, or (``Strict``) has unknown or duplicate fields.
    """
    repeats: list[str] = []
    try:
        if "yaml" in content_type:
            value, repeats = parse_yaml(body)
        else:
            value = parse_json(body)
        stated = _stated_kind(value, kind)
    except SyntaxProblem as problem:
        message = str(problem)
        if "yaml" not in content_type:
            message = f"couldn't get version/kind; json parse error: {message}"
        raise _unrecognized(body, kind, message) from None
    except _NotMeta as problem:
        raise _unrecognized(body, kind, f"couldn't get version/kind; json parse error: {problem}") from None
    return _decode_value(value if isinstance(value, dict) else {}, stated, kind, field_validation, epoch_ns, repeats)


def decode_object(obj: Obj, kind: GroupVersionKind, field_validation: str = "Warn", epoch_ns: int = 0) -> tuple[Obj, list[str]]:
    """Like `decode`, for values that are parsed already (the result of a patch). Times may be `kernel.Time` or strings."""
    try:
        stated = _stated_kind(obj, kind)
    except _NotMeta as problem:
        raise BadRequest(str(problem)) from None
    return _decode_value(obj, stated, kind, field_validation, epoch_ns, [])


class _NotMeta(ValueError):
    """``kind`` or ``apiVersion`` cannot be read."""


def _stated_kind(value: Any, kind: GroupVersionKind) -> GroupVersionKind:
    """The kind that the body names; what it leaves out is the request's."""
    if value is None:
        return kind
    if not isinstance(value, dict):
        raise _NotMeta(f"json: cannot unmarshal {kind_name(value)} into Go value of type {_META_TYPE}")
    for name in value:
        if name in ("apiVersion", "kind") and value[name] is not None and not isinstance(value[name], str):
            raise _NotMeta(f"json: cannot unmarshal {kind_name(value[name])} into Go struct field .{name} of type string")
    stated = value.get("kind") or kind.kind
    api_version = value.get("apiVersion") or ""
    if api_version.count("/") > 1:
        raise _NotMeta(f"unexpected GroupVersion string: {api_version}")
    if not api_version:
        return GroupVersionKind(kind.group, kind.version, stated)
    group, _, version = api_version.rpartition("/")
    return GroupVersionKind(group, version or kind.version, stated)


def _decode_value(
    value: dict[str, Any],
    stated: GroupVersionKind,
    kind: GroupVersionKind,
    field_validation: str,
    epoch_ns: int,
    repeats: list[str],
) -> tuple[Obj, list[str]]:
    known = for_kind(stated)
    if known is None:
        why = f"no kind {quote(stated.kind)} is registered for version {quote(stated.api_version)} in scheme {_SCHEME}"
        raise _unhandled(stated, kind, why)
    report = Report(epoch_ns)
    try:
        obj = decoder_of(known)(value, report)
    except HardError as error:
        raise _unhandled(stated, kind, str(error)) from None
    except RecursionError:
        raise _unhandled(stated, kind, "exceeded max depth") from None
    if report.error is not None:
        raise _unhandled(stated, kind, report.error)
    if (stated.group, stated.kind) != (kind.group, kind.kind):
        internal = (kind.group.split(".")[0] or "core") + "." + kind.kind
        raise _unhandled(stated, kind, f"converting ({known.go}) to ({internal}): unknown conversion")
    if stated.version != kind.version:
        raise BadRequest(
            f"the API version in the data ({stated.api_version}) does not match the expected API version ({kind.api_version})"
        )
    warnings = _strict_errors(report, repeats, stated, kind, field_validation)
    return {"kind": kind.kind, "apiVersion": kind.api_version, **_without_type(obj)}, warnings


def _strict_errors(
    report: Report, repeats: list[str], stated: GroupVersionKind, kind: GroupVersionKind, field_validation: str
) -> list[str]:
    problems = ["yaml: unmarshal errors:\n" + "\n".join(repeats)] if repeats else []
    problems += report.strict
    if not problems or field_validation == "Ignore":
        return []
    if field_validation == "Strict":
        raise _unhandled(stated, kind, "strict decoding error: " + ", ".join(problems))
    return problems


def _without_type(obj: Obj) -> Obj:
    obj.pop("kind", None)
    obj.pop("apiVersion", None)
    return obj


def _unhandled(stated: GroupVersionKind, kind: GroupVersionKind, why: str) -> BadRequest:
    return BadRequest(f"{stated.kind} in version {quote(stated.version)} cannot be handled as a {kind.kind}: {why}")


def _unrecognized(body: bytes, kind: GroupVersionKind, why: str) -> BadRequest:
    return BadRequest(f"the object provided is unrecognized (must be of type {kind.kind}): {why} ({_summary(body)})")


def _summary(body: bytes, length: int = 30) -> str:
    if not body:
        return "<empty>"
    more = " ..." if len(body) > length else ""
    if body[:1] == b"{":
        return body[:length].decode("utf-8", errors="replace") + more
    return body[:length].hex() + more


def untyped(body: bytes, content_type: str) -> Any:
    """A body that has no model (a custom resource, a patch), as plain JSON values.

    Raises:
        BadRequest: it is neither JSON nor YAML.
    """
    try:
        return plain(parse_yaml(body)[0] if "yaml" in content_type else parse_json(body))
    except SyntaxProblem as problem:
        raise BadRequest(f"error decoding body: {problem}") from None
