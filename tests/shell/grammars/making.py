"""Makes commands out of grammars: the files `*.grammar` beside this one.

A grammar begins with a comment and a script that makes the files which its commands find. Then `name:` alone on a line begins a
rule, and each line below it is one of its alternatives; where a command starts is the rule `start`. In an alternative `«name»`
stands for what a rule makes, `«'name»` for the same in the shell's quotes, and `«?name»` for it or nothing. `«a¦b¦c»` is one of
some words. `↵` is a newline, `EMPTY` an empty alternative.

    start:
      expr «number» «+¦-» «number»
    number:
      1
      «number»0
"""

import re
import shlex
from pathlib import Path
from random import Random
from typing import Final

HERE: Final = Path(__file__).parent
_SLOT: Final = re.compile(r"«(['?]?)([a-z][a-z_0-9]*)»|«([^«»]*¦[^«»]*)»")
DEEPEST: Final = 7
"""From here on only alternatives without slots are taken, where a rule has some."""


def subjects() -> list[str]:
    """The names of all grammars."""
    return sorted(path.stem for path in HERE.glob("*.grammar"))


class Grammar:
    """One grammar.

    Attributes:
        name: Its name.
        files: The script that makes the files.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        text = (HERE / f"{name}.grammar").read_text("utf-8")
        self.files, _, rules = text.partition("\nstart:\n")
        self._rules: dict[str, list[str]] = {}
        rule = self._rules.setdefault("start", [])
        for line in filter(str.strip, rules.splitlines()):
            if line.startswith(" "):
                rule.append("" if line.strip() == "EMPTY" else line.removeprefix("  ").replace("↵", "\n"))
            else:
                rule = self._rules.setdefault(line.rstrip(": "), [])
        self._ends = {name: [text for text in rule if not _asks_for(text)] or rule for name, rule in self._rules.items()}
        for wanted in {wanted for rule in self._rules.values() for text in rule for wanted in _asks_for(text)}:
            if wanted not in self._rules:
                raise ValueError(f"grammar {name} has no rule {wanted}")

    def make(self, seed: int) -> str:
        """The command of a seed, always the same."""
        return self._make(Random(f"{self.name} {seed}"), "start", 0)

    def _make(self, random: Random, name: str, depth: int) -> str:
        def fill(match: re.Match[str]) -> str:
            how, wanted, words = match.groups()
            if words is not None:
                return str(random.choice(words.split("¦")))
            made = "" if how == "?" and random.random() < 0.5 else self._make(random, wanted, depth + 1)
            return shlex.quote(made) if how == "'" else made

        return _SLOT.sub(fill, random.choice((self._rules if depth < DEEPEST else self._ends)[name]))


def _asks_for(text: str) -> list[str]:
    """The rules that an alternative names."""
    return [match[2] for match in _SLOT.finditer(text) if match[2]]
