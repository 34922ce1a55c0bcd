"""Headers that routes add and remove, with the format language in their values."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from podlab.mock.programs.envoy.formatting import Formatter, compile_format
from podlab.mock.programs.envoy.http_messages import Headers
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.schema import ConfigError, Obj, messages_of

_ACTIONS: Final = {None: "APPEND_IF_EXISTS_OR_ADD", True: "APPEND_IF_EXISTS_OR_ADD", False: "OVERWRITE_IF_EXISTS_OR_ADD"}


@dataclass(slots=True)
class Mutation:
    """What one level of the configuration (a route, a virtual host, ...) changes."""

    added: list[tuple[str, Formatter, str, bool]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def apply(self, headers: Headers, info: Info) -> None:
        """Changes headers."""
        late: list[tuple[str, str]] = []
        for name, value, action, keep_empty in self.added:
            there = headers.get(name) is not None
            if not _HAPPENS[action](there):
                continue
            text = value(info)
            if not text and not keep_empty:
                continue
            if action.startswith("OVERWRITE"):  # these come first, and the others at the end
                headers.remove(name)
                headers.add(name, text)
            else:
                late.append((name, text))
        headers.items += late
        for name in self.removed:
            headers.remove(name)


def make_mutation(added: list[Obj], removed: list[str]) -> Mutation:
    """Makes one from the configuration. Raises ConfigError."""
    made = []
    for option in added:
        action = option.get("append_action") or _ACTIONS[option.get("append")]
        value = compile_format(option["header"].get("value", ""), empty="")
        made.append((option["header"]["key"].lower(), value, action, option.get("keep_empty_value", False)))
    return Mutation(made, [name.lower() for name in removed])


def check_mutations(config: Obj) -> None:
    """Checks all additions and removals in a configuration. Raises ConfigError."""
    for side in ("request", "response"):
        for option in messages_of(config, f"{side}_headers_to_add"):
            if "append" in option and "append_action" in option:
                raise ConfigError("Both append and append_action are set and it's not allowed")
            if _is_kept(option["header"]["key"]):
                raise ConfigError(":-prefixed or host headers may not be modified")
        if any(map(_is_kept, messages_of(config, f"{side}_headers_to_remove"))):
            raise ConfigError(":-prefixed or host headers may not be removed")


def _is_kept(name: str) -> bool:
    return name.startswith(":") or name.lower() == "host"


_HAPPENS: Final[dict[str, Callable[[bool], bool]]] = {
    "APPEND_IF_EXISTS_OR_ADD": lambda there: True,
    "ADD_IF_ABSENT": lambda there: not there,
    "OVERWRITE_IF_EXISTS_OR_ADD": lambda there: True,
    "OVERWRITE_IF_EXISTS": lambda there: there,
}
"""Which actions happen, by whether the header is there."""
