"""Reads an expression of find."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Final

from podlab.mock.programs.applet import Die
from podlab.mock.programs.files.find import predicates
from podlab.mock.programs.files.find.predicates import Candidate, Predicate, Settings
from podlab.mock.programs.numbers import INT_MAX, unsigned

TESTS: Final[dict[str, Callable[[str, Settings], Predicate]]] = {
    "-name": predicates.name,
    "-iname": predicates.iname,
    "-path": predicates.path,
    "-wholename": predicates.path,
    "-ipath": predicates.ipath,
    "-regex": predicates.regex,
    "-type": predicates.kind,
    "-perm": predicates.perm,
    "-size": predicates.size,
    "-newer": predicates.newer,
    "-samefile": predicates.samefile,
    "-user": predicates.user,
    "-group": predicates.group,
    "-links": predicates.links,
    "-inum": predicates.inum,
    **{option: predicates.age(option) for option in predicates.AGES},
}
"""Tests and what makes them of their argument."""
PLAIN: Final[dict[str, Callable[[Settings], Predicate]]] = {
    "-executable": predicates.executable,
    "-empty": predicates.empty,
    "-prune": predicates.prune,
    "-quit": predicates.quit_,
    "-print": predicates.printer("\n"),
    "-print0": predicates.printer("\0"),
    "-delete": predicates.delete,
}
OPTIONS: Final = ("-depth", "-follow", "-xdev", "-maxdepth", "-mindepth")


class Unrecognized(Exception):
    """A word that is no part of an expression."""


@dataclass(frozen=True, slots=True)
class Expression:
    """Alternatives (-o), each of predicates that must all hold; each with whether it is turned over (!)."""

    alternatives: tuple[tuple[tuple[Predicate, bool], ...], ...]

    async def holds(self, file: Candidate) -> bool:
        """Evaluates it for a file, with its actions."""
        result = True
        for predicates_ in self.alternatives:
            result = True
            for predicate, inverted in predicates_:
                answer = predicate(file)
                if isawaitable(answer):
                    answer = await answer
                result = bool(answer) != inverted
                if not result:
                    break
            if result:
                break
        return result


class Parser:
    """Reads the words of an expression; some set what holds for the whole search."""

    def __init__(self, words: list[str], settings: Settings) -> None:
        self._words = words
        self._at = 0
        self._settings = settings

    def parse(self) -> Expression:
        """The whole expression. Raises Die, Unrecognized."""
        alternatives: list[list[tuple[Predicate, bool]]] = [[]]
        inverted = False
        while self._at < len(self._words):
            word = self._words[self._at]
            self._at += 1
            if word in ("!", "-not"):
                inverted = not inverted
                continue
            if word in ("-a", "-and"):
                continue
            if word in ("-o", "-or"):
                alternatives.append([])
                continue
            predicate = self._primary(word)
            if predicate is not None:
                alternatives[-1].append((predicate, inverted))
                inverted = False
        if len(alternatives) > 1 and not alternatives[-1]:
            alternatives.pop()  # `... -o` at the end is nothing
        return Expression(tuple(tuple(predicates_) for predicates_ in alternatives))

    def _primary(self, word: str) -> Predicate | None:
        if word == "(":
            return self._nested().holds
        if word in OPTIONS:
            self._option(word)
            return None
        if word in TESTS:
            return TESTS[word](self._argument(word), self._settings)
        if word in PLAIN:
            return PLAIN[word](self._settings)
        if word in ("-exec", "-ok"):
            return self._execute(word)
        raise Unrecognized(word)

    def _nested(self) -> Expression:
        """What stands before the closing parenthesis, which is looked for first, even among the arguments of tests."""
        start, depth = self._at, 1
        while depth:
            if self._at >= len(self._words):
                raise Die("unpaired '('")
            depth += {"(": 1, ")": -1}.get(self._words[self._at], 0)
            self._at += 1
        return Parser(self._words[start : self._at - 1], self._settings).parse()

    def _argument(self, option: str) -> str:
        if self._at >= len(self._words):
            raise Die(f"{option} requires an argument")
        self._at += 1
        return self._words[self._at - 1]

    def _option(self, word: str) -> None:
        settings = self._settings
        if word == "-depth":
            settings.depth_first = True
        elif word == "-follow":
            settings.follow = True
        elif word == "-xdev":
            settings.one_file_system = True
        else:
            depth = unsigned(self._argument(word), 0, INT_MAX)
            setattr(settings, "max_depth" if word == "-maxdepth" else "min_depth", depth)

    def _execute(self, option: str) -> Predicate:
        ends = (";",) if option == "-ok" else (";", "+")
        end = next((at for at in range(self._at, len(self._words)) if self._words[at] in ends), self._at)
        words = self._words[self._at : end]
        if not words:
            raise Die(f"{option} requires an argument")
        self._at = end + 1
        if self._words[end] == ";":
            return predicates.execute(words, option == "-ok", self._settings)
        if sum(word.count("{}") for word in words) != 1:
            raise Die("only one '{}' allowed for -exec +")
        return predicates.Batch(words, self._settings)
