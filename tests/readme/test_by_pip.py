"""Who has pip, and neither git nor make: the library alone, and the course."""

import re

from tests.readme.pages import blocks, run_here
from tests.readme.users import User, by_podlab

ALONE = "For somebody who wants the library, or the mock, alone"
LIBRARY, COURSE = run_here(ALONE, "pip install"), run_here("For a student", "pip install")
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - {name: app, image: "busybox:1.37", command: [sleep, "3600"]}
"""


def test_somebody_who_wants_the_library_alone(installer: User) -> None:
    (python,) = blocks("python", ALONE)
    *before, down = LIBRARY
    (installer.folder / "pod.yaml").write_text(POD, "utf-8")
    (installer.folder / "try.py").write_text(python, "utf-8")
    said = installer.run("\n".join([*before, "python try.py", down]), installer.folder)
    assert re.search(r"node\S* +Ready", said), said
    assert "mock is stopped" in said


def test_student_without_git_and_make(installer: User) -> None:
    pip, course = COURSE
    installer.run(pip, installer.folder)
    copy, lab = course.split(" && ")
    assert "new files" in installer.run(copy, installer.folder)
    with installer.serving(lab, installer.folder, by_podlab) as said:
        assert "/lab/tree/notebooks/index.ipynb" in said
