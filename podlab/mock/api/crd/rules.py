"""Validation rules in CEL (``x-kubernetes-validations``) of custom resources.

`rule_causes` checks those of a definition, as `RuleSet.causes` does an object by them. What a rule may cost is bounded while it
runs; what it might cost is not estimated when it is written.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from podlab.mock.api.cel import BudgetError, CelError, CompileError, Program, compile_rule
from podlab.mock.api.cel.evaluator import Budget
from podlab.mock.api.cel.problems import NotModelledError, is_no_overload
from podlab.mock.api.cel.types import Type, optional_of
from podlab.mock.api.cel.values import Optional
from podlab.mock.api.crd.declaring import bind, declare
from podlab.mock.api.errors import Cause, NotModelled
from podlab.mock.api.validation.field import OMITTED, Errors

Obj = dict[str, Any]

RULES: Final = "x-kubernetes-validations"
_CALL_BUDGET: Final = 100_000
_OBJECT_BUDGET: Final = 100_000
"""A hundredth of the real server's: a step takes longer here, about a microsecond, and the API answers nobody meanwhile."""
_REASONS: Final = ("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired")
_SPENT: Final = "validation failed due to running out of cost budget, no further validation rules will be run"
_BLOCKING: Final = frozenset(
    ("FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany", "FieldValueTypeInvalid")
)
_UNCHECKED: Final = (
    "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that is ready to run."""

    given: Obj
    program: Program
    message: Program | None

    @property
    def text(self) -> str:
        """The rule as it stands in the schema."""
        return str(self.given["rule"]).strip()

    @property
    def of_change(self) -> bool:
        """Whether it looks at what the value was before."""
        return "oldSelf" in self.program.names

    @property
    def said(self) -> str:
        """What is said of a value that does not meet it."""
        return str(self.given.get("message") or "").strip() or f"failed rule: {self.text}"


def check_rules(schema: Obj, path: str, root: bool, correlated: bool, errors: Errors) -> None:
    """The rules of one node of a schema; ``correlated``: it is known which old value a new one comes from.

    Raises:
        NotModelled: a rule calls what the mock has not.
    """
    for i, rule in enumerate(schema.get(RULES) or ()):
        where = f"{path}.{RULES}[{i}]"
        _check_words(rule, where, errors)
        if str(rule.get("rule") or "").strip():
            try:
                _check_programs(rule, schema, root, correlated, where, errors)
            except NotModelledError as error:
                raise NotModelled(str(error)) from None


def _check_words(rule: Obj, path: str, errors: Errors) -> None:
    text, message, expression = (rule.get(key) or "" for key in ("rule", "message", "messageExpression"))
    if not text.strip():
        errors.required(f"{path}.rule", "rule is not specified")
    elif message and not message.strip():
        errors.invalid(f"{path}.message", message, "message must be non-empty if specified")
    elif "\n" in message.strip():
        errors.invalid(f"{path}.message", message, "message must not contain line breaks")
    elif "\n" in text.strip() and not message and not expression:
        errors.required(f"{path}.message", "message must be specified if rule contains line breaks")
    if expression and not expression.strip():
        errors.required(f"{path}.messageExpression", "must be non-empty if specified")
    reason = rule.get("reason")
    if reason is not None and reason not in _REASONS:
        errors.not_supported(f"{path}.reason", reason, _REASONS)


def _check_programs(rule: Obj, schema: Obj, root: bool, correlated: bool, path: str, errors: Errors) -> None:
    keys = ("rule", "message", "messageExpression")
    shown = {f"{key[0].upper()}{key[1:]}": rule.get(key) or "" for key in keys}
    shown |= {"Reason": rule.get("reason"), "FieldPath": rule.get("fieldPath") or ""}
    shown |= {"OptionalOldSelf": rule.get("optionalOldSelf")}
    variables = _variables(schema, root, bool(rule.get("optionalOldSelf")))
    try:
        program = compile_rule(rule["rule"], variables)
        if program.type.name not in ("bool", "dyn"):
            errors.invalid(f"{path}.rule", shown, "cel expression must evaluate to a bool")
        elif "oldSelf" in program.names and not correlated:
            why = "oldSelf cannot be used on the uncorrelatable portion of the schema"
            errors.invalid(f"{path}.rule", shown, f"{why} within {path.removesuffix(f'.{RULES}').rpartition('.')[0]}")
    except CompileError as error:
        errors.invalid(f"{path}.rule", shown, f"compilation failed: {error}")
    if (rule.get("messageExpression") or "").strip():
        try:
            if compile_rule(rule["messageExpression"], variables).type.name not in ("string", "dyn"):
                errors.invalid(f"{path}.messageExpression", shown, "messageExpression must evaluate to a string")
        except CompileError as error:
            errors.invalid(f"{path}.messageExpression", shown, f"messageExpression compilation failed: {error}")


def _variables(schema: Obj, root: bool, optional: bool) -> dict[str, Type]:
    kind = declare(schema, root=root)
    if kind is None:
        return {}
    return {"self": kind, "oldSelf": optional_of(kind) if optional else kind}


class RuleSet:
    """The rules of a schema; they are compiled when they first are needed."""

    def __init__(self, schema: Obj) -> None:
        self._schema = schema
        self._compiled: dict[tuple[int, bool], list[Rule]] = {}

    def causes(self, new: Obj, old: Obj | None, found: list[Cause]) -> list[Cause]:
        """What the rules find wrong with ``new``, which was ``old``; nothing is asked of what the schema ``found`` malformed."""
        if any(cause.reason in _BLOCKING for cause in found):
            errors = Errors()
            errors.invalid("<nil>", None, _UNCHECKED)
            return list(errors)
        run = _Run(self)
        run.walk(new, old, self._schema, "", root=True)
        return list(run.errors)

    def of(self, schema: Obj, root: bool) -> list[Rule]:
        """The rules of one node."""
        key = (id(schema), root)
        if key not in self._compiled:
            self._compiled[key] = [self._ready(rule, schema, root) for rule in schema.get(RULES) or ()]
        return self._compiled[key]

    def _ready(self, rule: Obj, schema: Obj, root: bool) -> Rule:
        variables = _variables(schema, root, bool(rule.get("optionalOldSelf")))
        expression = rule.get("messageExpression")
        return Rule(rule, compile_rule(rule["rule"], variables), compile_rule(expression, variables) if expression else None)


class _Run:
    """One look at an object."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.errors = Errors()
        self.left = _OBJECT_BUDGET

    def walk(self, new: Any, old: Any, schema: Obj, path: str, root: bool = False) -> None:
        """The rules of a value, then of what is in it. ``old`` is None where it is not known."""
        if new is None or self.left < 0:
            return
        for rule in self.rules.of(schema, root):
            self.apply(rule, new, old, schema, path, root)
        if isinstance(new, list):
            items = schema.get("items") or {}
            for i, (each, before) in enumerate(zip(new, _partners(new, old, schema), strict=True)):
                self.walk(each, before, items, f"{path}[{i}]")
        elif isinstance(new, dict):
            before = old if isinstance(old, dict) else {}
            for name, each in new.items():
                inner, where = _inner(schema, name, path)
                if inner is not None:
                    self.walk(each, before.get(name), inner, where)

    def apply(self, rule: Rule, new: Any, old: Any, schema: Obj, path: str, root: bool) -> None:
        """One rule on one value."""
        if self.left < 0:
            return
        variables = {"self": bind(new, schema, root)}
        before = bind(old, schema, root)
        if rule.given.get("optionalOldSelf"):
            variables["oldSelf"] = Optional() if old is None else Optional(before, True)
        elif rule.of_change:
            if old is None:
                return
            variables["oldSelf"] = before
        elif old is not None and old == new:
            return  # what was wrong before may stay wrong
        budget = Budget(min(_CALL_BUDGET, self.left))
        try:
            met = rule.program.evaluate(variables, budget)
        except CelError as error:
            self.fault(error, rule, schema, path)
        else:
            if met is not True:
                self.refuse(rule, self.words(rule, variables, budget), new, schema, path)
        self.left -= min(_CALL_BUDGET, self.left) - max(budget.left, 0)

    def fault(self, error: CelError, rule: Rule, schema: Obj, path: str) -> None:
        """A rule that has no answer is not met."""
        kind = schema.get("type", "object")
        if isinstance(error, BudgetError):
            spent = self.left < _CALL_BUDGET
            why = (
                _SPENT
                if spent
                else f"no further validation rules will be run due to call cost exceeds limit for rule: {rule.text}"
            )
            self.errors.invalid(path, kind, why)
            self.left = -1
        elif is_no_overload(error):
            why = "call arguments did not match a supported operator, function or macro signature for rule"
            self.errors.invalid(path, kind, f"{why}: {rule.text}")
        else:
            self.errors.invalid(path, kind, f"{error} evaluating rule: {rule.text}")

    def words(self, rule: Rule, variables: Obj, budget: Budget) -> str:
        """What is told of a rule that is not met."""
        if rule.message is not None:
            try:
                said = rule.message.evaluate(variables, budget)
            except CelError:
                return rule.said
            if isinstance(said, str) and said.strip() and "\n" not in said.strip():
                return said.strip()
        return rule.said

    def refuse(self, rule: Rule, words: str, value: Any, schema: Obj, path: str) -> None:
        """The cause that a rule wants."""
        shown = OMITTED if schema.get("type", "object") in ("object", "array") else value
        where = path + _field_path(rule.given.get("fieldPath") or "", path)
        match rule.given.get("reason"):
            case "FieldValueForbidden":
                self.errors.forbidden(where, words)
            case "FieldValueRequired":
                self.errors.required(where, words)
            case "FieldValueDuplicate":
                self.errors.duplicate(where, shown, words)
            case _:
                self.errors.invalid(where, shown, words)


def _inner(schema: Obj, name: str, path: str) -> tuple[Obj | None, str]:
    """The schema and the path of a field or of the value of a key."""
    properties, additional = schema.get("properties") or {}, schema.get("additionalProperties")
    if name in properties:
        return properties[name], f"{path}.{name}" if path else name
    return (additional, f"{path}[{name}]") if isinstance(additional, dict) else (None, "")


def _partners(new: list[Any], old: Any, schema: Obj) -> list[Any]:
    """For each element of a list of type ``map`` the old one of the same keys; others have none."""
    keys = schema.get("x-kubernetes-list-map-keys")
    if schema.get("x-kubernetes-list-type") != "map" or not keys or not isinstance(old, list):
        return [None] * len(new)
    by_key = {tuple(each.get(key) for key in keys): each for each in old if isinstance(each, dict)}
    return [by_key.get(tuple(each.get(key) for key in keys)) if isinstance(each, dict) else None for each in new]


@lru_cache(maxsize=256)
def _field_path(text: str, path: str) -> str:
    """``.spec.replicas`` or ``['a.b']``, to be put behind a path."""
    parts = re.findall(r"\.([A-Za-z_][\w-]*)|\['((?:[^'\\]|\\.)*)'\]", text)
    shown = "".join(f".{name}" if name else f"[{key}]" for name, key in parts)
    return shown if path else shown.removeprefix(".")
