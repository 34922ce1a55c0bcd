"""Paths inside containers and volumes."""

from podlab.mock.api.validation.field import Errors


def validate_no_backsteps(value: str, path: str, errors: Errors) -> None:
    """No part of the path may be ``..``."""
    if ".." in value.split("/"):
        errors.invalid(path, value, "must not contain '..'")


def validate_relative_path(value: str, path: str, errors: Errors) -> None:
    """A path below something: not absolute, no ``..``."""
    if value.startswith("/"):
        errors.invalid(path, value, "must be a relative path")
    validate_no_backsteps(value, path, errors)


def validate_local_path(value: str, path: str, errors: Errors) -> None:
    """A relative path that does not start with ``..`` either (names like ``..data`` are the kubelet's)."""
    validate_relative_path(value, path, errors)
    if value.startswith("..") and not value.startswith("../"):
        errors.invalid(path, value, "must not start with '..'")
