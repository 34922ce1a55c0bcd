"""Which names of an awk program are arrays: a name is used as one, or is passed to a function that uses it as one."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from podlab.mock.programs.awk.syntax import Builtin, Call, Delete, Element, ForIn, Function, Membership, Program, Variable


def nodes(tree: Any) -> Iterator[Any]:
    """All nodes of a tree, and of trees in tuples."""
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            todo.extend(reversed(node))
        elif is_dataclass(node):
            yield node
            todo.extend(getattr(node, field.name) for field in reversed(fields(node)))


class Scopes:
    """What is known of the names of a program.

    Attributes:
        array_parameters: For each function, which of its parameters are arrays.
        global_arrays: Which other names are arrays.
    """

    def __init__(self, program: Program) -> None:
        self.functions = {function.name: function for function in program.functions}
        self.array_parameters = {function.name: self._direct_arrays(function) for function in program.functions}
        self._spread(program.functions)
        outside = list(nodes((program.begin, program.rules, program.end)))
        self.global_arrays = {name for node in outside for name in self._arrays_in(node)} | {"ENVIRON", "ARGV"}
        for function in program.functions:
            used = {name for node in nodes(function.body) for name in self._arrays_in(node)}
            self.global_arrays |= used - set(function.parameters)

    def _arrays_in(self, node: Any) -> list[str]:
        return self.array_arguments(node) if isinstance(node, Call) else _array_names(node)

    @staticmethod
    def _direct_arrays(function: Function) -> set[str]:
        names = {name for node in nodes(function.body) for name in _array_names(node)}
        return names & set(function.parameters)

    def _spread(self, functions: tuple[Function, ...]) -> None:
        """A parameter that is passed on as an array is one."""
        changed = True
        while changed:
            changed = False
            for function in functions:
                mine = self.array_parameters[function.name]
                for node in nodes(function.body):
                    if isinstance(node, Call):
                        passed = {name for name in self.array_arguments(node) if name in function.parameters}
                        changed = changed or not passed <= mine
                        mine |= passed

    def array_arguments(self, call: Call) -> list[str]:
        """The names that a call passes as arrays."""
        function = self.functions.get(call.name)
        if function is None:
            return []
        wanted = self.array_parameters[call.name]
        pairs = zip(function.parameters, call.arguments, strict=False)
        return [argument.name for name, argument in pairs if name in wanted and isinstance(argument, Variable)]

    def is_recursive(self, name: str) -> bool:
        """Whether a function may call itself, directly or through others."""
        seen: set[str] = set()
        todo = [name]
        while todo:
            for node in nodes(self.functions[todo.pop()].body):
                if isinstance(node, Call) and node.name in self.functions:
                    if node.name == name:
                        return True
                    if node.name not in seen:
                        seen.add(node.name)
                        todo.append(node.name)
        return False


def _array_names(node: Any) -> list[str]:
    if isinstance(node, (Element, Membership, ForIn, Delete)):
        return [node.name]
    if isinstance(node, Builtin) and node.name == "split" and len(node.arguments) > 1:
        target = node.arguments[1]
        return [target.name] if isinstance(target, Variable) else []
    return []
