"""Probes and lifecycle hooks of containers."""

from collections.abc import Callable
from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.ports import validate_port

_TWO_HANDLERS: Final = "may not specify more than 1 handler type"


def validate_hooks_and_probes(container: Obj, grace: int | None, path: str, errors: Errors) -> None:
    """The probes and hooks of a container whose pod has ``grace`` seconds to end."""
    lifecycle = container.get("lifecycle")
    if lifecycle is not None:
        for hook in ("postStart", "preStop"):
            if lifecycle.get(hook) is not None:
                _validate_handler(
                    lifecycle[hook], ("exec", "httpGet", "tcpSocket", "sleep"), grace, f"{path}.lifecycle.{hook}", errors
                )
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = container.get(name)
        if probe is not None:
            _validate_probe(name, probe, grace, f"{path}.{name}", errors)


def _validate_probe(name: str, probe: Obj, grace: int | None, path: str, errors: Errors) -> None:
    _validate_handler(probe, ("exec", "httpGet", "tcpSocket", "grpc"), grace, path, errors)
    for field in ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"):
        errors.non_negative(f"{path}.{field}", probe.get(field))
    own = probe.get("terminationGracePeriodSeconds")
    if own is not None and own <= 0:
        errors.invalid(f"{path}.terminationGracePeriodSeconds", own, "must be greater than 0")
    if name != "readinessProbe":
        if probe.get("successThreshold", 0) != 1:
            errors.invalid(f"{path}.successThreshold", probe.get("successThreshold", 0), "must be 1")
    elif own is not None:
        errors.invalid(f"{path}.terminationGracePeriodSeconds", own, "must not be set for readinessProbes")


def _validate_handler(handler: Obj, kinds: tuple[str, ...], grace: int | None, path: str, errors: Errors) -> None:
    given = 0
    for kind in kinds:
        action = handler.get(kind)
        if action is None:
            continue
        if given:
            errors.forbidden(f"{path}.{kind}", _TWO_HANDLERS)
            continue
        given = 1
        _HANDLERS[kind](action, grace, f"{path}.{kind}", errors)
    if not given:
        errors.required(path, "must specify a handler type")


def _validate_exec(action: Obj, grace: int | None, path: str, errors: Errors) -> None:
    if not action.get("command"):
        errors.required(f"{path}.command")


def _validate_http(action: Obj, grace: int | None, path: str, errors: Errors) -> None:
    if not action.get("path"):
        errors.required(f"{path}.path")
    validate_port(action.get("port"), f"{path}.port", errors)
    if action.get("scheme", "") not in ("HTTP", "HTTPS"):
        errors.not_supported(f"{path}.scheme", action.get("scheme", ""), ("HTTP", "HTTPS"))
    for header in action.get("httpHeaders") or []:
        errors.each_invalid(f"{path}.httpHeaders", header.get("name", ""), names.header_name(header.get("name", "")))


def _validate_tcp(action: Obj, grace: int | None, path: str, errors: Errors) -> None:
    validate_port(action.get("port"), f"{path}.port", errors)


def _validate_sleep(action: Obj, grace: int | None, path: str, errors: Errors) -> None:
    seconds = action.get("seconds") or 0
    if grace is not None and not 0 <= seconds <= grace:
        errors.invalid(path, seconds, f"must be non-negative and less than terminationGracePeriodSeconds ({grace})")


_HANDLERS: Final[dict[str, Callable[[Obj, int | None, str, Errors], None]]] = {
    "exec": _validate_exec,
    "httpGet": _validate_http,
    "tcpSocket": _validate_tcp,
    "grpc": _validate_tcp,
    "sleep": _validate_sleep,
}
