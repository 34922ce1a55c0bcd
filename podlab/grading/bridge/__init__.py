"""How podlab grades under nbgrader: its configuration, and what takes the place of running students' notebooks.

`configure` is called by `nbgrader_config.py`. nbgrader's own commands and Formgrader's button then do what `podlab grade` does:
`beginning.Begin` lets students begin with a broken manifest; `graft.Graft` takes the manifests out of a submission and puts
them into a copy of the release, `evaluating.Evaluate` grades them by what they do, and nothing that a student wrote is executed.
"""

from typing import Any

STUB = "# YOUR MANIFEST HERE"


def configure(c: Any) -> None:
    """Sets what this course needs in a traitlets config.

    Args:
        c: The object that `get_config()` gives.
    """
    from podlab.grading.bridge.autograde import install

    install()
    c.CourseDirectory.course_id = "podlab"
    c.CourseDirectory.source_directory = "solutions"
    c.CourseDirectory.release_directory = "exercises"
    c.CourseDirectory.submitted_directory = "grading/submitted"
    c.CourseDirectory.autograded_directory = "grading/autograded"
    c.CourseDirectory.feedback_directory = "grading/feedback"
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", "hidden_checks.py", "hidden_checks"]
    c.ClearSolutions.code_stub = {"python": STUB}
    c.OverwriteCells.add_missing_cells = True
    c.Autograde.exporter_class = "podlab.grading.bridge.exporter.SubmissionExporter"
    graft, evaluate = "podlab.grading.bridge.graft.Graft", "podlab.grading.bridge.evaluating.Evaluate"
    ours = "nbgrader.preprocessors."
    c.GenerateAssignment.preprocessors = [
        *(f"{ours}{name}" for name in ("IncludeHeaderFooter", "LockCells", "ClearSolutions")),
        "podlab.grading.bridge.beginning.Begin",
        *(f"{ours}{name}" for name in ("ClearOutput", "CheckCellMetadata", "ComputeChecksums", "SaveCells")),
        *(f"{ours}{name}" for name in ("ClearHiddenTests", "ClearMarkScheme", "ComputeChecksums", "CheckCellMetadata")),
    ]
    c.Autograde.sanitize_preprocessors = [graft, f"{ours}OverwriteCells", f"{ours}CheckCellMetadata"]
    c.Autograde.autograde_preprocessors = [
        evaluate,
        *(f"{ours}{name}" for name in ("SaveAutoGrades", "AssignLatePenalties", "CheckCellMetadata")),
    ]
