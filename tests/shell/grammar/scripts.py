"""Whole scripts, and scripts that are broken somewhere."""

import re
from random import Random

from tests.shell.grammar.commands import command
from tests.shell.grammar.words import pick, several

PROLOGUE = """\
show() { for each; do printf '<%s>' "$each"; done; echo "($#)"; }
cd /tmp; mkdir dir; echo 'in  put' >i; echo old >o; a='x y' b=abcabc c='*' e= n=3 v='a:b::c /d'; set -- '1 1' '' b
"""
_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
_INSERTED = (
    "'",
    '"',
    "`",
    "$(",
    "${",
    "$((",
    ")",
    "}",
    "(",
    "{",
    ";",
    ";;",
    "&",
    "|",
    "||",
    "&&",
    "<",
    ">",
    "<<",
    "\n",
    "do",
    "done",
    "then",
    "fi",
    "if",
    "esac",
    "in",
    "case",
    "for",
    "while",
    "!",
    "#",
    "\\",
    "$",
    "\r",
    "\xe9",
    "\0",
    "<<-",
    "()",
    "function",
    "))",
    "<(",
    "&>",
    "\t",
    "else",
    "elif",
    "until",
    "2>",
    ">&-",
)


def script(r: Random) -> str:
    """A script, one character a byte."""
    text = several(r, lambda: command(r, 2), 1, 4, "\n") + "\n"
    if r.random() < 0.2:
        text = broken(r, text)
    return PROLOGUE + text


def broken(r: Random, text: str) -> str:
    """The script with a token lost, doubled, put in, or with its end cut off."""
    tokens = _TOKENS.findall(text)
    for _ in range(r.randint(1, 2)):
        at = r.randrange(len(tokens) or 1)
        change = r.randrange(4)
        if change == 0:
            tokens[at : at + 1] = []
        elif change == 1:
            tokens.insert(at, pick(r, *_INSERTED))
        elif change == 2:
            tokens.insert(at, tokens[at] if tokens else "")
        elif r.random() < 0.3:
            del tokens[at:]
    return "".join(tokens)


def data(text: str) -> bytes:
    """The script's bytes."""
    return text.encode("latin-1", "replace")
