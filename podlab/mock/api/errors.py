"""What the API server answers when it refuses: one exception a reason, each carrying a ``Status``.

The words, codes and details are those of Kubernetes' ``apimachinery/pkg/api/errors``. A resource is named as in the
store's keys, ``pods`` or ``deployments.apps``; a kind likewise, ``Pod`` or ``Deployment.apps``. The keys of a status
stand in the order in which the real server writes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

Obj = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of a refusal.

    Attributes:
        reason: a machine's word, such as ``FieldValueRequired``.
        message: the sentence without the field's path, such as ``Required value: name or generateName is required``.
        field: the path, such as ``spec.containers[0].name``; may be empty.
    """

    reason: str = ""
    message: str = ""
    field: str = ""

    def as_dict(self) -> Obj:
        """The cause as it stands in ``status.details.causes``."""
        return _without_empty({"reason": self.reason, "message": self.message, "field": self.field})

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


class APIError(Exception):
    """The root of all refusals. ``status`` is the ``Status`` object (``metav1.Status`` as a dict).

    Raise a subclass; build one from a client's answer with `from_status`.
    """

    code: ClassVar[int] = 500
    reason: ClassVar[str] = ""

    def __init__(self, message: str, details: Obj | None = None) -> None:
        super().__init__(message)
        self.status: Obj = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message}
        if self.reason:
            self.status["reason"] = self.reason
        if details is not None:
            self.status["details"] = details
        self.status["code"] = self.code

    @classmethod
    def from_status(cls, status: Obj) -> "APIError":
        """The error that ``status`` (a ``Status`` dict, kept as it is) tells of, as the subclass of its reason."""
        kind = _BY_REASON.get(status.get("reason", ""), APIError)
        error = kind.__new__(kind)
        Exception.__init__(error, status.get("message", ""))
        error.status = status
        return error

    @property
    def message(self) -> str:
        """The sentence for people."""
        return str(self.status.get("message", ""))

    @property
    def http_code(self) -> int:
        """The status code of the HTTP answer."""
        return int(self.status.get("code", self.code))

    @property
    def retry_after_seconds(self) -> int | None:
        """The value of the answer's ``Retry-After`` header, if it has one."""
        seconds = (self.status.get("details") or {}).get("retryAfterSeconds")
        return int(seconds) if seconds else None

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return APIError.from_status, (self.status,)


def _without_empty(values: Obj) -> Obj:
    return {key: value for key, value in values.items() if value}


def split_group(name: str) -> tuple[str, str]:
    """``deployments.apps`` -> (``deployments``, ``apps``); ``pods`` -> (``pods``, ``""``)."""
    head, _, group = name.partition(".")
    return head, group


def _details(resource: str, name: str = "", **more: Any) -> Obj:
    kind, group = split_group(resource)
    return _without_empty({"name": name, "group": group, "kind": kind, **more})


class BadRequest(APIError):
    """400: the request could not be read."""

    code, reason = 400, "BadRequest"


class Unauthorized(APIError):
    """401: no token, or the wrong one."""

    code, reason = 401, "Unauthorized"

    def __init__(self, message: str = "Unauthorized") -> None:
        super().__init__(message)


class Forbidden(APIError):
    """403: understood, and not allowed (authorization or an admission plugin)."""

    code, reason = 403, "Forbidden"

    def __init__(self, resource: str, name: str, why: str) -> None:
        if not resource:
            message = f"forbidden: {why}"
        elif not name:
            message = f"{resource} is forbidden: {why}"
        else:
            message = f"{resource} {quote(name)} is forbidden: {why}"
        super().__init__(message, _details(resource, name))


class NotFound(APIError):
    """404: no object of that name."""

    code, reason = 404, "NotFound"

    def __init__(self, resource: str, name: str) -> None:
        super().__init__(f"{resource} {quote(name)} not found", _details(resource, name))

    @classmethod
    def unknown_resource(cls) -> Self:
        """No such path under /api or /apis."""
        error = cls("", "")
        APIError.__init__(error, "the server could not find the requested resource", {})
        return error


class MethodNotAllowed(APIError):
    """405: the resource has no such verb."""

    code, reason = 405, "MethodNotAllowed"

    def __init__(self, resource: str, action: str) -> None:
        super().__init__(f"{action} is not supported on resources of kind {quote(resource)}", _details(resource))

    @classmethod
    def on_path(cls) -> Self:
        """The path exists, but not for this HTTP method."""
        error = cls("", "")
        APIError.__init__(error, "the server does not allow this method on the requested resource", {})
        return error


class NotAcceptable(APIError):
    """406: none of the media types in ``Accept`` can be served."""

    code, reason = 406, "NotAcceptable"

    def __init__(self, accepted: Sequence[str]) -> None:
        super().__init__("only the following media types are accepted: " + ", ".join(accepted))


class AlreadyExists(APIError):
    """409: an object of that name is there already."""

    code, reason = 409, "AlreadyExists"

    def __init__(self, resource: str, name: str) -> None:
        super().__init__(f"{resource} {quote(name)} already exists", _details(resource, name))

    @classmethod
    def generated(cls, resource: str, name: str, retry_after_seconds: int = 1) -> Self:
        """No free name was found for a ``generateName``."""
        error = cls(resource, name)
        APIError.__init__(
            error,
            f"{resource} {quote(name)} already exists, the server was not able to generate a unique name for the object",
            _details(resource, name, retryAfterSeconds=retry_after_seconds),
        )
        return error


