"""From ``kubectl apply`` to ``kubectl apply --server-side``: what the one applied is no conflict for the other.

The configuration that the client-side apply left in an annotation says which fields were its own. It is kept up to date, so that
one may go back.
"""

import json
from typing import Any, Final

from podlab.mock.api.managed.fieldset import FieldSet, difference
from podlab.mock.api.managed.typed import compare, field_set
from podlab.mock.api.patches.structure import Structure

Obj = dict[str, Any]

KUBECTL: Final = "kubectl"
"""The field manager of ``kubectl apply --server-side``; who takes another one opts out."""
_ANNOTATION: Final = "kubectl.kubernetes.io/last-applied-configuration"


def last_applied_fields(live: Obj | None, structure: Structure) -> FieldSet:
    """The fields that were applied last by the client side, and still are as it applied them."""
    text = _annotations(live or {}).get(_ANNOTATION)
    try:
        last = json.loads(text) if text else None
    except ValueError:
        return {}
    if not isinstance(last, dict):
        return {}
    changed, removed = compare(last, live, structure)
    return difference(difference(field_set(last, structure), changed), removed)


def with_last_applied(obj: Obj, config: Obj) -> Obj:
    """The object with the annotation, where it has one, telling of ``config``."""
    annotations = _annotations(obj)
    if _ANNOTATION not in annotations:
        return obj
    meta = {**config["metadata"]}
    rest = {key: value for key, value in (meta.pop("annotations", None) or {}).items() if key != _ANNOTATION}
    plain = {**config, "metadata": {**meta, **({"annotations": rest} if rest else {})}}
    text = json.dumps(plain, separators=(",", ":"), sort_keys=True, ensure_ascii=False, default=str) + "\n"
    return {**obj, "metadata": {**obj["metadata"], "annotations": {**annotations, _ANNOTATION: text}}}


def _annotations(obj: Obj) -> dict[str, str]:
    return (obj.get("metadata") or {}).get("annotations") or {}
