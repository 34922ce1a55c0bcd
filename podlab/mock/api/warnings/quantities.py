"""Amounts of bytes that are no whole number: ``32m`` of memory, where mostly ``32Mi`` was meant."""

from collections.abc import Mapping

from podlab.mock.api.quantity import NANO, Quantity


def fractions(amounts: Mapping[str, str] | None, name: str, path: str) -> list[str]:
    """A warning if the amount of that name is no whole number of bytes."""
    text = (amounts or {}).get(name)
    if text is None or Quantity.parse(str(text)).nanos % NANO == 0:
        return []
    return [f'{path}[{name}]: fractional byte value "{text}" is invalid, must be an integer']
