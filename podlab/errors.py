"""What goes wrong above the API, told in one screen: what, where, and how to mend it.

    PodlabError
    ├── APIError                 the server's Status, in its own words
    │   ├── NotFound  AlreadyExists  Conflict  Invalid  BadRequest
    │   └── Unauthorized  Forbidden  Expired
    ├── ClusterError             no cluster, or it went away
    ├── ManifestError            the text is not a manifest
    ├── WaitTimeout              the condition did not come about in time; says what was seen last
    ├── WaitFailed               the condition cannot come about any more
    └── ToolError                a program (kind, minikube, kubectl) is missing or failed

    KeyboardInterrupt
    └── Interrupted              the user's Ctrl-C, or stop button, during a wait

In a notebook an error shows its text alone: the frames between a cell and the API would fill screens and say nothing to a
student.
"""

import re
from typing import Any, ClassVar

Obj = dict[str, Any]


class PodlabError(Exception):
    """The root of podlab's errors.

    Attributes:
        message: what is wrong and where.
        hint: how to mend it; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n\nHint: {self.hint}" if self.hint else self.message

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return [f"{self.title}: {line}" if n == 0 else line for n, line in enumerate(str(self).splitlines())]

    @property
    def title(self) -> str:
        """The first word of the error as shown: the name of its class."""
        return type(self).__name__


class ClusterError(PodlabError):
    """There is no cluster to talk to, or it has gone away."""


class ManifestError(PodlabError):
    """A text that should be a manifest is not one."""


class ToolError(PodlabError):
    """A program that podlab drives (kind, minikube, kubectl) is missing, or failed."""


class Interrupted(KeyboardInterrupt):
    """The user has interrupted a wait; says which."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of the frames below a wait."""
        return [f"KeyboardInterrupt: {self}"]


class WaitFailed(PodlabError):
    """What was waited for cannot come about any more."""


class WaitTimeout(PodlabError, TimeoutError):
    """What was waited for did not come about in time."""


class APIError(PodlabError):
    """The API server said no.

    Attributes:
        status: the server's ``Status`` (``kind message reason code details``).
    """

    reason_word: ClassVar[str] = ""

    def __init__(self, status: Obj, hint: str = "") -> None:
        self.status = status
        super().__init__(self.spoken(), hint or _hint_for(self.reason, str(status.get("message", ""))))

    def spoken(self) -> str:
        """The line that kubectl prints for this Status."""
        message = self.status.get("message") or "the server gave no reason"
        if self.reason == "Invalid":
            return _invalid_in_kubectls_words(self.status, message)
        return f"Error from server ({self.reason}): {message}" if self.reason else f"Error from server: {message}"

    @property
    def reason(self) -> str:
        """The API's CamelCase word for the error, such as ``NotFound``."""
        return str(self.status.get("reason") or "")

    @property
    def code(self) -> int:
        """The HTTP status code."""
        return int(self.status.get("code") or 0)

    @property
    def causes(self) -> list[Obj]:
        """``details.causes``: dicts with ``field``, ``reason`` and ``message``."""
        return list((self.status.get("details") or {}).get("causes") or [])

    @property
    def title(self) -> str:
        """Empty: the text already says where the error comes from."""
        return ""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class NotFound(APIError):
    """There is no such object, or no such resource."""

    reason_word = "NotFound"


class AlreadyExists(APIError):
    """An object of this name exists."""

    reason_word = "AlreadyExists"


class Conflict(APIError):
    """The object has changed meanwhile."""

    reason_word = "Conflict"


class Invalid(APIError):
    """The object breaks a rule of its kind."""

    reason_word = "Invalid"


class BadRequest(APIError):
    """The server could not make sense of the request."""

    reason_word = "BadRequest"


class Unauthorized(APIError):
    """The server does not know who asks."""

    reason_word = "Unauthorized"


class Forbidden(APIError):
    """The server does not allow it."""

    reason_word = "Forbidden"


class Expired(APIError):
    """The revision is too old to watch from."""

    reason_word = "Expired"


_CLASSES: dict[str, type[APIError]] = {
    kind.reason_word: kind for kind in (NotFound, AlreadyExists, Conflict, Invalid, BadRequest, Unauthorized, Forbidden, Expired)
}

# (reason, what is found in the message, as a pattern, hint): the first row that fits is used.
_HINTS = (
    (
        "Invalid",
        "pod updates may not change fields",
        "most of a pod cannot change while it lives. Delete it first (`lab.delete('pod/NAME')`), "
        "or apply with `replace=True` (`%%manifest NAME --replace`).",
    ),
    ("Invalid", "field is immutable", "delete the object first, or apply with `replace=True` (`%%manifest NAME --replace`)."),
    ("BadRequest", "unknown field", "check the spelling and the indentation; `kubectl explain` lists the fields of a kind."),
    (
        "BadRequest",
        "cannot unmarshal (number|bool) into Go struct field .* of type string",
        'here a text is wanted: write numbers, and words such as `true` and `no`, in quotation marks (`"3"`).',
    ),
    ("BadRequest", "a container name must be specified", "name the container: `container='...'`, in kubectl `-c ...`."),
    (
        "BadRequest",
        "is waiting to start",
        "the container has not started yet: `lab.wait('pod/NAME', 'Ready')`, and `lab.events('pod/NAME')` if that takes long.",
    ),
    ("BadRequest", "previous terminated container", "the container has not been restarted, so it has no previous log."),
    ("NotFound", "^namespaces ", "make it first: `kubectl create namespace NAME`."),
    ("NotFound", "could not find the requested resource", "check `apiVersion` and `kind`; `kubectl api-resources` lists them."),
    ("Unauthorized", "", "the kubeconfig's credentials are not (or no longer) valid; `podlab doctor` says more."),
    (
        "Forbidden",
        "exceeded quota",
        "what the namespace may have is used up: `kubectl describe resourcequota` shows by how much.",
    ),
    (
        "Forbidden",
        "failed quota: .* must specify",
        "the namespace has a ResourceQuota: give each container `resources` with what is named here.",
    ),
    (
        "Forbidden",
        "usage per |limit to request ratio",
        "`kubectl describe limitrange` shows what the namespace allows; change `resources`.",
    ),
    (
        "Forbidden",
        "error looking up service account .*/default:",
        "a new namespace gets its `default` service account a moment after it was made: try again.",
    ),
    ("Forbidden", "error looking up service account", "make the ServiceAccount first, or leave out `serviceAccountName`."),
    ("Forbidden", " cannot ", "`podlab doctor` lists the permissions that podlab needs and lacks."),
)


def _hint_for(reason: str, message: str) -> str:
    return next((hint for row, words, hint in _HINTS if row == reason and re.search(words, message)), "")


def _invalid_in_kubectls_words(status: Obj, message: str) -> str:
    details = status.get("details") or {}
    subject = f'The {details.get("kind", "object")} "{details.get("name", "")}" is invalid:'
    causes = [f"{cause.get('field', '')}: {cause.get('message', '')}" for cause in details.get("causes") or []]
    if len(causes) > 1:
        return "\n* ".join([subject, *causes])
    return f"{subject} {message.split(' is invalid: ', 1)[-1]}"


def api_error(status: Obj, hint: str = "") -> APIError:
    """Make the error for a ``Status``: of the class that its reason names, else a plain `APIError`."""
    return _CLASSES.get(str(status.get("reason") or ""), APIError)(status, hint)
