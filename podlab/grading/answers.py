"""Finding the answers in a submission: the manifest for each exercise, by cell id, by name, or by what can be seen of damaged
cells.

Answers are data. A manifest cell is one whose first line is `%%manifest NAME`; nothing else of a student's notebook counts.
What was repaired is noted; what cannot be found is a missing answer, never a failed run.
"""

import ast
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any, Final

from podlab.grading.submission import SubmittedCell

MAGIC: Final = re.compile(r"^%%manifest[ \t]+([\w.-]+)(?:[ \t]+-[^\n]*)?[ \t]*$", re.MULTILINE)
MAX_LINE: Final = 300


@dataclass(frozen=True, slots=True)
class Exercise:
    """A manifest cell of the release: its grade_id, the name of its manifest, and the text that students begin with."""

    grade_id: str
    name: str
    stub: str


@dataclass(slots=True)
class Answer:
    """A student's manifest for an exercise.

    Attributes:
        text: The manifest, or None when there is none.
        notes: What was repaired to find it.
    """

    text: str | None = None
    notes: list[str] = field(default_factory=list)


def exercises(release: Any) -> list[Exercise]:
    """The manifest cells of a released notebook."""
    found = []
    for cell in release.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        magic = MAGIC.match(cell.source.lstrip("\n"))
        if cell.cell_type == "code" and nbgrader.get("solution") and magic:
            found.append(Exercise(nbgrader["grade_id"], magic[1], _body(cell.source)))
    return found


def find(cells: list[SubmittedCell], wanted: list[Exercise], locked: set[str]) -> dict[str, Answer]:
    """The answer to each exercise, by its name.

    Args:
        cells: As handed in.
        wanted: The exercises of the release.
        locked: Lines of the release's own check cells, which a merge of cells may have brought below a manifest.
    """
    pieces = _pieces(cells, wanted, locked)
    return {exercise.name: _choose(exercise, pieces) for exercise in wanted}


@dataclass(slots=True)
class _Piece:
    """A text that may be an answer: where it came from, and what was done to it."""

    name: str
    grade_id: str
    text: str
    notes: list[str] = field(default_factory=list)


def _pieces(cells: list[SubmittedCell], wanted: list[Exercise], locked: set[str]) -> list[_Piece]:
    by_id = {exercise.grade_id: exercise for exercise in wanted}
    pieces: list[_Piece] = []
    for cell in cells:
        if cell.kind not in ("code", "raw", "markdown"):
            continue
        source, mended = _straightened(cell.source.strip("\n"))
        magics = list(MAGIC.finditer(source))
        if magics and not source[: magics[0].start()].strip():
            found = _magic_pieces(cell, source, magics, locked)
            found[0].notes += mended
            pieces += found
        elif cell.kind == "code" and source.strip() and not _is_ours(source, locked):
            _continue_or_mend(cell, source, by_id, pieces, locked)
    return pieces


def _straightened(source: str) -> tuple[str, list[str]]:
    """A text with its magic line first and in plain letters, where that was meant; and what was mended.

    What may stand above it are comments; what may be wrong in it, kinds of letters (full width, unseen, hard blanks) and blanks
    before it.
    """
    lines = source.split("\n")
    above = next((place for place, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), 0)
    plain = "".join(c for c in unicodedata.normalize("NFKC", lines[above][:MAX_LINE]) if unicodedata.category(c) != "Cf").strip()
    if MAGIC.match(source) or not MAGIC.match(plain):
        return source, []
    return "\n".join([plain, *lines[above + 1 :]]), [f"its first line was mended: {plain}"]


def _magic_pieces(cell: SubmittedCell, source: str, magics: list[re.Match[str]], locked: set[str]) -> list[_Piece]:
    ends = [magic.start() for magic in magics[1:]] + [len(source)]
    found = []
    for place, (magic, end) in enumerate(zip(magics, ends, strict=True)):
        piece = _Piece(magic[1], cell.grade_id if place == 0 else "", source[magic.end() : end].lstrip("\n"))
        if len(magics) > 1:
            piece.notes.append("cells had been merged; each manifest was taken by itself")
        if cell.kind != "code":
            piece.notes.append(f"its cell had become a {cell.kind} cell")
        _cut_checks(piece, locked)
        found.append(piece)
    return found


def _cut_checks(piece: _Piece, locked: set[str]) -> None:
    """Lines of a check cell that was merged into the manifest's."""
    kept = [line for line in piece.text.split("\n") if line.strip() not in locked or not line.strip()]
    if len(kept) != len(piece.text.split("\n")):
        piece.notes.append("a check cell had been merged into it")
        piece.text = "\n".join(kept)


def _is_ours(source: str, locked: set[str]) -> bool:
    return all(line.strip() in locked for line in source.split("\n") if line.strip())


def _continue_or_mend(
    cell: SubmittedCell, source: str, by_id: dict[str, Exercise], pieces: list[_Piece], locked: set[str]
) -> None:
    """A code cell without the magic line: an answer that lost it, or the second half of one that was split."""
    if _is_python(source):
        return
    exercise = by_id.get(cell.grade_id)
    if exercise is not None and not any(p.grade_id == cell.grade_id for p in pieces):
        piece = _Piece(exercise.name, cell.grade_id, source, [f"the line %%manifest {exercise.name} was missing"])
        _cut_checks(piece, locked)
        pieces.append(piece)
    elif pieces:
        last = pieces[-1]
        last.text = last.text.rstrip("\n") + "\n" + source
        last.notes.append("its cell had been split; the parts were joined")
        _cut_checks(last, locked)


def _is_python(source: str) -> bool:
    """Whether a text is Python (or lines of IPython), and so no part of a manifest.

    A lone YAML mapping such as `a: b` parses as an annotation.
    """
    text = "\n".join(line for line in source.split("\n") if not line.lstrip().startswith(("%", "!")))
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return not any(isinstance(node, ast.AnnAssign) for node in body)


def _choose(exercise: Exercise, pieces: list[_Piece]) -> Answer:
    """The best of the candidates: by id before by name, one that was worked on before the stub, the last of equals."""
    candidates = [p for p in pieces if exercise.name == p.name] or [
        p for p in pieces if p.grade_id and p.grade_id == exercise.grade_id
    ]
    if not candidates:
        return Answer()
    worked = [p for p in candidates if p.text.strip() != exercise.stub.strip()] or candidates
    by_id = [p for p in worked if p.grade_id == exercise.grade_id] or worked
    chosen = by_id[-1]
    answer = Answer(chosen.text.rstrip("\n") + "\n", list(dict.fromkeys(chosen.notes)))
    if len(worked) > 1:
        answer.notes.append(f"there were {len(worked)} cells for it; the last was graded")
    if chosen.grade_id != exercise.grade_id:
        answer.notes.append("its cell had lost its id; it was found by its name")
    elif chosen.name != exercise.name:
        answer.notes.append(f"it was called {chosen.name}; it was found by its cell's id")
    return answer


def _body(source: str) -> str:
    return source.lstrip("\n").split("\n", 1)[1] if "\n" in source.lstrip("\n") else ""
