"""A command as text again, as `jobs` shows it."""

from podlab.mock.shell.syntax import (
    AndOr,
    Background,
    Case,
    For,
    Function,
    If,
    Loop,
    Node,
    Not,
    Pipeline,
    Redirect,
    Redirected,
    RedirectKind,
    Sequence,
    Simple,
    Subshell,
)


def command_text(node: Node | None) -> str:
    """The text of a command, on one line."""
    match node:
        case None:
            return ""
        case Simple():
            return " ".join(word.source for word in node.words) + "".join(f" {_redirect(r)}" for r in node.redirects)
        case Pipeline(commands):
            return " | ".join(map(command_text, commands))
        case Not(command):
            return "!" + command_text(command)
        case AndOr(left, right, is_or):
            return f"{command_text(left)} {'||' if is_or else '&&'} {command_text(right)}"
        case Sequence(commands):
            return "; ".join(map(command_text, commands))
        case Background(command) | Redirected(command):
            return command_text(command)
        case _:
            return _compound_text(node)


def _compound_text(node: Subshell | If | Loop | For | Case | Function) -> str:
    match node:
        case Subshell(command):
            return f"({command_text(command)})"
        case If(test, then, otherwise):
            tail = f"; else {command_text(otherwise)}" if otherwise is not None else ""
            return f"if {command_text(test)}; then {command_text(then)}{tail}; fi"
        case Loop(test, body, until):
            return f"{'until' if until else 'while'} {command_text(test)}; do {command_text(body)}; done"
        case For(name, words, body):
            return f"for {name} in {' '.join(word.source for word in words)}; do {command_text(body)}; done"
        case Case(word, items):
            texts = [f"{item.patterns[0].source}) {command_text(item.body)};; " for item in items]
            return f"case {word.source} in {''.join(texts)}esac"
        case Function(name):
            return f"{name}() {{ ... }}"


def _redirect(redirect: Redirect) -> str:
    if redirect.kind is RedirectKind.HERE or redirect.target is None:
        return "<<..."
    operator = ">&" if redirect.kind is RedirectKind.BOTH else redirect.kind.value
    return f"{redirect.fd}{operator}{redirect.target.source}"
