"""Some mutants of each exercise's solution lose points. `make mutants` tries all."""

from fnmatch import fnmatchcase

import pytest

from tests.exercises import mutation
from tests.exercises.mutation import Case, argument, cases, sample, survives
from tests.exercises.mutants import mutants

EACH, SEED = 3, 20
EVERYTHING = cases()


@pytest.mark.parametrize("case", sample(EVERYTHING, EACH, SEED), ids=str)
def test_mutant_loses_points_unless_it_is_argued(case: Case) -> None:
    assert not survives(case) or argument(case), f"it keeps full marks:\n{case.mutant.text}"


def test_each_argument_is_about_a_mutant() -> None:
    patterns = [mutation._literal(entry["mutant"]) for entry in mutation._argued()]
    assert not [pattern for pattern in patterns if not any(fnmatchcase(str(case), pattern) for case in EVERYTHING)]


def test_mutants_differ_in_one_thing_each() -> None:
    text = "kind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: b, image: c, command: [sh, -c, echo 1; sleep 2]}]}\n"
    found = [mutant.change for mutant in mutants(text)]
    assert len(found) == len(set(found)) == len({mutant.text for mutant in mutants(text)})
    assert "Pod a spec.containers[b].command: without `echo 1`" in found
    assert "Pod a spec.containers: without b" in found
    assert "Pod a spec.containers[b].image: c -> no-such-image:1" in found
