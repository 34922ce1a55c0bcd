"""Check cells as text: which exercise a cell `check("NAME")` is for, and the outputs that it would have."""

import ast
from typing import Any

from nbformat import v4

from podlab.grading.results import Report, Score

new_output: Any = v4.new_output


def parse_check(source: str) -> tuple[str, bool] | None:
    """(name, hidden) of a cell that is one call of `check` with constants, else None."""
    try:
        body = ast.parse("\n".join(line for line in source.split("\n") if not line.startswith("#"))).body
    except (SyntaxError, ValueError, RecursionError):
        return None
    if len(body) != 1 or not isinstance(body[0], ast.Expr) or not isinstance(body[0].value, ast.Call):
        return None
    call = body[0].value
    if not isinstance(call.func, ast.Name) or call.func.id != "check" or len(call.args) != 1:
        return None
    name, flags = call.args[0], {k.arg: k.value for k in call.keywords}
    if not isinstance(name, ast.Constant) or not isinstance(name.value, str) or set(flags) - {"hidden"}:
        return None
    flag = flags.get("hidden")
    return name.value, isinstance(flag, ast.Constant) and flag.value is True


def outputs(report: Report) -> list[Any]:
    """A cell's outputs for a report: the points with their table.

    In a student's notebook the reasons follow as an error, which is all that `nbgrader validate` prints; here the table has them.
    """
    score = Score(report)
    data = {"text/plain": repr(score), "text/html": score._repr_html_()}
    return [new_output("execute_result", data=data, execution_count=1)]


def error_output(lines: list[str]) -> Any:
    """An output that takes the points, with the reasons."""
    return new_output("error", ename="ChecksFailed", evalue=lines[0], traceback=lines)
