"""Types of a tree: what does not fit is told, as cel-go does, before anything runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from podlab.mock.api.cel import kubernetes, lists, operators, texts, times  # noqa: F401  they fill the library
from podlab.mock.api.cel.evaluator import Budget, evaluate
from podlab.mock.api.cel.library import LIBRARY, NOT_MODELLED
from podlab.mock.api.cel.problems import CelError, CompileError, NotModelledError
from podlab.mock.api.cel.syntax import Call, ListNode, Literal, Loop, MapNode, Name, Node, Select, parse
from podlab.mock.api.cel.types import (
    BOOL,
    DYN,
    ERROR,
    NULL,
    Type,
    choose,
    fits,
    list_of,
    map_of,
    optional_of,
    plain,
)
from podlab.mock.api.cel.values import Value, type_name

_TYPE_NAMES = {
    **{name: name for name in ("int", "uint", "double", "bool", "string", "bytes", "list", "map", "type", "null_type")},
    "google.protobuf.Timestamp": "google.protobuf.Timestamp",
    "google.protobuf.Duration": "google.protobuf.Duration",
}
_LOGIC = ("_&&_", "_||_")
_LITERALS: dict[str, Callable[[str], object]] = {
    "duration": times.to_duration,
    "timestamp": times.to_timestamp,
    "matches": texts.compiled,
}


@dataclass(frozen=True, slots=True)
class Program:
    """A checked expression.

    Attributes:
        tree: what is run: names of functions and fields are resolved.
        type: the type of its result.
        names: the variables that it reads.
    """

    tree: Node
    type: Type
    names: frozenset[str]

    def evaluate(self, variables: Mapping[str, Value], budget: Budget) -> Value:
        """Its value.

        Raises:
            CelError: it has none.
        """
        return evaluate(self.tree, dict(variables), budget)


def compile_rule(source: str, variables: Mapping[str, Type]) -> Program:
    """Checks an expression on ``variables``.

    Raises:
        CompileError: with everything that is wrong with it.
        NotModelledError: it uses what the mock has not.
    """
    checker = _Checker(variables)
    kind, tree = checker.check(parse(source))
    if checker.found:
        raise CompileError(source, sorted(checker.found))
    return Program(tree, kind, frozenset(checker.read))


class _Checker:
    def __init__(self, variables: Mapping[str, Type]) -> None:
        self.scope = dict(variables)
        self.found: list[tuple[int, str]] = []
        self.read: set[str] = set()

    def wrong(self, place: int, message: str) -> Type:
        self.found.append((place, message))
        return ERROR

    def check(self, node: Node) -> tuple[Type, Node]:
        match node:
            case Literal():
                name = type_name(node.value)
                return (NULL if name == "null_type" else Type(name)), node
            case Name():
                return self.name(node)
            case Select():
                return self.select(node)
            case Call():
                return self.call(node)
            case ListNode():
                return self.list(node)
            case MapNode():
                return self.map(node)
            case Loop():
                return self.loop(node)

    def name(self, node: Name) -> tuple[Type, Node]:
        if node.name in self.scope:
            self.read.add(node.name)
            return self.scope[node.name], node
        if node.name in _TYPE_NAMES:
            return Type("type", (DYN,)), node
        return self.wrong(node.place, f"undeclared reference to '{node.name}' (in container '')"), node

    def select(self, node: Select) -> tuple[Type, Node]:
        qualified = _qualified(node)
        if qualified in _TYPE_NAMES and not node.test:
            return Type("type", (DYN,)), Name(node.place, qualified)
        whole, operand = self.check(node.operand)
        made = replace(node, operand=operand)
        inner = plain(whole.args[0] if whole.name == "optional_type" else whole)
        result = self.field(inner, node)
        if node.test:
            return (result if result == ERROR else BOOL), made
        if node.optional or whole.name == "optional_type":
            return (result if result == ERROR else optional_of(result)), made
        return result, made

    def field(self, whole: Type, node: Select) -> Type:
        if whole.fields is not None:
            if node.field in whole.fields:
                return whole.fields[node.field]
            return self.wrong(node.place, f"undefined field '{node.field}'")
        if whole.name == "map":
            return whole.args[1]
        if whole.name in ("dyn", "!error!"):
            return whole
        return self.wrong(node.place, f"type '{whole}' does not support field selection")

    def call(self, node: Call) -> tuple[Type, Node]:
        prefix = "" if node.target is None else _qualified(node.target)
        root = prefix.partition(".")[0]
        if prefix and root not in self.scope and f"{prefix}.{node.function}" in LIBRARY.keys() | NOT_MODELLED:
            node = Call(node.place, f"{prefix}.{node.function}", None, node.arguments)
        if node.function in NOT_MODELLED:
            raise NotModelledError(f"the CEL function {node.function}")
        self.check_literals(node)
        given, arguments = [], []
        for each in ([node.target] if node.target is not None else []) + list(node.arguments):
            kind, made = self.mixed(each) if node.function == "format" else self.check(each)
            given.append(kind)
            arguments.append(made)
        member = node.target is not None
        made_call = Call(node.place, node.function, None, tuple(arguments))
        return self.result(node, given, member), made_call

    def check_literals(self, node: Call) -> None:
        """What is wrong with a literal is known before anything runs."""
        literal = node.arguments[-1] if node.arguments else None
        if node.function in ("duration", "timestamp", "matches") and isinstance(literal, Literal):
            try:
                if isinstance(literal.value, str):
                    _LITERALS[node.function](literal.value)
            except CelError:
                self.wrong(literal.place, f"invalid {node.function} argument")

    def mixed(self, node: Node) -> tuple[Type, Node]:
        """What is formatted may be of many types."""
        if not isinstance(node, ListNode):
            return self.check(node)
        return list_of(DYN), ListNode(node.place, tuple(self.check(each)[1] for each in node.items))

    def result(self, node: Call, given: list[Type], member: bool) -> Type:
        if ERROR in given:
            return ERROR
        if node.function == "_?_:_":
            return self.choice(node, given)
        if node.function == "_[?_]":
            whole = plain(given[0])
            return optional_of(whole.args[-1] if whole.args else DYN)
        if node.function in _LOGIC:
            if all(fits(BOOL, each, {}) for each in given):
                return BOOL
        elif node.function not in LIBRARY:
            return self.wrong(node.place, f"undeclared reference to '{node.function}' (in container '')")
        elif (found := choose(LIBRARY[node.function].overloads, member, given)) is not None:
            return found
        shown = ", ".join(map(str, given[1:] if member else given))
        shown = f"{given[0]}.({shown})" if member else f"({shown})"
        return self.wrong(node.place, f"found no matching overload for '{node.function}' applied to '{shown}'")

    def choice(self, node: Call, given: list[Type]) -> Type:
        bound: dict[str, Type] = {}
        letter = Type("A")
        if fits(BOOL, given[0], bound) and all(fits(letter, each, bound) for each in given[1:]):
            return bound["A"]
        shown = ", ".join(map(str, given))
        return self.wrong(node.place, f"found no matching overload for '_?_:_' applied to '({shown})'")

    def same(self, kinds: list[tuple[int, Type]]) -> Type:
        """The one type of the elements of a list or map."""
        bound: dict[str, Type] = {}
        for place, kind in kinds:
            if not fits(Type("A"), kind, bound):
                self.wrong(place, f"expected type '{bound['A']}' but found '{kind}'")
        return bound.get("A", DYN)

    def list(self, node: ListNode) -> tuple[Type, Node]:
        checked = [self.check(each) for each in node.items]
        kind = self.same([(each.place, kind) for each, (kind, _) in zip(node.items, checked, strict=True)])
        return list_of(kind), ListNode(node.place, tuple(made for _, made in checked))

    def map(self, node: MapNode) -> tuple[Type, Node]:
        checked = [(self.check(key), self.check(value)) for key, value in node.entries]
        keys = self.same([(entry[0].place, key) for entry, ((key, _), _) in zip(node.entries, checked, strict=True)])
        values = self.same([(entry[1].place, value) for entry, (_, (value, _)) in zip(node.entries, checked, strict=True)])
        return map_of(keys, values), MapNode(node.place, tuple((key[1], value[1]) for key, value in checked))

    def loop(self, node: Loop) -> tuple[Type, Node]:
        whole, values = self.check(node.values)
        whole = plain(whole)
        element = whole.args[0] if whole.name in ("list", "map") else DYN
        if whole.name not in ("list", "map", "dyn", "!error!"):
            why = f"expression of type '{whole}' cannot be range of a comprehension (must be list, map, or dynamic)"
            self.wrong(node.values.place, why)
        outer, declared = self.scope.get(node.name), node.name in self.read
        self.scope[node.name] = element
        kind, condition = self.check(node.condition) if node.condition is not None else (BOOL, None)
        if not fits(BOOL, kind, {}):
            sign = {"all": "_&&_", "exists": "_||_"}.get(node.kind, "_?_:_")
            self.wrong(node.place, f"found no matching overload for '{sign}' applied to '(bool, {kind})'")
        made, result = self.check(node.result) if node.result is not None else (element, None)
        if outer is None:
            del self.scope[node.name]
        else:
            self.scope[node.name] = outer
        if not declared:
            self.read.discard(node.name)
        final = BOOL if node.kind in ("all", "exists", "exists_one") else list_of(made)
        return final, Loop(node.place, node.kind, values, node.name, condition, result)


def _qualified(node: Node) -> str:
    """``a.b.c``, if the tree is that and nothing else."""
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Select) and not node.test and not node.optional:
        before = _qualified(node.operand)
        return f"{before}.{node.field}" if before else ""
    return ""
