"""Whatever is sent, the answer is an object or a refusal in the server's words, never an accident."""

import copy
import json
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from podlab.mock.api import admission
from podlab.mock.api.errors import APIError, BadRequest
from podlab.mock.api.schema import ListOf, MapOf, Scalar, Struct, for_kind, kind_of
from podlab.mock.api.schema.types import Type
from tests.mock.api.admitting import SOUND, Obj, admit, jsonable, plain, update

_TEXTS = (
    *("", "a", "A b", "x" * 64, "a/b", "../x", "/x", "ÄÖ", "Always", "Never", "None", "TCP"),
    *("10.0.0.1", "50%", "1Gi", "-1", "1e400"),
)
_WORDS = st.sampled_from(_TEXTS)
_NUMBERS = st.sampled_from([-1, 0, 1, 80, 70000, 2**31, 2**63, 2**70, 1.5, -0.0])
_JUNK = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_WORDS, inner, max_size=2),
    max_leaves=4,
)
_TIMES = st.sampled_from(["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.5+09:00", "0000-00-00T00:00:00Z", "now"])


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [deeper for key, item in items for deeper in ((*path, key), *_paths(item, (*path, key)))]


@st.composite
def of_type(draw: st.DrawFn, type_: Type, depth: int = 3) -> Any:
    """A value that mostly has the right type, in any combination of fields."""
    if draw(st.integers(0, 19)) == 0:
        return draw(_JUNK)
    if isinstance(type_, Struct):
        if depth == 0:
            return {}
        fields = list(type_.fields.values())
        chosen = draw(st.lists(st.sampled_from(fields), max_size=4, unique_by=lambda field: field.name)) if fields else []
        return {field.name: draw(of_type(field.type, depth - 1)) for field in chosen}
    if isinstance(type_, ListOf):
        return draw(st.lists(of_type(type_.item, depth), max_size=2))
    if isinstance(type_, MapOf):
        return draw(st.dictionaries(_WORDS, of_type(type_.item, depth), max_size=2))
    assert isinstance(type_, Scalar)
    if type_.kind in ("int32", "int64", "float64"):
        return draw(_NUMBERS)
    return draw(st.booleans() if type_.kind == "bool" else _TIMES if "time" in type_.kind else _WORDS | _NUMBERS)


@st.composite
def mutated(draw: st.DrawFn, manifest: Obj) -> Obj:
    """``manifest`` with some values put in the place of others, from junk or out of the types."""
    changed = copy.deepcopy(manifest)
    for _ in range(draw(st.integers(1, 3))):
        paths = [path for path in _paths(changed) if path[0] not in ("kind", "apiVersion")]
        *parents, last = draw(st.sampled_from(paths)) if paths else ("x",)
        place: Any = changed
        for key in parents:
            place = place[key]
        if draw(st.booleans()):
            place[last] = draw(_JUNK)
        elif isinstance(place, dict):
            place.pop(last, None)
    struct = for_kind(kind_of(manifest))
    if struct and draw(st.booleans()):
        spec = struct.fields.get("spec") or struct.fields["metadata"]
        made = draw(of_type(spec.type))
        if isinstance(changed.get(spec.name), dict) and isinstance(made, dict):
            changed[spec.name] = {**changed[spec.name], **made}
    return changed


@settings(max_examples=300)
@given(st.sampled_from(SOUND).flatmap(mutated), st.sampled_from(["Strict", "Warn", "Ignore"]))
def test_any_manifest_is_admitted_or_refused(manifest: Obj, validation: str) -> None:
    made = refusal = None
    try:
        made = admit(manifest, validation)
    except APIError as error:
        refusal = error
    if made is None:
        assert refusal is not None
        assert refusal.http_code in (400, 403, 404, 422)
        assert plain(refusal.status)["message"]
        return
    kind = kind_of(made)
    again, warnings = admission.decode_object(made, kind, "Strict")
    assert warnings == []
    assert plain(again) == plain(made)


@settings(max_examples=200)
@given(st.data(), st.sampled_from(SOUND), st.sampled_from(["", "", "status", "ephemeralcontainers", "resize"]))
def test_any_change_is_taken_or_refused(data: st.DataObject, sound: Obj, subresource: str) -> None:
    if subresource in ("ephemeralcontainers", "resize") and sound["kind"] != "Pod":
        subresource = "status"
    made = admit(sound)
    sent = data.draw(mutated(jsonable(made)))
    if not isinstance(sent.get("metadata"), dict):
        sent["metadata"] = {}
    refusal = None
    try:
        plain(update(sent, made, subresource))
    except APIError as error:
        refusal = error
    assert refusal is None or refusal.http_code in (400, 422)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode), st.sampled_from(["application/json", "application/yaml"]))
def test_any_bytes_are_read_or_refused(body: bytes, content_type: str) -> None:
    refusal = None
    try:
        admission.decode(body, content_type, kind_of(SOUND[0]), "Strict")
    except BadRequest as error:
        refusal = error
    assert refusal is None or refusal.message


@given(st.sampled_from(SOUND), st.data())
def test_broken_json_is_refused_in_the_scanner_s_words(sound: Obj, data: st.DataObject) -> None:
    text = json.dumps(sound)
    cut, insert = (
        data.draw(st.integers(0, len(text))),
        data.draw(st.sampled_from(['"', "{", "}", "[", ",", ":", "\\", "x", "1", "\n", ""])),
    )
    body = (text[:cut] + insert + text[cut + data.draw(st.integers(0, 2)) :]).encode()
    refusal = value = None
    with suppress(ValueError):
        value = json.loads(body)
    try:
        admission.untyped(body, "application/json")
    except BadRequest as error:
        refusal = error.message
    assert (refusal is None) == (value is not None)
    assert refusal is None or "invalid character" in refusal or "unexpected end of JSON input" in refusal
