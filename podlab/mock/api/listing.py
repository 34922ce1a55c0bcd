"""Lists: which revision they show, and how they are cut into pages.

A continue token is opaque to clients: base64 of ``{"v": "meta.k8s.io/v1", "rv": REVISION, "start": KEY}``, as the real
server's. All pages of a list show the revision of its first page, for as long as the store can go back to it.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.api.errors import APIError, BadRequest, Cause, Expired, Invalid, Timeout, quote
from podlab.mock.api.options import ListOptions
from podlab.mock.api.selectors import Selection
from podlab.mock.store import ExpiredError, Store

Obj = dict[str, Any]
Objs = list[Obj]

_TOKEN_VERSION: Final = "meta.k8s.io/v1"
_EXPIRED: Final = "The resourceVersion for the provided list is too old."
_CONTINUE_EXPIRED: Final = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without "
    "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. "
    "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted "
    "between the time the first chunk was returned and now may show up in the list."
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        items: shared with the store.
        continue_token: asks for the next page; ``""`` on the last.
        remaining: how many objects follow; None where the server does not count them (with selectors).
    """

    items: Objs
    revision: int
    continue_token: str = ""
    remaining: int | None = None


def list_page(store: Store, resource: str, namespace: str | None, options: ListOptions, selection: Selection) -> Page:
    """The page of a resource's objects that the options ask for.

    Raises:
        Expired: the revision, or the token's, is compacted.
        Timeout: the revision has not come yet.
        BadRequest: the continue token is not one of ours.
    """
    start = ""
    if options.continue_token:
        revision, start = _decode_token(options.continue_token)
        items, revision = _items_of_token(store, resource, namespace, revision, start)
    else:
        items, revision = _items_at(store, resource, namespace, options)
    limit = options.limit
    if limit <= 0 and not start and selection.everything:
        return Page(items, revision)
    chosen: Objs = []
    for index, obj in enumerate(items):
        if start and _path(obj) < start:
            continue
        if limit and len(chosen) == limit:
            if selection.everything or any(selection.matches(later) for later in items[index:]):
                token = _encode_token(revision, _path(chosen[-1]) + "\0")
                return Page(chosen, revision, token, len(items) - index if selection.everything else None)
            break
        if selection.matches(obj):
            chosen.append(obj)
    return Page(chosen, revision)


def parse_revision(text: str, kind: str) -> int:
    """A ``resourceVersion`` parameter; ``""`` is 0. Raises Invalid."""
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or int(text) >= 1 << 64:
        why = f"strconv.ParseUint: parsing {quote(text)}: invalid syntax"
        raise Invalid(kind, "", [Cause("FieldValueInvalid", f"Invalid value: {quote(text)}: {why}", "resourceVersion")])
    return int(text)


def check_not_ahead(store: Store, revision: int) -> None:
    """Raises Timeout when a revision has not come yet (the real server waits three seconds for it and says the same)."""
    if revision > store.revision:
        error = Timeout("")
        APIError.__init__(
            error,
            f"Too large resource version: {revision}, current: {store.revision}",
            {
                "causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}],
                "retryAfterSeconds": 1,
            },
        )
        raise error


def _items_at(store: Store, resource: str, namespace: str | None, options: ListOptions) -> tuple[Objs, int]:
    asked = parse_revision(options.resource_version, resource)
    check_not_ahead(store, asked)
    exact = options.resource_version_match == "Exact" or (options.limit and asked and not options.resource_version_match)
    if not exact or not asked:
        return store.list(resource, namespace)
    try:
        return store.list_at(resource, namespace, asked), asked
    except ExpiredError as error:
        raise Expired(_EXPIRED) from error


def _items_of_token(store: Store, resource: str, namespace: str | None, revision: int, start: str) -> tuple[Objs, int]:
    if revision < 0:  # a token of an inconsistent continuation: whatever is there now
        return store.list(resource, namespace)
    try:
        return store.list_at(resource, namespace, revision), revision
    except ExpiredError as error:
        expired = Expired(_CONTINUE_EXPIRED)
        expired.status["metadata"] = {"continue": _encode_token(-1, start)}
        raise expired from error


def _path(obj: Obj) -> str:
    meta = obj["metadata"]
    return f"{meta.get('namespace', '')}/{meta['name']}"


def _encode_token(revision: int, start: str) -> str:
    text = json.dumps({"v": _TOKEN_VERSION, "rv": revision, "start": start}, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode_token(token: str) -> tuple[int, str]:
    try:
        data = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if data["v"] != _TOKEN_VERSION:
            raise BadRequest(f"continue key is not valid: server does not recognize this encoded version {quote(str(data['v']))}")
        revision, start = data["rv"], data["start"]
        if not isinstance(revision, int) or not isinstance(start, str):
            raise TypeError("not a token")
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise BadRequest(f"continue key is not valid: {error}") from error
    return revision, start
