"""What a wait waits for: a table of words, kubectl's forms, or a function of the object.

A condition also knows when it cannot come about any more (a pod that has failed will never be Ready), so that a wait ends
with the reason instead of with the time-out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from podlab.errors import Obj, PodlabError
from podlab.lab import jsonpath

PHASES = ("Pending", "Running", "Succeeded", "Failed")


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that an object may come to be.

    Attributes:
        text: completes "did not become ...".
        met: is it so?
        hopeless: why it cannot become so any more; empty if it can.
        absence: the object's absence is what is waited for.
        may_be_missing: the object need not exist yet.
    """

    text: str
    met: Callable[[Obj], bool]
    hopeless: Callable[[Obj], str] = lambda obj: ""
    absence: bool = False
    may_be_missing: bool = False


Spec = str | Callable[[Obj], Any] | Condition


def parse(spec: Spec) -> Condition:
    """The condition that a user's words mean.

    Args:
        spec: a condition's type (`"Ready"`, `"Available"`, `"condition=Ready=False"`), a pod's phase (`"Running"`,
            `"Succeeded"`, `"Failed"`), `"created"`, `"deleted"`, `"jsonpath={.status.phase}=Running"` (the word `jsonpath=`
            may be left out; without a value it waits for one), or a function from the object to a truth value; one that
            misses a field (KeyError, IndexError, TypeError) says "not yet".

    Raises:
        PodlabError: the words mean nothing.
    """
    if isinstance(spec, Condition):
        return spec
    if callable(spec):
        return Condition(f"such that {getattr(spec, '__name__', 'it')} holds", lambda obj: _holds(spec, obj))
    if spec.startswith("{"):
        return _jsonpath(spec)
    word, _, rest = spec.partition("=")
    if word.lower() in ("deleted", "delete"):
        return Condition("deleted", lambda obj: False, absence=True)
    if word.lower() in ("created", "create", "exists"):
        return Condition("created", lambda obj: True, may_be_missing=True)
    if word == "jsonpath":
        return _jsonpath(rest)
    if spec.capitalize() in PHASES:
        return _phase(spec.capitalize())
    kind, _, value = (rest if word == "condition" else spec).partition("=")
    if not kind.isidentifier():
        raise PodlabError(
            f"podlab cannot wait for {spec!r}.",
            'wait for "Ready", "Succeeded", "deleted", "jsonpath={.status.phase}=Running", or a function of the object.',
        )
    return _typed(kind, value or "True")


def condition_of(obj: Obj, kind: str) -> Obj:
    """The entry of `status.conditions` of a type, compared without regard to case; empty if there is none."""
    conditions = (obj.get("status") or {}).get("conditions") or []
    return next((entry for entry in conditions if entry["type"].lower() == kind.lower()), {})


def phase_of(obj: Obj) -> str:
    """`status.phase`, or empty."""
    return str((obj.get("status") or {}).get("phase") or "")


def _holds(function: Callable[[Obj], Any], obj: Obj) -> bool:
    try:
        return bool(function(obj))
    except (LookupError, TypeError):  # a field that is not there yet
        return False


def _typed(kind: str, value: str) -> Condition:
    def met(obj: Obj) -> bool:
        status = obj.get("status") or {}
        fresh = status.get("observedGeneration", obj["metadata"].get("generation")) == obj["metadata"].get("generation")
        return fresh and str(condition_of(obj, kind).get("status", "")).lower() == value.lower()

    ends = ("Succeeded", "Failed") if (kind.lower(), value.lower()) in (("ready", "true"), ("containersready", "true")) else ()
    return Condition(kind if value == "True" else f"{kind}={value}", met, lambda obj: _ended(obj, ends))


def _phase(phase: str) -> Condition:
    ends = tuple(end for end in ("Succeeded", "Failed") if end != phase)
    return Condition(phase, lambda obj: phase_of(obj) == phase, lambda obj: _ended(obj, ends))


def _ended(obj: Obj, ends: tuple[str, ...]) -> str:
    phase = phase_of(obj) if obj.get("kind") == "Pod" else ""
    return f"it has ended: its phase is {phase}" if phase in ends else ""


def _jsonpath(rest: str) -> Condition:
    path, brace, value = rest.partition("}")
    wanted = value.removeprefix("=").strip("'\"") if value else None
    path += brace

    def met(obj: Obj) -> bool:
        found = jsonpath.find(path, obj)
        return bool(found) if wanted is None else [_text(item) for item in found] == [wanted]

    jsonpath.find(path, {})
    return Condition(f"such that {path} is {wanted}" if wanted is not None else f"such that {path} exists", met)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
