"""Ports, wherever they are named or numbered."""

from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors

PROTOCOLS: Final = ("SCTP", "TCP", "UDP")


def validate_port(port: int | str | None, path: str, errors: Errors) -> None:
    """A port's number or name."""
    if isinstance(port, str):
        errors.each_invalid(path, port, names.port_name(port))
    else:
        errors.each_invalid(path, port or 0, names.port_number(port or 0))


def validate_protocol(protocol: str, path: str, errors: Errors) -> None:
    """TCP, UDP or SCTP."""
    if not protocol:
        errors.required(path)
    elif protocol not in PROTOCOLS:
        errors.not_supported(path, protocol, PROTOCOLS)


def validate_container_ports(ports: list[Obj], path: str, errors: Errors) -> None:
    """The ``ports`` of a container."""
    taken: set[str] = set()
    for i, port in enumerate(ports):
        where = f"{path}[{i}]"
        name = port.get("name", "")
        if name:
            wrong = names.port_name(name)
            errors.each_invalid(f"{where}.name", name, wrong)
            if not wrong and name in taken:
                errors.duplicate(f"{where}.name", name)
            taken.add(name)
        number, host = port.get("containerPort") or 0, port.get("hostPort") or 0
        if not number:
            errors.required(f"{where}.containerPort")
        else:
            errors.each_invalid(f"{where}.containerPort", number, names.port_number(number))
        if host:
            errors.each_invalid(f"{where}.hostPort", host, names.port_number(host))
        validate_protocol(port.get("protocol", ""), f"{where}.protocol", errors)


def validate_host_ports(containers: list[Obj], path: str, errors: Errors) -> None:
    """Ports of the node that several of ``containers`` would take."""
    taken: set[str] = set()
    for i, container in enumerate(containers):
        for j, port in enumerate(container.get("ports") or []):
            if port.get("hostPort"):
                which = f"{port.get('protocol', '')}/{port.get('hostIP', '')}/{port['hostPort']}"
                if which in taken:
                    errors.duplicate(f"{path}[{i}].ports[{j}].hostPort", which)
                taken.add(which)
