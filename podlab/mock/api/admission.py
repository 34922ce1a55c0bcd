"""From a client's bytes to an admitted object: the public face of decoding, defaulting, admission and validation.

The order is the real server's. A create goes through

    obj, warnings = decode(body, content_type, kind, field_validation, epoch_ns)     # BadRequest
    obj = prepare_for_create(resource, obj, namespace, context)                      # Forbidden, BadRequest
    validate_create(resource, obj)                                                   # Invalid
    changed_quotas = check_admission(resource, obj, limit_ranges, quotas)            # Forbidden (validating admission comes last)

and an update (or what a patch made) through `decode` or `decode_object`, `prepare_for_update` and `validate_update`. All are pure
functions on dicts: nothing is read but what is passed in, nothing passed in is changed. Objects that come out hold `kernel.Time`
in time fields, have what Go's ``omitempty`` would drop dropped, and their keys stand in the order of the Go structs.

A *kind* is a `GroupVersionKind`; a *resource* is named as in the store's keys (``pods``, ``deployments.apps``).
"""

from podlab.mock.api.decoding import decode, decode_object, untyped
from podlab.mock.api.defaulting import (
    AdmissionContext,
    apply_defaults,
    check_admission,
    prepare_for_create,
    prepare_for_update,
    status_stands_alone,
)
from podlab.mock.api.defaulting.limits import check_limit_ranges
from podlab.mock.api.defaulting.quota import check_quotas
from podlab.mock.api.defaulting.runtimes import check_overhead
from podlab.mock.api.schema import GroupVersionKind, canonical
from podlab.mock.api.validation import validate_create, validate_update

__all__ = [
    "AdmissionContext",
    "GroupVersionKind",
    "apply_defaults",
    "canonical",
    "check_admission",
    "check_limit_ranges",
    "check_overhead",
    "check_quotas",
    "decode",
    "decode_object",
    "prepare_for_create",
    "prepare_for_update",
    "status_stands_alone",
    "untyped",
    "validate_create",
    "validate_update",
]
