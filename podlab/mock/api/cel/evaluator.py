"""What a checked tree comes to, and what that costs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.api.cel.library import LIBRARY
from podlab.mock.api.cel.operators import at
from podlab.mock.api.cel.problems import BudgetError, CelError, no_overload
from podlab.mock.api.cel.syntax import Call, ListNode, Literal, Loop, MapNode, Name, Node, Select
from podlab.mock.api.cel.values import Optional, TypeValue, Value

Scope = dict[str, Any]
_LIST_COST: Final = 10
_MAP_COST: Final = 30
_LETTERS_PER_COST: Final = 10
_MATCH_COST: Final = 2
"""What each letter costs that may be a match of its own."""


@dataclass(slots=True)
class Budget:
    """How much evaluation may still cost: a step each, and more for what looks through long values."""

    left: int

    def spend(self, cost: int) -> None:
        """Raises BudgetError once all is spent."""
        self.left -= cost
        if self.left < 0:
            raise BudgetError("operation cancelled: actual cost limit exceeded")


def evaluate(node: Node, scope: Scope, budget: Budget) -> Value:
    """The value of a tree.

    Raises:
        CelError: it has none.
    """
    value: Value = _RUN[type(node)](node, scope, budget)
    return value


def _literal(node: Literal, scope: Scope, budget: Budget) -> Value:
    return node.value


def _name(node: Name, scope: Scope, budget: Budget) -> Value:
    budget.spend(1)
    return scope[node.name] if node.name in scope else TypeValue(node.name)


def _field(node: Select, scope: Scope, budget: Budget) -> Value:
    budget.spend(1)
    return _select(node, evaluate(node.operand, scope, budget))


def _list(node: ListNode, scope: Scope, budget: Budget) -> Value:
    budget.spend(_LIST_COST)
    return [evaluate(each, scope, budget) for each in node.items]


def _select(node: Select, whole: Value) -> Value:
    if isinstance(whole, Optional):
        if not whole.there:
            return False if node.test else whole
        return _select(Select(node.place, node.operand, node.field, node.test, True), whole.value)
    if not isinstance(whole, dict):
        raise no_overload()
    if node.test:
        return node.field in whole
    if node.optional:
        return Optional(whole[node.field], True) if node.field in whole else Optional()
    if node.field not in whole:
        raise CelError(f"no such key: {node.field}")
    return whole[node.field]


def _map(node: MapNode, scope: Scope, budget: Budget) -> Value:
    budget.spend(_MAP_COST)
    made: dict[Any, Any] = {}
    for key_node, value_node in node.entries:
        key = evaluate(key_node, scope, budget)
        if isinstance(key, list | dict | float) or key is None:
            raise CelError("unsupported key type")
        if key in made:
            raise CelError(f"Failed with repeated key [{key}]")
        made[key] = evaluate(value_node, scope, budget)
    return made


def _call(node: Call, scope: Scope, budget: Budget) -> Value:
    budget.spend(1)
    name, nodes = node.function, node.arguments
    if name in ("_&&_", "_||_"):
        return _logic(nodes, name == "_||_", scope, budget)
    if name == "_?_:_":
        chosen = evaluate(nodes[0], scope, budget)
        if not isinstance(chosen, bool):
            raise no_overload()
        return evaluate(nodes[1] if chosen else nodes[2], scope, budget)
    values = [evaluate(each, scope, budget) for each in nodes]
    if name in ("_[?_]", "_[_]"):
        return _index(name == "_[?_]", *values)
    budget.spend(sum(map(_weight, values)))
    if name == "findAll" and isinstance(values[0], str):
        budget.spend(_MATCH_COST * len(values[0]))
    try:
        return LIBRARY[name].run(*values)
    except (TypeError, AttributeError, IndexError):
        raise no_overload() from None  # a value of another type than any overload takes


def _weight(value: Value) -> int:
    if isinstance(value, str | bytes):
        return len(value) // _LETTERS_PER_COST
    return len(value) if isinstance(value, list | dict) else 0


def _index(optional: bool, whole: Value, key: Value) -> Value:
    if isinstance(whole, Optional):
        if not whole.there:
            return whole
        whole, optional = whole.value, True
    if not optional:
        return at(whole, key)
    try:
        return Optional(at(whole, key), True)
    except CelError as error:
        if str(error).startswith(("no such key", "index out of bounds")):
            return Optional()
        raise


def _logic(nodes: tuple[Node, ...], decisive: bool, scope: Scope, budget: Budget) -> bool:
    """And, or: an error on one side does not matter if the other one decides."""
    failed: CelError | None = None
    for each in nodes:
        try:
            value = evaluate(each, scope, budget)
            if not isinstance(value, bool):
                raise no_overload()
        except BudgetError:
            raise
        except CelError as error:
            failed = failed or error
            continue
        if value == decisive:
            return decisive
    if failed:
        raise failed
    return not decisive


def _loop(node: Loop, scope: Scope, budget: Budget) -> Value:
    values = evaluate(node.values, scope, budget)
    if isinstance(values, dict):
        values = list(values)
    if not isinstance(values, list):
        raise no_overload()
    if node.kind in ("all", "exists"):
        return _quantify(node, values, scope, budget)
    kept = [each for each, holds in _tested(node, values, scope, budget) if holds]
    if node.kind == "exists_one":
        return len(kept) == 1
    if node.result is None:
        return kept
    inner = dict(scope)
    made = []
    for each in kept:
        inner[node.name] = each
        made.append(evaluate(node.result, inner, budget))
    return made


def _tested(node: Loop, values: list[Any], scope: Scope, budget: Budget) -> Iterator[tuple[Value, bool]]:
    inner = dict(scope)
    for each in values:
        budget.spend(1)
        inner[node.name] = each
        holds = node.condition is None or evaluate(node.condition, inner, budget)
        if not isinstance(holds, bool):
            raise no_overload()
        yield each, holds


def _quantify(node: Loop, values: list[Any], scope: Scope, budget: Budget) -> bool:
    decisive = node.kind == "exists"
    condition = node.condition
    assert condition is not None
    failed: CelError | None = None
    inner = dict(scope)
    for each in values:
        budget.spend(1)
        inner[node.name] = each
        try:
            holds = evaluate(condition, inner, budget)
            if not isinstance(holds, bool):
                raise no_overload()
        except BudgetError:
            raise
        except CelError as error:
            failed = failed or error
            continue
        if holds == decisive:
            return decisive
    if failed:
        raise failed
    return not decisive


_RUN: Final[dict[type, Callable[[Any, Scope, Budget], Value]]] = {
    Literal: _literal,
    Name: _name,
    Select: _field,
    Call: _call,
    ListNode: _list,
    MapNode: _map,
    Loop: _loop,
}