class Conflict(APIError):
    """409: the object was changed meanwhile, or a precondition failed."""

    code, reason = 409, "Conflict"
    MODIFIED: ClassVar[str] = "the object has been modified; please apply your changes to the latest version and try again"

    def __init__(self, resource: str, name: str, why: str = MODIFIED) -> None:
        super().__init__(f"Operation cannot be fulfilled on {resource} {quote(name)}: {why}", _details(resource, name))

    @classmethod
    def apply(cls, causes: Sequence[Cause], message: str) -> Self:
        """Server-side apply met fields that another manager owns."""
        error = cls("", "")
        APIError.__init__(error, message, {"causes": [cause.as_dict() for cause in causes]})
        return error


class Gone(APIError):
    """410: the thing asked for is gone for good."""

    code, reason = 410, "Gone"


class Expired(APIError):
    """410: that resourceVersion or continue token is too old."""

    code, reason = 410, "Expired"

    @classmethod
    def too_old(cls, asked: int, oldest: int) -> Self:
        """A watch from a revision that has been compacted."""
        return cls(f"too old resource version: {asked} ({oldest})")


class RequestEntityTooLarge(APIError):
    """413: the body is over the limit (3 MiB)."""

    code, reason = 413, "RequestEntityTooLarge"

    def __init__(self, message: str) -> None:
        super().__init__(f"Request entity too large: {message}")


class UnsupportedMediaType(APIError):
    """415: the body's ``Content-Type`` cannot be read."""

    code, reason = 415, "UnsupportedMediaType"

    def __init__(self, accepted: Sequence[str]) -> None:
        super().__init__(
            "the body of the request was in an unknown format - accepted media types include: " + ", ".join(accepted)
        )


class Invalid(APIError):
    """422: the object was read, and validation found it wrong.

    ``kind`` is qualified (``Pod``, ``Deployment.apps``); every cause is listed, and the message repeats each distinct one once.
    """

    code, reason = 422, "Invalid"

    def __init__(self, kind: str, name: str, causes: Sequence[Cause]) -> None:
        message = f"{kind} {quote(name)} is invalid"
        distinct = list(dict.fromkeys(str(cause) for cause in causes))
        if len(distinct) == 1:
            message += f": {distinct[0]}"
        elif distinct:
            message += f": [{', '.join(distinct)}]"
        super().__init__(message, _details(kind, name, causes=[cause.as_dict() for cause in causes]))

    @property
    def causes(self) -> list[Cause]:
        """What is wrong, in the order of validation."""
        return [Cause(**cause) for cause in self.status.get("details", {}).get("causes", ())]


class TooManyRequests(APIError):
    """429: try again later (also an eviction that a disruption budget forbids)."""

    code, reason = 429, "TooManyRequests"

    def __init__(self, message: str, retry_after_seconds: int = 0, causes: Sequence[Cause] = ()) -> None:
        details = {"causes": [cause.as_dict() for cause in causes], "retryAfterSeconds": retry_after_seconds}
        super().__init__(message, _without_empty(details))


class InternalError(APIError):
    """500: the server's own fault, or that of a thing it relies on."""

    code, reason = 500, "InternalError"

    def __init__(self, why: str) -> None:
        super().__init__(f"Internal error occurred: {why}", {"causes": [{"message": why}]})


class ServerTimeout(APIError):
    """500: the operation could not be ended in time; it may be tried again."""

    code, reason = 500, "ServerTimeout"

    def __init__(self, resource: str, operation: str, retry_after_seconds: int = 0) -> None:
        super().__init__(
            f"The {operation} operation against {resource} could not be completed at this time, please try again.",
            _details(resource, operation, retryAfterSeconds=retry_after_seconds),
        )


class NotModelled(APIError):
    """501: podlab does not model this. Not a reason of Kubernetes' own: the text says what is missing."""

    code, reason = 501, "NotImplemented"

    def __init__(self, what: str) -> None:
        super().__init__(f"podlab does not model {what}; docs/fidelity.md lists what it does")


class ServiceUnavailable(APIError):
    """503: no endpoint, or the server is going down."""

    code, reason = 503, "ServiceUnavailable"


class Timeout(APIError):
    """504: the request took too long."""

    code, reason = 504, "Timeout"

    def __init__(self, message: str, retry_after_seconds: int = 0) -> None:
        super().__init__(f"Timeout: {message}", _without_empty({"retryAfterSeconds": retry_after_seconds}))


_REASONS: tuple[type[APIError], ...] = (
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    AlreadyExists,
    Conflict,
    Gone,
    Expired,
    RequestEntityTooLarge,
    UnsupportedMediaType,
    Invalid,
    TooManyRequests,
    InternalError,
    ServerTimeout,
    NotModelled,
    ServiceUnavailable,
    Timeout,
)
_BY_REASON: dict[str, type[APIError]] = {kind.reason: kind for kind in _REASONS}


_GO_ESCAPES = {
    0x07: "\\a",
    0x08: "\\b",
    0x0C: "\\f",
    0x0A: "\\n",
    0x0D: "\\r",
    0x09: "\\t",
    0x0B: "\\v",
    0x22: '\\"',
    0x5C: "\\\\",
}


def quote(text: str) -> str:
    r"""Go's ``%q``: a double-quoted string with what cannot be printed escaped.

    >>> print(quote('a"b'))
    "a\"b"
    """
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(map(_quote_rune, text)) + '"'


def _quote_rune(rune: str) -> str:
    number = ord(rune)
    if number in _GO_ESCAPES:
        return _GO_ESCAPES[number]
    if rune.isprintable():
        return rune
    if number < 0x20 or number == 0x7F:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
