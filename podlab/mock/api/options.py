"""The options of each verb: what query parameters (and the body of a delete) may say, checked in the server's words."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from podlab.mock.api.errors import BadRequest, Cause, Invalid, quote
from podlab.mock.api.request import ADMIN, Request, UserInfo

Obj = dict[str, Any]

_FIELD_VALIDATION: Final = ("Ignore", "Warn", "Strict")


class PatchType(enum.Enum):
    """The media types of a PATCH."""

    JSON = "application/json-patch+json"
    MERGE = "application/merge-patch+json"
    STRATEGIC = "application/strategic-merge-patch+json"
    APPLY = "application/apply-patch+yaml"


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """Options of create, update and patch.

    Attributes:
        field_manager: under which name the written fields are recorded.
        dry_run: go through everything, and store nothing.
        field_validation: ``Strict``, ``Warn`` or ``Ignore``: what becomes of unknown fields.
        force: server-side apply may take fields from other managers.
        warnings: collects what the client is to be warned of.
    """

    field_manager: str
    user: UserInfo = ADMIN
    dry_run: bool = False
    field_validation: str = "Ignore"
    force: bool = False
    warnings: list[str] = field(default_factory=list, compare=False)

    def with_force(self, force: bool) -> "WriteOptions":
        """The same options, with or without force."""
        return replace(self, force=force)


@dataclass(frozen=True, slots=True)
class DeleteOptions:
    """Options of delete; preconditions that do not hold are a conflict."""

    grace_period_seconds: int | None = None
    propagation_policy: str | None = None
    orphan_dependents: bool | None = None
    uid: str | None = None
    resource_version: str | None = None
    dry_run: bool = False
    user: UserInfo = ADMIN
    warnings: list[str] = field(default_factory=list, compare=False)


@dataclass(frozen=True, slots=True)
class ListOptions:
    """Options of list; ``resource_version`` and ``resource_version_match`` as the API documents them."""

    label_selector: str = ""
    field_selector: str = ""
    limit: int = 0
    continue_token: str = ""
    resource_version: str = ""
    resource_version_match: str = ""


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """Options of watch beyond the selectors."""

    resource_version: str = ""
    resource_version_match: str = ""
    timeout_seconds: int | None = None
    bookmarks: bool = False
    send_initial_events: bool | None = None


def write_options(request: Request, kind: str) -> WriteOptions:
    """Reads ``CreateOptions``, ``UpdateOptions`` or ``PatchOptions`` (``kind``) from a query. Raises BadRequest, Invalid."""
    causes = _dry_run_causes(request.query.get("dryRun") or [])
    manager = request.param("fieldManager")
    if len(manager) > 128:
        causes.append(Cause("FieldValueTooLong", "Too long: may not be more than 128 bytes", "fieldManager"))
    elif not manager.isprintable():
        causes.append(
            Cause(
                "FieldValueInvalid", f"Invalid value: {quote(manager)}: should only contain printable characters", "fieldManager"
            )
        )
    validation = request.param("fieldValidation")
    if validation and validation not in _FIELD_VALIDATION:
        causes.append(_unsupported("fieldValidation", validation, ("", *_FIELD_VALIDATION)))
    if causes:
        raise Invalid(f"{kind}.meta.k8s.io", "", causes)
    return WriteOptions(
        field_manager=manager or user_agent_name(request),
        user=request.user,
        dry_run=bool(request.query.get("dryRun")),
        field_validation=validation or "Warn",
        force=flag(request, "force") or False,
    )


def user_agent_name(request: Request) -> str:
    """The field manager of a client that names none: its ``User-Agent`` up to the first slash."""
    return request.headers.get("user-agent", "").partition("/")[0][:128] or "unknown"


def check_patch_options(request: Request, kind: PatchType) -> None:
    """Server-side apply needs a field manager; the other patches cannot be forced. Raises Invalid."""
    if kind is PatchType.APPLY and not request.param("fieldManager"):
        cause = Cause("FieldValueRequired", "Required value: is required for apply patch", "fieldManager")
    elif kind is not PatchType.APPLY and request.param("force"):
        cause = Cause("FieldValueForbidden", "Forbidden: may not be specified for non-apply patch", "force")
    else:
        return
    raise Invalid("PatchOptions.meta.k8s.io", "", [cause])


def delete_options(request: Request, body: Mapping[str, Any]) -> DeleteOptions:
    """Reads ``DeleteOptions`` from the body, or (without one) from the query. Raises Invalid, BadRequest."""
    if body:
        grace: Any = body.get("gracePeriodSeconds")
        policy, orphan = body.get("propagationPolicy"), body.get("orphanDependents")
        preconditions = body.get("preconditions") or {}
        dry_run = body.get("dryRun") or []
    else:
        grace = integer(request, "gracePeriodSeconds")
        policy, orphan = request.param("propagationPolicy") or None, flag(request, "orphanDependents")
        preconditions, dry_run = {}, list(request.query.get("dryRun") or [])
    causes = _dry_run_causes(dry_run)
    if policy is not None and orphan is not None:
        causes.append(
            Cause(
                "FieldValueInvalid",
                f"Invalid value: {quote(policy)}: orphanDependents and deletionPropagation cannot be both set",
                "propagationPolicy",
            )
        )
    if policy is not None and policy not in ("Foreground", "Background", "Orphan"):
        causes.append(_unsupported("propagationPolicy", policy, ("Foreground", "Background", "Orphan", "nil")))
    if causes:
        raise Invalid("DeleteOptions.meta.k8s.io", "", causes)
    return DeleteOptions(
        grace_period_seconds=grace,
        propagation_policy=policy,
        orphan_dependents=orphan,
        uid=preconditions.get("uid"),
        resource_version=preconditions.get("resourceVersion"),
        dry_run=bool(dry_run),
        user=request.user,
    )


def list_options(request: Request) -> ListOptions:
    """Reads ``ListOptions`` of a list. Raises Invalid, BadRequest."""
    options = ListOptions(
        label_selector=request.param("labelSelector"),
        field_selector=request.param("fieldSelector"),
        limit=integer(request, "limit") or 0,
        continue_token=request.param("continue"),
        resource_version=request.param("resourceVersion"),
        resource_version_match=request.param("resourceVersionMatch"),
    )
    causes = []
    if request.param("sendInitialEvents"):
        causes.append(_forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"))
    match, version = options.resource_version_match, options.resource_version
    if match:
        if not version:
            causes.append(
                _forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided")
            )
        if options.continue_token:
            causes.append(_forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided"))
        if match not in ("Exact", "NotOlderThan"):
            causes.append(_unsupported("resourceVersionMatch", match, ("Exact", "NotOlderThan", "")))
        if match == "Exact" and version == "0":
            causes.append(_forbidden("resourceVersionMatch", 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
    if causes:
        raise Invalid("ListOptions.meta.k8s.io", "", causes)
    return options


def watch_options(request: Request) -> WatchOptions:
    """Reads ``ListOptions`` of a watch. Raises Invalid, BadRequest."""
    options = WatchOptions(
        resource_version=request.param("resourceVersion"),
        resource_version_match=request.param("resourceVersionMatch"),
        timeout_seconds=integer(request, "timeoutSeconds"),
        bookmarks=flag(request, "allowWatchBookmarks") or False,
        send_initial_events=flag(request, "sendInitialEvents"),
    )
    causes = []
    match = options.resource_version_match
    if options.send_initial_events is not None:
        if not match:
            causes.append(
                _forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
            )
        elif match != "NotOlderThan":
            causes.append(_unsupported("resourceVersionMatch", match, ("NotOlderThan",)))
    elif match:
        causes.append(
            _forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
        )
    if causes:
        raise Invalid("ListOptions.meta.k8s.io", "", causes)
    return options


def flag(request: Request, name: str) -> bool | None:
    """A boolean parameter as Go's conversion reads it: present and not ``0`` or ``false`` is true; None when absent."""
    values = request.query.get(name)
    if not values:
        return None
    return values[0].lower() not in ("false", "0")


def integer(request: Request, name: str) -> int | None:
    """An integer parameter; None when absent or empty. Raises BadRequest."""
    text = request.param(name)
    if not text:
        return None
    try:
        return int(text)
    except ValueError as error:
        raise BadRequest(f"strconv.ParseInt: parsing {quote(text)}: invalid syntax") from error


def _dry_run_causes(values: Sequence[str]) -> list[Cause]:
    return (
        [_unsupported("dryRun", str(list(values)).replace("'", '"'), ("All",), raw=True)]
        if any(one != "All" for one in values)
        else []
    )


def _unsupported(name: str, value: str, supported: Sequence[str], raw: bool = False) -> Cause:
    shown = value if raw else quote(value)
    names = ", ".join(map(quote, sorted(supported)))
    return Cause("FieldValueNotSupported", f"Unsupported value: {shown}: supported values: {names}", name)


def _forbidden(name: str, why: str) -> Cause:
    return Cause("FieldValueForbidden", f"Forbidden: {why}", name)
