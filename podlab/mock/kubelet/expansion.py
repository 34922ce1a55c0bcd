"""``$(VAR)`` in commands, arguments and variables: Kubernetes' own expansion, which is not the shell's."""

from collections.abc import Mapping


def expand(text: str, variables: Mapping[str, str]) -> str:
    """Replaces each ``$(NAME)`` that is known, leaves those that are not, and turns ``$$`` into ``$``.

    >>> expand("$(A) $$(A) $(B) $A", {"A": "red"})
    'red $(A) $(B) $A'
    """
    parts: list[str] = []
    at = 0
    while True:
        dollar = text.find("$", at)
        if dollar < 0 or dollar + 1 >= len(text):
            return "".join(parts) + text[at:]
        parts.append(text[at:dollar])
        following = text[dollar + 1]
        if following == "$":
            parts.append("$")
            at = dollar + 2
        elif following == "(" and (end := text.find(")", dollar + 2)) >= 0:
            name = text[dollar + 2 : end]
            parts.append(variables.get(name, f"$({name})"))
            at = end + 1
        elif following == "(":
            parts.append("$(")
            at = dollar + 2
        else:
            parts.append("$" + following)
            at = dollar + 2
