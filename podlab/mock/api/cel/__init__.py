"""CEL, the language of validation rules, as Kubernetes has it.

`compile_rule` checks types, `Program.evaluate` runs within a budget.

`syntax` reads, `types` and `checker` find what does not fit together, `library` holds the functions, `evaluator` computes. All
are pure functions on values; nothing else of the mock is known here but quantities.
"""

from podlab.mock.api.cel.checker import Program, compile_rule
from podlab.mock.api.cel.problems import BudgetError, CelError, CompileError, NotModelledError

__all__ = ["BudgetError", "CelError", "CompileError", "NotModelledError", "Program", "compile_rule"]
