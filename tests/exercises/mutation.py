"""Do the checks notice? Every solution is changed in one thing after another; the grader has to take points off for each change that
matters.

    python -m tests.exercises.mutation [EXERCISE ...] [--sample N] [--seed S] [--jobs J]

A mutant that keeps full marks survives. `survivors.yaml` argues why those that are known may.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import yaml
from tqdm import tqdm

from podlab.grading.arena import arena
from podlab.grading.evaluate import evaluate
from podlab.grading.rubric import Rubric
from podlab.grading.rubrics import load
from tests.exercises.answers import COURSE, HERE, solutions
from tests.exercises.mutants import Mutant, mutants

ARGUED = HERE / "survivors.yaml"


@dataclass(frozen=True, slots=True)
class Case:
    """A mutant of an exercise's solution."""

    assignment: str
    exercise: str
    mutant: Mutant

    def __str__(self) -> str:
        return f"{self.assignment}/{self.exercise} {self.mutant.change}"


def cases(wanted: Sequence[str] = ()) -> list[Case]:
    """All mutants of the solutions of these exercises, or of all."""
    return list(_cases(wanted))


def _cases(wanted: Sequence[str]) -> Iterator[Case]:
    for folder in sorted((COURSE / "assignments").iterdir()):
        for exercise, text in solutions(folder.name).items():
            if not wanted or exercise in wanted or folder.name in wanted:
                yield from (Case(folder.name, exercise, mutant) for mutant in mutants(text))


def sample(everything: Sequence[Case], number: int, seed: int) -> list[Case]:
    """Some of the mutants of each exercise, the same ones for the same seed."""
    by_exercise: dict[str, list[Case]] = {}
    for case in everything:
        by_exercise.setdefault(f"{case.assignment}/{case.exercise}", []).append(case)
    dice = random.Random(seed)
    return [case for group in by_exercise.values() for case in dice.sample(group, min(number, len(group)))]


@cache
def _rubrics(assignment: str) -> dict[str, Rubric]:
    return load(COURSE / "assignments" / assignment)


def survives(case: Case) -> bool:
    """Whether the grader gives a mutant full marks."""
    rubric = _rubrics(case.assignment)[case.exercise]
    return evaluate(rubric, case.mutant.text, arena).earned >= rubric.points


@cache
def _argued() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(ARGUED.read_text(encoding="utf-8")))


def argument(case: Case) -> dict[str, Any] | None:
    """Why a mutant may survive: the entry of `survivors.yaml` that fits it."""
    return next((entry for entry in _argued() if fnmatchcase(str(case), _literal(entry["mutant"]))), None)


def _literal(pattern: str) -> str:
    """Only `*` is special in the patterns: brackets belong to the mutants' names."""
    return pattern.replace("[", "[[]")


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Grade mutants of the solutions, and list those that survive.")
    parser.add_argument("exercise", nargs="*", help="exercises or assignments (default: all)")
    parser.add_argument("--sample", type=int, help="so many mutants of each exercise")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    chosen = cases(options.exercise)
    chosen = sample(chosen, options.sample, options.seed) if options.sample else chosen
    with ProcessPoolExecutor(options.jobs) as pool:
        alive = list(tqdm(pool.map(survives, chosen, chunksize=4), total=len(chosen), unit=" mutants"))
    return _report(chosen, [case for case, lives in zip(chosen, alive, strict=True) if lives])


def _report(chosen: Sequence[Case], survivors: Sequence[Case]) -> int:
    same = [case for case in survivors if (entry := argument(case)) and entry["equivalent"]]
    missed = [case for case in survivors if case not in same]
    for case in survivors:
        entry = argument(case)
        print(f"{'same' if case in same else 'argued' if entry else 'SURVIVES':9}{case}" + (f"  ({entry['why']})" if entry else ""))
    changing, killed = len(chosen) - len(same), len(chosen) - len(survivors)
    print(f"{len(chosen)} mutants, {len(same)} behave as the solution does; of {changing} others {killed} are noticed: ", end="")
    print(f"{killed / max(1, changing):.1%}")
    return int(any(argument(case) is None for case in missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
