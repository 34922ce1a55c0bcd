"""A copy of the release with a submission's manifests in it. Nothing else of theirs goes on."""

from copy import deepcopy
from typing import Any, Final

from nbformat import v4

from podlab.grading.answers import exercises, find
from podlab.grading.submission import Submission, SubmittedCell

new_markdown_cell: Any = v4.new_markdown_cell

NOTES: Final = "podlab-notes"


def graft(release: Any, submission: Submission) -> Any:
    """A copy of the release with the submission's manifests, and a cell of notes when something had to be mended."""
    book = deepcopy(release)
    locked = {
        line.strip() for cell in book.cells if cell.metadata.get("nbgrader", {}).get("locked") for line in cell.source.split("\n")
    }
    wanted = exercises(book)
    answers = find(submission.cells, wanted, locked)
    notes = list(submission.notes)
    by_id = {exercise.grade_id: exercise for exercise in wanted}
    texts = {cell.grade_id: cell for cell in submission.cells if cell.grade_id}
    for cell in book.cells:
        exercise = by_id.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if exercise is None:
            _take_text(cell, texts)
            continue
        answer = answers[exercise.name]
        if answer.text is None:
            cell.source = f"%%manifest {exercise.name}\n"
            notes.append(f"{exercise.name}: there is no cell %%manifest {exercise.name}")
        else:
            cell.source = f"%%manifest {exercise.name}\n{answer.text}"
        notes += [f"{exercise.name}: {note}" for note in answer.notes]
    if notes:
        book.cells.insert(0, _told(notes))
    return book


def _take_text(cell: Any, texts: dict[str, SubmittedCell]) -> None:
    """What is written into a cell for an answer in words, or in Python: as text, which nothing here runs, and no HTML."""
    nbgrader = cell.metadata.get("nbgrader", {})
    theirs = texts.get(nbgrader.get("grade_id", ""))
    if nbgrader.get("solution") and theirs is not None and theirs.kind == cell.cell_type:
        cell.source = theirs.source if cell.cell_type == "code" else theirs.source.replace("<", "&lt;")


def _told(notes: list[str]) -> Any:
    """A cell of notes; as literal text, since they may quote names that a student chose."""
    lines = "\n".join("    " + " ".join(note.split()) for note in notes)
    cell = new_markdown_cell(f"**Notes of the grader**\n\n{lines}", metadata={"tags": [NOTES]})
    cell["id"] = NOTES
    return cell
